"""Checks on the pace of gates, checkpoints and legs: hours, releases and changes."""

from collections.abc import Iterator, Mapping

from sim.messages import Number, joined, say
from sim.scenario.clock import Hours
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import Hanging
from sim.scenario.plans import Plan, ReleasePlan
from sim.scenario.shapes import Path

_HOUR_S = 3600


def gate_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check the hours, releases and changes of a gate."""
    plan = draft.gates[name]
    here = ("gates", name)
    yield from _hours(draft, plan.hours, here)
    yield from _changes(draft, plan.changes, here)
    for path, releases in _releases(draft, name):
        if releases.every.high < 1:
            yield Finding(
                (*path, "every"),
                say("this is no time at all"),
                say("Write 1 s or more."),
            )


def checkpoint_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check the hours and changes of a checkpoint."""
    plan = draft.checkpoints[name]
    here = ("checkpoints", name)
    yield from _hours(draft, plan.hours, here)
    yield from _changes(draft, plan.changes, here)


def leg_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check the hours and changes of a leg, and that its room can be used up."""
    plan = draft.legs[name]
    here = ("legs", name)
    yield from _hours(draft, plan.hours, here)
    yield from _changes(draft, plan.changes, here)
    if plan.holds is not None and plan.time is not None and plan.time.high <= 0:
        yield Finding(
            (*here, "holds"),
            say("'holds' has no meaning for a leg that takes no time"),
            say("Leave it out, or write a longer 'time'."),
        )


def _hours(
    draft: Draft, hours: Hours | None, here: tuple[str, ...]
) -> Iterator[Finding]:
    clock = draft.clock
    if hours is None or clock is None or clock.horizon_s is None:
        return
    if not clock.windows(hours, clock.horizon_s):
        yield Finding(
            (*here, "hours"),
            say(
                "'{here}' never opens: these hours do not fall between {first} "
                "and {last}",
                here=here[-1],
                first=clock.text(0),
                last=clock.text(clock.horizon_s),
            ),
            say("Change the hours, or when the operation starts or ends."),
        )


def _changes(
    draft: Draft, changes: Mapping[int | Hanging, Plan], here: tuple[str, ...]
) -> Iterator[Finding]:
    ends = draft.clock.horizon_s if draft.clock else None
    for moment, change in changes.items():
        path: Path = (*here, "changes", moment)
        if not change.model_fields_set:
            yield Finding(
                path,
                say("nothing changes here"),
                say(
                    "Write one of {fields}, or leave it out.",
                    fields=joined(type(change).model_fields, ", "),
                ),
            )
        elif moment == 0:
            yield Finding(
                path,
                say("this is when the operation starts"),
                say("Write it into '{here}' itself, or a later moment.", here=here[-1]),
            )
        elif moment == ends:
            yield Finding(
                path,
                say("this is when the operation ends"),
                say("Write an earlier moment, or leave it out."),
            )


def _releases(draft: Draft, name: str) -> Iterator[tuple[Path, ReleasePlan]]:
    """Return the releases of a gate, with the path of each."""
    plan = draft.gates[name]
    if plan.releases is not None:
        yield ("gates", name, "releases"), plan.releases
    for moment, change in plan.changes.items():
        yield ("gates", name, "changes", moment, "releases"), change.releases


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that vehicles pass a gate whose releases are given."""
    if not draft.ways() or draft.passed_by(name):
        return
    if any(flow.boards_at == name for flow in draft.flows.values()):
        for path, _ in _releases(draft, name):
            yield Finding(
                path,
                say(
                    "no flow passes '{name}': vehicles only board at it, and "
                    "boarding knows no releases",
                    name=name,
                ),
                say("Leave it out, or put the gate on a route."),
            )


def gate_notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name convoys that are so large that they are not through before the end."""
    plan = draft.gates[name]
    if plan.releases is None or plan.changes:
        return
    for flow in draft.passed_by(name):
        vehicles = _vehicles(draft, flow)
        gaps = -(-vehicles // plan.releases.vehicles) - 1
        path = ("gates", name, "releases")
        yield from _too_slow(draft, flow, gaps * plan.releases.every.low, path)


def leg_notes(draft: Draft, name: str) -> Iterator[Finding]:
    """Name convoys that are so large that they are not on the leg before the end."""
    plan = draft.legs[name]
    if plan.vehicles_per_hour is None or plan.changes:
        return
    for flow in draft.passed_by(name):
        vehicles = _vehicles(draft, flow)
        seconds = (vehicles - 1) * _HOUR_S / plan.vehicles_per_hour
        path = ("legs", name, "vehicles_per_hour")
        yield from _too_slow(draft, flow, seconds, path)


def _vehicles(draft: Draft, flow: str) -> int:
    """Return the most vehicles that a convoy of a flow can have."""
    return round(sum(draft.largest_convoy(draft.flows[flow]).values()))


def _too_slow(
    draft: Draft, flow: str, seconds: float, path: tuple[str, ...]
) -> Iterator[Finding]:
    ends = draft.clock.horizon_s if draft.clock else None
    if ends is not None and seconds >= ends:
        yield Finding(
            path,
            say(
                "a full convoy of '{flow}' takes {hours} h to pass, longer "
                "than the operation lasts: it never arrives",
                flow=flow,
                hours=Number(seconds / _HOUR_S, ".0f"),
            ),
            say("Write a faster pace, or smaller convoys."),
        )
