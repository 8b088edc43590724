"""The group of all commands, and how an error becomes a sentence and an exit status.

0: done. 1: the scenario or the evidence is refused, the run failed, or the output did
not take what was printed. 2: wrong use. 130: stopped by Ctrl-C or a signal like it.
"""

# Nothing heavy is imported at the top of a command's file, so that --help, check and
# schema need not wait for what only a run uses.

import sys
from typing import Any

import click

from sim.cli.ask import ask
from sim.cli.calibrate import calibrate
from sim.cli.check import check
from sim.cli.cluster import cluster
from sim.cli.compare import compare
from sim.cli.compilation import compile_model
from sim.cli.convert import convert
from sim.cli.diff import diff
from sim.cli.explain import explain
from sim.cli.export import export
from sim.cli.follow import follow
from sim.cli.forecast import forecast
from sim.cli.merge import merge
from sim.cli.new import new
from sim.cli.pack import pack, unpack
from sim.cli.page import page
from sim.cli.past import past
from sim.cli.resume import resume
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.score import score
from sim.cli.select import select
from sim.cli.surroundings import complain, quiet_errors, refused, take_care
from sim.cli.sweep import sweep
from sim.cli.typed_in import typed_in
from sim.cli.upgrade import upgrade
from sim.cli.validate import validate
from sim.errors import OptionError, SimError, StoppedError

_STOPPED = "Stopped. Nothing was written; start again to get the same results."
_HINTS = {
    "replications": "-n",
    "scenario": "SCENARIO",
    "variants": "VARIANT...",
    "until": "--until-precise",
    "seen_until": "--until",
    "who": "CONVOY|SITE/GROUP",
    "goal": "GOAL",
    "choice": "WHAT=VALUES",
    "agreement": "AGREEMENT",
    "folder": "FOLDER",
    "entry": "ENTRY",
    "phrase": "pass phrase",
}
"""What options of studies are called in commands, if not `--` and the name."""
_BUG = (
    "This is a bug in the program, not in your scenario. Please report it with the "
    "command, the scenario and the lines that follow."
)

_SPOKEN_FOR = (click.ClickException, click.exceptions.Exit, click.Abort)
"""Errors that click makes a sentence of."""


def as_typed(option: str) -> str:
    """Return what an option of studies is called in commands."""
    return _HINTS.get(option, f"--{option.replace('_', '-')}")


class Commands(click.Group):
    """Commands; a scenario in the place of a command is run."""

    def __call__(self, *args: Any, **kwargs: Any) -> int:
        """Do what the arguments say and exit; within a program, return.

        Raises
        ------
        SystemExit
            With the status.
        OSError
            If a bug in the program caused it.
        """
        if not kwargs.get("standalone_mode", True):
            returned: int = super().__call__(*args, **kwargs)
            return returned
        take_care()
        try:
            super().__call__(*args, **kwargs)
        except SystemExit as end:
            status = end.code
        except OSError:
            status = 1
            if not (why := refused()):
                raise
            complain(why)
        else:
            status = 0
        if why := refused():
            complain(why)
            status = status or 1
        quiet_errors()
        sys.exit(status)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word means, and what is left for it.

        Raises
        ------
        click.UsageError
            If the first word is neither a command nor a scenario.
        """
        word = args[0]
        if word in self.commands or word.startswith("-"):
            return super().resolve_command(ctx, args)
        from sim.studies.cases import remedy_for

        remedy = remedy_for(word, self.commands)
        if remedy is None:
            return run.name, run, args
        raise click.UsageError(
            f"'{word}' is neither a command nor a scenario. {remedy}", ctx
        )

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what it raises on purpose becomes a sentence.

        Raises
        ------
        click.exceptions.Exit
            With the status that fits the error.
        click.BadParameter
            If an option cannot be followed.
        OSError
            If a bug in the program caused it.
        """
        try:
            return super().invoke(ctx)
        except OptionError as error:
            option, sentence = error.args
            hint = as_typed(option)
            raise click.BadParameter(str(sentence), ctx, param_hint=hint) from error
        except StoppedError as stop:
            complain(str(stop))
            raise click.exceptions.Exit(130) from stop
        except SimError as error:
            complain(str(error))
            raise click.exceptions.Exit(1) from error
        except KeyboardInterrupt as stop:
            complain(_STOPPED)
            raise click.exceptions.Exit(130) from stop
        except OSError as error:
            why = refused()
            complain(why or _BUG)
            if why:
                raise click.exceptions.Exit(1) from error
            raise
        except Exception as error:
            if not isinstance(error, _SPOKEN_FOR):
                complain(_BUG)
            raise


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Simulate evacuation convoys: when gates open, what moves, who still waits.

    A scenario is a file or a name in the folder scenarios, such as aleppo-2016. If
    it stands in the place of a command, it is run.
    """


for _command in (
    run,
    check,
    new,
    compare,
    sweep,
    select,
    calibrate,
    validate,
    forecast,
    follow,
    ask,
    resume,
    explain,
    score,
    typed_in,
    past,
    export,
    page,
    pack,
    unpack,
    diff,
    merge,
    schema,
    upgrade,
    convert,
    cluster,
    compile_model,
):
    main.add_command(_command)
