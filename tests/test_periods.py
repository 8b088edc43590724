"""What agreements, gates and stoppages were from when to when."""

from sim.events import Kind, Reason, ReasonKind
from sim.metrics.periods import agreement_states, closures, stoppages
from tests.reasons import stoppage
from tests.test_metrics_story import Story

LATE = Reason(ReasonKind.DEADLINE, "deal")


def told(*changes):
    """Return what an agreement was, from changes at some seconds."""
    story = Story(1000, {}, {})
    for now_s, kind in changes:
        story.at(now_s).agree(kind, "deal", stoppage("shots"))
    return [
        (state.what, state.since_s, state.until_s)
        for state in agreement_states(story.log(), ["deal"])
    ]


def test_what_is_suspended_is_then_what_it_was():
    assert told(
        (0, Kind.PROPOSED), (0, Kind.IN_FORCE), (100, Kind.SUSPENDED),
        (300, Kind.RESUMED),
    ) == [
        (Kind.PROPOSED, 0, 0), (Kind.IN_FORCE, 0, 100), (Kind.SUSPENDED, 100, 300),
        (Kind.IN_FORCE, 300, 1000),
    ]  # fmt: skip


def test_what_it_becomes_in_between_is_seen_when_nothing_suspends_it():
    assert told(
        (0, Kind.PROPOSED), (100, Kind.SUSPENDED), (200, Kind.IN_FORCE),
        (300, Kind.RESUMED),
    ) == [
        (Kind.PROPOSED, 0, 100), (Kind.SUSPENDED, 100, 300), (Kind.IN_FORCE, 300, 1000),
    ]  # fmt: skip


def test_new_terms_are_seen_though_it_is_suspended():
    assert told(
        (0, Kind.IN_FORCE), (100, Kind.SUSPENDED), (200, Kind.RENEGOTIATED),
        (200, Kind.IN_FORCE), (300, Kind.RESUMED),
    ) == [
        (Kind.IN_FORCE, 0, 100), (Kind.SUSPENDED, 100, 200),
        (Kind.RENEGOTIATED, 200, 200), (Kind.SUSPENDED, 200, 300),
        (Kind.IN_FORCE, 300, 1000),
    ]  # fmt: skip


def test_what_is_over_is_not_suspended():
    assert told(
        (0, Kind.IN_FORCE), (100, Kind.SUSPENDED), (200, Kind.LAPSED),
        (300, Kind.RESUMED),
    ) == [
        (Kind.IN_FORCE, 0, 100), (Kind.SUSPENDED, 100, 200), (Kind.LAPSED, 200, 1000),
    ]  # fmt: skip


def test_a_second_stoppage_suspends_what_is_suspended_no_more():
    assert told(
        (0, Kind.IN_FORCE), (100, Kind.SUSPENDED), (150, Kind.SUSPENDED),
        (300, Kind.RESUMED),
    ) == [
        (Kind.IN_FORCE, 0, 100), (Kind.SUSPENDED, 100, 300), (Kind.IN_FORCE, 300, 1000),
    ]  # fmt: skip


def test_what_counts_and_which_tranche_is_open_is_no_state():
    assert told(
        (0, Kind.IN_FORCE), (10, Kind.TRANCHE_OPENED), (20, Kind.COUNTED),
        (30, Kind.TRANCHE_COMPLETED), (40, Kind.COMPLETED), (50, Kind.REOPENED),
    ) == [
        (Kind.IN_FORCE, 0, 40), (Kind.COMPLETED, 40, 50), (Kind.REOPENED, 50, 1000),
    ]  # fmt: skip


def test_a_state_has_the_reason_of_its_beginning():
    story = Story(1000, {}, {})
    story.agree(Kind.IN_FORCE, "deal")
    story.at(500).agree(Kind.BREACHED, "deal", LATE)

    assert agreement_states(story.log(), ["deal"])[-1].reason == LATE


def test_what_closes_and_begins_lasts_until_it_opens_and_ends():
    story = Story(1000, {}, {})
    story.at(100).stop(Kind.STOPPAGE_BEGAN, "shots", "shots")
    story.stop(Kind.CLOSED, "gate", "shots")
    story.at(300).stop(Kind.OPENED, "gate", "shots")
    story.at(400).stop(Kind.CLOSED, "gate", "shots")

    shut = [(each.name, each.since_s, each.until_s) for each in closures(story.log())]

    assert shut == [("gate", 100, 300), ("gate", 400, 1000)]
    assert [each.until_s for each in stoppages(story.log())] == [1000]
