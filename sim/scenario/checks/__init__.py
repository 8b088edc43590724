"""What does not fit together in an operation, though every part is right by itself.

Findings refuse a scenario. Notes do not: they name what has no effect, or another one
than a planner may think.
"""

from collections.abc import Callable, Iterator, Mapping

from sim.scenario.checks import (
    agreements,
    circles,
    dates,
    departures,
    fleets,
    flows,
    gates,
    holds,
    phases,
    pick_ups,
    positions,
    routes,
    sites,
    stoppages,
    stopped,
    terms,
    together,
    weather,
)
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import Operation

Check = Callable[[Draft, str], Iterator[Finding]]

NUMBER_CHECKS: Mapping[str, Check] = {
    "sites": sites.number_findings,
    "fleets": fleets.number_findings,
    "legs": routes.leg_findings,
    "gates": gates.gate_findings,
    "checkpoints": gates.checkpoint_findings,
    "stages": routes.stage_findings,
    "flows": flows.number_findings,
    "agreements": agreements.findings,
    "stoppages": stoppages.findings,
    "weather": weather.findings,
}
"""Checks of one part, by section: what a changed number can break."""
_USE_CHECKS: tuple[tuple[str, Check], ...] = (
    ("sites", sites.use_findings),
    ("fleets", fleets.use_findings),
    ("routes", routes.route_findings),
    ("routes", pick_ups.route_findings),
    ("routes", positions.findings),
    ("flows", flows.rider_findings),
    ("flows", pick_ups.findings),
    ("flows", phases.use_findings),
    ("flows", departures.findings),
    ("flows", departures.date_findings),
    ("flows", departures.release_findings),
    ("gates", gates.use_findings),
    ("stoppages", stopped.use_findings),
    ("weather", weather.use_findings),
)
"""Checks of one part against others: what no changed number can break."""
_NOTES: tuple[tuple[str, Check], ...] = (
    ("sites", sites.notes),
    ("fleets", fleets.notes),
    ("routes", routes.notes),
    ("gates", gates.gate_notes),
    ("legs", gates.leg_notes),
    ("agreements", agreements.notes),
    ("agreements", terms.notes),
    ("stoppages", stopped.notes),
)


def findings(draft: Draft, derived: bool = False) -> Iterator[Finding]:
    """Return everything in an operation that does not fit together.

    Parameters
    ----------
    derived : nobody wrote it so: what has no effect in it is no mistake.
    """
    of_use = () if derived else _USE_CHECKS
    for section, check in (*NUMBER_CHECKS.items(), *of_use):
        yield from _each(draft, section, check)
        if section == "flows":
            for name in draft.flows:
                yield from phases.findings(draft, name, check)
    yield from sites.unserved(draft)
    yield from circles.findings(draft)


def deadlocks(operation: Operation) -> Iterator[Finding]:
    """Return what holds people for ever in every run, with the chain that does.

    It can be run all the same, to see it happen.
    """
    draft = Draft.of(operation)
    yield from holds.findings(draft)
    yield from _each(draft, "agreements", together.findings)


def notes(operation: Operation) -> Iterator[Finding]:
    """Return what is allowed in an operation, but may not be meant."""
    draft = Draft.of(operation)
    for section, check in _NOTES:
        yield from _each(draft, section, check)
    yield from routes.unused(draft)
    yield from dates.notes(operation)


def _each(draft: Draft, section: str, check: Check) -> Iterator[Finding]:
    parts: Mapping[str, object] = getattr(draft, section)
    for name in parts:
        yield from check(draft, name)
