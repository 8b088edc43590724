"""`new`: a case to fill in, as a text or as a workbook."""

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
def new(name: str, workbook: bool, like: str) -> None:
    """Begin a case: a scenario that runs, tables for evidence, and what to fill in.

    NAME is that of a folder in scenarios/, or a path.
    """
    from sim.studies.new import new as written
    from sim.words import Words

    words = Words()
    for said in written(name, workbook=workbook, like=like):
        click.echo(words.of(said))
