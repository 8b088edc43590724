"""What is worth a stop in a moving picture, in words: gates, stoppages, convoys."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sim.events import Kind, RunLog
from sim.metrics.periods import Period, agreement_states, closures, stoppages
from sim.report.scene import SceneHappening
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_place, of_stoppage
from sim.words import Number, Text, joined, say, say_many
from sim.words.reasons import STATES

_MOST_TOLD = 4


def with_cause(operation: Operation, period: Period) -> Text:
    """Return a stoppage and its cause."""
    plan = operation.stoppages[period.name]
    if plan.title is None:
        return plan.cause
    return say("{stoppage}: {cause}", stoppage=plan.title, cause=plan.cause)


def happenings(operation: Operation, log: RunLog) -> Iterator[SceneHappening]:
    """Yield what happened in time order, all of one second together, some of many."""
    together: dict[int, list[Text]] = {}
    for each in _every(operation, log):
        together.setdefault(each.time_s, []).append(each.text)
    for time_s in sorted(together):
        texts = together[time_s]
        more = len(texts) - _MOST_TOLD
        if more > 0:
            rest = say_many("and one more event", "and {count} more events", more)
            texts = [*texts[:_MOST_TOLD], rest]
        yield SceneHappening(time_s, joined(texts, "; "))


def _every(operation: Operation, log: RunLog) -> Iterator[SceneHappening]:
    """Yield what is worth a stop: gates, stoppages, agreements, convoys with people."""
    for period in stoppages(log):
        text = with_cause(operation, period)
        yield SceneHappening(period.since_s, say("Stoppage begins: {what}", what=text))
        if period.until_s < log.horizon_s:
            yield SceneHappening(
                period.until_s,
                say("Stoppage ends: {what}", what=of_stoppage(operation, period.name)),
            )
    for period in closures(log):
        place = of_place(operation, period.name)
        yield SceneHappening(period.since_s, say("Closed: {place}", place=place))
        if period.until_s < log.horizon_s:
            yield SceneHappening(
                period.until_s, say("Open again: {place}", place=place)
            )
    for period in agreement_states(log, operation.agreements):
        yield SceneHappening(
            period.since_s,
            say(
                "{agreement}: {state}",
                agreement=of_agreement(operation, period.name),
                state=STATES[period.what],
            ),
        )
    yield from _arrivals(operation, log)
    for event in log.events:
        if event.convoy and (told := _TOLD.get(event.kind)):
            place = of_place(operation, event.place)
            text = told(event.convoy, place, Number(event.people))
            yield SceneHappening(event.time_s, text)


def _arrivals(operation: Operation, log: RunLog) -> Iterator[SceneHappening]:
    """Yield who arrives with which convoy, of all groups together."""
    arrived = Counter[tuple[int, str, str]]()
    for event in log.events:
        if event.kind is Kind.ARRIVED:
            arrived[event.time_s, event.convoy, event.place] += event.people
    for (time_s, convoy, site), people in arrived.items():
        text = say(
            "{convoy}: {people} people arrive at {site}",
            convoy=convoy,
            people=Number(people),
            site=of_place(operation, site),
        )
        yield SceneHappening(time_s, text)


_TOLD: Mapping[Kind, Callable[[str, str, Number], Text]] = MappingProxyType(
    {
        Kind.BOARDED: lambda convoy, place, _: say(
            "{convoy} sets out from {site}", convoy=convoy, site=place
        ),
        Kind.TURNED_BACK: lambda convoy, place, _: say(
            "{convoy}: turned back at {place}", convoy=convoy, place=place
        ),
        Kind.DETAINED: lambda convoy, place, _: say(
            "{convoy}: detained at {place}", convoy=convoy, place=place
        ),
        Kind.DIVERTED: lambda convoy, place, _: say(
            "{convoy}: diverted at {place}", convoy=convoy, place=place
        ),
        Kind.LOST: lambda convoy, place, _: say(
            "{convoy}: vehicles destroyed at {place}", convoy=convoy, place=place
        ),
        Kind.UNACCOUNTED: lambda convoy, place, people: say(
            "{convoy}: {people} people are lost sight of at {place}",
            convoy=convoy,
            people=people,
            place=place,
        ),
        Kind.LIVES_LOST: lambda convoy, place, people: say(
            "{convoy}: {people} people reported to have lost their lives at {place}",
            convoy=convoy,
            people=people,
            place=place,
        ),
    }
)
"""What became of a convoy or its people, by the kind of event."""
