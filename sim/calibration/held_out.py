"""Documented figures that a fit has not seen, beside what it predicts for them.

A whole family of sources is left out, since its figures share whatever is wrong with
them; or all figures of the last days. What the scenario is given as a fact, such as
when gates were closed, is known to every fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from sim.calibration.baselines import Totals
from sim.calibration.checked import Checked, checked
from sim.calibration.claims import Numbers
from sim.calibration.naive import counts_all, window_h
from sim.calibration.predict import predicted
from sim.calibration.prepare import Prepared
from sim.calibration.rates import simple_rates
from sim.calibration.record import Documented
from sim.calibration.refit import Asked, Bench, Refit
from sim.evidence.reading import moment_s
from sim.scenario import Operation


@dataclass(frozen=True, slots=True)
class Foretold:
    """A figure that a fit has not seen.

    Attributes
    ----------
    place : of its claim in the record.
    after, before : predicted by the fit, and by the bare prior.
    median, prior_median : of the runs, without any bias of a source; NaN but for
        counts of all people arrived.
    rates : the same by simple curves through the figures that were not left out; empty
        if these say nothing of the site.
    """

    place: int
    after: Checked
    before: Checked
    median: float
    prior_median: float
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What one fit says about figures that it has not seen.

    Attributes
    ----------
    name : in words.
    last_days : whether they are those of the last days, not those of a family.
    """

    name: str
    last_days: bool
    rows: tuple[Foretold, ...]


def without_families(ready: Prepared) -> list[Asked]:
    """Return a fit without each family in turn; none if there is only one."""
    families = sorted({claim.family for claim in ready.claims})
    if len(families) < 2:
        return []
    return [
        Asked(
            f"without {family}",
            tuple(
                place
                for place, claim in enumerate(ready.claims)
                if claim.family != family
            ),
        )
        for family in families
    ]


def until(ready: Prepared, cut_s: int) -> Asked:
    """Return a fit to the figures whose window ends by a moment.

    Parameters
    ----------
    ready : with all figures.
    cut_s : seconds after the start.

    Raises
    ------
    ValueError
        If no figure is left out, or none is left.
    """
    operation = ready.simulator.operation
    used = tuple(
        place
        for place, entry in enumerate(ready.record.entries)
        if _ends_s(entry, operation) <= cut_s
    )
    moment = f"{operation.clock.local(cut_s):%Y-%m-%d %H:%M}"
    if not used or len(used) == len(ready.claims):
        which = "no" if not used else "every"
        raise ValueError(f"{which} fitted figure ends by {moment}")
    return Asked(f"until {moment}", used)


def usual_cut_s(ready: Prepared) -> int | None:
    """Return the local midnight after which about a third of the counts end.

    The nearest to a third, the earlier of two; None if no midnight parts the figures.
    """
    operation = ready.simulator.operation
    entries = ready.record.entries
    ends = [_ends_s(entry, operation) for entry in entries]
    counts = [end for end, entry in zip(ends, entries, strict=True) if entry.counts]
    nights = [
        night
        for night in operation.clock.day_starts(operation.ends)
        if min(ends) <= night < max(ends)
    ]
    return min(
        nights,
        key=lambda night: abs(3 * sum(end > night for end in counts) - len(counts)),
        default=None,
    )


def foretold(bench: Bench, fit: Refit, *, last_days: bool) -> HeldOut:
    """Return a row for each figure that a fit has not seen.

    Parameters
    ----------
    bench : what the fit was made with.
    fit : to some of the claims.
    last_days : whether it was left without the last days.
    """
    ready, used = bench.ready, fit.asked.used
    held = [at for at in range(len(ready.claims)) if at not in used]
    after, before = (
        _rows(bench, quantities, seen, held)
        for quantities, seen in (
            (fit.answers.quantities, used),
            (bench.pool.quantities, ()),
        )
    )
    rates = _rates(bench, fit, last_days=last_days)
    entries = ready.record.entries
    found = []
    for number, place in enumerate(held):
        entry = entries[place]
        people = counts_all(entry, entry.figure.origin)
        median, prior_median = (
            float(np.nanmedian(quantities[:, place])) if people else nan
            for quantities in (fit.answers.quantities, bench.pool.quantities)
        )
        curves = rates[entry.figure.origin] if people else {}
        by_rate = {
            name: curve.between(*window_h(entry)) for name, curve in curves.items()
        }
        found.append(
            Foretold(
                place, after[number], before[number], median, prior_median, by_rate
            )
        )
    return HeldOut(fit.asked.name, last_days, tuple(found))


def _rows(
    bench: Bench, quantities: Numbers, seen: Sequence[int], held: Sequence[int]
) -> tuple[Checked, ...]:
    ready = bench.ready
    rng = np.random.default_rng(bench.wish.seeds[0])
    reports = predicted(quantities, ready.claims, ready.reported, list(seen), rng)
    return checked(
        reports[:, held], [ready.claims[at] for at in held], ready.reported[held]
    )


def _rates(
    bench: Bench, fit: Refit, *, last_days: bool
) -> dict[str, Mapping[str, Totals]]:
    """Return the simple curves by site; whoever is still expected is only the fit's."""
    entries = bench.ready.record.entries
    known = [entries[at] for at in fit.asked.used]
    return {
        site: simple_rates(
            bench.ready.simulator.operation,
            known,
            site,
            float(np.median(fit.answers.people[:, place])) if last_days else None,
        )
        for place, site in enumerate(bench.sites)
    }


def _ends_s(entry: Documented, operation: Operation) -> int:
    """Return when a figure could be told at the latest [s after the start]."""
    if entry.ends is not None:
        return entry.ends[1]
    figure = entry.figure
    end = moment_s(figure.to or figure.from_, operation.clock.seconds)
    return operation.ends if end is None else end
