"""How likely it is that a goal is met."""

from pathlib import Path

from sim.answers.goals import GoalByMoment, read_goal
from sim.answers.probability import asked_of_runs, moments_around, probability
from sim.errors import OptionError
from sim.report.answers.probability import report_on_probability
from sim.scenario import Operation, resolved_yaml
from sim.scenario.problems import RefusedError, with_remedy
from sim.studies.cases import Scenario
from sim.studies.fits import arms_of
from sim.studies.options import Amount
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import say


def planned(
    scenario: Scenario,
    goal: str,
    amount: Amount,
    *,
    fit: Path | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs that say how likely a goal is.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    goal : as `sim.answers.goals` reads it.
    amount : how often to run it, and with which numbers.
    fit : file of a fit whose draws the runs are.
    caller : who asks.

    Raises
    ------
    OptionError
        If the goal is none of this scenario.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If the fit is of another scenario.
    """
    arms, amount = arms_of([scenario], amount, fit, caller.tell)
    operation = arms[0].operation
    asked = goal_of(goal, operation)
    around = moments_around(asked, operation.clock, operation.ends)
    options = {"goal": goal, "at_moments": list(asked_of_runs([asked, *around]))}
    return StudyPlan.of("probability", arms, amount, options, caller)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return how likely the goal is."""
    plan = study.plan
    (runs,) = work.runner(study, say("runs")).upto(plan.replications)
    found = probability(runs, goal_of(plan.options["goal"], runs.operation))
    return Outcome(
        report_on_probability(found, command=plan.typed),
        found,
        facts={
            "goal": {
                "metric": found.goal.metric,
                "met": found.likelihood.met,
                "runs": found.likelihood.runs,
            },
            "file": "scenario.yaml",
        },
        files={"scenario.yaml": resolved_yaml(runs.operation)},
        **runs_of([runs]),
    )


def goal_of(text: str, operation: Operation) -> GoalByMoment:
    """Return the goal that somebody asks for.

    Raises
    ------
    OptionError
        If it is none of this operation.
    """
    try:
        return read_goal(text, operation)
    except RefusedError as error:
        raise OptionError("goal", with_remedy(*error.args)) from error
