"""What holds for the metrics of every log that keeps count of its people."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sim.events import NO_REASON, Cause, Kind, RunLog
from sim.metrics import arrivals, registry, waiting
from sim.metrics.spans import Charge, spans
from sim.metrics.timelines import explain_convoy, explain_group, totals
from tests.logs import COMES_OR_GOES, total_waiting
from tests.reasons import closed, detained, waits_for
from tests.test_metrics_story import Story

GROUPS = ("civilians", "wounded")
SITES = {"north-out": "north", "south-out": "south"}
ON_THE_WAY = (
    (Kind.DEPARTED, Cause.ROAD, NO_REASON),
    (Kind.HELD, Cause.STOPPAGE, closed("closure")),
    (Kind.HELD, Cause.AGREEMENT, waits_for("south")),
    (Kind.DETAINED, Cause.DETENTION, detained("search", "post")),
    (Kind.RELEASED, "", NO_REASON),
    (Kind.CROSSED, "", NO_REASON),
    (Kind.LOST, "", NO_REASON),
    (Kind.TURNED_BACK, Cause.ROAD, detained("search", "post")),
    (Kind.QUEUED, Cause.QUEUE, NO_REASON),
)
MOVES = ("board", "on the way", "wait", "arrive", "return", "lose", "stay")


@st.composite
def logs(draw: st.DrawFn) -> RunLog:
    """Return a log of moves that could follow each other, however unlikely."""
    story = Story(2000, SITES, {"buses": "bus"})
    waiting_at = {}
    for site in SITES.values():
        people = {group: draw(st.integers(0, 30)) for group in GROUPS}
        story.start(site, **people)
        waiting_at.update({(site, group): people[group] for group in GROUPS})
    for _ in range(draw(st.integers(0, 25))):
        story.at(story.now_s + draw(st.integers(0, 70)))
        _move(draw, story, waiting_at)
    return story.log()


def _move(
    draw: st.DrawFn, story: Story, waiting_at: dict[tuple[str, str], int]
) -> None:
    move = draw(st.sampled_from(MOVES))
    site, group = draw(st.sampled_from(sorted(waiting_at)))
    loaded = sorted(name for name, load in story.aboard.items() if any(load.values()))
    if move == "wait":
        story.wait(site, group, draw(st.sampled_from(Cause)))
    elif move == "board":
        flow, name = f"{site}-out", f"{site}-out-{len(story.trips) + 1}"
        people = draw(st.integers(0, waiting_at[site, group]))
        story.form(flow, name, buses=1)
        story.board(name, **{group: people})
        waiting_at[site, group] -= people
    elif move == "stay":
        people = draw(st.integers(0, waiting_at[site, group]))
        story._write(Kind.STAYED, site, group=group, people=people)
        waiting_at[site, group] -= people
    elif loaded:
        convoy = draw(st.sampled_from(loaded))
        origin = SITES[story.flows[convoy]]
        if move == "arrive":
            story.empty(Kind.ARRIVED, convoy, "camp")
        elif move == "return":
            for name, people in story.aboard[convoy].items():
                waiting_at[origin, name] += people
            story.empty(Kind.RETURNED, convoy, origin)
        elif move == "lose":
            (name,) = story.aboard[convoy]
            gone = draw(st.integers(1, story.aboard[convoy][name]))
            story.lose_sight_of(convoy, "post", name, gone)
        else:
            kind, cause, reason = draw(st.sampled_from(ON_THE_WAY))
            story.note(kind, convoy, "gate", cause, reason)


@given(logs())
def test_waits_by_cause_sum_exactly_to_the_whole(log: RunLog) -> None:
    """Seen to fail when RETURNED left the people out of the crowd."""
    assert sum(waiting.charges(log).values()) == total_waiting(log)


@given(logs())
def test_what_is_charged_is_the_sum_of_the_spans(log: RunLog) -> None:
    """Explanations list spans and tables sum charges: they must tell the same."""
    booked: dict[Charge, int] = {}
    for span in spans(log):
        booked[span.charge] = booked.get(span.charge, 0) + span.person_seconds
    assert booked == waiting.charges(log)


@given(logs())
def test_the_events_that_count_people_say_all_about_arrivals(log: RunLog) -> None:
    part = arrivals.CountedPeople.of(log)
    assert arrivals.people_to_leave(part) == arrivals.people_to_leave(log)
    for curves in (
        arrivals.arrivals_by_origin,
        arrivals.arrivals_by_group,
        arrivals.still_inside,
    ):
        assert curves(part) == curves(log)


@given(logs())
def test_nobody_is_charged_below_zero(log: RunLog) -> None:
    assert all(seconds > 0 for seconds in waiting.charges(log).values())


@given(logs())
def test_arrivals_never_fall_and_never_exceed_the_people(log: RunLog) -> None:
    leaving = arrivals.people_to_leave(log)
    for key, curve in arrivals.arrivals_by_group(log).items():
        assert list(curve.totals) == sorted(curve.totals)
        assert curve.last <= leaving[key]


@given(logs())
def test_everybody_is_inside_aboard_arrived_or_unaccounted(log: RunLog) -> None:
    awaited: Counter[tuple[str, str]] = Counter()
    for event in log.events:
        who = event.origin or event.place, event.group
        awaited[who] += COMES_OR_GOES.get(event.kind, 0) * event.people
        assert awaited[who] >= 0, who
    for key, inside in arrivals.still_inside(log).items():
        assert all(total >= 0 for total in inside.totals), key


@given(logs())
def test_held_aboard_is_a_part_of_waiting(log: RunLog) -> None:
    numbers = registry.summary(log)
    for site in SITES.values():
        assert numbers[f"held_aboard/{site}"] <= numbers[f"waiting/{site}"]


@given(logs())
def test_explanations_of_all_groups_and_convoys_sum_to_the_whole(log: RunLog) -> None:
    lines = [line for trip in log.trips for line in explain_convoy(log, trip.convoy)]
    for site in SITES.values():
        for group in GROUPS:
            lines += explain_group(log, site, group)
    assert sum(totals(lines).values()) == total_waiting(log)
