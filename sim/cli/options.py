"""Options that several commands share."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.front import Front

if TYPE_CHECKING:
    from sim.studies.options import Certificates, Where

Command = TypeVar("Command", bound=Callable[..., Any])


class Workers(click.ParamType[int]):
    """A number of processes, or `auto` for one on each processor."""

    name = "number or auto"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number of processes."""
        from sim.studies.options import MOST_WORKERS, workers_here

        if value == "auto":
            return workers_here()
        return click.IntRange(1, MOST_WORKERS).convert(value, param, ctx)


class LocalTime(click.DateTime):
    """A local date and time, or a date alone where that is allowed too."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """Return it as a `datetime`, or say how it is written."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            from sim.studies.options import no_moment

            self.fail(str(no_moment(str(value), len(self.formats) > 1)), param, ctx)


class Language(click.ParamType[str]):
    """A language for which there is a catalogue of messages."""

    name = "language"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return it, or say which there are."""
        from sim.errors import RunError
        from sim.words import Words

        try:
            return Words(str(value)).language
        except RunError as error:
            self.fail(str(error), param, ctx)


language_option = click.option(
    "--language",
    type=Language(),
    default="en",
    show_default=True,
    help="Language of the report and of all that is printed, as ar.",
)
same_language_option = click.option(
    "--language",
    type=Language(),
    default=None,
    help="Language of the report and of all that is printed, as ar.  [default: the one "
    "in which the study was begun]",
)
scenario_argument = click.argument("scenario")
variants_argument = click.argument(
    "variants", metavar="VARIANT...", nargs=-1, required=True
)
replications_option = click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 1_000_000),
    default=None,
    help="Runs, each with its own chance.  [default: 100, or at most 1000]",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=None,
    help="Root of all random numbers: the same seed, the same results.  [default: 1]",
)
workers_option = click.option(
    "--workers",
    type=Workers(),
    default="auto",
    show_default=True,
    help="Processes that run at the same time.",
)
knowledge_option = click.option(
    "--knowledge",
    is_flag=True,
    help="Let each run also draw what is not known, from the ranges under 'uncertain'.",
)
per_draw_option = click.option(
    "--per-draw",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    metavar="RUNS",
    help="With --knowledge: runs that share a draw of what is not known, so that the "
    "shares of chance and knowledge can be told apart.",
)
results_option = click.option(
    "--results",
    type=click.Path(path_type=Path),
    default="results",
    show_default=True,
    help="Folder in which the folder of results is made.",
)
consent_option = click.option(
    "--consent",
    is_flag=True,
    help="Agree not to route or time vehicles by what is shown, where dates lie ahead "
    "or less than 30 days back: what follows single convoys is shown only then.",
)
pdf_option = click.option(
    "--pdf",
    is_flag=True,
    help="Write the brief as PDF as well; takes the package typst.",
)
no_figures_option = click.option("--no-figures", is_flag=True, help="Draw no pictures.")
fit_option = click.option(
    "--fit",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="Let each run be a draw of a fit to the documented figures: a file fit.npz.",
)
cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    default="",
    help="Run on the workers of a scheduler, as tcp://127.0.0.1:8786.",
)
tls_option = click.option(
    "--tls",
    type=(str, str, str),
    metavar="CA CERT KEY",
    default=None,
    help="Files with which a cluster at tls://... and we prove who we are.",
)
until_option = click.option(
    "--until-precise",
    "until",
    metavar="METRIC=WIDTH",
    multiple=True,
    help="Run until half the 95 % interval of the metric's mean is at most so wide, as "
    "t100/some-site=0.5 (in its unit) or waiting=2% (of the mean). May be given "
    "several times; -n is then the most.",
)
metrics_option = click.option(
    "--metric",
    "metrics",
    metavar="NAME",
    multiple=True,
    help="What to look at, as t90, t90/some-site, t100/all or "
    "still_inside@2016-12-19T08:00; may be given several times.",
)
path_option = click.option(
    "--path",
    metavar="FAMILY",
    default="all",
    show_default=True,
    help="Family of sources in the evidence table whose counts of people count as "
    "fitted, where several tell a story of their own.",
)


def changes_option(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take changes of its scenario beside it."""

    @wraps(command)
    def changed(*, scenario: str, changes: tuple[str, ...], **rest: Any) -> None:
        if not changes:
            command(scenario=scenario, **rest)
            return
        from sim.studies.cases import Changed

        command(scenario=Changed(scenario, changes), **rest)

    return _with((changes_of_base,), changed)


changes_of_base = click.option(
    "--change",
    "changes",
    metavar="WHAT=VALUE",
    multiple=True,
    help="Change the scenario as a variant does, as 'fleets.buses.seats=60', or by a "
    "ready-made change, as 'shift=24 h'; may be given several times.",
)


def place_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where a command runs its work, its `where`."""

    @wraps(command)
    def placed(
        *, workers: int, cluster: str, tls: "Certificates | None", **rest: Any
    ) -> None:
        from sim.studies.options import Where

        command(where=Where(workers, cluster, tls), **rest)

    return _with((tls_option, cluster_option, workers_option), placed)


def front_options(
    *,
    pictures: bool = True,
    language: Callable[[Callable[..., None]], Callable[..., None]] = language_option,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what adds the options of a command that leaves a study, its `front`.

    Parameters
    ----------
    pictures : whether it draws any.
    language : the option that says in which language.
    """

    def added(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def fronted(
            *,
            where: "Where",
            results: Path,
            language: str | None,
            no_figures: bool = False,
            **rest: Any,
        ) -> None:
            front = Front(where, results, language, not no_figures)
            command(front=front, **rest)

        own = (no_figures_option,) if pictures else ()
        return _with((*own, language, results_option), place_options(fronted))

    return added


def amount_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that runs scenarios often: its `amount`."""

    @wraps(command)
    def sized(
        *,
        replications: int | None,
        seed: int | None,
        knowledge: bool,
        per_draw: int,
        **rest: Any,
    ) -> None:
        from sim.studies.options import Amount

        command(amount=Amount(replications, seed, knowledge, per_draw), **rest)

    return _with(
        (per_draw_option, knowledge_option, seed_option, replications_option), sized
    )


def _with(options: Iterable[Callable[[Command], Command]], command: Command) -> Command:
    for option in options:
        command = option(command)
    return command
