"""How likely a deadlock is."""

from pathlib import Path

from sim.answers.deadlocks import deadlocks_of
from sim.report.answers.deadlocks import report_on_deadlocks
from sim.scenario import resolved_yaml
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
    amount: Amount,
    *,
    fit: Path | None = None,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs whose ends are looked at.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : how often to run it, and with which numbers.
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
    arms, amount = arms_of([scenario], amount, fit, caller.tell)
    return StudyPlan.of("deadlock", arms, amount, {}, caller)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return how likely a deadlock is."""
    plan = study.plan
    (runs,) = work.runner(study, say("runs")).upto(plan.replications)
    progress = work.progress(say("runs read"), len(runs.replications))
    found = deadlocks_of(runs, work.pool, progress)
    return Outcome(
        report_on_deadlocks(found, command=plan.typed),
        found,
        facts={"replications": plan.replications, "file": "scenario.yaml"},
        files={"scenario.yaml": resolved_yaml(runs.operation)},
        **runs_of([runs]),
    )
