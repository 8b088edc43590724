"""Names of metrics in commands."""

from collections.abc import Iterable

import click


def checked_metrics(
    context: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names of an option, before anything is run."""
    for name in names:
        checked_metric(name)
    return names


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


def no_metric(name: str, known: Iterable[str]) -> str:
    """Return a sentence on a metric that there is not."""
    from sim.scenario.problems import hint

    return f"there is no metric '{name}'. {hint(name, known)}"
