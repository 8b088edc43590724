"""Checks on where places are: that a route does not leap over half the earth."""

from collections.abc import Iterator
from itertools import pairwise

from sim.messages import Number, say
from sim.scenario.draft import Draft, Finding
from sim.scenario.plans import RoutePlan
from sim.scenario.position import Position, write_position

_FARTHEST_KM = 2000.0


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Find places of a route that cannot be so far apart: they are swapped, perhaps."""
    for (here, there), (section, begin), (_, end) in _steps(draft, draft.routes[name]):
        away = begin.km_to(end)
        if away > _FARTHEST_KM:
            yield Finding(
                (*section, here, "at"),
                say(
                    "{position} is {away} km from '{there}', which comes "
                    "next on the route '{name}'",
                    position=write_position(begin),
                    away=Number(away, ",.0f"),
                    there=there,
                    name=name,
                ),
                say("Check both: latitude comes first, then longitude."),
            )


_Placed = tuple[tuple[str, ...], Position]


def _steps(
    draft: Draft, route: RoutePlan
) -> Iterator[tuple[tuple[str, str], _Placed, _Placed]]:
    """Yield the places of a route that have a position, each with the next."""
    known = dict(_positions(draft))
    stations = (route.origin, *route.through, route.destination)
    placed = [name for name in stations if name in known]
    for here, there in pairwise(placed):
        yield (here, there), known[here], known[there]


def _positions(draft: Draft) -> Iterator[tuple[str, _Placed]]:
    sections = (
        (("sites",), draft.sites),
        (("gates",), draft.gates),
        (("checkpoints",), draft.checkpoints),
        *((("stages", kind), draft.stages[kind]) for kind in draft.stages),
    )
    for section, plans in sections:
        for name, plan in plans.items():
            at = getattr(plan, "at", None)
            if at is not None:
                yield name, (section, at)
