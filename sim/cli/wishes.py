"""`--until-precise`: how well metrics are to be known, as a planner writes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from sim.experiment import Study
    from sim.statistics.precision import Rule, Wish


_FIRST = 20
"""Runs before the first look."""
_MOST = 1_000
"""Runs, if nobody says how many are the most."""


def _parsed(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the wishes as written, each of which can be read.

    Raises
    ------
    click.BadParameter
        If one cannot, before anything is run.
    """
    for text in texts:
        _wish(text)
    return texts


until_option = click.option(
    "--until-precise",
    "until",
    metavar="METRIC=WIDTH",
    multiple=True,
    callback=_parsed,
    help="Run until half the 95 % interval of the metric's mean is at most so wide, as "
    "t100/some-site=0.5 (in its unit) or waiting=2% (of the mean). May be given "
    "several times; -n is then the most.",
)


def rule_of(texts: Sequence[str], most: int, study: "Study") -> "Rule":
    """Return the rule that says when to stop.

    Parameters
    ----------
    texts : as written.
    most : runs.
    study : some runs, from which full names of metrics are taken.

    Raises
    ------
    click.BadParameter
        If the runs do not have a metric.
    """
    from sim.cli.metrics import names_in
    from sim.statistics.precision import Rule

    wishes: list[Wish] = []
    for wish in map(_wish, texts):
        names = names_in(study, [wish.metric], "--until-precise")
        wishes += [type(wish)(name, wish.most, wish.percent) for name in names]
    return Rule(tuple(wishes), first=_FIRST, most=most)


def most_runs(
    replications: int, least: int = _FIRST, why: str = "with --until-precise"
) -> int:
    """Return the most runs of a command that stops when enough is known.

    Parameters
    ----------
    replications : what -n says, or its default.
    least : runs that the first look needs.
    why : they are needed.

    Raises
    ------
    click.BadParameter
        If they are fewer than the first look needs.
    """
    context = click.get_current_context()
    source = context.get_parameter_source("replications")
    if source is ParameterSource.DEFAULT:
        return _MOST
    if replications < least:
        raise click.BadParameter(
            f"{why} at least {least} runs must be allowed, got {replications}.",
            param_hint="-n",
        )
    return replications


def _wish(text: str) -> "Wish":
    """Return what one wish says.

    Raises
    ------
    click.BadParameter
        If it cannot be read.
    """
    from sim.cli.metrics import checked_metric
    from sim.statistics.precision import Wish

    metric, sign, width = (part.strip() for part in text.partition("="))
    percent = width.endswith("%")
    try:
        number = float(width.removesuffix("%"))
        wish = Wish(metric, number, percent) if sign else None
    except ValueError:
        wish = None
    if wish is None:
        raise click.BadParameter(
            f"'{text}' is not a metric and a width above 0. Write for example "
            "t100/east-aleppo=0.5 or waiting=2%."
        )
    checked_metric(metric)
    return wish
