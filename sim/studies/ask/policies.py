"""Policies of the sides of an agreement against each other."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from sim.answers.policies import (
    MOST_ARMS,
    combinations,
    duel,
    kept_in,
    usual,
    with_policies,
)
from sim.errors import OptionError, ScenarioError
from sim.report.answers.policies import report_on_policies
from sim.scenario import Operation, resolved_yaml
from sim.scenario.plans import PolicyPlan
from sim.scenario.problems import hint, quoted
from sim.studies.cases import Scenario, opened
from sim.studies.options import Amount, below
from sim.studies.outcome import Outcome, runs_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import joined, say


def planned(
    scenario: Scenario,
    agreement: str,
    amount: Amount,
    *,
    policies: Sequence[str] = (),
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs of every combination of policies.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    agreement : of whose sides.
    amount : how often to run each combination, and with which numbers.
    policies : to try, as `plain` or `tolerance band=2`; the usual ones if none.
    caller : who asks.

    Raises
    ------
    OptionError
        If there is no such agreement or policy, or there are too many combinations.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    """
    case = opened(scenario, caller.tell)._replace(figures=())
    operation = case.operation
    if agreement not in operation.agreements:
        raise OptionError(
            "agreement",
            joined(
                (
                    say("there is no agreement {name}.", name=quoted(agreement)),
                    hint(agreement, operation.agreements),
                )
            ),
        )
    if len(operation.agreements[agreement].parties) < 2:
        raise OptionError(
            "agreement",
            say(
                "'{agreement}' has one side, which answers nobody.", agreement=agreement
            ),
        )
    runs = amount.runs * len(_tried(operation, agreement, policies))
    options = {"agreement": agreement, "policies": list(policies)}
    arms = [Arm(case.name, operation)]
    return StudyPlan.of("policies", arms, amount, options, caller, runs=runs)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what each combination comes to."""
    plan, agreement = study.plan, study.plan.options["agreement"]
    (base,) = plan.jobs()
    chosen = _tried(base.operation, agreement, plan.options["policies"])
    jobs = [base.of(with_policies(base.operation, agreement, each)) for each in chosen]
    studies = work.runner(study, say("runs"), jobs).upto(plan.replications)
    numbers = [each.replications.tolist() for each in studies]
    whole = sum(map(len, numbers))
    progress = work.progress(say("runs read"), whole)
    kept = kept_in(jobs, agreement, numbers, work.pool, progress)
    duels = [duel(*each) for each in zip(chosen, studies, kept, strict=True)]
    return Outcome(
        report_on_policies(base.operation, agreement, duels, command=plan.typed),
        duels,
        facts={"agreement": agreement, "file": "scenario.yaml"},
        files={
            "scenario.yaml": resolved_yaml(base.operation),
            **{
                f"scenarios/combination-{n}.yaml": resolved_yaml(job.operation)
                for n, job in enumerate(jobs, start=1)
            },
        },
        **runs_of(studies),
    )


def _tried(
    operation: Operation, agreement: str, policies: Sequence[str]
) -> tuple[Mapping[str, PolicyPlan], ...]:
    """Return every combination that is tried.

    Raises
    ------
    OptionError
        If they are too many, or one has no meaning under the terms.
    """
    named = tuple(map(_policy, policies)) or usual(operation, agreement)
    chosen = combinations(operation, agreement, named)
    if len(chosen) > MOST_ARMS:
        raise OptionError(
            "policy",
            say(
                "{chosen} combinations are more than {most}. Name fewer.",
                chosen=len(chosen),
                most=MOST_ARMS,
            ),
        )
    try:
        for each in chosen:
            with_policies(operation, agreement, each)
    except ScenarioError as error:
        raise OptionError("policy", below(error)) from error
    return chosen


def _policy(text: str) -> PolicyPlan:
    """Return the policy that a text names, as `tolerance band=2`.

    Raises
    ------
    OptionError
        If there is none such.
    """
    kind, *settings = text.split()
    pairs = [setting.partition("=") for setting in settings]
    try:
        return PolicyPlan.model_validate(
            {"kind": kind, **{name: value for name, _, value in pairs}}
        )
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "kind"
        raise OptionError(
            "policy",
            say(
                "'{text}' is no policy: look at '{where}'. Write for example 'plain', "
                "'tit_for_tat' or 'tolerance band=2'.",
                text=text,
                where=where,
            ),
        ) from error
