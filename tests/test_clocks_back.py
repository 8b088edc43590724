"""A night in which the clocks go back: every output says which of two hours it means.

In Kyiv, 30 October 2022, the hour from 03:00 comes twice, first at +03:00 and then at
+02:00. One bus arrives with fifty people 75 minutes after it begins to board, is back
an hour later, and arrives with the rest 210 minutes after the start.
"""

import re

import pytest
from matplotlib.text import Text

from sim.experiment import run_study
from sim.exports.parquet import tables_of
from sim.plots import timeaxis
from sim.plots.pictures import PICTURES
from sim.report.explanation import report_on_waits
from sim.report.run import report_on_run
from sim.scenario import Clock
from sim.words import Moment, Words
from tests.builders import operation
from tests.forms import on_a_terminal, shown

NIGHT = "2022-10-30"
STARTS = {"+03:00": f"{NIGHT}T00:00", "+02:00": f"{NIGHT}T01:00"}
"""When the operation starts whose last people arrive at 03:30 of this offset."""
BARE = re.compile(r"[ T]03:[0-5]\d(?::\d\d)?(?!:?\d|\+0[23]:00)")
"""A time in the hour that comes twice, of which nothing says which it is."""


def studied(offset):
    start = STARTS[offset]
    world = operation(
        zone="Europe/Kyiv",
        starts=start,
        ends=f"{NIGHT}T08:00",
        fleets__buses__joins={start: 1},
    )
    return run_study(world, seed=1, replications=2)


@pytest.fixture(scope="module", params=STARTS)
def told(request, tmp_path_factory):
    study = studied(request.param)
    log = study.log_of(study.typical)
    report = report_on_run(study, log, name="test", command="python run.py run test")
    return request.param, report, shown(report, tmp_path_factory.mktemp("forms"))


@pytest.mark.parametrize("form", ["terminal", "html"])
def test_readers_are_told_which_of_two_hours(told, form):
    offset, _, forms = told

    assert f"{NIGHT} 03:30{offset}" in forms[form]
    assert not BARE.findall(forms[form])


def test_programs_get_the_offset_of_every_moment(told):
    offset, report, forms = told

    assert f"{NIGHT}T03:30:00{offset}" in forms["csv"]
    columns = report.data["events"].columns
    local = columns.index("local_time")
    stamps = [row[local] for row in report.data["events"].rows]
    assert all(re.fullmatch(r".{19}\+0[23]:00", stamp) for stamp in stamps)


def test_a_cell_of_the_workbook_is_a_date_that_shows_its_offset(told):
    offset, _, forms = told

    assert f"yyyy-mm-dd hh:mm&quot;{offset}&quot;" in forms["workbook"]


def test_pictures_rule_both_hours(told):
    _, report, _ = told
    picture = next(each for each in report.pictures() if each.name == "throughput")
    drawn = PICTURES["throughput"](*picture.arguments)
    words = [text.get_text() for text in drawn.findobj(Text)]

    assert {"03:00\n+03:00", "03:00\n+02:00"} <= set(words)


@pytest.mark.parametrize("offset", STARTS)
def test_an_explanation_says_which_of_two_hours(offset):
    study = studied(offset)
    report = report_on_waits(
        study.operation, study.log_of(0), "evacuation-002", replication=0, seed=1
    )

    text = on_a_terminal(report)
    assert f"{NIGHT} 03:30{offset}" in text
    assert not BARE.findall(text)


def test_moments_in_parquet_have_their_offset():
    study = studied("+02:00")
    (rows,) = study.store.parts()
    stamps = tables_of(rows, study.operation)["arrivals"]["local_time"]

    assert f"{NIGHT}T03:30:00+03:00" in stamps
    assert f"{NIGHT}T03:30:00+02:00" in stamps


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3 * 3600 - 60, f"{NIGHT} 02:59"),
        (3 * 3600, f"{NIGHT} 03:00+03:00"),
        (4 * 3600, f"{NIGHT} 03:00+02:00"),
        (5 * 3600 - 60, f"{NIGHT} 03:59+02:00"),
        (5 * 3600, f"{NIGHT} 04:00"),
    ],
)
def test_only_the_hour_that_comes_twice_is_told_apart(seconds, words):
    clock = Clock("Europe/Kyiv", f"{NIGHT}T00:00")

    assert Words().of(Moment(clock.local(seconds))) == words


def test_a_time_that_is_read_can_be_written_into_a_scenario():
    clock = Clock("Europe/Kyiv", f"{NIGHT}T00:00")

    for seconds in range(0, 6 * 3600, 600):
        assert clock.seconds(Words().of(Moment(clock.local(seconds)))) == seconds


@pytest.mark.parametrize(
    ("zone", "start", "twice"),
    [
        ("Australia/Lord_Howe", "2022-04-03T00:00", ["01:30+11:00", "01:30+10:30"]),
        ("Asia/Damascus", "2016-10-27T20:00", ["23:00+03:00", "23:00+02:00"]),
        ("Europe/Kyiv", "2022-03-27T00:00", []),  # the clocks go forward
        ("UTC", "2022-10-30T00:00", []),
    ],
)
def test_other_zones_have_hours_of_their_own(zone, start, twice):
    """By half an hour, over midnight, forward, or never."""
    clock = Clock(zone, start)
    _, names = timeaxis.ticks_between(clock, 0, 6 * 3600, 30)

    found = [name.split(" ")[-1] for name in names if re.search(r"[+]\d", name)]
    assert [name for name in twice if name not in found] == []
    assert bool(found) is bool(twice)
