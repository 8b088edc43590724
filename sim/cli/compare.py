"""`compare`: variants beside their base, run by run under the same luck."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    command_as_typed,
    knowledge_option,
    replications_option,
    seed_option,
    workers_option,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.cli.scenarios import Opened
    from sim.cli.study import Wanted
    from sim.experiment import Comparison, NamedStudy, Study


def _known(
    context: click.Context, option: click.Parameter, metrics: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the metrics asked for, before anything is run.

    Raises
    ------
    click.BadParameter
        If there is none of such a name, whatever it is given for.
    """
    if metrics:
        from sim.metrics.registry import METRICS

        for metric in metrics:
            if metric.partition("/")[0] not in METRICS:
                raise click.BadParameter(_no_metric(metric, METRICS))
    return metrics


@click.command()
@click.argument("base")
@click.argument("variants", metavar="VARIANT...", nargs=-1, required=True)
@replications_option
@seed_option
@workers_option
@knowledge_option
@click.option(
    "--metric",
    "metrics",
    metavar="NAME",
    multiple=True,
    callback=_known,
    help="What to compare, as t90 or t90/some-site; may be given several times.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default="results",
    show_default=True,
    help="Folder in which the folder of this comparison is made.",
)
@click.option("--no-figures", is_flag=True, help="Draw no picture.")
def compare(
    *,
    base: str,
    variants: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int,
    knowledge: bool,
    metrics: tuple[str, ...],
    results: Path,
    no_figures: bool,
) -> None:
    r"""Run variants under the luck of their base and say what they change.

    \f

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.differences import print_differences
    from sim.cli.scenarios import opened
    from sim.cli.screen import page
    from sim.cli.study import Wanted
    from sim.results.comparison import write_comparison
    from sim.results.run_folder import prepare
    from sim.results.write import Origin

    began = datetime.now().astimezone()
    found = [opened(scenario) for scenario in (base, *variants)]
    prepare(results)
    studies = _studies(found, Wanted(replications, seed, workers, knowledge))
    comparison = _compared(list(studies), metrics)
    origin = Origin(found[0].name, command_as_typed(), began)
    folder = write_comparison(comparison, results, origin, figures=not no_figures)
    print_differences(page(), comparison)
    click.echo(f"\nResults: {folder}")
    _tell_failures(comparison)


def _studies(found: Sequence["Opened"], wanted: "Wanted") -> Iterator["NamedStudy"]:
    """Run each scenario in the same processes, the base first."""
    from sim.cli.study import studied
    from sim.experiment import NamedStudy

    # Documented figures are not compared here; reading them off would cost time.
    base, *variants = (scenario._replace(figures=()) for scenario in found)
    with studied(base, wanted) as (study, pool):
        yield NamedStudy(base.name, study)
        for variant in variants:
            yield NamedStudy(variant.name, _run(variant, wanted, study, pool))


def _run(
    variant: "Opened", wanted: "Wanted", base: "Study", pool: "Executor | None"
) -> "Study":
    """Return the study of a variant, under the luck of its base.

    Raises
    ------
    RunError
        If every run failed.
    BrokenProcessPool
        If the processes broke down.
    """
    from concurrent.futures.process import BrokenProcessPool

    from sim.cli.screen import progress
    from sim.errors import RunError
    from sim.experiment import run_study

    with progress(wanted.replications, "runs") as show:
        try:
            return run_study(
                variant.operation,
                seed=base.seed,
                replications=wanted.replications,
                band=base.band,
                pool=pool,
                workers=wanted.workers,
                progress=show,
            )
        except BrokenProcessPool:
            raise
        except RuntimeError as error:
            raise RunError(f"{variant.name}: {error}") from error


def _compared(studies: Sequence["NamedStudy"], metrics: Sequence[str]) -> "Comparison":
    """Return the comparison.

    Raises
    ------
    click.BadParameter
        If the base does not have a metric, or the variants none of them.
    """
    from sim.experiment import compare as compared
    from sim.experiment.compare import chosen

    base, *variants = studies
    try:
        names = chosen(base.study, metrics)
    except ValueError as error:
        (metric,) = error.args
        text = _no_metric(metric, base.study.runs[0].metrics)
        raise click.BadParameter(text, param_hint="--metric") from error
    comparison = compared(base, variants, names)
    if not comparison.rows:
        raise click.BadParameter(
            f"{base.name} and its variants have nothing in common to compare: nobody "
            "leaves the same sites. Give variants of the same scenario.",
            param_hint="VARIANT...",
        )
    return comparison


def _no_metric(metric: str, known: Iterable[str]) -> str:
    from sim.scenario.problems import hint

    return f"there is no metric '{metric}'. {hint(metric, known)}"


def _tell_failures(comparison: "Comparison") -> None:
    """Say how many runs failed.

    Raises
    ------
    click.exceptions.Exit
        If any did.
    """
    sides = (comparison.base, *comparison.variants)
    failed = sum(len(study.failures) for _, study in sides)
    if failed:
        click.echo(f"{failed} runs failed; why is in failures.csv.", err=True)
        raise click.exceptions.Exit(1)
