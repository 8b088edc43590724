"""Checks on a stoppage: when it is, what it does, and whether it meets anybody."""

from collections.abc import Iterator
from math import log

from sim.distributions import Distribution, Shape
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before, earliest
from sim.scenario.plans import StoppagePlan
from sim.scenario.problems import choice, listed

_ONE_OF = (("starts", "every"), ("lasts", "until", "until_agreement"))
_MOST_OCCURRENCES = 10_000
_OF_FATE = {
    "detained_for": ("detain",),
    "afterwards": ("detain",),
    "catches": ("turn_back", "detain"),
}
"""Fields that have a meaning for some values of `caught` only."""


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check when a stoppage is, and that its fields have a meaning together."""
    plan = draft.stoppages[name]
    here = ("stoppages", name)
    yield from _dates(plan, name)
    yield from _too_often(draft, plan, name)
    if plan.caught == "detain" and plan.detained_for is None:
        yield Finding(
            here,
            f"the stoppage '{name}' detains convoys, but not for how long",
            "Add 'detained_for: ' and a duration.",
        )
    for field, fates in _OF_FATE.items():
        given = getattr(plan, field) != StoppagePlan.model_fields[field].default
        if given and plan.caught not in fates:
            caught = " or ".join(f"'caught: {fate}'" for fate in fates)
            yield Finding(
                (*here, field),
                f"'{field}' has no meaning for 'caught: {plan.caught}'",
                f"Write {caught}, or leave it out.",
            )


def _dates(plan: StoppagePlan, name: str) -> Iterator[Finding]:
    here = ("stoppages", name)
    for fields in _ONE_OF:
        given = [field for field in fields if getattr(plan, field) is not None]
        if len(given) != 1:
            yield Finding(
                here,
                f"the stoppage '{name}' needs exactly one of {', '.join(fields)}; it "
                f"has {' and '.join(given) or 'none'}",
                "Keep one of them." if given else "Add one of them.",
            )
    over = plan.until is not None and plan.until == plan.starts
    if over or before(plan.until, plan.starts):
        yield Finding(
            (*here, "until"), "it ends before it begins", "Write a later moment."
        )
    if plan.since is not None and plan.every is None:
        yield Finding(
            (*here, "since"),
            "'since' has no meaning for a documented stoppage",
            "Leave it out, or write 'every' in place of 'starts'.",
        )
    if plan.every is not None and plan.until is not None:
        yield Finding(
            (*here, "until"),
            "a random stoppage cannot end at one moment",
            "Write how long it lasts with 'lasts'.",
        )
    for field in ("every", "lasts"):
        duration = getattr(plan, field)
        if duration is not None and duration.high < 1:
            yield Finding(
                (*here, field), "this is no time at all", "Write 1 s or more."
            )


def _too_often(draft: Draft, plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Check that a random stoppage does not come so often that a run never ends."""
    ends = draft.clock and draft.clock.horizon_s
    if plan.every is None or not ends:
        return
    between_s = _mean_s(plan.every, ends) + (
        _mean_s(plan.lasts, ends) if plan.lasts else 0
    )
    times = max(ends - earliest(plan.since), 0) / max(between_s, 1)
    if times > _MOST_OCCURRENCES:
        yield Finding(
            ("stoppages", name, "every"),
            f"it would come about {times:,.0f} times before the operation ends, and "
            f"{_MOST_OCCURRENCES:,} are the most",
            "Write a longer 'every' or 'lasts', or a later 'since'.",
        )


def _mean_s(duration: Distribution, most: float) -> float:
    """Return the mean; of a heavy tail, of what lies below a bound."""
    if duration.shape is Shape.PARETO:
        least, index = duration.low, duration.tail_index
        if most <= least or index == 1:
            return min(least, most) * (1 + max(log(most / least), 0))
        beyond: float = (least / most) ** (index - 1)
        return least * (1 + (1 - beyond) / (index - 1))
    if duration.shape is Shape.TRIANGULAR:
        return (duration.low + duration.best + duration.high) / 3
    return duration.best


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that those come by whom a stoppage is to stop, hurt or deter."""
    plan = draft.stoppages[name]
    here = ("stoppages", name)
    ways = draft.ways()
    if not ways:
        return
    met, loaded, setting_out = _met(draft, plan)
    gates = listed(plan.closes)
    if not met:
        if not plan.suspends and not plan.breaches:
            passed = draft.passed()
            known = [g for g in (*draft.gates, *draft.checkpoints) if g in passed]
            yield Finding(
                (*here, "closes"),
                f"it stops nobody: no flow goes through {gates}",
                f"On the way of a flow: {choice(known)}.",
            )
        return
    for fleet in plan.loses:
        if not any(fleet in draft.flows[flow].ever_takes for flow in met):
            yield Finding(
                (*here, "loses", fleet),
                f"no flow with vehicles of '{fleet}' goes through {gates}",
                "Leave it out, or close a gate that they pass.",
            )
    for field in ("unaccounted", "catches"):
        if getattr(plan, field) and not loaded:
            yield Finding(
                (*here, field),
                f"nobody goes through {gates} with people aboard",
                "Leave it out, or close a gate that people pass.",
            )
    if plan.deters and not setting_out:
        yield Finding(
            (*here, "deters"),
            f"nobody who sets out has {gates} before them",
            "Leave it out.",
        )


def _met(draft: Draft, plan: StoppagePlan) -> tuple[set[str], set[str], set[str]]:
    """Return the flows that come to the gates: at all, with people, setting out."""
    met, loaded, setting_out = set(), set(), set()
    gates = set(plan.closes)
    for name, route in draft.ways():
        if gates & set(route.through):
            loaded.add(name)
        if gates & {*route.inbound, *route.through}:
            setting_out.add(name)
        ways = {*route.inbound, *route.through, *route.back}
        if gates & {*ways, *draft.flows[name].ever_boards_at}:
            met.add(name)
    return met, loaded, setting_out


def notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name what a stoppage hardly does, by whom its gates are passed."""
    plan = draft.stoppages[name]
    met, loaded, setting_out = _met(draft, plan)
    gates = listed(plan.closes)
    if met and plan.caught == "detain" and not loaded:
        yield Finding(
            ("stoppages", name, "caught"),
            f"nobody goes through {gates} with people aboard, so nobody is detained; "
            "empty convoys are held",
            "Write 'caught: hold', or close a gate that people pass.",
        )
    boarding = {f for f in met if set(draft.flows[f].ever_boards_at) & set(plan.closes)}
    if met and plan.caught == "turn_back" and not setting_out | boarding:
        yield Finding(
            ("stoppages", name, "caught"),
            f"vehicles go through {gates} on their way back only, so nobody is turned "
            "back; they are held",
            "Write 'caught: hold', or close a gate on the way out.",
        )
    yield from _idle_agreements(draft, name)
    yield from _deterring_all_the_same(draft, name)
    for fleet in plan.loses:
        users = set(draft.users(fleet)) & met
        if users and not any(_comes_empty(draft, plan, flow) for flow in users):
            yield Finding(
                ("stoppages", name, "loses", fleet),
                f"vehicles of '{fleet}' go through {gates} with people aboard, and "
                "only empty ones are destroyed",
                "Close a gate that they pass empty, or leave it out.",
            )


def _comes_empty(draft: Draft, plan: StoppagePlan, flow: str) -> bool:
    routes = [draft.routes[route] for route in draft.flows[flow].routes]
    gates = {gate for route in routes for gate in (*route.inbound, *route.back)}
    gates.update(draft.flows[flow].ever_boards_at)
    return bool(gates & set(plan.closes))


def _idle_agreements(draft: Draft, name: str) -> Iterator[Finding]:
    """Name agreements that a documented stoppage does not break, or that end it."""
    plan = draft.stoppages[name]
    if plan.starts is None:
        return
    for number, broken in enumerate(plan.breaches):
        agreement = draft.agreements.get(broken)
        if agreement and before(plan.starts, agreement.proposed or 0):
            yield Finding(
                ("stoppages", name, "breaches", number),
                f"'{broken}' is not proposed yet, and a draft is not breached",
                "Leave it out, or write an earlier 'proposed'.",
            )
    awaited = draft.agreements.get(plan.until_agreement or "")
    if awaited is None or awaited.requires:
        return
    begins = awaited.proposed or 0 if awaited.in_force is None else awaited.in_force
    ends = [d for d in (awaited.deadline, *awaited.amendments) if d is not None]
    others = (other.breaches for other in draft.stoppages.values())
    is_broken = any(plan.until_agreement in breaches for breaches in others)
    dates = all(isinstance(each, int) for each in (begins, plan.starts, *ends))
    starts = earliest(plan.starts)
    at_once = earliest(begins) <= starts < min(map(earliest, ends), default=starts + 1)
    if dates and at_once and not is_broken:
        yield Finding(
            ("stoppages", name, "until_agreement"),
            f"'{plan.until_agreement}' is in force when this begins, unless it is "
            "completed already: it is over at once, and meets nobody",
            "Write 'until' or 'lasts', or name an agreement that comes later.",
        )


def _deterring_all_the_same(draft: Draft, name: str) -> Iterator[Finding]:
    """Name flows whose convoys would be turned back as soon as they set out."""
    plan = draft.stoppages[name]
    if plan.caught != "turn_back" or plan.deters is not False:
        return
    for flow, route in draft.ways():
        boarding = draft.flows[flow].boarding
        way = [*route.inbound]
        if not way and boarding.high <= 0:
            way = [*route.through]
        if way and way[0] in plan.closes:
            yield Finding(
                ("stoppages", name, "deters"),
                f"convoys of '{flow}' come to '{way[0]}' in no time: one is turned "
                "back as it sets out, and deters those after it",
                "Leave 'deters' out, or put a leg before the gate.",
            )
