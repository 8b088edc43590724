"""Which of the things that are not known, or may be chosen, matter for a number."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

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
from sim.errors import OptionError, ScenarioError
from sim.experiment.bands import Bands
from sim.report.answers.sensitivity import report_on_sensitivity
from sim.scenario import resolved_yaml
from sim.statistics.sensitivity import Paths, Samples
from sim.studies.cases import Scenario, opened
from sim.studies.metrics import checked_metric, moments_in, names_in, tried
from sim.studies.options import Amount, below
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller, Note
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Number, Text, duration, say


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
    amount : runs of each point, four if nobody says how many, and with which numbers.
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
    runs = amount.at_most(RUNS, 2, say("to tell chance from what is not known"))
    if points < 8 or points & (points - 1):
        raise OptionError(
            "points",
            say(
                "points are 8, 16, 32 or another power of 2, got {points}.",
                points=points,
            ),
        )
    case = opened(scenario, caller.tell)._replace(figures=())
    try:
        plan = inputs_of(case.operation, [_choice(text) for text in vary], runs)
    except ScenarioError as error:
        raise OptionError("vary", below(error)) from error
    if not plan.names:
        raise OptionError(
            "scenario",
            say(
                "nothing is not known: the scenario has no ranges under 'uncertain'. "
                "Write some, or name what may be chosen with --vary."
            ),
        )
    at_moments = moments_in(metrics, [plan.operation])
    amount = replace(amount, replications=1)
    began = perf_counter()
    study = tried(plan.operation, amount, at_moments)
    took_s = perf_counter() - began
    names = names_in(study, metrics or metrics_of(Bands(study).leaving))
    options = {
        "metrics": list(names),
        "at_moments": list(at_moments),
        "choices": list(plan.choices),
        "points": points,
        "runs": runs,
    }
    arms = [Arm(case.name, plan.operation)]
    most = runs * (PATHS * (len(plan.names) + 1) + points * (len(plan.names) + 2))
    caller.tell(Note(_how_long(most, took_s * most)))
    return StudyPlan.of("sensitivity", arms, amount, options, caller, runs=most)


def outcome(study: Underway, work: Work) -> Outcome:
    """Screen all inputs, then share out the variance among those that matter.

    Raises
    ------
    RunError
        If a run failed, or has no value of a metric that is no moment: then nothing
        can be said of what it stands for.
    """
    plan, metrics = study.plan, study.plan.options["metrics"]
    operation = plan.named.operation
    inputs = inputs_of(operation, [], plan.options["runs"])
    paths = Paths.drawn(len(inputs.names), PATHS, plan.seed)
    first = job_at(inputs, paths.rows, inputs.names, plan.seed, metrics)
    (screen,) = work.runner(study, say("runs"), [first]).upto(
        len(paths.rows) * inputs.runs
    )
    screens = [screened(inputs, paths, screen, metric) for metric in metrics]
    names = varied(screens)
    shares, studies = [], [screen]
    if names:
        samples = Samples.drawn(len(names), plan.options["points"], plan.seed)
        second = job_at(inputs, samples.rows, names, plan.seed, metrics)
        runner = work.runner(study, say("runs"), [first, second])
        (sampled,) = runner.upto(len(samples.rows) * inputs.runs, [1])
        shares = [shared(inputs, names, samples, sampled, metric) for metric in metrics]
        studies.append(sampled)
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


def _how_long(runs: int, seconds: float) -> Text:
    """Return how long so many runs take."""
    return say(
        "At most {runs} runs, which would take one processor {time} if all took as "
        "long as the first.",
        runs=Number(runs),
        time=duration(max(60, round(seconds / 60) * 60)),
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
            say(
                "'{text}' is not a path and a range. Write for example "
                "'fleets.buses.seats=40 to 80'.",
                text=text,
            ),
        )
    return path, values
