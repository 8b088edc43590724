"""Which of the things that are not known, or may be chosen, matter for a number."""

from collections.abc import Sequence
from dataclasses import replace

from sim.answers.sensitivity import (
    PATHS,
    POINTS,
    RUNS,
    job_at,
    screened,
    shared,
    varied,
)
from sim.answers.sensitivity import planned as inputs_of
from sim.answers.what_holds import metrics_of
from sim.errors import OptionError, RunError, ScenarioError
from sim.experiment.bands import Bands
from sim.report.answers.sensitivity import report_on_sensitivity
from sim.scenario import resolved_yaml
from sim.statistics.sensitivity import Paths, Samples
from sim.studies.cases import Scenario, opened
from sim.studies.metrics import checked_metric, moments_in, names_in, tried
from sim.studies.options import Amount
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import say


def planned(
    scenario: Scenario,
    amount: Amount,
    *,
    metrics: Sequence[str] = (),
    vary: Sequence[str] = (),
    points: int = POINTS,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of an analysis.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : with which numbers.
    metrics : to explain; all waiting, and when 90 % and all are out, if none.
    vary : what may be chosen, each `PATH=RANGE`.
    points : of each sample of Sobol's indices, a power of 2.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If the run that shows what is measured fails.
    """
    for metric in metrics:
        checked_metric(metric)
    if points < 8 or points & (points - 1):
        raise OptionError(
            "points", f"points are 8, 16, 32 or another power of 2, got {points}."
        )
    case = opened(scenario, caller.tell)._replace(figures=())
    try:
        plan = inputs_of(case.operation, [_choice(text) for text in vary])
    except ScenarioError as error:
        raise OptionError("vary", f"\n{error}") from error
    if not plan.names:
        raise OptionError(
            "scenario",
            "nothing is not known: the scenario has no ranges under 'uncertain'. "
            "Write some, or name what may be chosen with --vary.",
        )
    at_moments = moments_in(metrics, [plan.operation])
    study = tried(plan.operation, amount, at_moments)
    names = names_in(study, metrics or metrics_of(Bands(study).leaving))
    options = {
        "metrics": list(names),
        "at_moments": list(at_moments),
        "choices": list(plan.choices),
        "points": points,
    }
    arms = [Arm(case.name, plan.operation)]
    most = RUNS * (PATHS * (len(plan.names) + 1) + points * (len(plan.names) + 2))
    return StudyPlan.of("sensitivity", arms, amount, options, caller, runs=most)


def outcome(study: Underway, work: Work) -> Outcome:
    """Screen all inputs, then share out the variance among those that matter.

    Raises
    ------
    RunError
        If a run failed: then nothing can be said of what it stands for.
    """
    plan, metrics = study.plan, study.plan.options["metrics"]
    operation = plan.named.operation
    inputs = inputs_of(operation, [])
    paths = Paths.drawn(len(inputs.names), PATHS, plan.seed)
    at_moments = tuple(plan.options["at_moments"])
    first = replace(
        job_at(inputs, paths.rows, inputs.names, plan.seed), at_moments=at_moments
    )
    (screen,) = work.runner(study, say("runs"), [first]).upto(len(paths.rows) * RUNS)
    try:
        screens = [screened(inputs, paths, screen, metric) for metric in metrics]
        names = varied(screens)
        shares, studies = [], [screen]
        if names:
            samples = Samples.drawn(len(names), plan.options["points"], plan.seed)
            second = replace(
                job_at(inputs, samples.rows, names, plan.seed), at_moments=at_moments
            )
            runner = work.runner(study, say("runs"), [first, second])
            (sampled,) = runner.upto(len(samples.rows) * RUNS, [1])
            shares = [shared(names, samples, sampled, metric) for metric in metrics]
            studies.append(sampled)
    except ValueError as error:
        raise RunError(f"a run failed, so nothing can be said: {error}") from error
    choices = frozenset(plan.options["choices"])
    return Outcome(
        report_on_sensitivity(
            operation, inputs.names, choices, screens, shares, command=plan.typed
        ),
        (screens, shares),
        facts={"inputs": list(inputs.names), "file": "scenario.yaml"},
        files={"scenario.yaml": resolved_yaml(operation)},
        **runs_of(studies),
    )


def _choice(text: str) -> tuple[str, str]:
    """Return a path and its range.

    Raises
    ------
    OptionError
        If one of them is missing.
    """
    path, sign, values = (part.strip() for part in text.partition("="))
    if not (path and sign and values):
        raise OptionError(
            "vary",
            f"'{text}' is not a path and a range. Write for example "
            "'fleets.buses.seats=40 to 80'.",
        )
    return path, values
