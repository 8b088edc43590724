"""`compile`: the model to machine code."""

import click

from sim.cli.options import language_option


@click.command(name="compile")
@language_option
def compile_model(language: str) -> None:
    """Compile the model: the same results in about two thirds of the time.

    It takes a minute and a C compiler. What was compiled is used by all commands from
    then on, until a file of the model is changed; then that is run as it is, and may be
    compiled again.
    """
    from sim.cli.screen import aloud
    from sim.studies.compilation import compiled

    compiled(aloud(language))
