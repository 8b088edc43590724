"""Explanations of runs written by hand."""

import pytest

from sim.events import NO_REASON, Cause, Kind
from sim.metrics import waiting
from sim.metrics.timelines import (
    everybody,
    explain_convoy,
    explain_group,
    longest_first,
    totals,
)
from tests.reasons import closed, waits_for
from tests.test_metrics_story import Story, exchange, town

PARTIES = {"swap": {"city": ("city-out",), "village": ("village-out",)}}


def test_a_convoys_time_line_has_no_gap_and_sums_to_its_waiting() -> None:
    lines = explain_convoy(town().log(), "out-2")
    assert [(line.since_s, line.until_s, line.cause) for line in lines] == [
        (5000, 5600, Cause.BOARDING),
        (5600, 6000, Cause.ROAD),
        (6000, 7000, Cause.DETENTION),
        (7000, 7400, Cause.ROAD),
    ]
    assert totals(lines) == {
        Cause.BOARDING: 24_000,
        Cause.ROAD: 16_000 + 14_800,
        Cause.DETENTION: 38_500,
    }


def test_groups_that_ride_together_share_a_line() -> None:
    first = explain_convoy(town().log(), "out-1")[0]
    assert (first.people, first.person_seconds) == (70, 42_000)


def test_a_wait_for_another_side_is_followed_by_what_that_side_was_doing() -> None:
    lines = explain_convoy(exchange().log(), "city-out-1", PARTIES)
    told = [
        (line.depth, line.who, line.since_s, line.until_s, line.cause, line.reason)
        for line in lines
    ]
    assert told[1:] == [
        (0, "city-out-1", 200, 2000, "agreement", waits_for("village")),
        (1, "village", 200, 1200, "agreement", waits_for("city")),
        (2, "city-out-1", 200, 1200, "agreement", waits_for("village")),
        (1, "village-out-1", 200, 1200, "stoppage", closed("fire")),
        (1, "village", 1200, 1500, "loading bay", NO_REASON),
        (0, "city-out-1", 2000, 2600, "road", NO_REASON),
    ]


def test_sides_that_wait_for_each_other_are_not_followed_for_ever() -> None:
    """Seen to fail with a RecursionError when the path was not kept."""
    lines = explain_group(exchange().log(), "village", "people", PARTIES)
    assert max(line.depth for line in lines) == 2


def test_what_another_side_did_does_not_count_in_the_total() -> None:
    lines = explain_convoy(exchange().log(), "city-out-1", PARTIES)
    assert sum(totals(lines).values()) == 50 * 2500


def test_an_unknown_agreement_is_told_but_not_followed() -> None:
    lines = explain_convoy(exchange().log(), "city-out-1")
    assert {line.depth for line in lines} == {0}


def test_an_empty_convoy_that_was_held_says_so_with_no_people() -> None:
    first = explain_convoy(exchange().log(), "village-out-1")[0]
    assert (first.people, first.cause, first.reason) == (
        0,
        Cause.STOPPAGE,
        closed("fire"),
    )


def test_a_groups_time_line_is_that_of_its_crowd() -> None:
    log = town().log()
    lines = explain_group(log, "town", "civilians")
    assert [(line.since_s, line.until_s, line.cause) for line in lines] == [
        (0, 1000, Cause.NOT_BEGUN),
        (1000, 5000, Cause.NO_VEHICLE),
        (7400, 10_000, Cause.NO_VEHICLE),
    ]
    booked = waiting.charges(log)
    assert sum(totals(lines).values()) == sum(
        seconds
        for charge, seconds in booked.items()
        if (charge.group, charge.place) == ("civilians", "town")
        and charge.cause not in {Cause.BOARDING, Cause.ROAD}
    )


def test_a_misspelt_convoy_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no convoy 'out1'.*out-1"):
        explain_convoy(town().log(), "out1")
    with pytest.raises(ValueError, match=r"no site 'twon'.*town"):
        explain_group(town().log(), "twon", "civilians")
    with pytest.raises(ValueError, match=r"no group 'wunded'.*wounded"):
        explain_group(town().log(), "town", "wunded")


def test_a_hold_that_outlasts_the_run_ends_with_it() -> None:
    story = Story(100, {"out": "town"}, {})
    story.start("town", people=1)
    story.form("out", "c")
    story.board("c", people=1)
    story.at(40).note(Kind.HELD, "c", "gate", Cause.STOPPAGE, closed("closure"))
    assert explain_convoy(story.log(), "c")[-1].until_s == 100


def test_everybody_is_named_once_convoys_first() -> None:
    names = everybody(town().log())

    assert names == ["out-1", "out-2", "town/civilians", "town/wounded"]


def test_who_waited_longest_comes_first_with_all_that_he_waited() -> None:
    log = town().log()
    first, *_ = longest_first(log)

    assert first.who == "town/civilians"
    assert first.person_seconds == sum(
        totals(explain_group(log, "town", "civilians")).values()
    )
    costs = [each.longest.person_seconds for each in longest_first(log)]
    assert costs == sorted(costs, reverse=True)


def test_a_wait_in_which_people_left_one_after_the_other_counts_as_one() -> None:
    """First 10, then 9 people wait 100 s: 1,900; what follows costs them 1,080."""
    story = Story(400, {"out": "town"}, {})
    story.start("town", people=10)
    story.wait("town", "people", Cause.NO_VEHICLE)
    story.at(100).form("out", "c")
    story.board("c", people=1)
    story.at(200).wait("town", "people", Cause.OUTSIDE_HOURS)
    story.at(320).wait("town", "people", Cause.HEADWAY)
    log = story.log()

    first, *_ = longest_first(log)

    assert (first.who, first.longest.cause) == ("town/people", Cause.NO_VEHICLE)
    assert first.longest == max(
        explain_group(log, "town", "people"), key=lambda line: line.person_seconds
    )
