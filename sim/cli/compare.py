"""`compare`: variants beside their base, run by run under the same luck."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.metrics import metrics_option, names_in
from sim.cli.options import (
    fit_option,
    no_figures_option,
    results_option,
    study_options,
)
from sim.cli.wanted import Wanted

if TYPE_CHECKING:
    from sim.cli.wanted import Where
    from sim.experiment import Comparison, NamedStudy, Runner, Study
    from sim.results.unfinished import Unfinished


@click.command()
@click.argument("base")
@click.argument("variants", metavar="VARIANT...", nargs=-1, required=True)
@study_options
@fit_option
@metrics_option
@results_option
@no_figures_option
def compare(
    *,
    base: str,
    variants: tuple[str, ...],
    wanted: Wanted,
    where: "Where",
    fit: Path | None,
    metrics: tuple[str, ...],
    results: Path,
    no_figures: bool,
) -> None:
    """Run variants under the luck of their base and say what they change."""
    from sim.cli.fits import arms_of, wanted_of
    from sim.cli.scenarios import opened
    from sim.cli.study import planned, tried
    from sim.results.run_folder import prepare
    from sim.results.unfinished import begun

    began = datetime.now().astimezone()
    # Documented figures are not compared here; reading them off would cost time.
    names = (base, *variants)
    found = [opened(each)._replace(figures=()) for each in names]
    wanted = wanted_of(fit, wanted)
    arms = arms_of(fit, names, found)
    prepare(results)
    if metrics:  # a wrong name is told before all are run
        names_in(tried(arms[0].operation, Wanted(1, wanted.seed)), metrics, "--metric")
    options = {"metrics": list(metrics), "figures": not no_figures}
    title = f"compare-{arms[0].name}"
    plan = planned("compare", title, arms, wanted, began, options)
    finish_comparison(begun(plan, results), where)


def finish_comparison(unfinished: "Unfinished", where: "Where") -> None:
    """Run what is missing, write the results and print the differences.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.differences import print_differences
    from sim.cli.screen import page
    from sim.cli.study import carried_on, tell_failures
    from sim.experiment import NamedStudy
    from sim.results.comparison import write_comparison
    from sim.results.manifest import Origin

    plan = unfinished.plan

    def sample(runner: "Runner") -> "tuple[Study, ...]":
        return runner.upto(plan.replications)

    with carried_on(unfinished, where, sample) as (studies, _):
        named = [
            NamedStudy(arm.name, study)
            for arm, study in zip(plan.arms, studies, strict=True)
        ]
        comparison = _compared(named, plan.options["metrics"])
        folder = write_comparison(
            comparison,
            unfinished.root,
            Origin(plan.arms[0].name, plan.typed, plan.began),
            figures=plan.options["figures"],
        )
        print_differences(page(), comparison)
    click.echo(f"\nResults: {folder}")
    tell_failures([study for _, study in named])


def _compared(studies: Sequence["NamedStudy"], metrics: Sequence[str]) -> "Comparison":
    """Return the comparison.

    Raises
    ------
    click.BadParameter
        If the base does not have a metric, or the variants none of them.
    """
    from sim.experiment import compare as compared

    base, *variants = studies
    names = names_in(base.study, metrics, "--metric")
    comparison = compared(base, variants, names)
    if not comparison.rows:
        raise click.BadParameter(
            f"{base.name} and its variants have nothing in common to compare: nobody "
            "leaves the same sites. Give variants of the same scenario.",
            param_hint="VARIANT...",
        )
    return comparison
