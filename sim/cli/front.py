"""Asks for a study, finishes it and shows what it says, whatever its kind."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.invocation import program

if TYPE_CHECKING:
    from sim.studies.options import Where
    from sim.studies.plan import StudyPlan
    from sim.studies.unfinished import Unfinished

_WIDE = {"calibrate": 125, "validate": 135}
"""Columns of reports that are wider than others, in a pipe."""


class Front(NamedTuple):
    """What a command that leaves a study is told besides what it asks for.

    Attributes
    ----------
    where : to run it.
    results : folder of all results.
    language : of the report and of all that is printed; that of the study if None.
    pictures : whether to draw any.
    """

    where: "Where"
    results: Path
    language: str | None
    pictures: bool = True

    def ask(
        self, planned: "Callable[..., StudyPlan]", *asked: Any, **options: Any
    ) -> None:
        """Plan a study, do it and show what it says.

        Parameters
        ----------
        planned : makes the plan.
        asked, options : what is asked for.
        """
        from sim.cli.screen import telling
        from sim.studies.told import Caller
        from sim.studies.unfinished import begun
        from sim.words import ENGLISH

        language = self.language or ENGLISH
        with telling(language) as tell:
            caller = Caller(command_as_typed(), self.pictures, tell, language)
            plan = planned(*asked, **options, caller=caller)
            study = begun(plan, self.results)
        self.finish(study)

    def finish(self, study: "Unfinished") -> None:
        """Finish a study and show what it says.

        Raises
        ------
        click.exceptions.Exit
            If runs failed; what the others say is kept all the same.
        OSError
            If the output does not take it; all is on the disk before that.
        """
        from sim.cli.screen import page, show, telling
        from sim.cli.surroundings import complain
        from sim.studies.finish import finished
        from sim.words import Words

        language = self.language or study.plan.language
        with telling(language) as tell:
            done = finished(study, self.where, tell, language)
        words = Words(language)
        if done.failed:
            complain(words.of(done.missing))
        try:
            show(done.report, language, width=_WIDE.get(study.plan.kind, 100))
            screen = page()
            screen.print()
            screen.print(words.of(done.where), soft_wrap=True)
        except OSError:
            complain(words.of(done.where))
            raise
        if done.failed:
            raise click.exceptions.Exit(1)


def command_as_typed() -> str:
    """Return the command as typed, but for where the program and its results lie.

    That makes no difference to the numbers, and is nobody's business.
    """
    words = iter(sys.argv[1:])
    kept = []
    for word in words:
        if word == "--results":
            next(words, None)
        elif not word.startswith("--results="):
            kept.append(word)
    typed = shlex.join([*program().split(), *kept])
    # A name that is no text to the system would be none in any file either.
    return typed.encode("utf-8", "backslashreplace").decode()
