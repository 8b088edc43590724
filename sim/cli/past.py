"""`past`: what past operations say of a new one, and of each other."""

import click

from sim.cli.options import language_option


@click.command()
@click.option(
    "--war",
    default="",
    metavar="WAR",
    help="War in which the new operation is, as syria. [default: one of its own]",
)
@click.option(
    "--without",
    multiple=True,
    metavar="ID",
    help="Past operation to leave out; may be given several times.",
)
@click.option(
    "--leave-one-out",
    is_flag=True,
    help="Foretell each operation of scenarios/past from the others, and score it.",
)
@click.option(
    "--draws",
    type=click.IntRange(20, 100_000),
    default=400,
    show_default=True,
    help="With --leave-one-out: runs of each operation.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@click.option("--csv", "as_rows", is_flag=True, help="Print every number as CSV.")
@language_option
def past(
    *,
    war: str,
    without: tuple[str, ...],
    leave_one_out: bool,
    draws: int,
    seed: int,
    as_rows: bool,
    language: str,
) -> None:
    """Show what past operations say of a new one: ranges, and what they rest on."""
    from sim.cli.screen import show, telling
    from sim.report.forms.csv_file import as_csv
    from sim.studies.past import left_out_in_turn, shown

    with telling(language) as tell:
        if leave_one_out:
            report = left_out_in_turn(draws, seed, war, without, tell)
        else:
            report = shown(war, without)
    if as_rows:
        for data in report.data.values():
            click.echo(as_csv(data), nl=False)
    else:
        show(report, language, width=160)
