"""Checks on the phases of a flow: what each makes of it is checked like a flow."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sim.messages import say
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import FlowPlan, PhasePlan
from sim.scenario.shapes import Path


def findings(
    draft: Draft, name: str, check: Callable[[Draft, str], Iterator[Finding]]
) -> Iterator[Finding]:
    """Return what a check of flows finds once a phase has begun, and not before."""
    flow = draft.flows[name]
    if not flow.phases:
        return
    before = {(path[2:], problem) for path, problem, _ in check(draft, name)}
    for moment, phase in flow.phases.items():
        here = ("flows", name, "phases", moment)
        later = replace(draft, flows={**draft.flows, name: flow.as_of(phase)})
        for path, problem, remedy in check(later, name):
            inside = path[2:]
            if (inside, problem) not in before:
                named = bool(inside) and inside[0] in phase.model_fields_set
                place = (*here, *inside) if named else here
                yield Finding(place, problem, remedy)


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that each phase changes something, and begins at the same site."""
    flow = draft.flows[name]
    for moment, phase in flow.phases.items():
        here = ("flows", name, "phases", moment)
        if not phase.model_fields_set - {"evidence", "known_since"}:
            yield Finding(
                here,
                say("this phase changes nothing"),
                say("Name what is different from then on, or leave it out."),
            )
        yield from _route(draft, flow, phase, here)
        if phase.dispatch_times is not None and flow.dispatch_dates:
            yield Finding(
                (*here, "dispatch_times"),
                say("'{name}' sends its convoys at 'dispatch_dates'", name=name),
                say("Give one of them."),
            )


def _route(
    draft: Draft, flow: FlowPlan, phase: PhasePlan, here: Path
) -> Iterator[Finding]:
    """Check that another route begins where the people are."""
    first, then = draft.routes.get(flow.route), draft.routes.get(phase.route or "")
    if first and then and first.origin != then.origin:
        yield Finding(
            (*here, "route"),
            say(
                "'{route}' begins at '{origin}', but the people of the flow "
                "are at '{present}'",
                route=phase.route,
                origin=then.origin,
                present=first.origin,
            ),
            say("Name a route that begins there."),
        )
