"""What there is in a run of the reference: plain state, and questions about it."""

from collections import defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf

from sim.events import Cause
from tests.reference.fates import OnFoot
from tests.reference.whom import Whom

HELD = (Cause.STOPPAGE, Cause.AGREEMENT, Cause.DETENTION, Cause.OUTSIDE_HOURS)


@dataclass(eq=False)
class Vehicle:
    fleet: str
    number: int  # within its convoy, as it was formed
    load: dict[str, int]


@dataclass(eq=False)
class Occurrence:
    """One time of a stoppage."""

    name: str
    plan: object
    number: int  # from 1
    unaccounted: int
    loses: dict[str, int]
    halt: object
    lives_lost: int = 0
    loses_loaded: dict[str, int] = field(default_factory=dict)
    order: dict = field(default_factory=dict)  # convoys that it counted, from 1
    cause: Cause = Cause.STOPPAGE
    caught: int = 0
    met: set = field(default_factory=set)
    deterred: set = field(default_factory=set)  # flows, whatever the plan says


@dataclass(eq=False)
class Turn:
    """The turn of one vehicle at a station."""

    convoy: "Convoy"
    vehicle: Vehicle
    gate: str | None
    left: int | None
    inside: bool = False
    began: int | None = None
    until: int | None = None
    done: bool = False
    draws: list[int] = ()
    kept: bool = False


@dataclass(eq=False)
class Convoy:
    name: str
    flow: str
    rank: int  # of all convoys, as formed
    formed_s: int
    vehicles: list[Vehicle]
    chances: dict[str, list[int]]
    plan: object  # of its flow, as it set out
    phase: str = "inbound"  # through, back, home (turned back), over
    stage: int = 0
    boarded: bool = False
    doing: str = "road"  # gate, square (waits to board), lanes, boarding, unloading
    gate: str | None = None
    leg: str | None = None  # before which it stands
    came: int = 0  # when it came to the gate: a running number
    visit: int = 0
    let_through: bool = False
    station: str | None = None
    left: list[tuple[Vehicle, int]] | None = None  # of an inspection cut short
    detained: dict[Occurrence, int] = field(default_factory=dict)
    pardons: set[Occurrence] = field(default_factory=set)
    impatient: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    tired: set = field(default_factory=set)  # occurrences that held it too long
    detour: str | None = None  # the route onto which it was diverted
    inbound_s: int = 0
    loaded_s: int = 0
    whole: "Convoy | None" = None  # of which it is a part
    parted: int = 0  # so many parts have gone on without it

    @property
    def riders(self):
        """People by group who are aboard or told off to it."""
        groups = defaultdict(int)
        for vehicle in self.vehicles:
            for group, people in vehicle.load.items():
                groups[group] += people
        return groups

    @property
    def aboard(self):
        return sum(self.riders.values()) if self.boarded else 0

    @property
    def told_off(self):
        return {} if self.boarded else self.riders

    @property
    def in_line(self):
        return self.doing in {"gate", "square"}


class World(Whom, OnFoot):
    """The state of a run and its heap of (time, rank, tie, ..., action)."""

    def __init__(self, operation, streams):
        self.plan, self.streams = operation, streams
        self.now, self.heap, self.numbers = 0, [], count(1)
        self.convoys = []
        self.active = []  # occurrences, as they began
        self.stations = defaultdict(list)
        self.idle = dict.fromkeys(operation.fleets, 0)
        self.owed = dict.fromkeys(operation.fleets, 0)
        self.arrived = dict.fromkeys(operation.flows, 0)
        self.crowd = {}
        self.on_foot = []  # site, flow, and people by group
        self.halts, self.came_loaded = [], {}
        self.not_ready, self.to_come = {}, {}
        self.present = dict.fromkeys(operation.sites, 0)
        self.agreements = {}
        self.flows = {}

    def push(self, time_s, rank, tie, action):
        assert time_s >= self.now
        heappush(self.heap, (time_s, rank, tie, next(self.numbers), action))

    def pop(self):
        return heappop(self.heap)

    def route(self, convoy):
        return self.plan.routes[self.way(convoy)]

    def way(self, convoy):
        return convoy.detour or convoy.plan.route

    def still_leads_to(self, convoy, gate):
        """Return whether what a convoy has before it, with people, leads to a gate."""
        before_it = convoy.stage if convoy.phase == "through" else 0
        return gate in self.route(convoy).through[before_it:]

    def origin(self, convoy):
        return self.plan.routes[convoy.plan.route].origin

    def closing(self, gate):
        return [o for o in self.active if gate in o.plan.closes]

    def bars(self, convoy):
        """Return what closes the gate where a convoy is, as far as it bars it."""
        return [
            o for o in self.closing_to(convoy, convoy.gate) if o not in convoy.pardons
        ]

    def of_flow(self, flow):
        return [c for c in self.convoys if c.flow == flow and c.phase != "over"]

    def free(self, site, group):
        """Return how many people wait who are not told off to a convoy."""
        told_off = sum(
            convoy.told_off.get(group, 0)
            for convoy in self.convoys
            if convoy.phase != "over" and self.origin(convoy) == site
        )
        return self.crowd[site, group] - told_off - self.unready(site, group)

    def owe_what_is_there(self):
        """Withdraw no more vehicles than there are."""
        for fleet, owed in self.owed.items():
            under_way = sum(flow.under_way(fleet) for flow in self.flows.values())
            self.owed[fleet] = min(owed, self.idle[fleet] + under_way)

    def driven_back(self, site, group):
        """Return how many people of a group are being driven back to their site."""
        return self.walking(site, group) + sum(
            convoy.riders.get(group, 0)
            for convoy in self.convoys
            if convoy.phase == "home" and convoy.boarded and self.origin(convoy) == site
        )

    def turns(self, convoy):
        return [t for t in self.stations[convoy.station] if t.convoy is convoy]

    def cause(self, convoy):
        """Return what the time of a convoy goes to now."""
        turned = convoy.station is not None and any(
            t.inside or t.done for t in self.turns(convoy)
        )
        barred = convoy.gate is not None and bool(self.bars(convoy))
        shut = self.bars(convoy)[0].cause if barred else None
        waits = shut or Cause.AGREEMENT
        boards = Cause.BOARDING if turned else Cause.BAY
        boards_at = convoy.plan.boards_at
        if boards_at and (closing := self.closing_boarding(convoy.flow, boards_at)):
            boards = closing[0].cause
        inspected = turned and convoy.gate in self.plan.checkpoints
        queues = Cause.INSPECTION if inspected else Cause.QUEUE
        by_doing = {
            "gate": waits,
            "square": waits,
            "lanes": shut or queues,
            "before leg": self._before_leg(convoy),
            "released": Cause.OUTSIDE_HOURS,
            "boarding": boards,
            "unloading": Cause.UNLOADING if turned else Cause.BAY,
        }
        if convoy.detained:
            return Cause.DETENTION
        return by_doing.get(convoy.doing, Cause.ROAD)

    def _before_leg(self, convoy):
        is_open = convoy.leg is None or self.roads[convoy.leg].is_open(self.now)
        return Cause.QUEUE if is_open else Cause.OUTSIDE_HOURS

    def places(self, station):
        if station in self.plan.gates:
            return inf
        checkpoint = self.plan.checkpoints.get(station)
        lanes = checkpoint and self.lanes.get(station, checkpoint.lanes)
        bays = lanes if checkpoint else self.plan.sites[station].bays
        return inf if bays is None else bays

    def drive_s(self, leg, base, since):
        """Return how long a drive takes in the weather."""
        spells = [
            (w.starts, w.until, self.factors[name])
            for name, w in self.plan.weather.items()
            if w.legs is None or leg in w.legs
        ]
        left, at = float(base), float(since)
        for starts, until, factor in sorted(spells):
            if at < starts:
                clear = min(left, starts - at)
                left, at = left - clear, at + clear
            if left > 0 and at < until:
                slow = min(left / factor, until - at)
                left, at = left - slow * factor, at + slow
        return round(at + left) - since
