"""How well vehicles were used."""

from collections.abc import Sequence

from sim.events import RunLog
from sim.metrics.convoys import Passage


def share_in_use(log: RunLog, rows: Sequence[Passage]) -> dict[str, float]:
    """Return the share of the run that vehicles were under way, by fleet.

    Under way is from setting out to being free again. A log does not say how many
    vehicles a fleet has, so those that never set out and have a higher number than
    all that did are not counted.

    Parameters
    ----------
    log : of one run.
    rows : its convoys, from `convoys.passages`.

    Returns
    -------
    dict
        Between 0 and 1 for every fleet; 0 if none of its vehicles set out.
    """
    busy_s = dict.fromkeys(log.kinds, 0)
    size = dict.fromkeys(log.kinds, 0)
    for row in rows:
        if row.trip is None or row.formed_s is None:
            continue
        free_s = log.horizon_s if row.relieved_s is None else row.relieved_s
        vehicles, used_s = row.trip.vehicles, free_s - row.formed_s
        for fleet, place in row.fleets.items():
            numbers = vehicles[place]
            busy_s[fleet] += len(numbers) * used_s
            size[fleet] = max(size[fleet], max(numbers) + 1)
    return {
        fleet: time_s / (size[fleet] * log.horizon_s) if time_s else 0.0
        for fleet, time_s in busy_s.items()
    }


def people_per_vehicle(rows: Sequence[Passage], kind: str) -> float:
    """Return the mean load of the vehicles of a kind that carried anybody.

    Parameters
    ----------
    rows : the convoys to count, as from `convoys.departed` for a window.
    kind : `bus`, `ambulance` or `private`.

    Returns
    -------
    float
        NaN if none carried anybody.
    """
    loads = [load for row in rows for load in row.loads(kind)]
    return sum(loads) / len(loads) if loads else float("nan")
