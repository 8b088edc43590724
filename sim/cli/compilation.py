"""`compile`: the model to machine code."""

import click


@click.command(name="compile")
def compile_model() -> None:
    """Compile the model: the same results in about two thirds of the time.

    It takes a minute and a C compiler. What was compiled is used by all commands from
    then on, until a file of the model is changed; then that is run as it is, and may be
    compiled again.
    """
    from sim.compiled import folder
    from sim.compiled.build import compile_model as build

    if folder().is_dir():
        click.echo("The model is compiled already, from its files as they are now.")
        return
    click.echo("Compiling the model; this takes a minute.")
    share = build()
    click.echo(
        "Done. Trial runs give the same to the last bit, in "
        f"{share:.0%} of the processor time."
    )
