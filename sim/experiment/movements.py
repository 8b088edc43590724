"""How convoys move over the runs of a study: those of one name beside each other.

Single convoys are kept of the first runs of a study that asks for it; of others they
are run again, which gives the very same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.experiment.bands import Band, band_of
from sim.experiment.replicate import Job, follow
from sim.experiment.rows import Followed
from sim.experiment.study import Study
from sim.metrics.movements import Movement
from sim.model import no_search_for_garbage

MOST = 200
"""Runs that are looked at; more would change no band by much."""
_AT_ONCE = 10
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Expected:
    """One convoy over the runs in which there is one of this name.

    Attributes
    ----------
    first : the same in the first of these runs: its flow, from where, where to.
    runs : in how many runs it sets out.
    departs, arrives : seconds after the start; what does not come in a run counts as
        later than all others.
    passes : the same by gate, checkpoint or other stage, over the runs in which it is
        on its way: not those in which it arrives by another way.
    on_way : in how many runs that is so, by gate, checkpoint or other stage.
    vehicles, people : by kind and by group.
    """

    first: Movement
    runs: int
    departs: Band
    passes: Mapping[str, Band]
    on_way: Mapping[str, int]
    arrives: Band
    vehicles: Mapping[str, Band]
    people: Mapping[str, Band]


@dataclass(frozen=True, slots=True)
class Movements:
    """How convoys move.

    Attributes
    ----------
    typical : in the typical run.
    expected : over runs, those that set out first in the median first.
    runs : that were looked at.
    """

    typical: tuple[Movement, ...]
    expected: tuple[Expected, ...]
    runs: int


def movements_over(study: Study, mapper: Mapper = map) -> Movements:
    """Return how convoys move in the typical run of a study, and over its runs.

    Convoys are matched by name: by flow, number within the flow, and part.

    Parameters
    ----------
    study : what was run.
    mapper : as `map`, with which some are run again.
    """
    looked = [int(number) for number in study.replications[:MOST]]
    lacking = [number for number in looked if number not in study.followed]
    shares = [lacking[n : n + _AT_ONCE] for n in range(0, len(lacking), _AT_ONCE)]
    runs = dict(study.followed)
    for share in mapper(partial(_again, study.job), shares):
        runs |= {each.replication: each for each in share}
    by_name: dict[str, list[Movement]] = {}
    for number in looked:
        for each in runs[number].movements:
            by_name.setdefault(each.convoy, []).append(each)
    expected = [_expected(found) for found in by_name.values()]
    expected.sort(key=lambda each: (each.departs.median, each.first.convoy))
    number = study.typical
    typical = runs.get(number) or follow(study.log_of(number), number)
    return Movements(typical.movements, tuple(expected), len(looked))


def _again(job: Job, replications: Sequence[int]) -> list[Followed]:
    """Return how convoys moved in some runs; runs in a worker."""
    with no_search_for_garbage():
        return [follow(job.log_of(number), number) for number in replications]


def _expected(found: Sequence[Movement]) -> Expected:
    places = dict.fromkeys(place for each in found for place in each.passes_s)
    times = {place: [*_times_at(place, found)] for place in places}
    kinds = dict.fromkeys(kind for each in found for kind in each.vehicles)
    groups = dict.fromkeys(group for each in found for group in each.people)
    return Expected(
        found[0],
        len(found),
        _band(each.departs_s for each in found),
        {place: _band(own) for place, own in times.items()},
        {place: len(own) for place, own in times.items()},
        _band(each.arrives_s for each in found),
        {kind: _band(each.vehicles.get(kind, 0) for each in found) for kind in kinds},
        {group: _band(each.people.get(group, 0) for each in found) for group in groups},
    )


def _times_at(place: str, found: Sequence[Movement]) -> Iterator[int | None]:
    """Yield when a convoy passes a place, if it does, but not where it is diverted."""
    for each in found:
        if place in each.passes_s or each.arrives_s is None:
            yield each.passes_s.get(place)


def _band(values: Iterable[int | None]) -> Band:
    return band_of(np.array([np.nan if each is None else each for each in values]))
