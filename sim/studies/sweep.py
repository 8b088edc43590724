"""A scenario with other values in some of its fields, point by point."""

from collections.abc import Sequence

from sim.errors import OptionError, ScenarioError
from sim.experiment import NamedStudy
from sim.experiment.designs import Design, Kind, design
from sim.experiment.scales import Scale
from sim.experiment.sweep import freed, points_of, swept
from sim.report.cautions import of_points
from sim.report.sweep import report_on_sweep
from sim.scenario import Clock, resolved_yaml
from sim.statistics.intervals import CONFIDENCE
from sim.studies.cases import Case, Scenario, opened
from sim.studies.metrics import checked_metric, moments_in, names_in, tried
from sim.studies.options import Amount, below
from sim.studies.outcome import Outcome, runs_of, scenarios_of
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller, Note
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Text, Words, joined, say, say_many

__all__ = ["Kind", "outcome", "planned"]


def planned(
    scenario: Scenario,
    vary: Sequence[str],
    amount: Amount,
    *,
    kind: Kind | None = None,
    points: int | None = None,
    metrics: Sequence[str] = (),
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs of a scenario with other values in some of its fields.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    vary : fields and their values, each `PATH=VALUES`.
    amount : how often to run each point, and with which numbers.
    kind : of design; a grid if None, or a Latin hypercube if `points` is given.
    points : how many, for all but a grid.
    metrics : to look at; the usual ones if none.
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
    case = opened(scenario, caller.tell)._replace(figures=())
    made = _design(vary, case.operation.clock, kind, points, amount.root)
    base, arms, notes = _arms(case, made, amount)
    at_moments = moments_in(metrics, (arm.operation for arm in arms))
    names = names_in(tried(arms[0].operation, amount, at_moments), metrics)
    options = {
        "design": made.kind,
        "notes": [*made.notes, *notes],
        "metrics": list(names),
        "at_moments": list(at_moments),
    }
    plan = StudyPlan.of("sweep", arms, amount, options, caller, base=base)
    caller.tell(Note(_size(plan)))
    return plan


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what comes out at each point."""
    plan = study.plan
    studies = work.runner(study, say("runs")).tried(plan.replications)
    found = swept(
        plan.job_of(plan.named), _design_of(plan), studies, plan.options["metrics"]
    )
    failed = {
        f"point-{point}": NamedStudy(f"point {point}", each)
        for point, each in enumerate(studies, start=1)
        if each.failures
    }
    files, facts = scenarios_of(failed)
    failures = zip(
        (each["file"] for each in facts),
        (each for _, each in failed.values()),
        strict=True,
    )
    words = Words()
    return Outcome(
        report_on_sweep(found, command=plan.typed, failed=dict(failures)),
        found,
        facts={
            "swept": {
                "design": found.design.kind,
                "varied": [_scale_facts(scale) for scale in found.scales],
                "points": len(found.points),
                "metrics": list(found.metrics),
                "confidence": CONFIDENCE,
                "notes": list(found.design.notes),
                "cautions": [words.of(of_points(each)) for each in found.cautions],
            },
            "failed": sum(map(len, found.failures)),
            "file": "scenario.yaml",
        },
        files={"scenario.yaml": resolved_yaml(found.operation), **files},
        **runs_of(studies),
    )


def _design(
    vary: Sequence[str], clock: Clock, kind: Kind | None, points: int | None, seed: int
) -> Design:
    """Return the points that somebody asks for.

    Raises
    ------
    OptionError
        If there are none such.
    """
    try:
        return design(vary, clock, kind=kind, points=points, seed=seed)
    except ScenarioError as error:
        raise OptionError("vary", below(error)) from error


def _arms(case: Case, made: Design, amount: Amount) -> tuple[Arm, list[Arm], list[str]]:
    """Return the base, its points, and what is not drawn because it is varied.

    Raises
    ------
    OptionError
        If a point is not allowed.
    """
    notes: list[str] = []
    operation = case.operation
    try:
        if amount.knowledge:
            operation, dropped = freed(operation, made)
            notes += [
                f"{path} is varied, so no run draws it from its range."
                for path in dropped
            ]
        operations = points_of(operation, made)
    except ScenarioError as error:
        raise OptionError("vary", below(error)) from error
    arms = [
        Arm(f"point {number}", each, (), point)
        for number, (each, point) in enumerate(
            zip(operations, made.points, strict=True), start=1
        )
    ]
    return Arm(case.name, operation), arms, notes


def _size(plan: StudyPlan) -> Text:
    points = say_many("{count} point", "{count} points", len(plan.arms))
    each = say_many("{count} run of each", "{count} runs of each", plan.replications)
    runs = say_many("{count} run.", "{count} runs.", plan.runs)
    return joined([joined([points, each], ", "), runs], ": ")


def _design_of(plan: StudyPlan) -> Design:
    """Return the design of a sweep that was begun."""
    points = tuple(arm.change for arm in plan.arms)
    notes = tuple(plan.options["notes"])
    return Design(plan.options["design"], tuple(points[0]), points, notes)


def _scale_facts(scale: Scale) -> dict[str, object]:
    return {"path": scale.path, "unit": scale.unit, "values": list(scale.levels)}
