"""What a scenario file may say. Data only: nothing here moves.

A *plan* is what the file says; the bare noun (`Gate`, `Convoy`) is the living
thing in a run. Every moment is a whole number of seconds after the operation
starts, every duration a whole number of seconds; dates, zones and units exist in
the file only.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.parts.policies import POLICIES
from sim.parts.rules import RULES
from sim.parts.stages import STAGES
from sim.scenario.clock import Clock
from sim.scenario.kinds import Kinds
from sim.scenario.pace import MostPerPeriod, Period, Unit
from sim.scenario.quantities import (
    Always,
    AnyMoment,
    Chance,
    Count,
    CountPerVehicle,
    Date,
    DurationDistribution,
    DurationPerConvoy,
    DurationPerVehicle,
    FactorDistribution,
    Hours,
    Length,
    Moment,
    Position,
    PositiveCount,
    PositiveCountPerConvoy,
    Priority,
    SpeedPerConvoy,
    TimeOfDay,
    YesNo,
)

_NAME = "[a-z0-9][a-z0-9-]*"
_LONGEST_NAME = 60
Name = Annotated[str, StringConstraints(pattern=f"^{_NAME}$", max_length=_LONGEST_NAME)]
"""Lower-case letters, digits and hyphens."""
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


def is_name(text: str) -> bool:
    """Whether a text may be the name of a part."""
    return len(text) <= _LONGEST_NAME and re.fullmatch(_NAME, text) is not None


class Plan(BaseModel):
    """Base of every scenario part: unknown keys refused, values frozen."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class GroupPlan(Plan):
    """People of one kind at a site."""

    people: Count
    """How many are at the site when the operation starts."""
    stay: Count = 0
    """How many of them do not leave, by choice or otherwise."""
    priority: Priority = 5
    """Who boards first: 1 before 9."""
    evacuees: YesNo | None = None
    """`no` for what is exchanged for people and is nobody evacuated: detainees, or
    loads of aid, one to a seat. They ride, cross and count in tranches like people, and
    are in no total of people. Absent: yes."""
    ready: dict[Moment, PositiveCount] = {}
    """How many of those who leave are ready from which moment on; the others are from
    the start."""
    ready_per_hour: PositiveCount | None = None
    """Most who get ready in an hour: so many at the moment that `ready` names, as many
    an hour later, and so on; without `ready`, of all from the start. Absent: any
    number."""
    joins: dict[Moment, PositiveCount] = {}
    """How many more come to the site at which moment, ready to leave."""
    withdraws: dict[Moment, PositiveCount] = {}
    """How many decide to stay after all at which moment: first of those who are not
    ready yet, then of those who are not told off to a convoy; fewer if fewer are
    there."""

    @property
    def counts_apart(self) -> bool:
        """Whether they are nobody evacuated."""
        return self.evacuees is False

    @property
    def ready_later(self) -> dict[Moment, int]:
        """How many begin to get ready at which moment."""
        if self.ready or self.ready_per_hour is None:
            return self.ready
        return {0: max(0, self.people - self.stay)}

    @property
    def ever_there(self) -> int:
        """People who are there at the start or come later, those who stay included."""
        return self.people + sum(self.joins.values())

    @property
    def leaving(self) -> int:
        """People who leave, with those who join; before any withdraws."""
        return max(0, self.people - self.stay) + sum(self.joins.values())


class SitePlan(Plan):
    """A place people leave, or that receives them."""

    title: Sentence | None = None
    """Name shown in tables and pictures; the key if absent."""
    at: Position | None = None
    """Where it is, for pictures and maps: latitude and longitude in degrees (WGS 84).
    No run depends on it. Absent: it is drawn between its neighbours."""
    groups: dict[Name, GroupPlan] = {}
    """The people at the site, by group."""
    bays: PositiveCount | None = None
    """Vehicles that can load or unload there at the same time; absent: any number."""
    holds: PositiveCount | None = None
    """Most people who have arrived, or are on their way there, at the same time, its
    own groups apart; absent: any number."""
    moves_on: dict[Moment, PositiveCount] = {}
    """For `holds`: how many of those who have arrived leave for elsewhere at which
    moment, or as many as are there."""


class FleetPlan(Plan):
    """Vehicles of one kind."""

    kind: Literal["bus", "ambulance", "private"]
    """What they are; documented counts are compared by kind."""
    seats: PositiveCount
    """Most people that one vehicle may carry, standing included."""
    joins: dict[Moment, PositiveCount]
    """How many vehicles become available at which moment."""
    leaves: dict[Moment, PositiveCount] = {}
    """How many are withdrawn at which moment: idle ones first, the others when free."""
    carries: tuple[Name, ...] | None = None
    """The groups that may ride; absent: all."""
    reserve: dict[Name, PositiveCount] = {}
    """By flow: how many vehicles are kept for it, those it has under way included, as
    long as it may still send convoys."""
    priority: dict[Name, Priority] = {}
    """By flow that this fleet leads: who takes free vehicles first, 1 before 9;
    absent: 5."""
    known_since: AnyMoment | None = None
    """For forecasts: since when it was known, before the start too; absent: once it has
    begun, or since `plan_known`."""

    @property
    def ever_joining(self) -> int:
        """How many vehicles ever join, whether some leave or not."""
        return sum(self.joins.values())


class LegChangePlan(Plan):
    """What a leg takes from a moment on; what is left out stays as it was."""

    vehicles_per_hour: PositiveCount | None = None
    """Vehicles that can enter it in an hour."""
    holds: PositiveCount | None = None
    """Vehicles that can be on it at the same time."""


class LegPlan(Plan):
    """A stretch of road. Give `time`, or `length` and `speed`.

    Whoever drives over it counts for its capacity, out, empty or back; of a road whose
    two directions do not hinder each other make two legs.
    """

    time: DurationPerConvoy | None = None
    """Driving time for the whole stretch in good weather."""
    length: Length | None = None
    """Length of the stretch."""
    speed: SpeedPerConvoy | None = None
    """Driving speed in good weather."""
    hours: Hours | None = None
    """Hours of the day in which convoys enter it (curfew); who is on it goes on.
    Absent: day and night."""
    vehicles_per_hour: PositiveCount | None = None
    """Vehicles that enter it in an hour, one after the other; absent: any number."""
    holds: PositiveCount | None = None
    """Vehicles that can be on it at the same time; absent: any number."""
    changes: dict[Moment, LegChangePlan] = {}
    """What it takes from a moment on."""


class BarrierPlan(Plan):
    """A place that can be closed: what gates and checkpoints have in common."""

    title: Sentence | None = None
    """Name shown in tables and pictures; the key if absent."""
    at: Position | None = None
    """Where it is, for pictures and maps: latitude and longitude in degrees (WGS 84).
    No run depends on it. Absent: it is drawn between its neighbours."""
    hours: Hours | None = None
    """Hours of the day in which it is open; outside them it holds whoever comes.
    Absent: day and night."""


class ReleasePlan(Plan):
    """So many vehicles at a time, every so long."""

    vehicles: PositiveCount
    """Most vehicles that are let through together, of whichever convoys."""
    every: DurationDistribution
    """Least time from one release to the next."""


class GateChangePlan(Plan):
    """What a gate does from a moment on."""

    releases: ReleasePlan
    """How many vehicles it lets through at a time, and how often."""


class GatePlan(BarrierPlan):
    """A place that stoppages, agreements and hours can close."""

    releases: ReleasePlan | None = None
    """How many vehicles it lets through at a time, and how often; absent: any number,
    at any time."""
    changes: dict[Moment, GateChangePlan] = {}
    """What it does from a moment on."""


class CheckpointChangePlan(Plan):
    """What a checkpoint does from a moment on; what is left out stays as it was."""

    lanes: PositiveCount | None = None
    """Vehicles that can be inspected at the same time; turns begun go on."""
    inspection: DurationDistribution | None = None
    """Time for one vehicle, of turns that begin then or later."""


class CheckpointPlan(BarrierPlan):
    """A gate where vehicles are inspected, first come first served."""

    lanes: PositiveCount
    """Vehicles that can be inspected at the same time."""
    inspection: DurationPerVehicle
    """Time for one vehicle."""
    changes: dict[Moment, CheckpointChangePlan] = {}
    """What it does from a moment on."""


class StagePlan(Plan):
    """What there is to say of a stage of any other kind; the base of its plan."""

    title: Sentence | None = None
    """Name shown in tables and pictures; the key if absent."""
    at: Position | None = None
    """Where it is, for pictures and maps: latitude and longitude in degrees (WGS 84).
    No run depends on it. Absent: it is drawn between its neighbours."""


class RoutePlan(Plan):
    """How convoys get from one site to another."""

    origin: Name
    """Site where people board."""
    destination: Name
    """Site where they arrive."""
    inbound: tuple[Name, ...] = ()
    """Legs, gates and other stages of the empty vehicles on the way to the origin."""
    through: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Legs, gates and other stages with people aboard, in the order met, and sites at
    which convoys pick up more people."""
    back: tuple[Name, ...] = ()
    """Legs, gates and other stages of the empty vehicles after unloading."""


class PickUpPlan(Plan):
    """A site on the way at which convoys stop and take more people on.

    Who is there and ready, and not told off to another convoy, takes the seats that
    are left, as long as there are any. If that is nobody, the convoy goes on.
    """

    groups: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Groups of the site that join."""
    boarding: DurationPerVehicle
    """Time to board one vehicle that anybody joins."""
    waits: DurationPerConvoy | None = None
    """How long a convoy stands there at most, if nobody is there who may join, but
    somebody is still to get ready or to come; absent: it goes on at once."""


class PhasePlan(Plan):
    """How a flow works from a moment on; what is not named stays as it was then."""

    route: Name | None = None
    """Another route from the same site, for convoys that set out from then on."""
    groups: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """The groups that it serves from then on."""
    convoy: (
        Annotated[dict[Name, PositiveCountPerConvoy], Field(min_length=1)] | None
    ) = None
    """Vehicles of each fleet in a full convoy."""
    smallest: PositiveCount | None = None
    """Fewest vehicles of the leading fleet that set out."""
    load: dict[Name, CountPerVehicle] | None = None
    """People who board one vehicle of a fleet."""
    hours: Hours | None = None
    """Hours of the day in which convoys set out."""
    dispatch_times: tuple[TimeOfDay, ...] | None = None
    """Times of day at which convoys set out; those before the phase are over."""
    at_once: PositiveCount | None = None
    """Convoys that may be under way at the same time, those of before included."""
    at_most: MostPerPeriod | None = None
    """What may set out in a day or a week; what did in it before counts."""
    headway: DurationPerConvoy | None = None
    """Least time between two convoys setting out, from the next one on."""
    boards_at: Name | None = None
    """Gate that must be open for boarding."""
    boarding: DurationPerVehicle | None = None
    """Time to board one vehicle."""
    picks_up: dict[Name, PickUpPlan] | None = None
    """Where convoys that set out from then on pick up more people; `{}`: nowhere."""
    unloading: DurationPerVehicle | None = None
    """Time to unload one vehicle."""
    release_hours: Hours | None = None
    """Hours of the day in which loaded convoys leave the site."""
    release_times: tuple[TimeOfDay, ...] | None = None
    """Times of day at which loaded convoys leave the site."""
    returns: YesNo | None = None
    """Whether vehicles come back for another trip."""
    known_since: AnyMoment | None = None
    """For forecasts: since when it was known, before the start too; absent: once it has
    begun, or since `plan_known`."""
    evidence: tuple[str, ...] = ()
    """Rows of the evidence table that support it."""


class FlowPlan(Plan):
    """People of one site who leave over one route, and how convoys take them.

    On their way convoys may pick up people of other sites.
    """

    title: Sentence | None = None
    """Name shown in tables and pictures; the key if absent."""
    route: Name
    """The route taken."""
    groups: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Groups of the origin that this flow serves."""
    convoy: Annotated[dict[Name, PositiveCountPerConvoy], Field(min_length=1)]
    """Vehicles of each fleet in a full convoy, the same for all or drawn for each; the
    first fleet named leads."""
    smallest: PositiveCount | None = None
    """Fewest vehicles of the leading fleet that set out, a full convoy if that is less;
    absent: a full convoy, or as many as the fleet still has."""
    load: dict[Name, CountPerVehicle] = {}
    """People who board one vehicle of a fleet, never more than its seats; absent: all
    seats."""
    opens: Moment | None = None
    """No convoy sets out before; absent: from the start."""
    closes: Moment | None = None
    """No convoy sets out at or after; absent: until the end."""
    hours: Hours | None = None
    """Hours of the day in which convoys set out; absent: day and night."""
    dispatch_times: tuple[TimeOfDay, ...] = ()
    """Times of day at which convoys set out; absent: as soon as one is formed."""
    dispatch_dates: tuple[Moment, ...] = ()
    """Moments at which convoys set out, one each; absent: as soon as one is formed."""
    if_missed: Literal["late", "next", "drop"] | None = None
    """What becomes of a departure at which no convoy, or not all of it, could set out:
    as soon as it can, at the next departure, or never; absent: `late` for
    `dispatch_dates`, `drop` for `dispatch_times`."""
    at_once: PositiveCount = 1
    """Convoys of this flow that may be under way at the same time (crews, escorts)."""
    at_most: MostPerPeriod | None = None
    """What may set out in a day or a week, as in `5 convoys a day`; absent: any."""
    headway: DurationPerConvoy | None = None
    """Least time between two convoys setting out; absent: none."""
    boards_at: Name | None = None
    """Gate that must be open for boarding to begin and go on; absent: none."""
    boarding: DurationPerVehicle
    """Time to board one vehicle."""
    picks_up: Annotated[dict[Name, PickUpPlan], Field(min_length=1)] | None = None
    """By site on the route: whom convoys pick up there on their way; absent: nobody."""
    unloading: DurationPerVehicle
    """Time to unload one vehicle."""
    release_hours: Hours | None = None
    """Hours of the day in which loaded convoys leave the site; absent: at any hour."""
    release_times: tuple[TimeOfDay, ...] = ()
    """Times of day at which loaded convoys leave the site, all that have boarded by
    then; absent: as soon as they have."""
    returns: YesNo = True
    """Whether vehicles come back for another trip."""
    known_since: AnyMoment | None = None
    """For forecasts: since when it was known, before the start too; absent: once it has
    begun, or since `plan_known`."""
    phases: dict[Moment, PhasePlan] = {}
    """What changes from which moment on."""

    @property
    def routes(self) -> tuple[Name, ...]:
        """The route at first, and those of later phases."""
        later = (phase.route for phase in self.phases.values() if phase.route)
        return tuple(dict.fromkeys((self.route, *later)))

    @property
    def ever_serves(self) -> tuple[Name, ...]:
        """The groups at first, and those of later phases."""
        later = (group for each in self.phases.values() for group in each.groups or ())
        return tuple(dict.fromkeys((*self.groups, *later)))

    @property
    def pick_ups(self) -> dict[Name, PickUpPlan]:
        """By site, whom its convoys pick up on the way."""
        return self.picks_up or {}

    @property
    def ever_picks_up(self) -> dict[Name, tuple[Name, ...]]:
        """The groups picked up on the way by site, at first and in later phases."""
        groups: dict[Name, dict[Name, None]] = {}
        for site, plan in self.all_pick_ups:
            groups.setdefault(site, {}).update(dict.fromkeys(plan.groups))
        return {site: tuple(names) for site, names in groups.items()}

    @property
    def all_pick_ups(self) -> tuple[tuple[Name, PickUpPlan], ...]:
        """Where it picks people up, with the site, at first and in later phases."""
        later = (phase.picks_up or {} for phase in self.phases.values())
        return tuple(at for each in (self.pick_ups, *later) for at in each.items())

    @property
    def ever_takes(self) -> tuple[Name, ...]:
        """The fleets at first, and those of later phases."""
        later = (fleet for each in self.phases.values() for fleet in each.convoy or ())
        return tuple(dict.fromkeys((*self.convoy, *later)))

    @property
    def ever_boards_at(self) -> tuple[Name, ...]:
        """The gates at which it boards, at first and in later phases."""
        gates = (self.boards_at, *(phase.boards_at for phase in self.phases.values()))
        return tuple(dict.fromkeys(gate for gate in gates if gate))

    def as_of(self, phase: PhasePlan) -> "FlowPlan":
        """Return the flow with what a phase changes."""
        named = phase.model_fields_set - {"evidence", "known_since"}
        return self.model_copy(update={name: getattr(phase, name) for name in named})

    def largest(self, fleet: str) -> float:
        """Return the most vehicles of a fleet in a full convoy, if there is a most."""
        size = self.convoy[fleet]
        return size if isinstance(size, int) else size.high


RuleName = Annotated[str, RULES]
PolicyName = Annotated[str, POLICIES]


class PolicyPlan(Plan):
    """How a side answers the others: its kind, and what that needs.

    A kind that needs nothing may be written as one word. Policies show what would
    follow if a side did so: scenarios, never an estimate of what a party would do.
    """

    kind: PolicyName
    """`plain`: goes on whenever the terms let it. `tit_for_tat`: begins no tranche
    before every other side has completed the one before. `tolerance`: the same, but
    goes `band` tranches further. `balance`: goes on while it has let through less than
    `lead` more than any other side has moved. `generous`: as `tit_for_tat`, but with a
    `chance`, for each tranche, goes on all the same. `batches`: waits until `size`
    convoys stand there able to go, or no more come. `lever`: with a `chance`, for each
    tranche, holds its convoys until every other side has completed it."""
    band: Count | None = None
    """For `tolerance`: how many tranches it goes further."""
    lead: PositiveCount | None = None
    """For `balance`: in the unit of the terms."""
    size: PositiveCount | None = None
    """For `batches`: how many convoys."""
    chance: Chance | None = None
    """For `generous` and `lever`: drawn once for each tranche of the side."""

    def __str__(self) -> str:
        return self.kind

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {"kind": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _to_word(self, write: SerializerFunctionWrapHandler) -> str | dict[str, Any]:
        given = {key: value for key, value in write(self).items() if value is not None}
        return self.kind if given.keys() == {"kind"} else given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        parts = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [{"type": "string", "enum": list(POLICIES)}, parts]}


PLAIN = PolicyPlan(kind="plain")


class PartyPlan(Plan):
    """One side of an agreement."""

    flows: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Flows that move for this side."""
    gate: Name
    """Gate that the agreement opens for these flows."""
    gives_up_after: DurationDistribution | None = None
    """How long a convoy with people stands at the gate before it turns back, if the
    agreement does not let it pass; absent: for ever."""
    policy: PolicyPlan = PLAIN
    """How the side answers the others, as one word or with what that needs:
    `{kind: tolerance, band: 2}`."""


class PreconditionPlan(Plan):
    """Something that must happen before an agreement comes into force.

    Give exactly one of `on`, `after`, `agreement`, `arrived`, `never`.
    """

    on: Moment | None = None
    """It happens at this moment."""
    after: DurationDistribution | None = None
    """It happens so long after the agreement was proposed."""
    agreement: Name | None = None
    """It happens when that agreement is completed."""
    arrived: dict[Name, PositiveCount] | None = None
    """It happens when so many people of these flows have arrived."""
    never: Always | None = None
    """It does not happen within the operation."""
    note: Sentence | None = None
    """What it is, in plain words."""


Tranche = dict[Name, Count | Literal["rest"]]
TIMES = "times"
"""Beside the sides of a tranche: how often there is such a tranche."""


def repeated(tranches: Iterable[Tranche]) -> tuple[Tranche, ...]:
    """Return tranches one by one, those with `times` as often as it says."""
    return tuple(
        {side: amount for side, amount in tranche.items() if side != TIMES}
        for tranche in tranches
        for _ in range(int(tranche.get(TIMES, 1)))
    )


class TermsPlan(Plan):
    """What the sides of an agreement may move, and when."""

    unit: Unit = "people"
    """What the tranches count."""
    rule: RuleName = "lockstep"
    """`lockstep`: a tranche opens when every other side has completed the one before.
    `simultaneous`: a tranche opens when every side has it ready at the gate.
    `credit`: a tranche opens while the side is at most `ahead` tranches ahead of the
    slowest. `prior`: in every tranche the side named in `first` goes first."""
    ahead: Count = 0
    """For `credit`: a tranche may begin while the side is at most so many tranches
    ahead of the slowest, so that it may complete one more than that."""
    first: Name | None = None
    """For `prior`: the side that goes first."""
    tranches: Annotated[tuple[Tranche, ...], Field(min_length=1)]
    """What each side moves, step by step; `rest` is all that is left, last only. With
    `times` beside the sides, so many such tranches, one after another."""
    each: Period | None = None
    """No more than one more tranche opens each `day`, or `week`, of the calendar,
    whatever the rule: the first in that in which it comes into force, or is amended;
    absent: the rule alone decides."""
    at_most: Annotated[dict[Name, MostPerPeriod], Field(min_length=1)] | None = None
    """By side: the most that passes its gate in a day, or a week, of the calendar,
    counted where the agreement counts; absent: any number."""
    parts: YesNo | None = None
    """Whether a convoy may fill several tranches and cross in parts: the vehicles that
    the open tranches and the pace let pass go, the others stand and follow; absent: it
    takes no more than one tranche has room for, and crosses whole."""
    counted_at: Literal["crossing", "arrival"] = "crossing"
    """When a movement counts: at the side's gate, or at its destination."""

    @property
    def all_tranches(self) -> tuple[Tranche, ...]:
        """Every tranche in its turn, the repeated ones as often as they are."""
        return repeated(self.tranches)

    @property
    def periods(self) -> set[Period]:
        """The periods of the calendar by which it counts."""
        paces = (self.at_most or {}).values()
        return {pace.period for pace in paces} | ({self.each} if self.each else set())


class AmendmentPlan(TermsPlan):
    """New terms of an agreement."""

    deadline: Moment | None = None
    """A new deadline; absent: that of before."""
    known_since: AnyMoment | None = None
    """For forecasts: since when it was known, before the start too; absent: once it has
    begun, or since `plan_known`."""


class AgreementPlan(TermsPlan):
    """Who may cross how many when, against whose crossing."""

    title: Sentence | None = None
    """Name shown in tables and pictures; the key if absent."""
    parties: Annotated[dict[Name, PartyPlan], Field(min_length=1)]
    """The sides."""
    proposed: Moment | None = None
    """When it was put forward, and begins to govern its gates; absent: at the start."""
    in_force: Moment | None = None
    """Earliest moment of coming into force; absent: when proposed."""
    requires: dict[Name, PreconditionPlan] = {}
    """What must happen first, by name."""
    chance: Chance | None = None
    """That it can come into force at all, drawn once in each run: a scenario, never an
    estimate of what a party would do; absent: it can."""
    given_up_after: DurationDistribution | None = None
    """How long after it has first come into force it is breached, if it is not
    completed by then; absent: never."""
    deadline: Moment | None = None
    """When it ends if it is not completed; absent: never."""
    after_deadline: Literal["breach", "lapse"] = "breach"
    """`breach`: its gates stay shut to its sides. `lapse`: it binds nobody any more."""
    amendments: dict[Moment, AmendmentPlan] = {}
    """New terms from a moment on. Where the unit stays, a side keeps its lead over the
    side that has moved least; nothing else that was moved before counts for them."""
    known_since: AnyMoment | None = None
    """For forecasts: since when it was known, before the start too; absent: once it has
    begun, or since `plan_known`."""
    evidence: tuple[str, ...] = ()
    """Rows of the evidence table that support it."""

    @property
    def all_terms(self) -> tuple[TermsPlan, ...]:
        """Its first terms, and those of its amendments as named."""
        return self, *self.amendments.values()


class MeetsPlan(Plan):
    """Which convoys a stoppage concerns, as they come to its gates with people."""

    first: PositiveCount = 1
    """The first that it concerns, counted from 1 in each occurrence."""
    last: PositiveCount | None = None
    """The last that it concerns; absent: all from the first on."""


class StartsWithPlan(Plan):
    """The convoy with whose coming a stoppage begins."""

    flow: Name
    """Flow of the convoy."""
    convoy: PositiveCount
    """Which: the first, second, ... of the flow that comes there with people."""
    at: Name
    """Gate or checkpoint to which it comes."""


class StoppagePlan(Plan):
    """Something that closes gates for a time.

    Documented stoppages have `starts` or `starts_with`, random ones `every`. Give
    exactly one of `lasts`, `until` and `until_agreement`.
    """

    title: Sentence | None = None
    """What it is called in tables and pictures, in a few words; the cause if absent."""
    cause: Sentence
    """What it was, in neutral words and attributed."""
    closes: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Gates and checkpoints that it closes."""
    flows: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """Flows that it concerns; others pass as if it were not there. Absent: all."""
    meets: MeetsPlan | None = None
    """Convoys with people that it concerns, by the order in which they come; all
    others pass as if it were not there. Absent: all, empty ones too."""
    starts: Moment | None = None
    """When a documented stoppage begins."""
    starts_with: StartsWithPlan | None = None
    """In place of `starts`: it begins when this convoy comes, and meets it."""
    chance: Chance | None = None
    """For `starts` and `starts_with`: that it comes at all, as `1 in 3`, drawn once in
    each run: a scenario, never an estimate of what a party would do; absent: it
    comes."""
    every: DurationDistribution | None = None
    """Time from the end of one random stoppage (or the start) to the next."""
    since: Moment | None = None
    """No random stoppage begins before; absent: from the start."""
    lasts: DurationDistribution | None = None
    """How long the gates stay closed."""
    until: Moment | None = None
    """When the gates open again."""
    until_agreement: Name | None = None
    """The gates open again when this agreement is in force."""
    caught: Literal["hold", "turn_back", "detain", "divert"] = "hold"
    """What happens to convoys that stand before a closed gate."""
    catches: PositiveCount | None = None
    """Most convoys with people aboard that are turned back, detained or diverted; the
    others are held. Absent: all."""
    to: Name | None = None
    """For `divert`: the route that convoys follow from the gate on, which is on it."""
    detained_for: DurationDistribution | None = None
    """For `detain`: how long."""
    afterwards: Literal["release", "turn_back"] = "release"
    """For `detain`: what follows."""
    gives_up_after: DurationDistribution | None = None
    """How long a convoy with people that is held stands there at most before it turns
    back; absent: as long as it lasts."""
    deters: YesNo | None = None
    """Whether nobody sets out towards its gates; absent: if it turns back, or detains
    and then turns back, and concerns all convoys (no `meets`)."""
    unaccounted: Count = 0
    """People who neither arrive nor return, as reported: of the first convoy caught,
    then of the next, no further than `catches`."""
    lives_lost: Count = 0
    """People who lose their lives, as reported by the sources under `evidence`: as
    `unaccounted`, and before these."""
    loses: dict[Name, PositiveCount] = {}
    """Vehicles of a fleet that are destroyed, out of the empty ones that stand
    there."""
    loses_loaded: dict[Name, PositiveCount] = {}
    """Vehicles of a fleet that are destroyed with people aboard, in the convoys
    caught. Who is neither among `lives_lost` nor `unaccounted` moves to free seats of
    the convoy, or else goes back to the site on foot."""
    suspends: tuple[Name, ...] = ()
    """Agreements that it puts on hold as long as it lasts."""
    breaches: tuple[Name, ...] = ()
    """Agreements that it breaks, until they are amended."""
    evidence: tuple[str, ...] = ()
    """Rows of the evidence table that support it."""

    @property
    def may_not_come(self) -> bool:
        """Whether it does not come in some runs."""
        return self.chance is not None and self.chance < 1


class WeatherPlan(Plan):
    """Weather that slows driving between two moments."""

    starts: Date
    """When it begins."""
    until: Date
    """When it ends."""
    speed_factor: FactorDistribution
    """Speed as a fraction of the speed in good weather."""
    legs: tuple[Name, ...] | None = None
    """Legs that it slows; absent: all."""
    evidence: tuple[str, ...] = ()
    """Rows of the evidence table that support it."""


class UncertainPlan(Plan):
    """What is not known about one field, and what supports the range.

    Each draw is one world. Of a field that is always the same it is the value. Of one
    that varies by itself it is the *middle*: the average of what is memoryless, the
    median of *times or divided by* and of *at least*, the likeliest value of *mostly*,
    halfway between the ends of a plain range. Within the world the field goes on
    varying about that, every value multiplied by the same factor, so that 0 stays 0 and
    nothing turns negative; durations and people are rounded when they are drawn, a load
    ends at the seats, and a share that is never above 1 in the file is never above 1.
    How widely a field varies is not known if its path ends in `.width`: the spread is
    then a factor, `0.5 to 2` for half to twice as wide, about the same middle. How
    widely runs, days or convoys differ is not known if it ends in `.run.width`,
    `.day.width` or `.convoy.width`: what one standard deviation multiplies or divides
    by is then raised to the power of the factor. One draw is the value of several
    fields if its key is a name of your own and `sets` names their paths. Ranges whose
    ends cannot be together, as fewer people than stay, are refused.
    """

    sets: tuple[Sentence, ...] | None = None
    """For a key that is a plain name: the paths of two or more fields of one kind of
    quantity that all take the value drawn; absent: the key is the path."""
    spread: Sentence
    """Range or distribution, written as the field itself would be written; for a width
    a factor, as `0.5 to 2`. Or `like past operations`: of loads and sizes of buses,
    headways, halts, roads, people announced and delays of a start, the range of the
    reference class."""
    evidence: tuple[str, ...] = ()
    """Rows of the evidence table that support it."""
    note: Sentence | None = None
    """Why this range."""


class Operation(Plan):
    """Everything that one scenario file describes."""

    operation: Sentence
    """Title of the operation."""
    zone: Sentence
    """Time zone of every date and time in the file, as in `Asia/Damascus`."""
    starts: Sentence
    """Local date and time at which the clock starts."""
    ends: Date
    """Local date and time at which it stops; what happens then is not simulated."""
    about: Sentence | None = None
    """What the scenario is, and how its values were set."""
    evidence: Sentence | None = None
    """File with the documented figures, beside the scenario."""
    plan_known: AnyMoment | None = None
    """For forecasts: since when it was known what is planned, before the start too. As
    of a later moment all vehicles, flows and agreements of the file are known, though
    they join, open or begin after it. Absent: each is known once it has."""
    moments: dict[Name, Moment] = {}
    """Moments by name, on which several things hang: `when NAME comes`."""
    sites: Annotated[dict[Name, SitePlan], Field(min_length=1)]
    fleets: Annotated[dict[Name, FleetPlan], Field(min_length=1)]
    legs: dict[Name, LegPlan] = {}
    gates: dict[Name, GatePlan] = {}
    checkpoints: dict[Name, CheckpointPlan] = {}
    stages: Annotated[dict[str, dict[Name, StagePlan]], Kinds(STAGES, Plan, Name)] = {}
    """Stages of other kinds, by kind and then by name."""
    routes: Annotated[dict[Name, RoutePlan], Field(min_length=1)]
    flows: Annotated[dict[Name, FlowPlan], Field(min_length=1)]
    agreements: dict[Name, AgreementPlan] = {}
    stoppages: dict[Name, StoppagePlan] = {}
    weather: dict[Name, WeatherPlan] = {}
    uncertain: dict[str, UncertainPlan] = {}
    """Fields whose value is not known, by their path as in `fleets.buses.seats`, or as
    in `legs.road.time.width`; or by a name, if one draw sets several."""

    @cached_property
    def clock(self) -> Clock:
        """Turns seconds after the start into local dates, and back."""
        return Clock(self.zone, self.starts, self.ends)

    @property
    def horizon_s(self) -> int:
        """Seconds after the start at which the operation ends."""
        return self.ends
