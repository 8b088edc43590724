"""An operation as it was known at a moment: without hindsight.

A replay knows which stoppages, agreements and vehicles were still to come. A forecast
made with it would predict the end that it was given. Here all of that is forgotten and
drawn from stated assumptions instead; both are returned.

What cannot be forgotten: the ranges under `uncertain`, the numbers that have none, and
the roads and gates were written down afterwards. When a stoppage that is over had ended
and which vehicles had joined counts as known, even if no row says since when.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.figures import Figure
from sim.inference.arrival_curves import stages_of
from sim.inference.as_it_came import as_it_came
from sim.inference.class_numbers import TENTHS, class_numbers
from sim.inference.forecast.changes import (
    Change,
    EndNotKnown,
    NotKnown,
    PlanKnown,
)
from sim.inference.forecast.future_flows import FutureFlows, flows_as_of
from sim.inference.forecast.future_places import places_as_of, with_rooms_of_use
from sim.inference.forecast.future_stoppages import Road, stoppages_as_of
from sim.inference.forecast.future_weather import weather_as_of
from sim.inference.forecast.information_set import InformationSet
from sim.inference.forecast.promises import within_reach
from sim.scenario import Operation, from_data
from sim.scenario.moments import earliest
from sim.scenario.origins import sites_of
from sim.scenario.plans import (
    AgreementPlan,
    FlowPlan,
    GroupPlan,
    SitePlan,
    StoppagePlan,
    UncertainPlan,
)
from sim.scenario.problems import RefusedError
from sim.scenario.uncertain import ranges_lost, set_by, without_paths
from sim.scenario.written import data_of

AHEAD_DAYS = 10
"""How far a forecast looks at least; the end of the operation was not known either."""
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class AsOf:
    """An operation as it was known.

    Attributes
    ----------
    operation : to be run.
    moment_s : when the forecast is made [s after the start].
    changes : what was forgotten, and what takes its place.
    late : ranges under `uncertain` of which no row had been published.
    """

    operation: Operation
    moment_s: int
    changes: tuple[Change, ...]
    late: tuple[str, ...]


def as_of(operation: Operation, figures: Iterable[Figure], moment: datetime) -> AsOf:
    """Return an operation as it was known at a local time.

    Parameters
    ----------
    operation : as it is told afterwards.
    figures : of its evidence table; their `published` says what was known.
    moment : local time, within the operation.

    Raises
    ------
    EvidenceError
        If nothing that moves anybody was known, or the moment is not one moment.
    """
    operation = as_it_came(operation)
    try:
        known = InformationSet.by(moment, figures, operation)
    except RefusedError as refusal:  # the clocks skip it, or show it twice
        raise EvidenceError((f"{refusal.args[0]}. Name another moment.",)) from None
    agreements, moving = _moving(operation, known)
    if not moving.flows:
        when = moment.isoformat(timespec="minutes")
        raise EvidenceError(
            (
                f"{when}: nothing that moves anybody was known yet; name a later "
                "moment, or say with 'plan_known' since when it was known what is "
                "planned",
            )
        )
    roads = _roads(operation, agreements, moving.flows)
    stoppages = stoppages_as_of(
        operation, known, agreements, moving.fleets, moving.flows, roads
    )
    weather, of_weather = weather_as_of(operation, known)
    sites = _sites(operation, moving, known)
    agreements = within_reach(operation, agreements, moving.flows, sites)
    places, of_places = places_as_of(operation, known)
    days = _days_ahead(operation, known, stoppages.plans.values())
    told = operation.model_copy(
        update={
            "ends": known.moment_s + days * _DAY_S,
            "plan_known": None,
            "sites": sites,
            "fleets": moving.fleets,
            "flows": moving.flows,
            "agreements": agreements,
            "stoppages": stoppages.plans,
            "weather": weather,
            "uncertain": {},
            **places,
        }
    )
    told = told.model_copy(update={"sites": with_rooms_of_use(told)})
    changes: list[Change] = [
        *_of_plan(operation, known),
        *_of_agreements(operation, agreements),
        *_of_people(operation.sites, sites),
        *_of_phases(operation, moving.flows),
        *(*of_places, *moving.changes, *stoppages.changes, *of_weather),
        EndNotKnown(days),
    ]
    uncertain = _still_uncertain(operation, told, known) | stoppages.uncertain
    uncertain = _with_usual_loads(uncertain, told, known)
    late = [path for path, plan in uncertain.items() if not known.told(plan.evidence)]
    data = data_of(told.model_copy(update={"uncertain": uncertain}))
    return AsOf(_checked(data, moment), known.moment_s, tuple(changes), tuple(late))


def _checked(data: Mapping[str, object], moment: datetime) -> Operation:
    """Return an operation of what was known, in which parts may be of no use.

    Raises
    ------
    EvidenceError
        If what was known contradicts itself.
    """
    try:
        return from_data(data, derived=True)
    except ScenarioError as error:
        when = moment.isoformat(timespec="minutes")
        raise EvidenceError(
            (
                f"{when}: what was known does not fit together: {error}",
                "Name another moment, or say with 'known_since' or 'plan_known' since "
                "when more was known.",
            )
        ) from None


def _days_ahead(
    operation: Operation, known: InformationSet, stoppages: Iterable[StoppagePlan]
) -> int:
    """Return how many days are run.

    Whoever knew the plan looks to its end at least; who fears a stoppage, beyond it.
    """
    planned_s = operation.ends - known.moment_s if known.plan else 0
    feared = [plan for plan in stoppages if plan.may_not_come]
    dates = (earliest(m) for plan in feared for m in (plan.starts, plan.until))
    beyond_s = max(dates, default=0) + 1 - known.moment_s
    return max(AHEAD_DAYS, ceil(max(planned_s, beyond_s) / _DAY_S))


def _of_plan(operation: Operation, known: InformationSet) -> Iterator[Change]:
    if known.plan and operation.plan_known is not None:
        yield PlanKnown(operation.plan_known)


def _still_uncertain(
    operation: Operation, told: Operation, known: InformationSet
) -> dict[str, UncertainPlan]:
    """Return the ranges of fields that are still what the scenario says.

    Of what takes the place of something forgotten the scenario knows no range.
    """
    seen = (
        path
        for name in operation.uncertain
        for path in set_by(operation, name)
        if _seen_to_begin(path, told, known)
    )
    forgotten = {*ranges_lost(operation, told), *seen}
    return without_paths(operation, forgotten)


def _moving(
    operation: Operation, known: InformationSet
) -> tuple[dict[str, AgreementPlan], FutureFlows]:
    """Return agreements and flows that need each other, as far as they were known."""
    agreements = _agreements(operation, known)
    while True:
        moving = flows_as_of(operation, known, agreements)
        served = _with_flows(agreements, moving.flows)
        served = _with_awaited_flows(served, moving.flows)
        if len(served) == len(agreements):
            return served, moving
        agreements = served


def _agreements(
    operation: Operation, known: InformationSet
) -> dict[str, AgreementPlan]:
    """Return the agreements that were known, with the terms of the moment."""
    found = {}
    for name, plan in operation.agreements.items():
        if known.foreseen(plan.proposed, plan.known_since) and known.told(
            plan.evidence
        ):
            terms = {
                at: to
                for at, to in plan.amendments.items()
                if known.foreseen(at, to.known_since)
            }
            found[name] = plan.model_copy(update={"amendments": terms})
    return _with_what_they_require(
        {name: plan for name, plan in found.items() if not _bars_itself(name, found)}
    )


def _bars_itself(name: str, found: Mapping[str, AgreementPlan]) -> bool:
    """Whether one waits for people who, as far as was known, move under it alone.

    Afterwards they moved under another one, too, which was not known.
    """
    plan = found[name]
    if plan.proposed:
        return False
    awaited = {flow for way in plan.requires.values() for flow in way.arrived or ()}
    elsewhere = {
        flow
        for other, its in found.items()
        for party in its.parties.values()
        for flow in party.flows
        if other != name
    }
    own = {flow for party in plan.parties.values() for flow in party.flows}
    return bool(awaited & own - elsewhere)


def _with_flows(
    agreements: Mapping[str, AgreementPlan], flows: Mapping[str, FlowPlan]
) -> dict[str, AgreementPlan]:
    """Return agreements of flows that are known; each side needs one."""
    found = {}
    for name, plan in agreements.items():
        parties = {
            side: party.model_copy(
                update={"flows": tuple(flow for flow in party.flows if flow in flows)}
            )
            for side, party in plan.parties.items()
        }
        if all(party.flows for party in parties.values()):
            found[name] = plan.model_copy(update={"parties": parties})
    return _with_what_they_require(found)


def _with_awaited_flows(
    found: Mapping[str, AgreementPlan], flows: Mapping[str, FlowPlan]
) -> dict[str, AgreementPlan]:
    """Return agreements that wait for arrivals of known flows only."""
    kept = {
        name: plan
        for name, plan in found.items()
        if all(
            flow in flows for w in plan.requires.values() for flow in w.arrived or ()
        )
    }
    return _with_what_they_require(kept)


def _with_what_they_require(
    found: Mapping[str, AgreementPlan],
) -> dict[str, AgreementPlan]:
    return {
        name: plan
        for name, plan in found.items()
        if all(way.agreement in {None, *found} for way in plan.requires.values())
    }


def _roads(
    operation: Operation,
    agreements: Mapping[str, AgreementPlan],
    flows: Mapping[str, FlowPlan],
) -> list[Road]:
    """Return the way out of each site that people leave.

    A stoppage to come closes the gate that the agreements of the site govern.
    """
    gates: dict[str, dict[str, None]] = {}
    for name, flow in flows.items():
        governed = [
            party.gate
            for plan in agreements.values()
            for party in plan.parties.values()
            if name in party.flows
        ]
        for gate in (*governed, *stages_of(operation, flow)):
            if gate in operation.gates or gate in operation.checkpoints:
                for site in sites_of(operation, name):
                    gates.setdefault(site, {}).setdefault(gate)
    return [Road(site, tuple(found)) for site, found in gates.items() if found]


def _of_agreements(
    operation: Operation, agreements: Mapping[str, AgreementPlan]
) -> Iterator[Change]:
    for name in operation.agreements:
        if name not in agreements:
            yield NotKnown("agreement", name)
    for name, plan in agreements.items():
        if len(plan.amendments) < len(operation.agreements[name].amendments):
            yield NotKnown("terms", name)


def _sites(
    operation: Operation, moving: FutureFlows, known: InformationSet
) -> dict[str, SitePlan]:
    """Return sites with the people who any flow takes, as far as they were known."""
    sites = {}
    for name, plan in operation.sites.items():
        taken = {
            group: _so_far(people, known)
            for group, people in plan.groups.items()
            if (name, group) in moving.served
        }
        onward = {at: n for at, n in plan.moves_on.items() if known.foreseen(at, None)}
        sites[name] = plan.model_copy(update={"groups": taken, "moves_on": onward})
    return sites


def _of_phases(operation: Operation, flows: Mapping[str, FlowPlan]) -> Iterator[Change]:
    for name, plan in flows.items():
        if len(plan.phases) < len(operation.flows[name].phases):
            yield NotKnown("phases", name)


def _so_far(plan: GroupPlan, known: InformationSet) -> GroupPlan:
    """Return a group without what was not known of who comes and who withdraws.

    Of whom nobody knew when they get ready, they are from the moment on.
    """
    joins, withdraws, ready = (
        {at: people for at, people in changes.items() if known.foreseen(at, None)}
        for changes in (plan.joins, plan.withdraws, plan.ready)
    )
    if later := sum(plan.ready.values()) - sum(ready.values()):
        ready[known.moment_s] = ready.get(known.moment_s, 0) + later
    left = plan.people - plan.stay + sum(joins.values())
    for at, people in withdraws.items():  # no more than were there
        withdraws[at] = min(people, left)
        left -= withdraws[at]
    withdraws = {at: people for at, people in withdraws.items() if people}
    return plan.model_copy(
        update={"joins": joins, "withdraws": withdraws, "ready": ready}
    )


def _of_people(
    before: Mapping[str, SitePlan], after: Mapping[str, SitePlan]
) -> Iterator[Change]:
    for name, plan in after.items():
        if plan.moves_on != before[name].moves_on or any(
            plan.groups[group] != before[name].groups[group] for group in plan.groups
        ):
            yield NotKnown("people", name)


def _with_usual_loads(
    uncertain: Mapping[str, UncertainPlan], told: Operation, known: InformationSet
) -> dict[str, UncertainPlan]:
    """Return ranges; of loads of buses of which no row had been published, the usual.

    Such a range was written by those who had seen the loads.
    """
    low, high = class_numbers().on_a_bus
    spread = (high / low) ** (1 / TENTHS)
    said = f"about {round((low * high) ** 0.5)}, times or divided by {spread:.3g}"
    usual = UncertainPlan(spread=said, note="People on a bus in past operations.")
    found = {}
    for path, plan in uncertain.items():
        section, _, rest = path.partition(".")
        _, _, fleet = rest.partition(".load.")
        is_bus = fleet in told.fleets and told.fleets[fleet].kind == "bus"
        late = section == "flows" and is_bus and not known.told(plan.evidence)
        found[path] = usual if late and not plan.sets else plan
    return found


def _seen_to_begin(path: str, told: Operation, known: InformationSet) -> bool:
    """Whether it is when something began; who is there at the moment has seen that.

    A later start, drawn from its range, could come after the moment.
    """
    section, _, rest = path.partition(".")
    name, _, field = rest.partition(".")
    if section == "flows" and field == "opens":
        return known.begun(earliest(told.flows[name].opens))
    if section == "stoppages" and name in told.stoppages and field == "starts":
        return known.begun(earliest(told.stoppages[name].starts))
    return section in {"stoppages", "weather"} and field == "starts"
