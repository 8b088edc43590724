"""What befell convoys and their people on the way, in sentences."""

from collections.abc import Iterable, Iterator

from sim.events import Event, Kind, Reason, RunLog
from sim.scenario import Operation
from sim.scenario.titles import (
    of_flow,
    of_place,
    of_site,
    of_stoppage,
)
from sim.words import (
    Text,
    count,
    say,
    say_many,
)
from sim.words.reasons import said


def on_the_way(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Yield who was picked up, turned back, diverted or lost on the way.

    Parameters
    ----------
    log : of a run of the operation.
    """
    yield from _picked_up(operation, log)
    yield from _turned_back(operation, log)
    yield from _diverted(operation, log)
    yield from _losses(operation, log)
    yield from _not_found(operation, log)
    yield from _not_struck(operation, log)


def _tallied(
    events: Iterable[Event],
) -> Iterable[tuple[tuple[str, Reason], tuple[int, int]]]:
    """Return how many convoys and people events befell, by flow and reason."""
    found: dict[tuple[str, Reason], tuple[int, int]] = {}
    for event in events:
        convoys, people = found.get((event.flow, event.reason), (0, 0))
        found[event.flow, event.reason] = convoys + 1, people + event.people
    return found.items()


def _picked_up(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say how many people convoys picked up on their way, and where."""
    stops = {
        (name, site): [0, 0]
        for name, flow in operation.flows.items()
        for site in flow.ever_picks_up
    }
    for event in log.events if stops else ():
        if (found := stops.get((event.flow, event.place))) is None:
            continue
        if event.kind is Kind.AT_SITE:
            found[0] += 1
        elif event.kind is Kind.ASSIGNED:
            found[1] += event.people
    for (flow, site), (convoys, people) in stops.items():
        yield say_many(
            "{count} convoy of {flow} stopped at {site} on the way and picked up "
            "{people} people.",
            "{count} convoys of {flow} stopped at {site} on the way and picked up "
            "{people} people in all.",
            convoys,
            flow=of_flow(operation, flow),
            site=of_site(operation, site),
            people=count(people),
        )


def _turned_back(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say how many convoys with people turned back, and why."""
    turned = (e for e in log.events if e.kind is Kind.TURNED_BACK and e.people)
    for (flow, reason), (convoys, people) in _tallied(turned):
        yield say_many(
            "{count} convoy of {flow} with people turned back ({reason}), with "
            "{people} people.",
            "{count} convoys of {flow} with people turned back ({reason}), with "
            "{people} people in all.",
            convoys,
            flow=of_flow(operation, flow),
            reason=said(reason, operation),
            people=count(people),
        )


def _diverted(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say how many convoys with people went on over another route, and why."""
    diverted = (event for event in log.events if event.kind is Kind.DIVERTED)
    for (flow, reason), (convoys, people) in _tallied(diverted):
        yield say_many(
            "{count} convoy of {flow} was diverted at {place} ({reason}), with "
            "{people} people.",
            "{count} convoys of {flow} were diverted at {place} ({reason}), with "
            "{people} people in all.",
            convoys,
            flow=of_flow(operation, flow),
            place=of_place(operation, reason.place),
            reason=said(reason, operation),
            people=count(people),
        )


def _losses(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say whom and what stoppages cost convoys with people, as was reported."""
    lives: dict[str, int] = {}
    on_foot: dict[str, int] = {}
    for event in log.events:
        if event.kind is Kind.LIVES_LOST:
            name = event.reason.stoppage
            lives[name] = lives.get(name, 0) + event.people
        elif event.kind is Kind.SET_DOWN:
            name = event.reason.stoppage
            on_foot[name] = on_foot.get(name, 0) + event.people
    for name, people in lives.items():
        yield say(
            "{stoppage}: {people} people lost their lives, as reported.",
            stoppage=of_stoppage(operation, name),
            people=count(people),
        )
    for name, people in on_foot.items():
        yield say(
            "{stoppage}: {people} people whose vehicle was destroyed found no free "
            "seat and went back on foot.",
            stoppage=of_stoppage(operation, name),
            people=count(people),
        )


def _not_struck(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say which lives and loaded vehicles were to be lost, and were not there."""
    for event in log.events:
        if event.kind is not Kind.NOT_STRUCK:
            continue
        if event.people:
            yield say(
                "{stoppage}: lives lost as reported, beyond who was in the convoys "
                "caught: {missing}.",
                stoppage=of_stoppage(operation, event.place),
                missing=count(event.people),
            )
        else:
            yield say(
                "{stoppage}: vehicles of {fleet} that were to be destroyed, and not "
                "found there with people: {missing}.",
                stoppage=of_stoppage(operation, event.place),
                missing=count(event.vehicles),
                fleet=event.reason.note,
            )


def _not_found(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say who and what stoppages were to lose, and convoys caught did not have."""
    people: dict[str, int] = {}
    vehicles: dict[tuple[str, str], int] = {}
    taken: dict[str, int] = {}
    for event in log.events:
        if event.kind is Kind.UNACCOUNTED:
            name = event.reason.stoppage
            taken[name] = taken.get(name, 0) + event.people
        elif event.kind is Kind.NOT_FOUND and event.people:
            people[event.place] = people.get(event.place, 0) + event.people
        elif event.kind is Kind.NOT_FOUND:
            what = event.place, event.reason.note
            vehicles[what] = vehicles.get(what, 0) + event.vehicles
    for name, missing in people.items():
        yield say(
            "{stoppage}: of {reported} people reported as unaccounted for {missing} "
            "were not found in the convoys that it caught.",
            stoppage=of_stoppage(operation, name),
            reported=count(missing + taken.get(name, 0)),
            missing=count(missing),
        )
    for (name, fleet), missing in vehicles.items():
        yield say(
            "{stoppage}: vehicles of {fleet} that were to be destroyed, and not "
            "found there empty: {missing}.",
            stoppage=of_stoppage(operation, name),
            missing=count(missing),
            fleet=fleet,
        )
