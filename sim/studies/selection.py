"""Which of several variants is best, with as few runs as that takes."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from sim.errors import OptionError, RunError
from sim.experiment import Runner
from sim.experiment.compare import better
from sim.experiment.ranking import (
    FEWEST,
    NeverCameError,
    Ranking,
    TooFewError,
    ranked,
)
from sim.report.cautions import of_variant
from sim.report.selection import report_on_selection
from sim.statistics.selection import Contest
from sim.studies.cases import Scenario, opened
from sim.studies.metrics import (
    MOST,
    checked_metric,
    moments_in,
    names_in,
    no_metric,
    tried,
)
from sim.studies.options import Amount
from sim.studies.outcome import Outcome, runs_of, scenarios_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Words, joined, say

_FIRST, _BATCH = 60, 20
"""Runs of each variant before the first is dropped, and of each look after that."""


def planned(
    scenario: Scenario,
    variants: Sequence[Scenario],
    amount: Amount,
    *,
    metric: str,
    matters: float,
    larger: bool | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a choice of the best scenario.

    Parameters
    ----------
    scenario, variants : files, or names in the folder scenarios.
    amount : how often to run each at the most, and with which numbers.
    metric : by which the best is chosen; it must happen in every run.
    matters : the least difference of means that matters, in the unit of the metric.
    larger : whether more is better; None if that is known of the metric.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in the scenarios or their evidence is wrong.
    RunError
        If a run that shows what is measured fails.
    """
    checked_metric(metric)
    if not (matters > 0 and isfinite(matters)):
        sentence = say(
            "a difference that matters is above 0, got {matters}.", matters=f"{matters}"
        )
        raise OptionError("matters", sentence)
    most = amount.at_most(MOST, FEWEST, say("to choose a best"))
    amount = replace(amount, replications=most)
    cases = (opened(each, caller.tell) for each in (scenario, *variants))
    arms = [Arm(*case._replace(figures=())) for case in cases]
    _check_names([arm.name for arm in arms])
    at_moments = moments_in([metric], (arm.operation for arm in arms))
    name = full_name(arms, metric, amount, at_moments)
    options = {
        "metric": name,
        "at_moments": list(at_moments),
        "matters": matters,
        "larger": more_is_better(name, larger),
    }
    return StudyPlan.of("select", arms, amount, options, caller)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing until one variant is the best; return which it is."""
    plan = study.plan
    ranking = _ranking(work.runner(study, say("runs"), whole_is="most"), plan)
    contest, chosen = ranking.contest, ranking.selection
    files, variants = scenarios_of(
        {f"variant-{n}": arm for n, arm in enumerate(ranking.studies, start=1)}
    )
    words = Words()
    return Outcome(
        report_on_selection(ranking, command=plan.typed),
        ranking,
        facts={
            "selected": {
                "metric": ranking.metric,
                "better": "higher" if contest.larger else "lower",
                "matters": contest.matters,
                "confidence": contest.confidence,
                "procedure": "Kim and Nelson (2001)",
                "first": contest.first,
                "batch": contest.batch,
                "best": chosen.best,
                "guaranteed": chosen.sure,
                "left": list(chosen.left),
                "left_out": list(ranking.left_out),
                "cautions": [words.of(of_variant(each)) for each in ranking.cautions],
            },
            "replications": contest.most,
            "variants": variants,
        },
        files=files,
        **runs_of(each for _, each in ranking.studies),
    )


def _ranking(runner: Runner, plan: StudyPlan) -> Ranking:
    """Return which variant is best.

    Raises
    ------
    OptionError
        If the metric did not happen in every run.
    RunError
        If too many runs failed.
    """
    names = [arm.name for arm in plan.arms]
    contest = Contest(
        plan.options["matters"],
        larger=plan.options["larger"],
        first=min(_FIRST, plan.replications),
        most=plan.replications,
        batch=_BATCH,
    )
    try:
        return ranked(runner, names, plan.options["metric"], contest)
    except NeverCameError as error:
        raise OptionError(
            "metric",
            say(
                "{error}, and only what happens in every run can be ranked by its "
                "mean. Choose a metric that always happens, such as waiting or "
                "not_arrived, let the scenario end later, or leave {variant} out.",
                error=str(error),
                variant=f"{error.args[1]}",
            ),
        ) from error
    except TooFewError as error:
        raise RunError(f"{error}.") from error


def _check_names(names: Sequence[str]) -> None:
    """Check that variants can be told apart.

    Raises
    ------
    OptionError
        If they cannot.
    """
    for name in names:
        if names.count(name) > 1:
            raise OptionError(
                "variants",
                say(
                    "'{name}' is named twice. Name each scenario once; two of the same "
                    "name need folders or files of different names.",
                    name=name,
                ),
            )


def full_name(
    arms: Sequence[Arm], metric: str, amount: Amount, at_moments: Sequence[str]
) -> str:
    """Return the full name of a metric that every variant has.

    Raises
    ------
    OptionError
        If it is given for several sites, or a variant does not have it.
    """
    first, *others = arms
    name, *more = names_in(tried(first.operation, amount, at_moments), [metric])
    if more:
        raise OptionError(
            "metric",
            say(
                "'{metric}' is more than one number: {names}. Name one of them.",
                metric=metric,
                names=joined((name, *more), ", "),
            ),
        )
    for arm in others:
        known = tried(arm.operation, amount, at_moments).layout.metrics
        if name not in known:
            told = joined((arm.name, no_metric(name, known)), ": ")
            raise OptionError("metric", told)
    return name


def more_is_better(metric: str, larger: bool | None) -> bool:
    """Return whether more of a metric is better.

    Raises
    ------
    OptionError
        If nobody says so.
    """
    if larger is not None:
        return larger
    if not better(metric):
        raise OptionError(
            "metric",
            say(
                "nobody can say in general whether more or less of {metric} is better. "
                "Add --larger if more is, or --smaller if less is.",
                metric=metric,
            ),
        )
    return better(metric) > 0
