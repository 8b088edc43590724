"""`new`: a case to fill in, as a text or as a workbook."""

from datetime import datetime

import click


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--workbook", is_flag=True, help="The scenario is a workbook (.xlsx), not a text."
)
@click.option(
    "--like",
    default="two-towns",
    show_default=True,
    metavar="SCENARIO|PAST-OPERATION",
    help="Of which it takes the shape, as DAMS18.",
)
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="On which it starts, as 2027-03-10; every other date is moved with it.",
)
def new(name: str, workbook: bool, like: str, first_day: datetime | None) -> None:
    """Begin a case: a scenario that runs, tables for evidence, and what to fill in.

    NAME is that of a folder in scenarios/, or a path.
    """
    from sim.studies.new import new as written
    from sim.words import Words

    words = Words()
    day = first_day.date() if first_day else None
    for said in written(name, workbook=workbook, like=like, first_day=day):
        click.echo(words.of(said))
