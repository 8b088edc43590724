"""A whole calibration, from what is asked for to draws: a screen or a tempered fit.

Both rest on one pool of runs at points of the prior. It shows what the figures can
say at all, and what the draws are compared with; the screen takes its draws from it.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np

from sim.calibration.bias import Reference
from sim.calibration.checkpoint import key_of, load_cloud, save_cloud
from sim.calibration.claims import Numbers
from sim.calibration.cloud import Cloud
from sim.calibration.nearest import screen
from sim.calibration.pool import Pool, draw_pool, load_pool
from sim.calibration.prepare import Prepared
from sim.calibration.progress import Progress
from sim.calibration.simulator import Mapper, Parts, simulated
from sim.calibration.tempering import Settings, temper
from sim.experiment.program import fingerprint

Method = Literal["screen", "tempered"]
Tell = Callable[[str, Progress | tuple[int, int]], None]
"""Is told what is being done, and how far it is: done of all, or a fit's progress."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a calibration is asked for.

    Attributes
    ----------
    method : `screen`: seconds, a little too wide; `tempered`: exact, many runs.
    reference : families taken at their word; none if all are pooled.
    seeds : of the fits; a screen uses the first.
    settings : how carefully.
    pool : runs at points of the prior.
    """

    method: Method
    reference: tuple[str, ...]
    seeds: tuple[int, ...]
    settings: Settings
    pool: int


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration that is done.

    Attributes
    ----------
    ready : the operation and what is claimed about it.
    wish : what was asked for.
    pool : runs at points of the prior.
    points, luck, quantities : of (draw, ...), of all seeds together, in no order.
    clouds : of the fits, by seed; none for a screen.
    """

    ready: Prepared
    wish: Wish
    pool: Pool
    points: Numbers
    luck: Parts
    quantities: Numbers
    clouds: tuple[Cloud, ...]

    @property
    def reference(self) -> Reference:
        """Which families are taken at their word."""
        return Reference(frozenset(self.wish.reference))


def pool_name(ready: Prepared, wish: Wish) -> str:
    """Return the name of the file for a pool: another one for whatever it rests on."""
    origin = ready.origin(fingerprint(), wish.seeds[0])
    told = json.dumps([asdict(origin), wish.pool, wish.settings.parts])
    return f"pool-{sha256(told.encode()).hexdigest()[:12]}.npz"


def pool_at(
    path: Path,
    ready: Prepared,
    wish: Wish,
    mapper: Mapper = map,
    tell: Tell = lambda what, progress: None,
) -> Pool:
    """Return the pool in a file, or draw it and keep it there.

    One that was stopped while it was drawn goes on.

    Parameters
    ----------
    path : see `pool_name`.
    ready, wish : what it is for.
    mapper, tell : where runs are made, and who hears of it.

    Raises
    ------
    ResultsError
        If the file holds something else.
    """
    origin = ready.origin(fingerprint(), wish.seeds[0])
    if path.exists():
        return load_pool(path, origin)
    begun = path.with_suffix(".part")
    pool = draw_pool(
        ready.simulator,
        origin,
        wish.pool,
        wish.settings.parts,
        mapper,
        lambda done: tell("pool of runs", (done, wish.pool)),
        kept=begun,
    )
    pool.save(path)
    begun.unlink(missing_ok=True)
    return pool


def fitted(
    ready: Prepared,
    wish: Wish,
    pool: Pool,
    kept: Path,
    mapper: Mapper = map,
    tell: Tell = lambda what, progress: None,
) -> Fit:
    """Return the draws that were asked for; a fit that was stopped goes on.

    Parameters
    ----------
    ready, wish, pool : what to fit, how, and runs of the prior.
    kept : folder in which fits that are under way are kept.
    mapper, tell : where runs are made, and who hears of it.

    Raises
    ------
    ResultsError
        If a file in the folder is damaged, or of another fit.
    """
    if wish.method == "screen":
        return _screened(ready, wish, pool, mapper, tell)
    clouds = tuple(
        _tempered(ready, wish, place, kept, mapper, tell)
        for place in range(len(wish.seeds))
    )
    order = np.random.default_rng(wish.seeds[0]).permutation(
        sum(len(cloud.points) for cloud in clouds)
    )
    points, luck, quantities = (
        np.concatenate([getattr(cloud, name) for cloud in clouds])[order]
        for name in ("points", "luck", "quantities")
    )
    return Fit(ready, wish, pool, points, luck, quantities, clouds)


def _screened(
    ready: Prepared, wish: Wish, pool: Pool, mapper: Mapper, tell: Tell
) -> Fit:
    seed, draws = wish.seeds[0], wish.settings.particles
    reference = Reference(frozenset(wish.reference))
    made = screen(pool.points, pool.quantities, ready.claims, seed, reference)
    found = made.fit(ready.reported, draws, seed)
    luck = pool.luck[found.runs]
    # A corrected point is no longer the one that was run.
    quantities = simulated(
        ready.simulator,
        found.points,
        luck,
        mapper,
        lambda done: tell("runs of the draws", (done, draws)),
    )
    return Fit(ready, wish, pool, found.points, luck, quantities, ())


def _tempered(
    ready: Prepared, wish: Wish, place: int, kept: Path, mapper: Mapper, tell: Tell
) -> Cloud:
    seed = wish.seeds[place]
    problem = ready.problem(Reference(frozenset(wish.reference)))
    key = key_of(problem, wish.settings, seed, f"{ready.scenario} {fingerprint()}")
    path = kept / f"seed-{seed}.npz"
    return temper(
        problem,
        wish.settings,
        seed,
        begun=load_cloud(path, key),
        mapper=mapper,
        keep=lambda cloud: save_cloud(path, cloud, key),
        report=lambda told: tell(f"fit {place + 1} of {len(wish.seeds)}", told),
    )
