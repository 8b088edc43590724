"""Many runs of one scenario."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sim.answers.bound import capacity_of
from sim.answers.deadlocks import deadlocks_of
from sim.experiment import Runner, Study
from sim.experiment.movements import MOST as MOST_FOLLOWED
from sim.experiment.movements import movements_over
from sim.experiment.store import settle
from sim.experiment.until import run_until
from sim.experiment.work import in_order
from sim.report.ahead import may_follow
from sim.report.run import report_on_run
from sim.scenario import resolved_yaml
from sim.statistics.precision import Look
from sim.studies.cases import Scenario, path_among
from sim.studies.consent import ahead_of, heard
from sim.studies.fits import arms_of
from sim.studies.folder import REPLICATIONS
from sim.studies.metrics import (
    FIRST,
    MOST,
    checked_metric,
    moments_in,
    names_in,
    precise,
    rule_of,
    tried,
)
from sim.studies.options import Amount, checked_pdf
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
    path: str = "all",
    metrics: Sequence[str] = (),
    until: Sequence[str] = (),
    consent: bool = False,
    pdf: bool = False,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of many runs of a scenario.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : how often to run it, and with which numbers.
    fit : file of a fit whose draws the runs are.
    path : family of sources whose counts of people count as fitted, or `all`.
    metrics : to be shown beside the usual ones.
    until : how well metrics are to be known, as `waiting=2%`; then `amount` says how
    consent : whether whoever asks has agreed not to route or time vehicles by what
        lies ahead, and so gets to see what follows single convoys.
    pdf : whether to write the brief as PDF as well.
    caller : who asks.
    : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If the fit is of another scenario.
    """
    for metric in metrics:
        checked_metric(metric)
    targets = [precise(text).metric for text in until]
    if until:
        most = amount.at_most(MOST, FIRST, say("with --until-precise"))
        amount = replace(amount, replications=most)
    arms, amount = arms_of([scenario], amount, fit, caller.tell, documented=True)
    path = path_among(arms[0].figures, path)
    operations = [arm.operation for arm in arms]
    at_moments = dict.fromkeys(
        (
            *moments_in(metrics, operations),
            *moments_in(targets, operations, "until"),
        )
    )
    if metrics:  # a wrong name is told before all are run
        names_in(tried(operations[0], amount, tuple(at_moments)), metrics)
    options = {
        "consent": consent,
        "pdf": checked_pdf(pdf),
        "path": path,
        "until": list(until),
        "metrics": list(metrics),
        "at_moments": list(at_moments),
    }
    plan = StudyPlan.of("run", arms, amount, options, caller)
    if may_follow(ahead_of(plan)):
        plan = replace(plan, options={**plan.options, "followed": MOST_FOLLOWED})
    return heard(plan, caller.tell)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what all runs say."""
    plan = study.plan
    (arm,) = plan.arms
    until = plan.options["until"]
    runner = work.runner(study, say("runs"), whole_is="most" if until else "known")
    look = None
    if until:
        runs, look = _until(runner, until, plan.replications)
    else:
        (runs,) = runner.upto(plan.replications)
    log = runs.log_of(runs.typical)
    dates, moved = ahead_of(plan), None
    if may_follow(dates):
        moved = movements_over(runs, partial(in_order, work.pool))
    report = report_on_run(
        runs,
        log,
        name=arm.name,
        command=plan.typed,
        path=plan.options["path"],
        look=look,
        ahead=dates,
        moved=moved,
        metrics=names_in(runs, asked) if (asked := plan.options.get("metrics")) else (),
        capacity=capacity_of(runs),
        deadlocks=deadlocks_of(runs, work.pool, lambda _: None, MOST_FOLLOWED),
    )

    def leave(folder: Path) -> None:
        if runs.store.lasting:
            settle(runs.store, folder / REPLICATIONS)

    return Outcome(
        report,
        runs,
        facts={
            "replications": len(runs.runs) + len(runs.failures),
            "failed": len(runs.failures),
            "typical_replication": runs.typical,
        },
        files={"scenario.yaml": resolved_yaml(runs.operation)},
        leave=leave,
        **runs_of([runs]),
    )


def _until(runner: Runner, texts: Sequence[str], most: int) -> tuple[Study, Look]:
    """Return a study of as many runs as it takes to know what was asked."""
    (first,) = runner.upto(1)
    rule = rule_of(texts, most, first)
    names = [target.metric for target in rule.targets]
    (study,), look = run_until(
        runner, rule, lambda studies: {name: studies[0].metric(name) for name in names}
    )
    return study, look
