"""Scenario files: what loads, and what planners are told when something is wrong."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import (
    Operation,
    Problem,
    find,
    from_data,
    from_text,
    json_schema,
    load,
    resolved_yaml,
)
from sim.scenario.schema import REFERENCE_FILE, SCHEMA_FILE, reference

ROOT = Path(__file__).parents[1]
TWO_TOWNS = ROOT / "scenarios" / "two-towns" / "scenario.yaml"
TEXT = TWO_TOWNS.read_text(encoding="utf-8")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        from_text(text)
    (found,) = caught.value.args
    assert all(isinstance(problem, Problem) for problem in found)
    return tuple(found)


def planted(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def place(text: str, needle: str) -> tuple[int, int]:
    """Return line and column of the first place where `needle` stands."""
    before = text[: text.index(needle)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_the_example_loads() -> None:
    operation = load(TWO_TOWNS)
    assert operation.operation == "Two towns"
    assert operation.horizon_s == 4 * 86_400
    assert operation.clock.text(0) == "2016-12-15T00:00"
    assert operation.fleets["buses"].joins == {5 * 3_600: 20, 29 * 3_600: 10}
    assert len(TEXT.splitlines()) < 120


@pytest.mark.slow
def test_every_scenario_in_the_repository_loads_and_comes_back_the_same() -> None:
    for path in sorted((ROOT / "scenarios").glob("*/*.yaml")):
        operation = load(path)
        assert from_text(resolved_yaml(operation)) == operation


PLANTED = [
    # old, new, where it is reported, what is said
    ("seats: 55", "setas: 55", "setas", "'setas' is not a known key here"),
    ("seats: 55", "setas: 55", "setas", "Did you mean 'seats'?"),
    ("lasts: 5 h", "lasts: 5", "5\n  searches", "'5' has no unit. Write '5 min' or"),
    ("lasts: 5 h", "lasts: 1:30", "1:30", "Write '1 h 30 min' or '1 min 30 s'"),
    ("lasts: 5 h", "lasts: 1,5 h", "1,5 h", "has a comma in a number. Write '1.5 h'"),
    ("seats: 55", "seats: many", "many", "'many' is not a count"),
    ("seats: 55", "seats: [1, 2]", "seats: [1", "more than one value"),
    ("seats: 55", "seats: .nan", ".nan", "'.nan' is not a number"),
    ("people: 700", "people: NaN", "NaN", "'NaN' is not a number"),
    (
        "people: 700",
        "people: 1_000",
        "1_000",
        "has an underscore in a number. Write '1000'",
    ),
    ("people: 700", "people: 1,200", "200", "write 1200, not 1,200"),
    (
        'time: "40 min to 90 min, mostly 50 min"',
        "time: 40 min to 90 min, mostly 50 min",
        "mostly 50 min",
        "put a text with a comma in quotation marks",
    ),
    ("people: 700", "people: 20.0", "20.0", "'20.0' is not a whole number"),
    ("people: 700", "people: -7", "-7", "'-7' is negative"),
    ("people: 700", "people: 1e400", "1e400", "'1e400' is not a count"),
    ("people: 700", "people: 99999999", "99999999", "is more than 10 million"),
    ("kind: ambulance", "kind: amulance", "amulance", "Did you mean 'ambulance'?"),
    ("origin: southtown", "origin: soutown", "soutown", "'soutown' is not a site"),
    ("origin: southtown", "origin: soutown", "soutown", "Did you mean 'southtown'?"),
    (
        "through: [south-crossing, south-road, coast-road]",
        "through: [south-crossing]",
        "through: [south-crossing]",
        "'harbour' cannot be reached: the route 'south-to-harbour' has no leg",
    ),
    (
        "origin: southtown",
        "origin: harbour",
        "harbour\n    through: [south",
        "ends where it begins",
    ),
    (
        "    carries: [wounded]",
        "    carries: [families]",
        "5}\n    smallest: 1\n    boarding: 15",
        "nobody may use the seats of 'ambulances'",
    ),
    (
        "    in_force: 2016-12-15T06:00",
        "    requires: {itself: {agreement: exchange}}",
        "exchange:",
        "the agreement 'exchange' waits on itself: 'exchange' requires 'exchange'",
    ),
    (
        "    unit: convoys\n    rule: lockstep\n    tranches:\n"
        "      - {north: 1, south: 1}",
        "    tranches:\n      - {north: 900, south: 701}",
        "tranches:",
        "'south' is to move 702 people, but its flows have 700",
    ),
    (
        "  ambulances:\n",
        "  buses:\n",
        "buses:\n    kind: amb",
        "'buses' is given twice",
    ),
    ("kind: ambulance", "kind: &a ambulance", "&a", "'&a' is an anchor"),
    ("kind: ambulance", "kind: *a", "*a", "'*a' is an alias"),
    ("kind: ambulance", "kind: !!str ambulance", "!!str", "is a tag"),
    ("kind: ambulance", "kind:", "kind:\n", "'kind' has no value"),
    ("seats: 4", "seats:\t4", "\t4", "there is a tab here"),
    ("smallest: 2", "smallest: 11", "11", "the smallest convoy has 11 of 'buses'"),
    ("{buses: 10}", "{busses: 10}", "busses", "'busses' is not a fleet. Did you"),
    ('{buses: "40 to 55, mostly 50"}', "{buses: 60 to 70}", "60 to", "has 55 seats"),
    ("06:00 to 20:00", "06:00 to 06:00", "06:00 to 06:00", "never opens"),
    ("06:00 to 20:00", "6 to 20", "6 to 20", "'6' is not a time of day"),
    ("stay: 100", "stay: 2000", "2000", "2000 stay, but only 1400 are there"),
    ('{time: "about 2 h', '{length: 3 km, time: "about 2 h', "coast-road: {", "either"),
    ("    lasts: 5 h\n", "", "shots-at-the-crossing", "exactly one of lasts, until"),
    (
        "    lasts: 5 h",
        "    lasts: 5 h\n    caught: detain",
        "shots-at-the-crossing",
        "detains convoys, but not for how long",
    ),
    (
        "lasts: 5 h",
        "until: 2016-12-15T12:00",
        "2016-12-15T12:00",
        "it ends before it begins",
    ),
    (
        "{north: rest, south: rest}",
        "{north: rest}\n      - {north: 1}",
        "1}\n\nstoppages",
        "'north' has moved all that is left in an earlier tranche",
    ),
    ("gate: south-crossing", "gate: bridge", "bridge}", "is not on the way of"),
    ("rule: lockstep", "rule: prior", "exchange:\n", "the rule 'prior' needs 'first'"),
    ("rule: lockstep", "rule: credit", "exchange:\n", "needs 'ahead'"),
    ("rule: lockstep", "first: nord", "nord", "'nord' is not a party of 'exchange'"),
    (
        "flows: [south-families]",
        "flows: [north-families]",
        "north-families], gate: south",
        "'north-families' moves for 'north' already",
    ),
    ("closes: [bridge]", "closes: [coast-road]", "coast-road]\n    every", "but a leg"),
    ("  bridge:\n", "  north-crossing:\n", "north-crossing:\n    l", "a gate already"),
    ("  ambulances:\n", "  Red Cars:\n", "Red Cars", "write 'red-cars'"),
    ("[wounded]\n    convoy", "[woundet]\n    convoy", "woundet", "not a group of any"),
    (
        "groups: [wounded]",
        "groups: [families]",
        "wounded: {people: 60",
        "60 people of 'wounded' at 'northtown' can never leave",
    ),
    ("sites.northtown.groups.families.people:", "sites.a.people:", "sites.a", "exist"),
    ("{spread: 5 min to 15 min,", "{spread: 5 to 15,", "5 to 15", "'15' has no unit"),
    ("zone: Asia/Damascus", "zone: Asia/Damaskus", "Asia/Damaskus", "'Asia/Damascus'?"),
    ("ends: 2016-12-19T00:00", "ends: 2016-12-15T00:00", "2016-12-15T00:00\na", "ends"),
    ("ends: 2016-12-19T00:00", "ends: 2016-11-31T00:00", "2016-11-31", "calendar"),
    ("starts: 2016-12-15T13:00", "starts: 2016-12-20T13:00", "2016-12-20", "after the"),
    (
        "starts: 2016-12-15T13:00",
        "starts: 2016-12-14T13:00",
        "2016-12-14",
        "before the",
    ),
    ("    in_force: 2016-12-15T06:00", "    evidence: no", "no\n    unit", "[no]"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "where", "said"), PLANTED)
def test_a_planted_error_is_found_at_its_place(
    old: str, new: str, where: str, said: str
) -> None:
    text = planted(old, new)
    found = problems(text)
    line, column = place(text, where)
    here = [p for p in found if (p.line, p.column) == (line, column)]
    assert any(said in str(problem) for problem in here), "\n".join(map(str, found))


def test_a_problem_shows_its_line_with_a_caret() -> None:
    (found,) = problems(planted("seats: 55", "seats: 5 m"))
    line, _ = place(TEXT, "seats: 55")
    assert str(found) == (
        f"scenario.yaml:{line}:12: fleets.buses.seats: '5 m' has a unit, but a count "
        f"has none. Write 5.\n{line:>6} |     seats: 5 m\n       |            ^"
    )


def test_a_long_line_is_clipped_around_the_caret() -> None:
    (found,) = problems(TEXT + "x" * 500_000 + ": 1\n")
    assert len(str(found)) < 500


def test_a_misspelt_key_is_not_reported_as_missing_too() -> None:
    assert len(problems(planted("seats: 55", "setas: 55"))) == 1


def test_a_missing_key_is_reported_where_it_belongs_with_its_meaning() -> None:
    (found,) = problems(planted("    seats: 55\n", ""))
    assert (found.line, found.column) == place(TEXT, "buses:\n    kind: bus\n")
    assert "'seats' is missing. Add 'seats:' (most people that one" in str(found)


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    text = TEXT
    errors = [
        ("seats: 55", "setas: 55", "setas"),
        ("seats: 4", "seats: four", "four"),
        ("kind: ambulance", "kind: ambulence", "ambulence"),
        ("25 km/h to 45 km/h", "45 km/h to 25 km/h", "45 km/h to"),
        ("lanes: 2", "lanes: 0", "0\n    inspection"),
        ("destination: harbour\n    through: [south", "destination: harbor\n    through"
         ": [south", "harbor\n"),
        ("headway: 1 h", "headway: 1", "1\n    boarding"),
        ("closes: [bridge]", "closes: [brigde]", "brigde"),
        ("starts: 2016-12-15T13:00", "starts: 2016-12-32T13:00", "2016-12-32"),
        ("lasts: 30 min to 2 h", "lasts: 30 to 2 h", "30 to 2 h"),
    ]  # fmt: skip
    for old, new, _ in errors:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = problems(text)
    places = [place(text, where) for _, _, where in errors]
    assert [(p.line, p.column) for p in found] == sorted(places)


def test_a_time_that_the_clocks_skip_is_refused_with_the_jump() -> None:
    text = (
        TEXT.replace("2016-12-15T00:00", "2016-03-24T00:00")
        .replace("2016-12-15T13:00", "2016-03-25T00:30")
        .replace("2016-12-", "2016-03-2")
    )
    said = "\n".join(map(str, problems(text)))
    assert (
        "'2016-03-25T00:30' does not exist in Asia/Damascus: the clocks jump from "
        "00:00 to 01:00. Write 2016-03-25T01:00 or another time."
    ) in said


def test_two_spellings_of_one_moment_are_one_key() -> None:
    text = planted("2016-12-16T05:00: 10", "2016-12-15 05:00:00: 10")
    (found,) = problems(text)
    assert "is given twice" in str(found)


def test_data_from_a_program_are_reported_by_path() -> None:
    with pytest.raises(
        ScenarioError, match=r"sites.a.bays: 'few' is not a count"
    ) as caught:
        from_data({"sites": {"a": {"bays": "few"}}})
    (found,) = caught.value.args
    assert not any(problem.line for problem in found)


def test_the_schema_and_the_reference_in_the_repository_are_up_to_date() -> None:
    """To renew: python -c "from sim.scenario.schema import write; write('.')"."""
    written = (ROOT / SCHEMA_FILE).read_text(encoding="utf-8")
    assert json.loads(written) == json_schema()
    assert (ROOT / REFERENCE_FILE).read_text(encoding="utf-8") == reference()


def test_the_reference_explains_every_field() -> None:
    for line in reference().splitlines():
        if line.startswith("| `"):
            assert line.split("|")[-2].strip(), line


def test_a_scenario_is_found_by_its_name() -> None:
    assert load(find("two-towns", ROOT)) == load(TWO_TOWNS)
    assert find(str(TWO_TOWNS), ROOT) == TWO_TOWNS
    assert find(str(TWO_TOWNS.parent), ROOT) == TWO_TOWNS
    with pytest.raises(ScenarioError, match="Did you mean 'two-towns'"):
        find("two-tonws", ROOT)
    with pytest.raises(ScenarioError, match="no scenario"):
        find("two\0towns" + "x" * 5_000, ROOT)


@pytest.mark.slow
def test_loading_scenarios_needs_neither_the_model_nor_pictures() -> None:
    """Checking a file on a slow laptop should not wait for matplotlib."""
    script = (
        "import sys, sim.scenario\n"
        "print({'numpy', 'matplotlib', 'simpy', 'sim.model'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"


def test_an_error_survives_the_way_between_processes() -> None:
    (found,) = problems(planted("seats: 55", "seats: 0"))
    error = pickle.loads(pickle.dumps(ScenarioError((found,))))
    assert str(error) == str(found)


def test_the_operation_is_frozen() -> None:
    operation: Operation = load(TWO_TOWNS)
    with pytest.raises(ValueError, match="frozen"):
        operation.operation = "another"  # type: ignore[misc]
