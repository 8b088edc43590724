"""How likely it is that an operation ends in a deadlock, and by which chains."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.answers.probability import Likelihood, likelihood_of
from sim.experiment import Study
from sim.experiment.pool import Pool
from sim.experiment.replicate import Job
from sim.experiment.work import worked_through
from sim.metrics.deadlocks import Chain, ChainLink, Deadlock, deadlocks
from sim.metrics.of_sites import ALL_SITES
from sim.model import no_search_for_garbage


class ChainFound(NamedTuple):
    """A chain that ended runs.

    Attributes
    ----------
    chain : as the first of these runs told it.
    runs : in how many.
    people : that it held, on average of these runs.
    first : the first of these runs.
    """

    chain: Chain
    runs: int
    people: float
    first: int


@dataclass(frozen=True, slots=True)
class Deadlocks:
    """How runs of an operation ended.

    Attributes
    ----------
    study : the runs.
    likelihood : of any deadlock, of those that were looked at.
    chains : what held people, in most runs first.
    """

    study: Study
    likelihood: Likelihood
    chains: tuple[ChainFound, ...]


_Links = frozenset[ChainLink]


@dataclass
class _Tally:
    chain: Chain
    people: dict[int, int] = field(default_factory=dict)


def deadlocks_of(
    study: Study,
    pool: Pool,
    progress: Callable[[int], None],
    most: int | None = None,
) -> Deadlocks:
    """Return how many runs ended in a deadlock, and by which chains.

    Runs in which everybody arrived had none, and those of which single convoys were
    kept are known: neither are run again.

    Parameters
    ----------
    study : what was run.
    pool : where to run them again.
    progress : called with how many are done.
    most : how many runs to look at, the first ones; all if None.
    """
    looked_at = study.replications[:most].tolist()
    left = study.metric(f"not_arrived/{ALL_SITES}")[:most]
    some = [run for run, people in zip(looked_at, left, strict=True) if people > 0]
    if not study.operation.agreements:
        some = []
    kept = study.followed
    found: dict[int, Sequence[Deadlock]] = {
        run: kept[run].deadlocks for run in some if run in kept
    }
    some = [run for run in some if run not in kept]
    for _, read in worked_through([study.job], [some], _read, pool) if some else ():
        found |= dict(read)
        progress(len(found))
    ends = {run: found[run] for run in sorted(found)}
    met = sum(map(bool, ends.values()))
    return Deadlocks(study, likelihood_of(met, len(looked_at)), _chains(ends))


def _read(job: Job, replications: range) -> list[tuple[int, Sequence[Deadlock]]]:
    """Return the deadlocks of some runs; runs in a worker."""
    with no_search_for_garbage():
        return [(number, deadlocks(job.log_of(number))) for number in replications]


def _chains(ends: Mapping[int, Iterable[Deadlock]]) -> tuple[ChainFound, ...]:
    """Return the chains that ended runs, one that is part of another with that."""
    tallies: dict[_Links, _Tally] = {}
    for run, held in ends.items():
        by_length = sorted(held, key=lambda each: -len(each.chain))
        whole: list[_Links] = []
        for each in by_length:
            links = frozenset(each.chain)
            key = next((other for other in whole if links <= other), links)
            if key is links:
                whole.append(links)
            tally = tallies.setdefault(key, _Tally(each.chain))
            tally.people[run] = tally.people.get(run, 0) + each.people
    chains = [
        ChainFound(
            tally.chain,
            len(tally.people),
            sum(tally.people.values()) / len(tally.people),
            min(tally.people),
        )
        for tally in tallies.values()
    ]
    return tuple(sorted(chains, key=lambda c: (-c.runs, -c.people, c.first)))
