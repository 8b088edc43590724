"""Go at once with uncertain numbers, or wait for confirmed ones."""

from collections.abc import Sequence
from dataclasses import replace

from sim.answers.go_or_wait import delayed, fewest, opened_before, weighed
from sim.errors import OptionError
from sim.experiment.compare import better
from sim.report.answers.go_or_wait import report_on_go_or_wait
from sim.scenario import resolved_yaml
from sim.scenario.measures import DURATION
from sim.scenario.problems import RefusedError, hint, quoted, with_remedy
from sim.studies.cases import Scenario, opened
from sim.studies.metrics import checked_metric, moments_in, names_in, tried
from sim.studies.options import Amount
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import joined, say

USUAL = 400
"""Runs, if nobody says how many."""


def planned(
    scenario: Scenario,
    variants: Sequence[Scenario],
    amount: Amount,
    *,
    confirms: Sequence[str],
    after: str,
    metric: str,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs that say whether to go or to wait.

    Parameters
    ----------
    scenario, variants : the decisions: files, or names in the folder scenarios.
    amount : how often to run each, and with which numbers; always with draws of what
        is not known.
    confirms : paths of what is known once somebody has waited.
    after : how long that takes.
    metric : what going and waiting cost.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in a scenario or its evidence is wrong.
    RunError
        If the run that shows what is measured fails.
    """
    checked_metric(metric)
    wait_s = _duration(after)
    confirms = tuple(dict.fromkeys(confirms))
    runs = amount.at_most(
        max(USUAL, fewest(len(confirms))),
        fewest(len(confirms)),
        say("to tell what it is worth to know"),
    )
    amount = replace(amount, replications=runs, knowledge=True, per_draw=1)
    cases = [
        opened(each, caller.tell)._replace(figures=()) for each in (scenario, *variants)
    ]
    arms = [Arm(*case) for case in cases]
    base = arms[0].operation
    if not confirms:
        raise OptionError("confirms", say("name at least one path under 'uncertain'."))
    for path in confirms:
        if path not in base.uncertain:
            raise OptionError(
                "confirms",
                joined(
                    (
                        say("nothing is drawn for {path}.", path=quoted(path)),
                        hint(path, base.uncertain),
                    )
                ),
            )
    if wait_s >= base.ends:
        raise OptionError(
            "after", say("the operation is over before the numbers come.")
        )
    for arm in arms:
        for path in opened_before(arm.operation, wait_s):
            raise OptionError(
                "after",
                say(
                    "{arm} draws {path}, and may draw a moment before the numbers "
                    "come, so that nobody would wait. Leave that range out.",
                    arm=arm.name,
                    path=quoted(path),
                ),
            )
    at_moments = moments_in([metric], (arm.operation for arm in arms))
    names = names_in(tried(base, amount, at_moments), [metric])
    if len(names) > 1:
        raise OptionError(
            "metric", say("name one of {names}.", names=joined(names, ", "))
        )
    if not better(names[0]):
        raise OptionError(
            "metric",
            say("of {name} nobody can say what is better.", name=names[0]),
        )
    options = {
        "confirms": list(confirms),
        "wait_s": wait_s,
        "metric": names[0],
        "at_moments": list(at_moments),
    }
    return StudyPlan.of(
        "go-or-wait", arms, amount, options, caller, runs=2 * len(arms) * amount.runs
    )


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return whether to go or to wait.

    Raises
    ------
    RunError
        If too few runs worked, or what they cost has no value in one.
    """
    plan, options = study.plan, study.plan.options
    now = plan.jobs()
    wait_s = options["wait_s"]
    later = [replace(job, operation=delayed(job.operation, wait_s)) for job in now]
    studies = work.runner(study, say("runs"), [*now, *later]).tried(plan.replications)
    names = [arm.name for arm in plan.arms]
    half = len(now)
    found = weighed(
        names,
        studies[:half],
        studies[half:],
        options["metric"],
        options["confirms"],
        wait_s,
    )
    base = now[0].operation
    return Outcome(
        report_on_go_or_wait(found, base, command=plan.typed),
        found,
        facts={"confirms": options["confirms"], "metric": found.metric},
        files={
            f"scenarios/decision-{n}.yaml": resolved_yaml(job.operation)
            for n, job in enumerate(now, start=1)
        },
        **runs_of(studies),
    )


def _duration(text: str) -> int:
    """Return how long the numbers take [s].

    Raises
    ------
    OptionError
        If it is no duration above 0.
    """
    try:
        seconds = int(DURATION.read(text))
    except RefusedError as error:
        raise OptionError("after", with_remedy(*error.args)) from error
    if seconds <= 0:
        raise OptionError("after", say("a wait is longer than 0."))
    return seconds
