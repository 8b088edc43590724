"""`sweep`: a scenario with other values in some of its fields, point by point."""

from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    front_options,
    metrics_option,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount
    from sim.studies.sweep import Kind

_KINDS: "MappingProxyType[str, Kind]" = MappingProxyType(
    {"grid": "grid", "lhs": "latin hypercube", "sobol": "sobol"}
)


@click.command()
@scenario_argument
@changes_option
@click.option(
    "--vary",
    metavar="PATH=VALUES",
    multiple=True,
    required=True,
    help="A field and its values, as fleets.buses.seats='40, 50' or "
    "legs.road.time='2 h to 6 h by 1 h'. May be given several times.",
)
@click.option(
    "--design",
    "kind",
    type=click.Choice(list(_KINDS)),
    default=None,
    help="All values with all others (grid), or points spread over intervals: a Latin "
    "hypercube (lhs) or a Sobol design.  [default: grid, or lhs with --points]",
)
@click.option(
    "--points",
    type=click.IntRange(1),
    default=None,
    help="How many points, for all but a grid.",
)
@amount_options
@front_options()
@metrics_option
def sweep(
    *,
    scenario: str,
    vary: tuple[str, ...],
    kind: str | None,
    points: int | None,
    amount: "Amount",
    front: "Front",
    metrics: tuple[str, ...],
) -> None:
    """Run a scenario with other values in some of its fields, and say what they do.

    A path is dotted, as in 'change:' of a variant.
    """
    from sim.studies.sweep import planned

    front.ask(
        planned,
        scenario,
        vary,
        amount,
        kind=_KINDS[kind] if kind else None,
        points=points,
        metrics=metrics,
    )
