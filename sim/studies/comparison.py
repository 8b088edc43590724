"""Variants beside their base, run by run under the same luck."""

from collections.abc import Sequence
from pathlib import Path

from sim.errors import OptionError
from sim.experiment import Comparison, NamedStudy, compare
from sim.report.cautions import of_variant
from sim.report.comparison import report_on_comparison
from sim.statistics.intervals import CONFIDENCE
from sim.studies.cases import Scenario
from sim.studies.fits import arms_of
from sim.studies.metrics import checked_metric, moments_in, names_in, tried
from sim.studies.options import Amount, checked_pdf
from sim.studies.outcome import Outcome, runs_of, scenarios_of
from sim.studies.plan import StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Words, say


def planned(
    base: Scenario,
    variants: Sequence[Scenario],
    amount: Amount,
    *,
    fit: Path | None = None,
    metrics: Sequence[str] = (),
    pdf: bool = False,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of runs of a scenario and of what is compared with it.

    Parameters
    ----------
    base, variants : files, or names in the folder scenarios.
    amount : how often to run each, and with which numbers.
    fit : file of a fit whose draws the runs are.
    metrics : to compare; the usual ones if none.
    pdf : whether to write the brief as PDF as well.
    caller : who asks.

    Raises
    ------
    OptionError
        If something that was asked for cannot be done.
    ScenarioError, EvidenceError
        If anything in the scenarios or their evidence is wrong.
    RunError
        If the fit is of another scenario, or the run that shows what is measured fails.
    """
    for metric in metrics:
        checked_metric(metric)
    names = (base, *variants)
    arms, amount = arms_of(names, amount, fit, caller.tell)
    at_moments = moments_in(metrics, (arm.operation for arm in arms))
    if metrics:  # a wrong name is told before all are run
        first = Amount(seed=amount.root)
        names_in(tried(arms[0].operation, first, at_moments), metrics)
    options = {
        "metrics": list(metrics),
        "at_moments": list(at_moments),
        "pdf": checked_pdf(pdf),
    }
    return StudyPlan.of("compare", arms, amount, options, caller)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what the variants change."""
    plan = study.plan
    studies = work.runner(study, say("runs")).upto(plan.replications)
    sides = [
        NamedStudy(arm.name, each) for arm, each in zip(plan.arms, studies, strict=True)
    ]
    comparison = _compared(sides, plan.options["metrics"])
    files = ["base", *(f"variant-{n}" for n in range(1, len(sides)))]
    scenarios, (base, *variants) = scenarios_of(dict(zip(files, sides, strict=True)))
    words = Words()
    return Outcome(
        report_on_comparison(comparison, command=plan.typed),
        comparison,
        facts={
            "compared": {
                "confidence": CONFIDENCE,
                "tested": comparison.tested,
                "metrics": list(comparison.metrics),
                "cautions": [
                    words.of(of_variant(each)) for each in comparison.cautions
                ],
            },
            **base,
            "variants": variants,
        },
        files=scenarios,
        **runs_of(studies),
    )


def _compared(sides: Sequence[NamedStudy], metrics: Sequence[str]) -> Comparison:
    """Return the comparison.

    Raises
    ------
    OptionError
        If the base does not have a metric, or the variants none of them.
    """
    base, *variants = sides
    comparison = compare(base, variants, names_in(base.study, metrics))
    if not comparison.rows:
        raise OptionError(
            "variants",
            say(
                "{base} and its variants have nothing in common to compare: nobody "
                "leaves the same sites. Give variants of the same scenario.",
                base=base.name,
            ),
        )
    return comparison
