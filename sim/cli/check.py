"""`check`: say everything that is wrong with scenarios and their evidence."""

from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.cli.scenarios import Opened


@click.command()
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
def check(scenarios: tuple[str, ...]) -> None:
    """Say what is wrong with scenarios and their evidence, or may not be meant.

    \f

    Raises
    ------
    click.exceptions.Exit
        If any is refused.
    """  # noqa: D301 - where click ends its help
    from sim.cli.scenarios import verdict_on

    refused = 0
    for scenario in scenarios:
        found, problems, notes = verdict_on(scenario)
        if found is None:
            refused += 1
            click.echo("\n".join(problems), err=True)
            number = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
            click.echo(f"refused  {scenario}: {number}", err=True)
        else:
            click.echo(f"ok  {scenario}: {_counts(found)}")
            for note in notes:
                click.echo(f"note  {note.sentence}", err=True)
            _warn(scenario, found)
    if refused:
        raise click.exceptions.Exit(1)


def _counts(found: "Opened") -> str:
    operation = found.operation
    people = sum(
        group.people
        for site in operation.sites.values()
        for group in site.groups.values()
    )
    parts = [
        f"{people:,} people",
        f"{len(operation.sites)} sites",
        f"{len(operation.fleets)} fleets",
        f"{len(operation.flows)} flows",
        f"{len(operation.agreements)} agreements",
        f"{len(operation.stoppages)} stoppages",
        f"{len(operation.uncertain)} uncertain values",
    ]
    if found.figures:
        roles = Counter(figure.role for figure in found.figures)
        shown = ", ".join(f"{roles[r]} {r}" for r in ("fit", "check", "context"))
        parts.append(f"{len(found.figures)} documented figures ({shown})")
    return ", ".join(parts)


def _warn(scenario: str, found: "Opened") -> None:
    from sim.cli.scenarios import outsiders

    left_out = outsiders(found.operation, found.figures)
    if left_out:
        names = ", ".join(sorted({figure.origin for figure in left_out}))
        click.echo(
            f"note  {scenario}: {len(left_out)} documented figures cannot be compared, "
            f"since no flow leaves their sites ({names})",
            err=True,
        )
