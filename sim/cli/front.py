"""Begins, finishes and shows a study, whatever its kind."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.studies.options import Where
    from sim.studies.plan import StudyPlan
    from sim.studies.told import Tell
    from sim.studies.unfinished import Unfinished

_WIDE = {"calibrate": 125, "validate": 135}
"""Columns of reports that are wider than others, in a pipe."""


def begin(plan: "StudyPlan", results: Path, where: "Where", tell: "Tell") -> None:
    """Begin a study, finish it and show what it says.

    Parameters
    ----------
    plan : what to do.
    results : folder of all results.
    where : to run it.
    tell : hears how far it is.
    """
    from sim.studies.unfinished import begun

    finish(begun(plan, results), where, tell)


def finish(study: "Unfinished", where: "Where", tell: "Tell") -> None:
    """Finish a study and show what it says.

    Raises
    ------
    click.exceptions.Exit
        If runs failed; what the others say is kept all the same.
    """
    from sim.cli.screen import page, show
    from sim.studies.finish import finished
    from sim.words import Words

    done = finished(study, where, tell)
    width = _WIDE.get(study.plan.kind, 100)
    show(done.report, width=width)
    words = Words()
    screen = page()
    screen.print()
    screen.print(words.of(done.where), soft_wrap=True)
    if done.failed:
        click.echo(words.of(done.missing), err=True)
        raise click.exceptions.Exit(1)
