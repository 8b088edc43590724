"""What is read off one run when there are many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.events import Cause, RunLog
from sim.evidence.figures import Figure
from sim.evidence.questionnaire import Answers, Questionnaire
from sim.evidence.reading import questions
from sim.experiment.rows import Followed
from sim.metrics.account import Account
from sim.metrics.arrivals import Arrival
from sim.metrics.obstacles import UNNAMED, Obstacle, ObstacleKind, by_obstacle
from sim.metrics.receiving import most_at_once
from sim.metrics.registry import Metric, measured, summary_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation
from sim.scenario.detours import destinations_of
from sim.scenario.origins import origins_of, served

Counts = npt.NDArray[np.int64]


class Notes(NamedTuple):
    """What was read off one run, to be made columns of with that of others.

    Attributes
    ----------
    parameters : values drawn for what is not known, by path; empty if none were.
    metrics : every metric by its full name.
    arrivals : of people, oldest first.
    unloading : most vehicles at once that unload or wait to, by destination in the
        order of `Lens.destinations` and hour.
    waiting : person-hours, in the order of `Lens.waiting`.
    obstacles : person-seconds, in the order of `Lens.obstacles`.
    answers : to the documented figures.
    followed : what is kept of single convoys; None if nothing is.
    """

    replication: int
    parameters: Mapping[str, float]
    metrics: Mapping[str, float]
    arrivals: Sequence[Arrival]
    unloading: Sequence[Sequence[int]]
    waiting: Sequence[float]
    obstacles: Sequence[int]
    answers: Answers
    followed: Followed | None = None


@dataclass(frozen=True, slots=True)
class Lens:
    """What is read off every run of a study, worked out once.

    Attributes
    ----------
    asked : by the documented figures.
    metrics : every metric, and those at moments that somebody asks for.
    days_s : when each local day begins.
    hours_s : when each hour of the local clock begins.
    grid_s : moments at which curves are kept.
    flows : by name.
    origins : sites that people may leave.
    received : destination and group of every arrival that there can be, each once.
    destinations : each site at which people arrive once.
    waiting : places of pairs of site of origin and cause.
    obstacles : places of everything that may hold people up.
    """

    asked: Questionnaire
    metrics: tuple[Metric, ...]
    days_s: tuple[int, ...]
    hours_s: tuple[int, ...]
    grid_s: Counts
    flows: tuple[str, ...]
    origins: tuple[str, ...]
    received: tuple[tuple[str, str], ...]
    destinations: tuple[str, ...]
    waiting: Mapping[tuple[str, str], int]
    obstacles: Mapping[Obstacle, int]

    @classmethod
    def of(
        cls,
        operation: Operation,
        figures: Sequence[Figure],
        grid_s: Counts,
        at_moments: Sequence[str] = (),
    ) -> "Lens":
        """Return what is read off the runs of an operation.

        Parameters
        ----------
        at_moments : metrics at a moment, without what they are given for.
        """
        clock = operation.clock
        origins = origins_of(operation)
        received = tuple(
            dict.fromkeys(
                (site, group)
                for name in operation.flows
                for site in destinations_of(operation, name)
                for _, group in served(operation, name)
            )
        )
        pairs = enumerate(product(origins, map(str, Cause)))
        return cls(
            asked=Questionnaire.of(questions(figures, clock.seconds)),
            metrics=measured(at_moments, clock.seconds),
            days_s=tuple(clock.days(operation.ends)),
            hours_s=tuple(clock.hours(operation.ends)),
            grid_s=grid_s,
            flows=tuple(operation.flows),
            origins=origins,
            received=received,
            destinations=tuple(dict.fromkeys(site for site, _ in received)),
            waiting={pair: place for place, pair in pairs},
            obstacles={each: n for n, each in enumerate(_obstacles(operation))},
        )

    def narrowed(self, only: Sequence[str]) -> "Lens":
        """Return what is read if nothing but some metrics, and who arrived, is needed.

        Parameters
        ----------
        only : metrics, without what they are given for.
        """
        return replace(
            self,
            metrics=tuple(each for each in self.metrics if each.name in only),
            destinations=(),
            waiting={},
            obstacles={},
        )


def observe(
    log: RunLog, replication: int, parameters: Mapping[str, float], lens: Lens
) -> Notes:
    """Read off one run what is kept of it."""
    run = Account(log)
    waiting, obstacles = _waited(run, lens) if lens.obstacles else ((), ())
    return Notes(
        replication,
        parameters,
        summary_of(run, lens.metrics),
        run.arrived,
        [most_at_once(run.unloading[d], lens.hours_s) for d in lens.destinations],
        waiting,
        obstacles,
        lens.asked.ask(run),
    )


def _waited(run: Account, lens: Lens) -> tuple[Sequence[float], Sequence[int]]:
    """Return person-hours by site of origin and cause, and person-seconds by name."""
    waiting = [0.0] * len(lens.waiting)
    for (origin, _, _, cause, _, _), person_s in run.charges.items():
        place = lens.waiting.get((origin, cause))
        if place is not None:
            waiting[place] += person_s / SECONDS_PER_HOUR
    obstacles = [0] * len(lens.obstacles)
    for obstacle, person_s in by_obstacle(run.charges).items():
        obstacles[lens.obstacles.get(obstacle, -1)] += person_s
    return waiting, obstacles


_ANYWHERE = (ObstacleKind.HOURS, ObstacleKind.STATION, ObstacleKind.ROAD)
_AT_SITES = (
    *(ObstacleKind.NOT_BEGUN, ObstacleKind.NOT_READY, ObstacleKind.VEHICLES),
    *(ObstacleKind.PACE, ObstacleKind.BAYS, ObstacleKind.ROOM),
)


def _obstacles(operation: Operation) -> Iterator[Obstacle]:
    """Yield what may hold people up, each once, and last what has none of these names.

    A stage that a program adds may charge time to anything: that is in the last, and
    all of them still sum to all waiting.
    """
    kinds = ObstacleKind
    on_the_way = (
        *(*operation.gates, *operation.checkpoints, *operation.legs),
        *(name for plans in operation.stages.values() for name in plans),
    )
    yield from (Obstacle(kinds.STOPPAGE, name) for name in operation.stoppages)
    yield from (Obstacle(kinds.AGREEMENT, name) for name in operation.agreements)
    for place in operation.sites:
        yield from (Obstacle(kind, place) for kind in (*_AT_SITES, *_ANYWHERE))
    for place in on_the_way:
        yield from (Obstacle(k, place) for k in (kinds.CHECKPOINT, *_ANYWHERE))
    yield UNNAMED
