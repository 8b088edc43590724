"""The errors this project raises on purpose.

Three families: the user gave us something that cannot be run (`ScenarioError`,
`EvidenceError`, `OptionError`), the machine does not run or keep it (`RunError`,
`ResultsError`), or the model broke a promise of its own (`BrokenInvariantError`).

The facts go to ``args`` and the sentence is built in ``__str__``: SimPy copies a
failed event's exception with ``type(e)(*e.args)`` and a process pool pickles it
the same way, so an ``__init__`` with other arguments would turn the real error
into a `TypeError`.
"""

from sim.invocation import program


class SimError(Exception):
    """Base of every error raised on purpose by this project."""


class ScenarioError(SimError, ValueError):
    """A scenario cannot be run as written. Args: tuple of `Problem` sentences."""

    def __str__(self) -> str:
        (problems,) = self.args
        return "\n".join(str(problem) for problem in problems)


class EvidenceError(SimError, ValueError):
    """An evidence table cannot be used as written. Args: tuple of sentences."""

    def __str__(self) -> str:
        (problems,) = self.args
        return "\n".join(str(problem) for problem in problems)


class ResultsError(SimError):
    """Results cannot be written. Args: folder, why not, what to do."""

    def __str__(self) -> str:
        folder, why, remedy = self.args
        return f"the results cannot be written to {folder}: {why}. {remedy}"


class UnusableError(ResultsError):
    """A file that was kept is not what it must be. Args: file, why not, what to do."""

    def __str__(self) -> str:
        file, why, remedy = self.args
        return f"{file} cannot be used: {why}. {remedy}"


class RunError(SimError):
    """A study cannot be run to its end. Args: the sentence."""


class TakenError(RunError):
    """Somebody else is at work on a study. Args: the sentence."""


class OptionError(SimError, ValueError):
    """What was asked for cannot be done. Args: name of the option, the sentence."""

    def __str__(self) -> str:
        _, sentence = self.args
        return str(sentence)


class StoppedError(SimError):
    """The user stopped a study. Args: its folder, a sentence on what is kept.

    If nothing is kept, the sentence is empty and there is no folder.
    """

    def __str__(self) -> str:
        folder, kept = self.args
        if not kept:
            return "Stopped. Nothing was written; start again to get the same results."
        return f"Stopped. {kept} To go on:\n  {program()} resume {folder}"


class BrokenInvariantError(SimError, AssertionError):
    """The model broke its own rule: a bug in this project. Args: rule, facts."""

    def __str__(self) -> str:
        rule, facts = self.args
        return f"{rule} (got {facts}). This is a bug in the model, please report it."
