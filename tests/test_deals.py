"""Pictures of agreements, of logs written by hand."""

import pytest

from sim.events import Kind, Reason, ReasonKind
from sim.plots.deals import deals
from sim.plots.journeys import journeys
from tests.builders import two_sides
from tests.reasons import stoppage, waits_for
from tests.test_metrics_story import Story

ORIGINS = {"north": "north", "south": "south"}


@pytest.fixture
def story():
    """A deal in force from the start, under which each side moves one convoy."""
    told = Story(9000, ORIGINS, {"north-buses": "bus", "south-buses": "bus"})
    told.agree(Kind.PROPOSED, "deal")
    told.agree(Kind.IN_FORCE, "deal")
    for side, moment, people in (("north", 100, 40), ("south", 200, 30)):
        told.start(side, civilians=100)
        told.at(moment).form(side, f"{side}-1", **{f"{side}-buses": 1})
        told.board(f"{side}-1", civilians=people)
        told.note(Kind.CROSSED, f"{side}-1", f"{side}-gate")
        told.count("deal", side, f"{side}-1", people)
    return told


def deal(story):
    (found,) = deals(two_sides(), story.log())
    return found


def test_what_moves_after_a_lapse_is_not_credited(story):
    story.at(1000).agree(Kind.LAPSED, "deal", Reason(ReasonKind.DEADLINE, "deal"))
    story.at(2000).note(Kind.CROSSED, "north-1", "north-gate")

    north, south = deal(story).sides

    assert (north.curve.last, north.convoys) == (40, 1)
    assert (south.curve.last, south.convoys) == (30, 1)
    assert deal(story).until_s == 1000


def test_what_is_turned_back_has_not_moved(story):
    story.at(1000).count("deal", "north", "north-1", -40)

    north, _ = deal(story).sides

    assert (north.curve.at(999), north.curve.last, north.convoys) == (40, 0, 0)
    assert deal(story).until_s == 9000


def test_counts_and_tranches_have_no_marks(story):
    side = Reason(ReasonKind.SIDE, "deal", "north")
    story.at(500).agree(Kind.TRANCHE_COMPLETED, "deal", side, tranche=1)
    story.agree(Kind.TRANCHE_OPENED, "deal", side, tranche=2)

    assert [mark.what for mark in deal(story).marks] == [Kind.IN_FORCE]


def test_that_it_goes_on_as_before_has_no_mark(story):
    story.at(500).agree(Kind.SUSPENDED, "deal", stoppage("shots"))
    story.at(600).agree(Kind.RESUMED, "deal", stoppage("shots"))
    story.at(700).agree(Kind.COMPLETED, "deal")
    story.at(800).agree(Kind.REOPENED, "deal")

    assert [(mark.what, mark.since_s) for mark in deal(story).marks] == [
        (Kind.IN_FORCE, 0),
        (Kind.SUSPENDED, 500),
        (Kind.COMPLETED, 700),
        (Kind.REOPENED, 800),
    ]


def test_convoys_wait_for_a_side_or_are_barred_by_the_agreement(story):
    shut = Reason(ReasonKind.SUSPENDED, "deal", stoppage="shots")
    story.at(300).form("north", "north-2", **{"north-buses": 1})
    story.board("north-2", civilians=10)
    for moment, reason in (
        (400, waits_for("south", "deal")),
        (500, shut),
        (600, waits_for("south", "other")),
    ):
        story.at(moment).note(Kind.HELD, "north-2", "gate", "agreement", reason)

    north, south = deal(story).sides

    assert [(w.awaited, w.hold.since_s) for w in north.waits] == [("south", 400)]
    assert [(hold.reason, hold.since_s) for hold in north.barred] == [(shut, 500)]
    assert not south.waits
    assert not south.barred


def test_that_a_convoy_counts_moves_it_nowhere(story):
    """Seen to fail: the row that takes the count back came after the turn."""
    story.at(1000).note(Kind.TURNED_BACK, "north-1", "north-gate", "road")
    story.count("deal", "north", "north-1", -40)
    heights = {"north": 0.0, "north-gate": 0.5, "refuge": 1.0}

    (journey,) = journeys(story.log(), ["north"], heights)

    assert journey.points[-1][0] == 1000
