"""What the simulation and simple rivals say of an operation on its eve.

Each says it as draws: people who had left by each documented moment, and hours until
the last did. A rival knows what was announced, or what others did, never more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from sim.evidence.probes import Probe, read_probes
from sim.evidence.reading import questions
from sim.inference.claims import Numbers
from sim.inference.past_operations.cases import PastCase
from sim.inference.prior import Prior
from sim.inference.simulator import MOST_LUCK
from sim.metrics.account import Account
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.model import no_search_for_garbage, simulate
from sim.past.facts import day_of
from sim.past.reference_class import ReferenceClass
from sim.scenario import settled

_H_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class PastForetold:
    """Draws of one method.

    Attributes
    ----------
    totals : people who had left, of (draw, documented moment).
    days : until the last has left, of draw, the first day being 1; the last day of the
        run if not all have left by its end.
    """

    totals: Numbers
    days: Numbers

    def reported(self, errors: Numbers) -> "PastForetold":
        """Return it as a counter would tell it; one error in each draw."""
        return PastForetold(self.totals * np.exp(errors)[:, None], self.days)


def by_simulation(case: PastCase, draws: int, seed: int) -> PastForetold:
    """Return what runs of the scenario say, each with values of its own.

    Parameters
    ----------
    case : its scenario is run.
    draws : runs.
    seed : root of the values and of the luck of each run.
    """
    rng = rng_of(seed, case.id, "simulation")
    prior = Prior.of(case.operation)
    asked = [*case.counts, *([case.last] if case.last else [])]
    probes = tuple(
        Probe(question, (question.to_s or 0,))
        for question in questions(asked, case.operation.clock.seconds)
    )
    rows, done = [], []
    most_h = case.operation.horizon_s / SECONDS_PER_HOUR
    with no_search_for_garbage():
        for _ in range(draws):
            world = settled(
                case.operation, prior.values(rng.random(prior.size).tolist())
            )
            luck = [int(rng.integers(MOST_LUCK))]
            log = simulate(world, seed=seed, replication=luck)
            read = [values[0] for values in read_probes(probes, log)]
            rows.append(read[: len(case.counts)])
            finished = _all_left(Account(log), case)
            last_h = read[-1] if finished and case.last else most_h
            done.append(last_h - case.opens_h)
    return PastForetold(np.array(rows), case.days_until(np.array(done)))


def _all_left(account: Account, case: PastCase) -> bool:
    """Return whether all of the sites had arrived by the end of the run."""
    end_s = case.operation.horizon_s
    return all(
        account.arrivals[site].at(end_s) >= account.expected(site)
        for site in case.origins
    )


class AnnouncedPace(NamedTuple):
    """People who leave at one rate until all have.

    Attributes
    ----------
    people : in all, by site.
    hours : until the last has left.
    """

    people: dict[str, float]
    hours: float


def evenly(case: PastCase, draws: int) -> PastForetold:
    """Return the total announced, spread evenly over the time announced.

    Where no time was, it is the time that batches of the class take: its median of
    people over its median batch, at its median interval. Where no number was, it is the
    median of people who left past operations.
    """
    people = announced(case)
    if case.days is not None:
        hours = case.days * _H_PER_DAY
    else:
        hours = batches_h(case, sum(people.values()))
    return _at_pace(case, [AnnouncedPace(people, hours)] * draws)


def batches_h(case: PastCase, people: float) -> float:
    """Return how long median batches of the class take for some people."""
    others = ReferenceClass(frozenset({case.id}))
    size = others.spread("people of a batch").middle.quantile(0.5)
    days = others.spread("days between batches").middle.quantile(0.5)
    return max(1.0, people / size * days) * _H_PER_DAY


def announced(case: PastCase) -> dict[str, float]:
    """Return people announced by site; the median of others where none were."""
    others = ReferenceClass(frozenset({case.id}))
    return {
        site: case.announced.get(site)
        or others.spread("people who left").middle.quantile(0.5)
        for site in case.origins
    }


def at_rate(case: PastCase, draws: int, people_per_h: float) -> PastForetold:
    """Return the total announced, leaving at the rate of another operation."""
    people = announced(case)
    hours = sum(people.values()) / people_per_h
    return _at_pace(case, [AnnouncedPace(people, hours)] * draws)


def mean_rate(people: float, begins: datetime, ends: datetime) -> float:
    """Return people an hour from the first to the last of them.

    Raises
    ------
    ValueError
        If it ends before it begins.
    """
    hours = (ends - begins).total_seconds() / SECONDS_PER_HOUR
    if hours <= 0:
        raise ValueError(f"{ends} is not after {begins}")
    return people / hours


def by_others(case: PastCase, draws: int, seed: int) -> PastForetold:
    """Return what other operations did: people and days of one of them, evenly.

    That is the class's own spread, with nothing known of this operation but that it is
    one. Several sites share the people evenly.
    """
    others = list(_totals_and_days(case.id))
    rng = rng_of(seed, case.id, "others")
    chosen = rng.integers(len(others), size=draws)
    sites = case.origins
    return _at_pace(
        case,
        [
            AnnouncedPace(
                {site: people / len(sites) for site in sites}, days * _H_PER_DAY
            )
            for people, days in (others[at] for at in chosen)
        ],
    )


def _totals_and_days(left_out: str) -> Iterator[tuple[float, float]]:
    """Yield people and days of every other operation of which both are documented."""
    for row in ReferenceClass(frozenset({left_out})).known.facts:
        if row.quantity == "people_left" and row.value and row.ends is not None:
            begins: date = day_of(row.begins)
            yield row.value, float((day_of(row.ends) - begins).days + 1)


def _at_pace(case: PastCase, paces: Sequence[AnnouncedPace]) -> PastForetold:
    hours = np.array(case.count_hours)
    totals = [
        [
            pace.people[figure.origin] * min(1.0, max(0.0, hour) / pace.hours)
            for figure, hour in zip(case.counts, hours, strict=True)
        ]
        for pace in paces
    ]
    days = [max(1.0, pace.hours / _H_PER_DAY) for pace in paces]
    return PastForetold(np.array(totals), np.array(days))


def rng_of(seed: int, *names: str) -> np.random.Generator:
    """Return the random numbers of one name."""
    letters = [ord(letter) for name in names for letter in f"{name}/"]
    return np.random.default_rng([seed, *letters])
