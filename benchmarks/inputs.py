"""What the programs of the benchmark have in common: numbers drawn, and the answer.

Every number is drawn under the name under which the model draws it, so that a program
of the same rules must give the same answer to the second.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.events import Kind, RunLog
from sim.model import Streams, gaps, lengths, luck_of
from sim.scenario import Operation
from sim.scenario.plans import FlowPlan

OPERATION = Path(__file__).with_name("operation.yaml")
REST = 10**12
"""More convoys than there are: what `rest` promises."""


class Arrival(NamedTuple):
    """The moment at which the last vehicle of a convoy is empty."""

    time_s: int
    convoy: str
    people: int


class Draws:
    """The random numbers of one replication, as durations."""

    def __init__(self, operation: Operation, seed: int) -> None:
        self._streams = Streams(seed, 0)
        self._operation = operation
        self._luck = {
            flow: luck_of(operation, flow, self._streams) for flow in operation.flows
        }

    def drive(self, leg: str, convoy: str, state: str) -> int:
        """Return how long a convoy, `loaded` or `empty`, drives over a leg [s]."""
        return self._chances(convoy)[f"{leg}/{state}"][0]

    def turns(self, place: str, convoy: str, number: int) -> list[int]:
        """Return how long the turn of each vehicle of a convoy takes [s]."""
        return self._chances(convoy)[place][:number]

    def _chances(self, convoy: str) -> dict[str, list[int]]:
        flow, _, number = convoy.rpartition("-")
        return self._luck[flow].of(int(number))

    def spells(self, stoppage: str) -> Iterator[tuple[int, int]]:
        """Return the time to each spell of a stoppage, and how long it lasts [s]."""
        plan = self._operation.stoppages[stoppage]
        assert plan.every is not None  # noqa: S101 - the benchmark has random ones
        assert plan.lasts is not None  # noqa: S101 - likewise
        return zip(
            gaps(self._streams, plan.every, stoppage),
            lengths(self._streams, plan.lasts, stoppage),
            strict=True,
        )


class Crowd:
    """The people whom a flow has not yet told off to a vehicle, by fleet."""

    def __init__(self, operation: Operation, plan: FlowPlan) -> None:
        self._vehicles = plan.convoy
        self._seats = {fleet: operation.fleets[fleet].seats for fleet in plan.convoy}
        groups = operation.sites[operation.routes[plan.route].origin].groups
        self.left = {
            fleet: sum(
                groups[group].people for group in self._carried(operation, fleet)
            )
            for fleet in plan.convoy
        }

    @staticmethod
    def _carried(operation: Operation, fleet: str) -> tuple[str, ...]:
        """Return the groups of a fleet; in the benchmark no two share a group."""
        return operation.fleets[fleet].carries or ()

    def next_convoy(self) -> list[int]:
        """Take out a full convoy, or what is left; return the people by vehicle."""
        loads = []
        for fleet, vehicles in self._vehicles.items():
            assert isinstance(vehicles, int)  # noqa: S101 - no size is drawn there
            for _ in range(vehicles):
                people = min(self._seats[fleet], self.left[fleet])
                if people:
                    loads.append(people)
                    self.left[fleet] -= people
        return loads


def arrivals_in(log: RunLog) -> list[Arrival]:
    """Return the arrivals in a log of the model, in order."""
    people: dict[tuple[int, str], int] = {}
    for event in log.events:
        if event.kind is Kind.ARRIVED:
            key = (event.time_s, event.convoy)
            people[key] = people.get(key, 0) + event.people
    return sorted(Arrival(*key, number) for key, number in people.items())


def last_arrivals(operation: Operation, arrivals: list[Arrival]) -> dict[str, int]:
    """Return when the last convoy of each flow arrived [s]."""
    last = dict.fromkeys(operation.flows, -1)
    for arrival in arrivals:
        flow = arrival.convoy.rpartition("-")[0]
        last[flow] = max(last[flow], arrival.time_s)
    return last
