"""The summary of runs: all sites together, dates beside hours, people lost sight of."""

import pytest

from sim import report_on, run_study
from sim.experiment.bands import Bands, band_of
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
