"""What is not known, drawn so that it agrees with what was documented."""

from collections.abc import Sequence
from functools import partial
from math import isnan
from pathlib import Path

from sim.errors import OptionError
from sim.experiment.work import in_order
from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.goodness_of_fit import goodness_of_fit
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import occurring, pool_at, pool_name
from sim.inference.calibration.posterior_draws import draws_of
from sim.inference.calibration.progress import Progress
from sim.inference.problem import Prepared, prepared
from sim.report.calibration import report_on_calibration
from sim.scenario import resolved_yaml
from sim.scenario.problems import choice, meant, quoted
from sim.studies.cases import Scenario, opened
from sim.studies.options import Amount
from sim.studies.outcome import Outcome
from sim.studies.plan import Arm, StudyPlan
from sim.studies.stopwatch import Stopwatch
from sim.studies.told import NOBODY, Caller, Step
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Number, joined, say

POOLED = "pooled"
"""Stands for no family of sources that is taken at its word."""
POOLS = "pools"
"""Folder, beside the results, of pools that later calibrations use again."""
FIT = "fit.npz"
"""File of the draws, among the results."""


def planned(
    scenario: Scenario,
    *,
    screen: bool = False,
    reference: Sequence[str] = (),
    seeds: int = 2,
    particles: int = 1_000,
    moves: int = 10,
    pool: int = 8_000,
    seed: int | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a fit to the documented figures.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    screen : whether to take a quick look from the pool, in place of the fit.
    reference : families of sources to take at their word; none if all are pooled.
    seeds : fits that must agree.
    particles : draws of each fit, or of the screen.
    moves : of each draw at each step.
    pool : runs at values from the ranges.
    seed : root of all random numbers; the usual one if None.
    caller : who asks.

    Raises
    ------
    OptionError
        If there is nothing to calibrate, or a family has no figures.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    """
    arm = Arm(*opened(scenario, caller.tell))
    families = sorted(set(reference) - {POOLED})
    ready_for(arm, families)
    options = {
        "screen": screen,
        "reference": families,
        "seeds": 1 if screen else seeds,
        "moves": moves,
    }
    amount = Amount(particles, seed, fitted=True)
    return StudyPlan.of("calibrate", [arm], amount, options, caller, runs=pool)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing of a fit; return what it reaches."""
    plan = study.plan
    (arm,) = plan.arms
    asked = plan.options
    options = FitOptions(
        method="screen" if asked["screen"] else "tempered",
        seeds=tuple(plan.seed + place for place in range(asked["seeds"])),
        settings=settings_of(plan),
        pool=plan.runs,
    )
    families = asked["reference"]
    ready = ready_for(arm, families)
    calibrator = calibrator_of(study, work, ready, options, families)
    task = FitTask.of_all("fit", calibrator.ready, tuple(asked["reference"]))
    good = goodness_of_fit(calibrator.fit(task))
    draws = draws_of(good.fit, good.learned)

    def leave(folder: Path) -> None:
        draws.save(folder / FIT)

    return Outcome(
        report_on_calibration(good, command=plan.typed),
        good,
        facts={
            **facts_of(calibrator),
            "reference": asked["reference"] or POOLED,
            "seeds": list(options.seeds),
            "particles": options.settings.particles,
            "draws": len(draws),
            "learned": list(good.learned),
        },
        files={"scenario.yaml": resolved_yaml(arm.operation)},
        leave=leave,
    )


def ready_for(arm: Arm, families: Sequence[str]) -> Prepared:
    """Return all that a calibration of a scenario needs.

    Parameters
    ----------
    arm : scenario and documented figures.
    families : of sources that must be there.

    Raises
    ------
    OptionError
        If nothing can be calibrated, or a family of sources is not there.
    """
    try:
        ready = prepared(arm.operation, arm.figures)
    except ValueError as error:
        raise OptionError("scenario", str(error)) from error
    if not ready.claims:
        sentence = say(
            "it has no documented figures with the role 'fit'. Write some into the "
            "table that the scenario names in 'evidence'; start from "
            "scenarios/evidence-template.csv"
        )
        raise OptionError("scenario", sentence)
    _known(ready, families)
    return ready


def _known(ready: Prepared, families: Sequence[str]) -> None:
    """Check that families have figures.

    Raises
    ------
    OptionError
        With the nearest name, or all of them.
    """
    names = sorted({claim.family for claim in ready.claims})
    for family in families:
        if family not in names:
            says = say(
                "no fitted figure is of a family {family}.", family=quoted(family)
            )
            there = say("There are: {names}.", names=choice(names))
            told = joined((says, meant(family, names), there))
            raise OptionError("reference", told)


def settings_of(plan: StudyPlan) -> SmcSettings:
    """Return how carefully fits are made."""
    moves = plan.options["moves"]
    return SmcSettings(plan.replications, moves=moves, last_moves=3 * moves)


def calibrator_of(
    study: Underway,
    work: Work,
    ready: Prepared,
    options: FitOptions,
    families: Sequence[str],
) -> Calibrator:
    """Return what makes fits, with the pool that they rest on.

    The pool is kept beside the results; fits that are under way, in the folder of the
    study. Figures that happen in no run of the pool are left out.

    Raises
    ------
    EvidenceError
        If none is left.
    OptionError
        If none of a family that must be there is left.
    """
    steps, pace = study.steps, Stopwatch()
    mapper = partial(in_order, work.pool)

    def tell(what: str, progress: Progress | tuple[int, int]) -> None:
        work.tell(_step(what, progress, pace))

    path = study.root / POOLS / pool_name(ready, options)
    left, pool = occurring(ready, pool_at(path, ready, options, mapper, tell))
    _known(left, families)
    return Calibrator(left, options, pool, steps, mapper, tell)


def facts_of(calibrator: Calibrator) -> dict[str, object]:
    """Return what run.json says of every calibration."""
    options, record = calibrator.options, calibrator.ready.record
    return {
        "method": options.method,
        "moves": options.settings.moves,
        "parts_of_luck": options.settings.parts,
        "pool": options.pool,
        "figures": len(record.claims),
        "left_out": dict(record.left_out),
    }


def _step(what: str, progress: Progress | tuple[int, int], pace: Stopwatch) -> Step:
    """Return how far a fit, or anything counted, is."""
    if not isinstance(progress, Progress):
        return Step(what, *progress, pace.seconds_left(what, *progress))
    if isnan(progress.seconds_left):
        return Step(what, progress.runs, None)
    return Step(
        say(
            "{what}, temperature {temperature} of 1",
            what=what,
            temperature=Number(progress.temperature, ".3g"),
        ),
        progress.runs,
        round(progress.expected_runs),
        progress.seconds_left,
        whole_is="estimated",
    )
