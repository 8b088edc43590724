"""When people of a group get ready to leave."""

from collections.abc import Iterator

from sim.scenario.moments import Hanging, earliest
from sim.scenario.plans import GroupPlan

_HOUR_S = 3600


def ready_at(plan: GroupPlan, ends: int) -> Iterator[tuple[int | Hanging, int]]:
    """Return the moments at which people of a group are ready, and how many.

    Those of a later moment begin when those of the earlier ones are all ready.

    Parameters
    ----------
    ends : moments from then on are left out.
    """
    if plan.ready_per_hour is None:
        yield from plan.ready.items()
        return
    at = 0
    # The check sees to it that none of these moments hangs on anything.
    for moment, people in sorted((earliest(m), n) for m, n in plan.ready_later.items()):
        at = max(at, moment)
        for number in range(0, people, plan.ready_per_hour):
            if at >= ends:
                return
            yield at, min(plan.ready_per_hour, people - number)
            at += _HOUR_S
