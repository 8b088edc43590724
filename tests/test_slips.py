"""What newcomers write in place of what a scenario takes, and what they are told."""

from difflib import get_close_matches
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import from_data, from_text, resolved_yaml
from sim.scenario.measures import LENGTH
from sim.scenario.problems import RefusedError, hint, nearest
from sim.scenario.repairs import repaired
from sim.scenario.spreads import read_range
from tests.builders import shuttle

TEXT = (Path(__file__).parents[1] / "scenarios/two-towns/scenario.yaml").read_text(
    "utf-8"
)
BUSES = "    seats: 55"
GAP = "    headway: 1 h"
DATE = "    starts: 2016-12-15T13:00"
ROUTE = "[north-crossing, north-road, bridge, coast-road]"
UNKNOWN = "{spread: 5 min to 15 min, note: Nobody timed it.}"

SLIPS = [
    # The form of YAML
    (
        "{people: 700}",
        "{people:700}",
        "A colon needs a blank after it: write 'people: 700'",
    ),
    (
        BUSES,
        "    seats:55",
        "scenario.yaml:24:5: a colon needs a blank after it. Write 'sea",
    ),
    (
        BUSES,
        "    seats = 55",
        "24:5: there is no colon between this key and its value. Wr",
    ),
    (
        BUSES,
        "    seats\uff1a55",
        "there is no colon between this key and its value. Write '",
    ),
    (
        "[families]\n    convoy: {b",
        "\n    -families\n    convoy: {b",
        "Write '- families'",
    ),
    ("fleets:\n  buses:", "fleets:\n  - buses:", "Leave out the hyphen, or indent"),
    (
        "{people: 700}",
        "{people: 700",
        "18:17: the bracket that is opened here is not closed",
    ),
    ("cause: Searches", "cause: # Searches", "What follows a # is a comment"),
    (
        BUSES,
        "\u00a0\u00a0  seats: 55",
        "24:1: there is a blank of another kind ('\\xa0')",
    ),
    (BUSES, "    seats: 55#", "'55#' is not a count. Did you mean '55'?"),
    # Numbers, durations and ranges
    (BUSES, "    seats: \u0665\u0665", "is not a count. Did you mean '55'?"),
    (BUSES, "    seats: \u06f5\u06f5", "is not a count. Did you mean '55'?"),
    (GAP, "    headway: \u0661\u066b\u0665 h", "Did you mean '1.5 h'?"),
    (
        GAP,
        "    headway: 1 to 4 hours",
        "'hours' in '4 hours' is not a unit of a duration",
    ),
    (GAP, "    headway: 1 to 4 hours", "Did you mean '1 to 4 h'?"),
    (GAP, "    headway: 90 Minutes", "Did you mean '90 min'?"),
    (GAP, "    headway: an hour", "Did you mean '1 h'?"),
    (GAP, "    headway: 1h30", "Did you mean '1 h 30 min'?"),
    (GAP, "    headway: 2 weeks", "Did you mean '14 d'?"),
    (GAP, "    headway: 1-4 h", "Did you mean '1 h to 4 h'?"),
    (GAP, "    headway: 30 min \u2013 4 h", "Did you mean '30 min to 4 h'?"),
    (GAP, "    headway: between 1 h and 4 hours", "Did you mean '1 h to 4 h'?"),
    (GAP, "    headway: 60 min \u00b1 10 min", "Did you mean '50 min to 70 min'?"),
    (
        GAP,
        "    headway: mostly 2 h, 1 h to 4 h",
        "Did you mean '1 h to 4 h, mostly 2 h'?",
    ),
    (
        GAP,
        "    headway: 1 h to 4 h (mostly 2 h)",
        "Did you mean '1 h to 4 h, mostly 2 h'?",
    ),
    (GAP, "    headway: ~1 h", "Did you mean 'about 1 h, times or divided by 1.3'?"),
    (
        GAP,
        "    headway: about 1 h",
        "Did you mean 'about 1 h, times or divided by 1.3'?",
    ),
    (GAP, "    headway: average 1 h", "Did you mean 'on average 1 h, memoryless'?"),
    (GAP, "    headway: \u201c1 h\u201d", "Did you mean '1 h'?"),
    (GAP, "    headway: 1 h to", "is none of the forms of a range. Write '2 h', '1 h"),
    ("25 km/h to 45 km/h", "25-45 kmh", "Did you mean '25 km/h to 45 km/h'?"),
    ('{buses: "40 to 55, mostly 50"}', "{buses: 80 %}", "Write how many."),
    (
        "{spread: 5 min to 15 min,",
        "{spread: 5 to 15 minutes,",
        "Did you mean '5 to 15 min'?",
    ),
    # Dates and times
    (DATE, "    starts: 2016-12-15", "Did you mean '2016-12-15T00:00'?"),
    (DATE, "    starts: 15/12/2016 13:00", "Did you mean '2016-12-15T13:00'?"),
    (DATE, "    starts: 12/15/2016 1 pm", "Did you mean '2016-12-15T13:00'?"),
    (DATE, "    starts: 2016-12-15T9:00", "Did you mean '2016-12-15T09:00'?"),
    (DATE, "    starts: 2016-12-15T24:00", "Did you mean '2016-12-16T00:00'?"),
    (
        DATE,
        "    starts: \u0662\u0660\u0661\u0666-12-15T13:00",
        "mean '2016-12-15T13:00'?",
    ),
    (
        "starts: 2016-12-15T00:00",
        "starts: 2016-12-15",
        "Did you mean '2016-12-15T00:00'?",
    ),
    ("{2016-12-15T06:00: 15}", "{2016-12-15: 15}", "Did you mean '2016-12-15T00:00'?"),
    ("06:00 to 20:00", "06:00-20:00", "Did you mean '06:00 to 20:00'?"),
    ("06:00 to 20:00", "6 to 20", "Did you mean '06:00 to 20:00'?"),
    (
        "zone: Asia/Damascus",
        "zone: UTC+3",
        "Write a place, as Asia/Damascus, or 'Etc/GMT-3'",
    ),
    # Names and keys
    (
        "harbour: {}",
        "\u0627\u0644\u0645\u064a\u0646\u0627\u0621: {}",
        "add 'title: \u0627\u0644",
    ),
    (
        "harbour: {}",
        "Harbour: {}",
        "write 'harbour'. To show it as it is, add 'title: Harbour'",
    ),
    ("north-road: {t", "North_Road: {t", "write 'north-road'."),
    (
        "  southtown:\n",
        "  southtown:\n    people: 3\n",
        "It belongs to 'sites.NAME.groups.NAME'",
    ),
    (
        BUSES,
        "    capacity: 55",
        "'capacity' is not a known key here. Did you mean 'seats'?",
    ),
    ("operation: Two towns", "title: Two towns", "Did you mean 'operation'?"),
    # Lists and mappings
    (ROUTE, ROUTE.replace(",", ";"), f"put commas between several, as {ROUTE}"),
    (
        ROUTE,
        f"({ROUTE[1:-1]})",
        f"stands where a list should. Write it in brackets: {ROUTE}",
    ),
    (
        ROUTE,
        ROUTE.replace(",", "", 1),
        "put commas between several, as [north-crossing, no",
    ),
    (
        "{2016-12-15T06:00: 15}",
        "15",
        "Write moments, each with a value: {2016-12-15T05:00: 15}",
    ),
    (UNKNOWN, "5 min to 15 min", "Write {spread: '5 min to 15 min'}."),
    (
        "checkpoints.bridge.inspection: {s",
        "checkpoints.bridge: {s",
        "write the whole path of one as a",
    ),
    (
        ROUTE,
        "north-crossing -> north-road -> bridge",
        "[north-crossing, north-road, bridge]",
    ),
    ("convoy: {buses: 10}", "convoy: 10 buses", "each with a value, as in {buses: 10}"),
    (
        "convoy: {buses: 10}",
        "convoy: [buses: 10]",
        "a list stands where keys and values",
    ),
    (
        "groups: [wounded]",
        "groups: {wounded: 60}",
        "a mapping stands where a list should",
    ),
    # Texts in part within quotation marks
    ("cause: Searches", "cause: 'It's", "something follows a closed quotation mark"),
    ("cause: Searches", 'cause: "Searches"', "Put the whole text in quotation marks"),
    (
        "cause: Searches",
        "cause: [draft]",
        "something follows a closed quotation mark or br",
    ),
    # Counts
    ("{people: 700}", "{people: 1.400}", "Did you mean '1400'?"),
    ("{people: 700}", "{people: 1 400}", "Did you mean '1400'?"),
    ("{people: 700}", "{people: 1.4k}", "Did you mean '1400'?"),
    ("{people: 700}", "{people: about 700}", "Did you mean '700'?"),
    (
        "{people: 700}",
        "{people: 600 to 800}",
        "one value here, and the range under 'uncer",
    ),
    (DATE, "    starts: 15 Dec 2016 1 pm", "Did you mean '2016-12-15T13:00'?"),
    # Paths of what is not known
    (
        "bridge.inspection: {s",
        "bridge.inspection.mean: {s",
        "mean 'checkpoints.bridge.insp",
    ),
    (
        "bridge.inspection: {s",
        "bridge.inspection.spread: {s",
        "bridge.inspection.width'?",
    ),
    (
        "bridge.inspection: {s",
        "bridge.inspection.width: {s",
        "how many times as wide, as in",
    ),
    (
        "checkpoints.bridge.i",
        "checkpoints/bridge/i",
        "mean 'checkpoints.bridge.inspection'?",
    ),
    ("inspection: {spread: 5", "inspection: {range: 5", "Did you mean 'spread'?"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "told"), SLIPS)
def test_a_newcomer_is_told_what_to_write(old, new, told):
    assert old in TEXT
    with pytest.raises(ScenarioError) as caught:
        from_text(TEXT.replace(old, new, 1))

    assert told in str(caught.value)


def test_a_number_of_many_digits_is_told_in_full():
    """To six digits it would be told as 1e+06."""
    meant = repaired("1234567 m ± 4 m", lambda text: read_range(text, LENGTH.read))

    assert meant == "1234563 m to 1234571 m"


@pytest.mark.parametrize("name", ["Harbour", "HARBOUR", "harbour_"])
def test_a_name_that_is_none_is_told_once(name):
    """Not again wherever it is named, and not with the advice to name it so."""
    with pytest.raises(ScenarioError) as caught:
        from_text(TEXT.replace("harbour: {}", f"{name}: {{}}"))

    (problem,) = caught.value.args[0]
    assert f"'{name}' is not a name" in problem.problem


def test_a_list_with_something_wrong_in_it_is_not_called_empty():
    with pytest.raises(ScenarioError) as caught:
        from_text(TEXT.replace(ROUTE, ROUTE.replace(",", ";")))

    assert "nothing is given here" not in str(caught.value)


def test_a_date_that_could_be_read_in_two_ways_is_not_guessed():
    with pytest.raises(ScenarioError) as caught:
        from_text(TEXT.replace(DATE, "    starts: 11/12/2016 13:00"))

    assert "Write year-month-dayThour:minute" in str(caught.value)


def test_what_is_named_as_meant_can_be_read_and_nothing_else_is():
    def read(text):
        if text != "1 h to 4 h":
            raise RefusedError("no", "")

    assert repaired("from 1 hours to 4 hrs", read) == "1 h to 4 h"
    assert repaired("from 2 hours to 4 hrs", read) == ""


SHIFTS = [
    ("2016-10-27T12:00", "1 d", "2016-10-28T12:00"),  # they go back in between
    ("2016-10-27T12:00", "24 h", "2016-10-28T11:00"),
    ("2016-10-27T12:00", "1 d 2 h", "2016-10-28T14:00"),
    ("2016-10-27T12:00", "1 d 30 h", "2016-10-29T18:00"),
    ("2016-10-27T12:00", "1.5 d", "2016-10-29T00:00"),
    ("2016-10-29T12:00", "-2 d", "2016-10-27T12:00"),
    ("2016-10-29T12:00", "-48 h", "2016-10-27T13:00"),
    ("2016-03-24T00:30", "1 d", "2016-03-25T01:00"),  # a time that they skip
    ("2016-10-26T23:30", "1 d", "2016-10-27T23:30+03:00"),  # one that comes twice
]


@pytest.mark.parametrize(("date", "by", "then"), SHIFTS)
def moved(folder, change, **parts):
    """Return an operation in Damascus of which a variant changes something."""
    data = shuttle(
        zone="Asia/Damascus",
        starts="2016-03-01T00:00",
        ends="2016-11-30T00:00",
        **parts,
    )
    base = resolved_yaml(from_data(data))
    (folder / "base.yaml").write_text(base, "utf-8")
    return from_text(
        f"operation: later\nextends: base.yaml\nchange:\n  {change}\n", folder=folder
    )


@pytest.mark.parametrize(("date", "by", "then"), SHIFTS)
def test_a_day_of_a_shift_is_one_of_the_calendar(date, by, then, tmp_path):
    change = f"fleets.buses.joins: {{shift_by: {by}}}"
    changed = moved(tmp_path, change, fleets__buses__joins={date: 1})

    (moment,) = changed.fleets["buses"].joins
    assert changed.clock.text(moment) == then


def test_the_end_of_a_part_moves_by_days_of_the_calendar_too(tmp_path):
    dates = {"starts": "2016-10-27T10:00", "until": "2016-10-27T12:00"}
    changed = moved(
        tmp_path,
        "weather.snow: {lengthen_by: 1 d}",
        fleets__buses__joins={"2016-03-01T00:00": 1},
        weather={"snow": {**dates, "speed_factor": "0.5"}},
    )

    assert changed.clock.text(changed.weather["snow"].until) == "2016-10-28T12:00"


def test_capital_letters_make_no_name_less_like_another() -> None:
    assert str(hint("BUSSES", ["cars", "buses"])) == "Did you mean 'buses'?"
    assert str(hint("ocha", ["SARC", "OCHA"])) == "Did you mean 'OCHA'?"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("raute-4017", "route-4017"),
        ("ROUTE-4017", "route-4017"),
        ("oute-4017", "route-4017"),
        ("rooute-4017", "route-4017"),
        ("ruote-4017", "route-4017"),
        ("raute-401x", ""),
    ],
)
def test_among_very_many_names_one_is_meant_that_differs_by_a_letter(
    word, meant, monkeypatch
):
    """To compare each with each took minutes where thousands are unknown."""
    compared = []

    def few(plain, names, **how):
        compared.extend(names)
        return get_close_matches(plain, names, **how)

    monkeypatch.setattr("sim.scenario.problems.get_close_matches", few)

    assert nearest(word, [f"route-{number}" for number in range(5_000)]) == meant
    assert len(compared) < 100


def test_among_a_few_hundred_names_the_most_alike_is_meant():
    assert nearest("raute-41x", [f"route-{number}" for number in range(500)]) == (
        "route-41"
    )
