"""The best of many plans that somebody names, under a limit of imbalance."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite, prod

from sim.answers.best import best_plan
from sim.answers.choices import START, Candidates, read_choice
from sim.answers.imbalance import ImbalanceLimit
from sim.answers.plan_search import FINALISTS, Laboratory, PlansAsked
from sim.answers.plan_space import Space
from sim.errors import OptionError, RunError, ScenarioError
from sim.experiment import Job, Runner
from sim.experiment.ranking import FEWEST, TooFewError
from sim.experiment.runner import AllFailedError
from sim.report.answers.best import report_on_best
from sim.scenario import Operation, resolved_yaml
from sim.statistics.selection import Contest
from sim.studies.cases import Scenario, opened
from sim.studies.metrics import checked_metric, moments_in, tried
from sim.studies.options import Amount, below
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.selection import full_name, more_is_better
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Number, say

PLANS = 60
"""The most plans that are tried, if nobody says how many."""
MOST_PLANS = 500
_MOST, _FIRST, _BATCH = 500, 60, 20
_LOOK, _MEASURED = 40, 100
_LIMIT = re.compile(
    r"(?P<most>[0-9]{1,9}(?:\.[0-9]{1,3})?) ?(?P<unit>people|%|)", re.ASCII
)


def planned(
    scenario: Scenario,
    choices: Sequence[str],
    amount: Amount,
    *,
    metric: str = "t90/all",
    apart: str = "",
    breaks: float = 0.05,
    matters: float | None = None,
    larger: bool | None = None,
    plans: int = PLANS,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a search for the best plan.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    choices : what is chosen, each with its values, as `sim.answers.choices` reads it.
    amount : how often to run a plan that is compared, at the most, and with which
        numbers.
    metric : by which plans are compared.
    apart : how far the sides of an agreement may be apart, as `500 people` or `20 %`
        of those whom each side is to move; any if empty.
    breaks : share of the runs that may break that.
    matters : the least difference of means that matters, in the unit of the metric; a
        hundredth of what the metric is in a run, if None.
    larger : whether more is better; None if that is known of the metric.
    plans : the most that are tried: if there are no more, all of them.
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
    checked_metric(metric)
    most = amount.at_most(_MOST, FEWEST, say("to compare plans"))
    case = opened(scenario, caller.tell)._replace(figures=())
    operation = case.operation
    read = _choices(choices, operation)
    _limit(apart, breaks, operation)
    if not 2 <= plans <= MOST_PLANS:
        raise OptionError(
            "plans",
            say(
                "from 2 to {most} plans can be tried, got {plans}.",
                most=Number(MOST_PLANS),
                plans=Number(plans),
            ),
        )
    arms = [Arm(case.name, operation)]
    at_moments = moments_in([metric], [operation])
    name = full_name(arms, metric, amount, at_moments)
    if matters is None:
        (now,) = tried(operation, amount, at_moments).metric(name)
        matters = float(f"{abs(now) / 100:.1g}") if isfinite(now) and now else 1.0
    _contest(matters, False, most)
    options = {
        "choices": list(choices),
        "metric": name,
        "at_moments": list(at_moments),
        "apart": apart,
        "breaks": breaks,
        "matters": matters,
        "larger": more_is_better(name, larger),
        "plans": plans,
    }
    amount = replace(amount, replications=most)
    number = prod(len(each.values) for each in read)
    few = number <= plans
    runs = (min(number, plans) + 1) * (0 if few and not apart.strip() else _LOOK)
    runs += (min(number, plans if few else FINALISTS) + 1) * most + 2 * _MEASURED
    return StudyPlan.of("best", arms, amount, options, caller, runs=runs)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what it takes; return the best plan, or why there is none.

    Raises
    ------
    RunError
        If too few runs worked, or every run of a plan failed.
    """
    plan, options = study.plan, study.plan.options
    (base,) = plan.jobs()
    asked = PlansAsked(
        space=Space(base, _choices(options["choices"], base.operation)),
        metric=options["metric"],
        contest=_contest(options["matters"], options["larger"], plan.replications),
        limit=_limit(options["apart"], options["breaks"], base.operation),
        budget=options["plans"],
        look=min(_LOOK, plan.replications),
        measured=min(_MEASURED, plan.replications),
    )
    try:
        found = best_plan(asked, Laboratory(_runners(study, work), work.pool))
    except TooFewError as error:
        raise RunError(f"{error}.") from error
    except AllFailedError as error:
        _, first = error.args
        raise RunError(
            say("every run of a plan failed; the first: {error}.", error=first.error)
        ) from error
    best = None if found.best is None else found.tried[found.best]
    return Outcome(
        report_on_best(found, base.operation, command=plan.typed),
        found,
        facts={
            "sought": {
                "choices": [each.what for each in found.choices],
                "metric": found.metric,
                "matters": found.contest.matters,
                "confidence": found.contest.confidence,
                "best": best and list(best.values),
                "guaranteed": found.ranking is None or found.ranking.selection.sure,
                "exact": found.exact,
                "plans": found.plans,
            },
            "file": "scenario.yaml",
        },
        files={
            "scenario.yaml": resolved_yaml(base.operation),
            **(
                {"scenarios/best.yaml": resolved_yaml(best.job.operation)}
                if best
                else {}
            ),
        },
        **runs_of(found.studies),
    )


def _runners(study: Underway, work: Work) -> Callable[[Sequence[Job]], Runner]:
    """Return what makes one runner after another, each with its own place to keep runs.

    Which plan comes next hangs on what came before it, so that jobs are not known at
    first; of the same plan of a study they are always the same.
    """
    progress = work.progress(say("runs"), study.plan.runs, "most")
    jobs_before = runs_before = 0

    def runner(jobs: Sequence[Job]) -> Runner:
        nonlocal jobs_before
        first, done_before = jobs_before, runs_before
        jobs_before += len(jobs)

        def told(done: int) -> None:
            nonlocal runs_before
            runs_before = done_before + done
            progress(runs_before)

        return Runner(jobs, study.stores(jobs_before)[first:], work.pool, told)

    return runner


def _choices(texts: Sequence[str], operation: Operation) -> tuple[Candidates, ...]:
    """Return what is chosen.

    Raises
    ------
    OptionError
        If there is nothing such to choose.
    """
    if not texts:
        raise OptionError(
            "choose",
            say(
                "something to choose is needed, as '{example}'.",
                example="fleets.buses.seats=40, 60",
            ),
        )
    try:
        read = tuple(read_choice(text, operation) for text in texts)
    except ScenarioError as error:
        raise OptionError("choose", below(error)) from error
    names = [each.what for each in read]
    for name in names:
        if names.count(name) > 1:
            raise OptionError(
                "choose",
                say(
                    "'{name}' is chosen twice. Write all its values in one.", name=name
                ),
            )
    if START in names:
        raise OptionError(
            "choose",
            say(
                "plans that start at several moments count their hours from each its "
                "own, so they are not compared. Choose when a flow opens, as "
                "'{example}', or ask for the latest start.",
                example="flows.NAME.opens=...",
            ),
        )
    return read


def _limit(text: str, breaks: float, operation: Operation) -> ImbalanceLimit | None:
    """Return how far sides may be apart; None if that does not matter.

    Raises
    ------
    OptionError
        If it cannot be read, or no agreement has two sides.
    """
    if not 0 <= breaks < 1:
        raise OptionError(
            "breaks",
            say(
                "a share of the runs lies from 0 to below 100 %, got {share}.",
                share=f"{breaks:g}",
            ),
        )
    if not text.strip():
        return None
    found = _LIMIT.fullmatch(" ".join(text.split()))
    if found is None:
        raise OptionError(
            "apart",
            say(
                "'{text}' is no limit. Write for example '{people}' or '{share}'.",
                text=text,
                people="500 people",
                share="20 %",
            ),
        )
    if not any(len(each.parties) > 1 for each in operation.agreements.values()):
        raise OptionError(
            "apart",
            say(
                "no agreement has two sides, so nobody can be ahead. Leave {option} "
                "out.",
                option="--apart",
            ),
        )
    return ImbalanceLimit(float(found["most"]), found["unit"] == "%", breaks)


def _contest(matters: float, larger: bool, most: int) -> Contest:
    """Return how plans are compared.

    Raises
    ------
    OptionError
        If no difference that matters is above 0.
    """
    if not (matters > 0 and isfinite(matters)):
        raise OptionError(
            "matters",
            say(
                "the least difference that matters is above 0, got {matters}.",
                matters=f"{matters:g}",
            ),
        )
    return Contest(
        matters, larger=larger, first=min(_FIRST, most), most=most, batch=_BATCH
    )
