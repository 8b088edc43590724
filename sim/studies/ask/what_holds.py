"""What holds an operation, and what it would be without each of the things that do."""

from pathlib import Path

from sim.answers.bound import capacity_of
from sim.answers.removals import without
from sim.answers.what_holds import (
    WhatHolds,
    held_in,
    metrics_of,
    removals,
)
from sim.experiment.bands import Bands
from sim.report.answers.what_holds import report_on_what_holds
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
    """Return the plan of runs that say what holds an operation.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : how often to run it, and it without each obstacle.
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
    runs = amount.runs * (1 + len(removals(arms[0].operation)))
    return StudyPlan.of("what-holds", arms, amount, {}, caller, runs=runs)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what holds the operation."""
    plan = study.plan
    (job,) = plan.jobs()
    every = removals(job.operation)
    jobs = [job, *(job.of(without(job.operation, each)) for each in every)]
    base, *others = work.runner(study, say("runs"), jobs).upto(plan.replications)
    whole = len(base.replications)
    progress = work.progress(say("runs read"), whole)
    held = held_in(base, work.pool, progress)
    arms = tuple(zip(every, others, strict=True))
    found = WhatHolds(base, held, arms, metrics_of(Bands(base).leaving))
    return Outcome(
        report_on_what_holds(found, command=plan.typed, capacity=capacity_of(base)),
        found,
        facts={"replications": plan.replications, "file": "scenario.yaml"},
        files={"scenario.yaml": resolved_yaml(job.operation)},
        **runs_of([base, *others]),
    )
