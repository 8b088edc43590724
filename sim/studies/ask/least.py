"""The least value of a field, or the latest moment, with which goals are met."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path

from sim.answers.choices import Candidates, chosen, numbers_of, read_choice
from sim.answers.goals import GoalByMoment
from sim.answers.least import Least, ordered, searched
from sim.answers.probability import asked_of_runs
from sim.answers.what_holds import chains_of
from sim.errors import OptionError, ScenarioError
from sim.experiment import Study
from sim.metrics.obstacles import Obstacle
from sim.metrics.of_sites import ALL_SITES
from sim.report.answers.least import report_on_least
from sim.scenario import Operation, resolved_yaml
from sim.statistics.intervals import Numbers
from sim.statistics.threshold import MOST_VALUES, Wish, margin_of
from sim.studies.ask.probability import goal_of
from sim.studies.cases import Scenario
from sim.studies.fits import arms_of
from sim.studies.options import Amount, below
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Number, say

MOST = 2_000
"""Runs of one value, if nobody says how many are the most."""
_BATCH, _LOOKED_AT = 20, 40


def planned(
    scenario: Scenario,
    choice: str,
    goals: Sequence[str],
    amount: Amount,
    *,
    probability: float = 0.9,
    confidence: float = 0.95,
    latest: bool = False,
    fit: Path | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a search for the least value, or the latest moment.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    choice : what is chosen and the values to try, as `sim.answers.choices` reads it.
    goals : as `sim.answers.goals` reads them; a run must meet all.
    amount : how often to run each value at the most, and with which numbers.
    probability : with which the goals are to be met.
    confidence : that the answer is right.
    latest : whether the greatest value is sought, up to which all smaller ones hold.
    fit : file of a fit whose draws the runs are.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If the fit is of another scenario.
    """
    most = amount.at_most(MOST, _BATCH, say("for a search"))
    arms, amount = arms_of([scenario], amount, fit, caller.tell)
    if (drawn := arms[0].drawn) is not None:
        most = min(most, len(drawn.luck))
    amount = replace(amount, replications=most)
    operation = arms[0].operation
    if not goals:
        raise OptionError("goal", _NO_GOAL)
    read = _choice(choice, operation)
    places = ordered(read, _numbers(read, operation), latest=latest)
    found = [goal_of(text, operation) for text in goals]
    for place in places:
        world = chosen(operation, read, read.values[place])
        for text in goals:  # its moment must lie in every operation
            goal_of(text, world)
    _wish(probability, confidence, amount.runs)
    options = {
        "choice": choice,
        "goals": list(goals),
        "probability": probability,
        "confidence": confidence,
        "latest": latest,
        "order": places,
        "at_moments": list(asked_of_runs(found)),
    }
    runs = amount.runs * len(places)
    return StudyPlan.of("least", arms, amount, options, caller, runs=runs)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what it takes; return the value, or why there is none."""
    plan = study.plan
    (base,) = plan.jobs()
    options = plan.options
    choice = read_choice(options["choice"], base.operation)
    goals = tuple(goal_of(text, base.operation) for text in options["goals"])
    order = tuple(choice.values[place] for place in options["order"])
    wish = _wish(options["probability"], options["confidence"], plan.replications)
    asked = replace(base, only=base.at_moments)
    jobs = [asked.of(chosen(base.operation, choice, value)) for value in order]
    runner = work.runner(study, say("runs"), jobs, whole_is="most")
    found, studies = searched(runner, len(jobs), goals, wish)
    least = Least(
        choice=choice,
        latest=options["latest"],
        goals=goals,
        wish=wish,
        threshold=found,
        order=order,
        studies=studies,
        chain_h=_chain(studies[len(jobs) - 1], goals, work)
        if found.least is None
        else None,
    )
    return Outcome(
        report_on_least(least, base.operation, command=plan.typed),
        least,
        facts={
            "sought": {
                "choice": choice.what,
                "goals": [goal.metric for goal in goals],
                "probability": wish.probability,
                "margin": wish.margin,
                "confidence": wish.confidence,
                "found": least.value,
            },
            "file": "scenario.yaml",
        },
        files={"scenario.yaml": resolved_yaml(base.operation)},
        **runs_of(studies.values()),
    )


def _chain(
    study: Study, goals: Sequence[GoalByMoment], work: Work
) -> Mapping[Obstacle, Numbers]:
    """Return the hours up to the last arrival of the goals' site, in some runs.

    Runs that failed once would only fail again.
    """
    sites = {goal.whose.partition("/")[0] for goal in goals}
    origin = sites.pop() if len(sites) == 1 else ALL_SITES
    numbers = study.replications[:_LOOKED_AT].tolist()
    return chains_of(
        study.job,
        numbers,
        work.pool,
        work.progress(say("runs read"), len(numbers)),
        "" if origin == ALL_SITES else origin,
    )


_NO_GOAL = say("a goal is needed, as 'all of all arrived by day 4'.")


def _choice(text: str, operation: Operation) -> Candidates:
    """Return what is chosen.

    Raises
    ------
    OptionError
        If there is nothing such to choose, or too many values.
    """
    try:
        read = read_choice(text, operation)
    except ScenarioError as error:
        raise OptionError("choice", below(error)) from error
    if len(read.values) > MOST_VALUES:
        raise OptionError(
            "choice",
            say(
                "{values} values are more than {most}, the most that a search tries. "
                "Write longer steps.",
                values=Number(len(read.values)),
                most=MOST_VALUES,
            ),
        )
    return read


def _numbers(choice: Candidates, operation: Operation) -> tuple[float, ...]:
    """Return the values as numbers.

    Raises
    ------
    OptionError
        If they have no order.
    """
    numbers = numbers_of(choice, operation)
    if any(map(isnan, numbers)):
        raise OptionError(
            "choice",
            say(
                "the values of {what} have no order, so there is no least of them.",
                what=choice.what,
            ),
        )
    return numbers


def _wish(probability: float, confidence: float, most: int) -> Wish:
    """Return how likely goals are to be.

    Raises
    ------
    OptionError
        If no search can know that.
    """
    if not 0.01 <= probability <= 0.999:
        raise OptionError(
            "probability",
            say(
                "a probability from 1 % to 99.9 % can be tested, got {probability}.",
                probability=f"{probability:.4g}",
            ),
        )
    if not 0.5 < confidence < 1:
        raise OptionError(
            "confidence",
            say(
                "a confidence lies between 0.5 and 1, got {confidence}.",
                confidence=f"{confidence:.4g}",
            ),
        )
    batch = min(_BATCH, most)
    return Wish(probability, margin_of(probability), confidence, batch, most)
