"""The model to machine code."""

from sim.compiled import folder
from sim.compiled.build import compile_model
from sim.studies.told import Note, Tell, nobody
from sim.words import Number, say


def compiled(tell: Tell = nobody) -> None:
    """Compile the model, unless it is compiled already.

    Parameters
    ----------
    tell : hears what is done, and what came of it.

    Raises
    ------
    CompilationError
        If there is no compiler, it fails, or the trial runs differ; nothing is kept.
    """
    if folder().is_dir():
        there = say("The model is compiled already, from its files as they are now.")
        tell(Note(there))
        return
    tell(Note(say("Compiling the model; this takes a minute.")))
    done = say(
        "Done. Trial runs give the same to the last bit, in {share} of the processor "
        "time.",
        share=Number(compile_model(), ".0%"),
    )
    tell(Note(done))
