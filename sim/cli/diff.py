"""`diff`: what two scenarios or two evidence tables say differently."""

import click


@click.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--exit-code",
    is_flag=True,
    help="End with status 1 if something differs. Without it the status is 0 then too, "
    "since 1 says elsewhere that something is refused.",
)
def diff(one: str, other: str, exit_code: bool) -> None:
    """Say in sentences what B says otherwise than A: two scenarios, or two tables.

    Scenarios are compared with all that they extend; the order of parts and how a value
    is written (60 min, 1 h) make no difference.

    \f

    Raises
    ------
    click.exceptions.Exit
        If something differs, and that was asked for.
    """  # noqa: D301 - where click ends its help
    from sim.revisions import differences
    from sim.words import Words, say

    words = Words()
    differs = False
    for said in differences(one, other):
        differs = True
        click.echo(words.of(said))
    if not differs:
        click.echo(words.of(say("Nothing differs.")))
    if differs and exit_code:
        raise click.exceptions.Exit(1)
