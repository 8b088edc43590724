"""Names of metrics in commands."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.experiment import Study


def checked_metrics(
    context: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names of an option, before anything is run."""
    for name in names:
        checked_metric(name)
    return names


metrics_option = click.option(
    "--metric",
    "metrics",
    metavar="NAME",
    multiple=True,
    callback=checked_metrics,
    help="What to look at, as t90 or t90/some-site; may be given several times.",
)


def checked_metric(name: str) -> None:
    """Check that there is a metric of this name, whatever it is given for.

    Raises
    ------
    click.BadParameter
        If there is none.
    """
    from sim.metrics.registry import METRICS

    if name.partition("/")[0] not in METRICS:
        raise click.BadParameter(no_metric(name, METRICS))


def names_in(study: "Study", names: Sequence[str], option: str) -> tuple[str, ...]:
    """Return the full names of metrics; of no names, the usual ones.

    Parameters
    ----------
    study : some runs that have them.
    names : full ones, or those of `METRICS` for all that they are given for.
    option : that they were given with.

    Raises
    ------
    click.BadParameter
        If the runs do not have a metric.
    """
    from sim.experiment.compare import chosen

    try:
        return chosen(study, names)
    except ValueError as error:
        (name,) = error.args
        sentence = no_metric(name, study.layout.metrics)
        raise click.BadParameter(sentence, param_hint=option) from error


def no_metric(name: str, known: Iterable[str]) -> str:
    """Return a sentence on a metric that there is not."""
    from sim.scenario.problems import hint

    return f"there is no metric '{name}'. {hint(name, known)}"
