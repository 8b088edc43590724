"""How far a calibration of a scenario can be trusted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.errors import OptionError
from sim.inference.calibration.options import FitOptions
from sim.inference.calibration.posterior_draws import PosteriorDraws, load_draws
from sim.inference.problem import Prepared
from sim.inference.validation.held_out import until
from sim.inference.validation.reference_sensitivity import counting_people
from sim.inference.validation.simulation_based_calibration import CONFIDENCE, LEVELS
from sim.inference.validation.validation import Trial, validated
from sim.report.validation import report_on_validation
from sim.scenario import resolved_yaml
from sim.studies.calibration import calibrator_of, facts_of, ready_for, settings_of
from sim.studies.cases import Scenario, opened
from sim.studies.fits import check_fit
from sim.studies.options import Amount
from sim.studies.outcome import Outcome
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Number, say


def planned(
    scenario: Scenario,
    *,
    seen_until: datetime | None = None,
    reference: Sequence[str] = (),
    sets: int = 1_000,
    draws: int = 300,
    fit: Path | None = None,
    tempered: bool = False,
    particles: int = 1_000,
    moves: int = 10,
    pool: int = 20_000,
    seed: int | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a validation.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    seen_until : local time; figures that end later are left out and foretold. None for
        the midnight after which about a third of the counts end.
    reference : families of sources to take at their word, in turn; if none, each that
        counts people.
    sets : made-up records on which the screen is tried.
    draws : of each screen.
    fit : file of a tempered fit of the scenario, to compare with.
    tempered : whether to leave out and to believe with tempered fits, not screens.
    particles, moves : draws of each tempered fit, and moves of each at each step.
    pool : runs at values from the ranges.
    seed : root of all random numbers; the usual one if None.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be tried.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    UnusableError
        If the file of the fit cannot be used.
    """
    arm = Arm(*opened(scenario, caller.tell))
    options: dict[str, Any] = {
        "seen_until": seen_until and seen_until.isoformat(timespec="minutes"),
        "reference": list(dict.fromkeys(reference)),
        "sets": sets,
        "draws": draws,
        "fit": fit and str(fit),
        "tempered": tempered,
        "moves": moves,
    }
    if 2 * sets >= pool:
        sentence = say(
            "take fewer than half of the pool of {runs} runs", runs=Number(pool)
        )
        raise OptionError("sets", sentence)
    trial = _trial(options, ready_for(arm, options["reference"]))
    if fit is not None and trial.tempered is not None:
        check_fit(fit, trial.tempered, arm.operation, caller.tell)
    amount = Amount(particles if tempered else draws, seed, fitted=True)
    return StudyPlan.of("validate", [arm], amount, options, caller, runs=pool)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing of a validation; return what it shows."""
    plan = study.plan
    (arm,) = plan.arms
    options = FitOptions(
        method="tempered" if plan.options["tempered"] else "screen",
        seeds=(plan.seed,),
        settings=settings_of(plan),
        pool=plan.runs,
    )
    families = plan.options["reference"]
    ready = ready_for(arm, families)
    calibrator = calibrator_of(study, work, ready, options, families)
    trial = _trial(plan.options, calibrator.ready)
    done = validated(calibrator, trial)
    found = done.coverage
    return Outcome(
        report_on_validation(done, command=plan.typed),
        done,
        facts={
            **facts_of(calibrator),
            "draws": options.settings.particles,
            "made_up_records": found.sets,
            "draws_of_each": found.draws,
            "coverage": dict(zip(map(str, LEVELS), found.means, strict=True)),
            "band_confidence": CONFIDENCE,
            "outside_band": [row.name for row in found.outside],
        },
        files={"scenario.yaml": resolved_yaml(arm.operation)},
    )


def _trial(options: Mapping[str, Any], ready: Prepared) -> Trial:
    """Return what is to be tried.

    Raises
    ------
    OptionError
        If the moment leaves no figure out.
    """
    cut_s = None
    if options["seen_until"] is not None:
        try:
            cut_s = ready.operation.clock.seconds(options["seen_until"])
            until(ready, cut_s)
        except ValueError as error:
            raise OptionError("seen_until", str(error)) from error
    return Trial(
        families=tuple(options["reference"]) or counting_people(ready),
        cut_s=cut_s,
        sets=options["sets"],
        draws=options["draws"],
        tempered=_tempered(options["fit"], ready),
    )


def _tempered(fit: str | None, ready: Prepared) -> PosteriorDraws | None:
    """Return the draws to compare with.

    Raises
    ------
    OptionError
        If they are of another scenario, or not of a tempered fit.
    """
    if fit is None:
        return None
    draws = load_draws(Path(fit))
    if draws.about.scenario != ready.scenario or draws.about.method != "tempered":
        sentence = say(
            "{fit} is not a tempered fit of this scenario as it is now", fit=fit
        )
        raise OptionError("fit", sentence)
    return draws
