"""What happened to each convoy of the typical run: steps that begin, end, or happen.

The event log says it in the words of the model; programs that follow cases through a
process want pairs of a beginning and an end, each once for a convoy.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from sim.events import Cause, Kind

Part = Literal["begins", "ends", "happens"]
STEPS: Mapping[Kind, tuple[str, Part]] = {
    Kind.FORMED: ("convoy formed", "happens"),
    Kind.AT_SITE: ("at the people", "happens"),
    Kind.QUEUED: ("in line", "happens"),
    Kind.BOARDING: ("boarding", "begins"),
    Kind.BOARDED: ("boarding", "ends"),
    Kind.HELD: ("held", "begins"),
    Kind.RELEASED: ("held", "ends"),
    Kind.DEPARTED: ("on the road", "happens"),
    Kind.CROSSED: ("gate crossed", "happens"),
    Kind.INSPECTED: ("inspection", "begins"),
    Kind.CLEARED: ("inspection", "ends"),
    Kind.DETAINED: ("detained", "happens"),
    Kind.TURNED_BACK: ("turned back", "happens"),
    Kind.DIVERTED: ("diverted", "happens"),
    Kind.RETURNED: ("returned", "happens"),
    Kind.PARTED: ("parted", "happens"),
    Kind.UNACCOUNTED: ("people unaccounted for", "happens"),
    Kind.LIVES_LOST: ("lives lost, as reported", "happens"),
    Kind.SET_DOWN: ("set down", "happens"),
    Kind.ON_FOOT: ("back on foot", "happens"),
    Kind.REACHED: ("destination reached", "happens"),
    Kind.UNLOADING: ("unloading", "begins"),
    Kind.ARRIVED: ("unloading", "ends"),
    Kind.LOST: ("vehicles lost", "happens"),
    Kind.RELIEVED: ("vehicles free", "happens"),
}
"""What a kind of event is for a convoy; kinds that are not here say nothing of one."""


class JourneyStep(NamedTuple):
    """Something in the journey of a convoy.

    Attributes
    ----------
    time_s : seconds after the operation starts.
    local_time : the same with date and offset.
    what : the activity.
    part : whether it begins, ends or only happens.
    people : aboard, or counted.
    """

    time_s: int
    local_time: str
    what: str
    part: Part
    place: str
    people: int
    vehicles: int
    cause: str


class ConvoyJourney(NamedTuple):
    """A convoy and its steps, in time order."""

    convoy: str
    flow: str
    steps: tuple[JourneyStep, ...]

    @property
    def over(self) -> bool:
        """Whether its vehicles are free again."""
        return self.steps[-1].what == STEPS[Kind.RELIEVED][0]


def journeys(events: Sequence[Mapping[str, str]]) -> Iterator[ConvoyJourney]:
    """Yield the journeys of all convoys, in the order in which they were formed."""
    steps: dict[str, list[JourneyStep]] = {}
    flows: dict[str, str] = {}
    for event in events:
        convoy, kind = event["convoy"], event["kind"]
        if not convoy or kind not in STEPS:
            continue
        flows.setdefault(convoy, event["flow"])
        so_far = steps.setdefault(convoy, [])
        for step in _steps(event, Kind(kind)):
            if so_far and _same(so_far[-1], step):
                # People are counted by group, one event for each.
                last = so_far.pop()
                so_far.append(last._replace(people=last.people + step.people))
            else:
                so_far.append(step)
    for convoy, found in steps.items():
        yield ConvoyJourney(convoy, flows[convoy], tuple(_paired(found)))


def _steps(event: Mapping[str, str], kind: Kind) -> Iterator[JourneyStep]:
    yield _step(event, *STEPS[kind])
    # Where a bay is free nothing else tells that unloading begins.
    if kind is Kind.REACHED and event["cause"] == Cause.UNLOADING:
        yield _step(event, *STEPS[Kind.UNLOADING])


def _paired(steps: Sequence[JourneyStep]) -> Iterator[JourneyStep]:
    """Yield steps of which none begins twice; one that never began only happens."""
    begun: set[tuple[str, str]] = set()
    for step in steps:
        what = step.what, step.place
        if step.part == "begins":
            if what in begun:
                continue  # held for another reason, for one
            begun.add(what)
        elif step.part == "ends":
            if what not in begun:
                yield step._replace(part="happens")
                continue
            begun.remove(what)
        yield step


def _same(one: JourneyStep, other: JourneyStep) -> bool:
    def who(step: JourneyStep) -> tuple[int, str, str, str]:
        return step.time_s, step.what, step.part, step.place

    return who(one) == who(other)


def _step(event: Mapping[str, str], what: str, part: Part) -> JourneyStep:
    return JourneyStep(
        int(event["time_s"]),
        event["local_time"],
        what,
        part,
        event["place"],
        int(event["people"]),
        int(event["vehicles"]),
        event["cause"],
    )
