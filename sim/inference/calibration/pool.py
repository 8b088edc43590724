"""One pool of runs, drawn before any figure is looked at.

A pool serves every edit of what was reported, every figure that is left out and every
trial on made-up reports; it holds quantities and not reports.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.errors import EvidenceError, UnusableError
from sim.experiment.npz import MOST_MB
from sim.experiment.program import fingerprint
from sim.inference.calibration.options import FitOptions
from sim.inference.calibration.progress import Tell
from sim.inference.claims import NODES, Numbers
from sim.inference.npz_file import Arrays, load_arrays, save_arrays
from sim.inference.problem import Prepared
from sim.inference.simulator import Mapper, Parts, Simulator, new_luck, simulated
from sim.whole_file import aside

_REMEDY = "Draw the pool again."
_ARRAYS = ("points", "luck", "quantities")
_MOST_PARTS = 64
_BYTES = 8
_BLOCK = 1_000
"""Runs after which a pool is kept: seconds, of what may take minutes."""


@dataclass(frozen=True, slots=True)
class PoolOrigin:
    """What a pool depends on; a pool of another origin is not used.

    Attributes
    ----------
    scenario : digest of the scenario.
    model : version of the program.
    seed : of the draws.
    parameters : names of the coordinates of a point.
    questions : what is read off each run, one for each claim.
    """

    scenario: str
    model: str
    seed: int
    parameters: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriorPool:
    """Runs at points drawn from the prior.

    Attributes
    ----------
    points : of (run, parameter), in the unit cube.
    luck : of (run, part).
    quantities : of (run, question, node).
    """

    origin: PoolOrigin
    points: Numbers
    luck: Parts
    quantities: Numbers

    def about(self, places: Sequence[int]) -> "PriorPool":
        """Return the same, asked some of the questions, by their places."""
        questions = tuple(self.origin.questions[place] for place in places)
        return replace(
            self,
            origin=replace(self.origin, questions=questions),
            quantities=self.quantities[:, places],
        )

    def save(self, path: Path) -> None:
        """Write the pool to a file that appears only when it is whole."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        save_arrays(path, asdict(self.origin), arrays)


def draw_pool(
    simulator: Simulator,
    origin: PoolOrigin,
    runs: int,
    parts: int,
    mapper: Mapper = map,
    progress: Callable[[int], None] = lambda done: None,
    kept: Path | None = None,
) -> PriorPool:
    """Return runs at points of the prior, the same ones for the same seed.

    Parameters
    ----------
    simulator : answers the questions of `origin`.
    origin : what to note about the pool; its seed settles the draws.
    runs, parts : how many runs, and how many parts of luck each.
    mapper : as of `simulated`.
    progress : called with the number of runs done so far.
    kept : file in which runs are kept block by block, so that a pool that was stopped
        goes on; None if that is not worth while.
    """
    points, luck = _points(origin, runs, parts)
    blocks = [] if kept is None else _begun(kept, origin, runs)
    done = sum(len(block) for block in blocks)
    while done < runs:
        some = slice(done, done + _BLOCK)
        blocks.append(
            simulated(
                simulator,
                points[some],
                luck[some],
                mapper,
                lambda more, before=done: progress(before + more),  # type: ignore[misc]
            )
        )
        done += len(blocks[-1])
        if kept is not None and done < runs:
            arrays = {"quantities": np.concatenate(blocks)}
            save_arrays(kept, asdict(origin), arrays)
    return PriorPool(origin, points, luck, np.concatenate(blocks)[:runs])


def _points(origin: PoolOrigin, runs: int, parts: int) -> tuple[Numbers, Parts]:
    """Return where the runs of a pool are, and their luck."""
    rng = np.random.default_rng(origin.seed)
    return rng.random((runs, len(origin.parameters))), new_luck(rng, runs, parts)


def _begun(path: Path, origin: PoolOrigin, runs: int) -> list[Numbers]:
    """Return what was drawn of a pool; what cannot be used is set aside."""
    if not path.exists():
        return []
    try:
        found = _loaded(path, ("quantities",), origin, runs)["quantities"]
    except UnusableError:
        aside(path)
        return []
    return [found]


def load_pool(path: Path, origin: PoolOrigin, runs: int = 1_000) -> PriorPool:
    """Return the pool in a file.

    Parameters
    ----------
    path : written by `PriorPool.save`.
    origin : that it must have.
    runs : that it may have, and a few more.

    Raises
    ------
    UnusableError
        If the file cannot be read, or holds a pool of another scenario, model, seed
        or question.
    """
    return PriorPool(origin, **_loaded(path, _ARRAYS, origin, runs))


def _loaded(
    path: Path, names: tuple[str, ...], origin: PoolOrigin, runs: int
) -> Arrays:
    """Return arrays, and refuse what was drawn for another origin.

    Raises
    ------
    UnusableError
        With the name of what differs.
    """
    # A pool may be as large as somebody wishes, but not larger than it was asked for.
    each = len(origin.parameters) + NODES * len(origin.questions) + _MOST_PARTS
    most_mb = MOST_MB + runs * each * _BYTES / 1_000_000
    told, arrays = load_arrays(path, names, _REMEDY, most_mb)
    for name, value in json.loads(json.dumps(asdict(origin))).items():
        if told.get(name) != value:
            raise UnusableError(str(path), f"its {name} is another one", _REMEDY)
    quantities = arrays["quantities"]
    if quantities.dtype.kind != "f" or quantities.ndim != 3:
        raise UnusableError(str(path), "it holds no quantities", _REMEDY)
    if quantities.shape[1:] != (len(origin.questions), NODES):
        raise UnusableError(str(path), "it answers other questions", _REMEDY)
    return arrays


def origin_of(ready: Prepared, seed: int) -> PoolOrigin:
    """Return what a pool of an operation depends on."""
    return PoolOrigin(
        ready.scenario, fingerprint(), seed, ready.prior.names, ready.questions
    )


def pool_name(ready: Prepared, options: FitOptions) -> str:
    """Return the name of the file for a pool: another one for whatever it rests on."""
    origin = origin_of(ready, options.seeds[0])
    told = json.dumps([asdict(origin), options.pool, options.settings.parts])
    return f"pool-{sha256(told.encode()).hexdigest()[:12]}.npz"


def pool_at(
    path: Path,
    ready: Prepared,
    options: FitOptions,
    mapper: Mapper = map,
    tell: Tell = lambda what, progress: None,
) -> PriorPool:
    """Return the pool in a file, or draw it and keep it there.

    One that was stopped while it was drawn goes on. One that is damaged, or is not what
    its name says, is set aside and drawn anew.

    Parameters
    ----------
    path : see `pool_name`.
    ready, options : what it is for.
    mapper, tell : where runs are made, and who hears of it.
    """
    origin = origin_of(ready, options.seeds[0])
    if path.exists():
        with suppress(UnusableError):
            pool = load_pool(path, origin, options.pool)
            points, luck = _points(origin, options.pool, options.settings.parts)
            same = np.array_equal(pool.points, points), np.array_equal(pool.luck, luck)
            if all(same) and len(pool.quantities) == len(points):
                return pool
        aside(path)
    begun = path.with_suffix(".part")
    pool = draw_pool(
        ready.simulator,
        origin,
        options.pool,
        options.settings.parts,
        mapper,
        lambda done: tell("pool of runs", (done, options.pool)),
        kept=begun,
    )
    pool.save(path)
    begun.unlink(missing_ok=True)
    return pool


def occurring(ready: Prepared, pool: PriorPool) -> tuple[Prepared, PriorPool]:
    """Return what is left to fit without figures that happen in no run at all.

    Nothing that is drawn makes them any likelier, so they say nothing about what is
    not known.

    Parameters
    ----------
    ready : with all claims.
    pool : with runs about them.

    Raises
    ------
    EvidenceError
        If no figure is left.
    """
    never = np.isnan(pool.quantities).all(axis=(0, 2))
    if not never.any():
        return ready, pool
    runs = f"in none of {len(pool.points):,} runs at values from the ranges"
    left = ready.without(
        {int(place): f"happens {runs}" for place in np.flatnonzero(never)}
    )
    if never.all():
        names = ", ".join(claim.name for claim in ready.claims)
        raise EvidenceError(
            (
                f"what the fitted figures ask for happens {runs}: {names}; there is "
                "nothing to fit. Check what these rows select and when, or the ranges "
                "under `uncertain`",
            )
        )
    return left, pool.about(np.flatnonzero(~never).tolist())
