"""The summary of runs: all sites together, dates beside hours, people lost sight of."""

import numpy as np
import pytest

from sim import report_on, run_study
from sim.experiment import Study
from sim.experiment.bands import Bands, band_of
from sim.report.headlines import of_run
from sim.report.run import answer
from sim.report.run_data import summary_data
from sim.report.run_tables import arrivals
from sim.words import Words
from tests.builders import at, halt, operation, two_sides, with_gate
from tests.commands import flat

WORDS = Words()
FREE = {"agreements": {}}


def bands(world, replications=3):
    return Bands(run_study(world, replications=replications))


def table(world):
    """Return the table of arrivals in words: rows by name, by site."""
    shown = arrivals(bands(world))
    return {
        WORDS.of(group.title): {
            WORDS.of(row[0]): [WORDS.of(cell) for cell in row[1:]] for row in group.rows
        }
        for group in shown.groups
    }


def lossy(**changes):
    """Return runs in which 30 of the first 50 people are lost sight of at the gate."""
    return with_gate({"fire": halt("gate", 60, 120, unaccounted=30)}, **changes)


def test_all_sites_have_rows_of_their_own_only_beside_several() -> None:
    assert list(table(operation())) == ["pocket"]
    two = table(two_sides())
    assert list(two) == ["north", "south", "all sites"]
    assert two["all sites"]["people to leave"][0] == "200"
    assert two["all sites"]["arrived"][0] == "200"


def test_everybody_is_out_of_all_sites_when_the_later_site_is() -> None:
    """A road of three hours in place of one makes the south the later."""
    found = table(two_sides(south_road="180 min"))
    north, south, whole = (rows["all arrived"] for rows in found.values())
    assert whole[0] == south[0] > north[0]


def test_dates_stand_beside_hours_since_the_start() -> None:
    """The last of the shuttle arrive at minute 210, 3.5 hours after the start."""
    rows = table(operation())["pocket"]
    assert rows["all arrived"] == ["2020-01-01 03:30"] * 3 + ["3.5", ""]
    assert rows["half arrived"][3] == "1.2"
    assert rows["people to leave"][3] == ""


def test_a_moment_that_did_not_come_has_neither_date_nor_hours() -> None:
    rows = table(operation(ends=at(100)))["pocket"]
    assert rows["all arrived"] == ["not by the end", "", "", "", "in no run"]
    assert rows["half arrived"][3] == "1.2"


def test_hours_say_from_when_they_count() -> None:
    text = flat(str(report_on(run_study(operation(), replications=1))))
    assert "Hours (h) are those from 2020-01-01 00:00 to the median." in text


def test_people_lost_sight_of_stand_beside_all_arrived() -> None:
    rows = table(lossy())["pocket"]
    assert rows["people to leave"][0] == "100"
    assert rows["arrived"][0] == "70"
    assert rows["lost sight of"] == ["30"] * 3 + ["", "left out below"]
    assert list(rows)[-4:] == [
        "lost sight of",
        "half arrived",
        "90 % arrived",
        "all arrived",
    ]
    assert rows["all arrived"][0] != "not by the end"


def test_who_is_not_lost_is_not_spoken_of() -> None:
    world = with_gate({"fire": halt("gate", 60, 120)})
    assert "lost sight of" not in table(world)["pocket"]
    assert "lost sight" not in WORDS.of(answer(bands(world)))


def test_the_answer_explains_who_was_lost_sight_of() -> None:
    said = WORDS.of(answer(bands(lossy())))
    assert "Of the 100 people who are to leave all sites, 70 arrive" in said
    assert "Of those who do not arrive, 30 were lost sight of: they left" in said
    assert "'All arrived' does not wait for them." in said


def test_the_answer_says_when_everybody_is_out() -> None:
    world = two_sides(south_road="180 min")
    said = WORDS.of(answer(bands(world)))
    last = table(world)["all sites"]["all arrived"][0]
    assert f"Everybody who leaves has arrived by {last} in half of the runs" in said
    assert "Everybody" not in WORDS.of(answer(bands(operation())))


def test_the_answer_says_in_how_many_runs_everybody_is_out() -> None:
    said = WORDS.of(answer(bands(two_sides(ends=at(150)))))
    assert "In 0 of 3 runs everybody who leaves has arrived by the end." in said


def of_ends(monkeypatch, *hours, site="pocket", people=100, ends=5):
    """Return runs of which the last people arrive after such hours, if ever."""
    study = run_study(operation(ends=at(60 * ends)), replications=len(hours))
    late = np.array(hours, float)
    known = {f"t100/{site}": late, "t100/all": late}
    left = np.where(np.isnan(late), people, 0.0)
    known |= {f"not_arrived/{site}": left, "not_arrived/all": left}
    real = Study.metric
    monkeypatch.setattr(
        Study, "metric", lambda self, name: known.get(name, real(self, name))
    )
    return Bands(study)


NEVER = float("nan")


@pytest.mark.parametrize(
    ("hours", "said", "line"),
    [
        (
            [3],
            "In this one run all people of pocket who leave have arrived by "
            "2020-01-01 03:00.",
            "pocket: all arrived by 2020-01-01 03:00",
        ),
        (
            [NEVER],
            "Not all people of pocket have arrived by the end, 2020-01-01 05:00, of "
            "this one run: 100 have not.",
            "pocket: 100 people have not arrived by the end",
        ),
        (
            [2, 3, 3, 3, 4],
            "In half of the runs all people of pocket who leave have arrived by "
            "2020-01-01 03:00; in 9 of 10 runs the last arrives between 2020-01-01 "
            "02:12 and 2020-01-01 03:48.",
            "pocket: all arrived by 2020-01-01 03:00 (2020-01-01 02:12 to "
            "2020-01-01 03:48)",
        ),
        (
            [2, 3, 3, 3, NEVER],
            "In half of the runs all people of pocket who leave have arrived by "
            "2020-01-01 03:00; in 1 of 5 runs not all have by the end, 2020-01-01 "
            "05:00.",
            "pocket: all arrived by 2020-01-01 03:00, but in 1 of 5 runs not by the "
            "end",
        ),
        (
            [2, 3, NEVER, NEVER],
            "In 2 of 4 runs not all people of pocket have arrived by the end, "
            "2020-01-01 05:00: 50 have not (median), in 9 of 10 runs 0 to 100.",
            "pocket: 50 people have not arrived by the end (0 to 100)",
        ),
    ],
)
def test_what_is_said_of_the_last_holds_for_so_many_runs(
    monkeypatch, hours, said, line
) -> None:
    """One run has no halves, and what does not come by the end has no last moment."""
    found = of_ends(monkeypatch, *hours)
    assert WORDS.of(answer(found)).startswith(said)
    assert WORDS.of(of_run(found)) == line


def test_everybody_of_two_sites_is_told_in_runs_if_some_end_before(monkeypatch) -> None:
    found = Bands(run_study(two_sides(), replications=5))
    late = found.metrics["t100/all"]._replace(p95=float("inf"), n=4)
    monkeypatch.setitem(found.metrics, "t100/all", late)
    said = WORDS.of(answer(found))
    assert "In 4 of 5 runs everybody who leaves has arrived by the end." in said
    assert "not by the end" not in said


def test_the_median_of_all_arrivals_is_not_the_sum_of_the_medians() -> None:
    """Sites are late in different runs, so the middle of their sum is another."""
    study = run_study("two-towns", replications=9)
    found = Bands(study)
    total = study.metric("arrived/northtown") + study.metric("arrived/southtown")
    assert found.metrics["arrived/all"] == band_of(total)


def cells(world, name):
    data = summary_data(bands(world, 1))
    return next(
        dict(zip(data.columns, row, strict=True)) for row in data.rows if row[0] == name
    )


def test_the_table_for_programs_has_local_times_beside_hours() -> None:
    found = cells(operation(), "t100/all")
    assert (found["median"], found["median_local_time"]) == (
        3.5,
        "2020-01-01T03:30:00+00:00",
    )
    assert (
        found["p5_local_time"] == found["p95_local_time"] == "2020-01-01T03:30:00+00:00"
    )
    assert cells(operation(), "arrived/all")["median_local_time"] is None
    never = cells(operation(ends=at(100)), "t100/all")
    assert never["median_local_time"] is None


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("2016-10-29T22:00", "2016-10-30T01:30:00+02:00"),
        ("2016-10-29T23:00", "2016-10-30T02:30:00+02:00"),
        ("2016-10-30T00:00", "2016-10-30T02:30:00+01:00"),
        ("2016-10-30T01:00", "2016-10-30T03:30:00+01:00"),
    ],
)
def test_an_hour_that_comes_twice_is_told_with_its_offset(starts, told) -> None:
    """Clocks go back from 3 to 2; the last arrive 3.5 hours after the start."""
    world = operation(
        zone="Europe/Berlin",
        starts=starts,
        ends="2016-11-09T00:00",
        fleets__buses__joins={starts: 1},
    )
    assert cells(world, "t100/all")["median_local_time"] == told
