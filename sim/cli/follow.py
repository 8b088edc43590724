"""`follow`: an operation that goes on, figures as they come, forecasts from now."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.front import Front
from sim.cli.options import (
    LocalTime,
    changes_option,
    consent_option,
    language_option,
    no_figures_option,
    pdf_option,
    place_options,
    seed_option,
)

if TYPE_CHECKING:
    from sim.studies.cases import Scenario
    from sim.studies.options import Where

_MINUTE = "%Y-%m-%dT%H:%M"
_SECOND = "%Y-%m-%dT%H:%M:%S%z"
folder_argument = click.argument("folder", type=click.Path(path_type=Path))
entry_argument = click.argument("entry", type=click.IntRange(1), required=False)
at_option = click.option(
    "--at",
    type=click.DateTime([_SECOND]),
    metavar="TIME",
    help="As it stood at a time with its zone, as 2016-12-19T08:00:00+0200.",
)


@click.group()
def follow() -> None:
    """Follow an operation that goes on: enter figures, forecast from now.

    Not for routing or timing vehicles. All is kept in one folder, which leaves this
    machine only if you send it.
    """


@follow.command()
@click.argument("scenario")
@folder_argument
@click.option(
    "--published-by",
    type=LocalTime([_MINUTE]),
    metavar="LOCAL TIME",
    help="Take over only evidence that was published by then, to rehearse with a past "
    "operation.",
)
@language_option
def begin(
    scenario: str, folder: Path, published_by: datetime | None, language: str
) -> None:
    """Begin to follow the operation of a scenario in a new folder."""
    from sim.cli.screen import telling
    from sim.studies.following.lifecycle import begin as begun
    from sim.words import say

    with telling(language) as tell:
        followed = begun(folder, scenario, published_by, tell)
    _print(say("Followed from now on: {folder}", folder=str(followed.path)), language)


@follow.command()
@folder_argument
@click.option("--who", required=True, help="Who says so, as a source of its own.")
@click.option("--site", required=True, help="Site from which the people started.")
@click.option("--best", default="", help="The number, or the local time.")
@click.option("--low", default="", help="The least that it may be.")
@click.option("--high", default="", help="The most that it may be.")
@click.option("--by", "by", default="", help="Local time by which.  [default: now]")
@click.option("--counts", default="", help="Metric.  [default: cumulative_arrivals]")
@click.option("--group", default="", help="Group of people, if of one alone.")
@click.option("--published", default="", help="When published.  [default: now]")
@click.option(
    "--set",
    "more",
    metavar="COLUMN=TEXT",
    multiple=True,
    help="Any other column of the evidence table, as family=UN.",
)
@language_option
def enter(
    folder: Path,
    who: str,
    site: str,
    by: str,
    counts: str,
    group: str,
    more: tuple[str, ...],
    language: str,
    **said: str,
) -> None:
    """Enter a figure: who says how many, of what, by when, and how sure.

    \f

    Raises
    ------
    click.UsageError
        If a further column is not said as COLUMN=TEXT.
    """  # noqa: D301 - where click ends its help
    from sim.cli.screen import telling
    from sim.studies.following.lifecycle import followed_in
    from sim.words import Number
    from sim.words import say as worded

    cells = {**said, "attributed_to": who, "origin": site, "from": by}
    cells |= {"metric": counts, "select": f"group={group}" if group else ""}
    for text in more:
        column, sign, cell = text.partition("=")
        if not sign:
            raise click.UsageError(f"'{text}' is not COLUMN=TEXT, as family=UN")
        cells[column.strip()] = cell
    with telling(language) as tell:
        entry = followed_in(folder).enter(cells, tell)
    number = Number(entry.number)
    _print(worded("Entry {number} is kept.", number=number), language)


@follow.command()
@folder_argument
@entry_argument
@language_option
def undo(folder: Path, entry: int | None, language: str) -> None:
    """Take back an entry, the last one that stands if none is named."""
    from sim.studies.following.lifecycle import followed_in
    from sim.words import Number, say

    undone = followed_in(folder).undo(entry)
    number = Number(undone.entry)
    _print(say("Entry {number} no longer stands.", number=number), language)


@follow.command()
@folder_argument
@entry_argument
@language_option
def redo(folder: Path, entry: int | None, language: str) -> None:
    """Let stand again what was taken back, the last if no entry is named."""
    from sim.studies.following.lifecycle import followed_in
    from sim.words import Number, say

    redone = followed_in(folder).redo(entry)
    number = Number(redone.entry)
    _print(say("Entry {number} stands again.", number=number), language)


@follow.command()
@folder_argument
@click.argument("scenario")
@language_option
@changes_option
def scenario(folder: Path, scenario: "Scenario", language: str) -> None:
    """Take another scenario for the operation, as when a stoppage has begun."""
    from sim.cli.screen import telling
    from sim.studies.following.lifecycle import followed_in
    from sim.words import Number, say

    with telling(language) as tell:
        entry = followed_in(folder).take(scenario, tell)
    _print(say("Entry {number} is kept.", number=Number(entry.number)), language)


@follow.command()
@folder_argument
@click.option(
    "--as-of",
    "moment",
    type=LocalTime([_MINUTE]),
    metavar="LOCAL TIME",
    help="Use only what was published by then.  [default: now]",
)
@click.option("--full", is_flag=True, help="Make it in full, not from kept draws.")
@click.option(
    "--pool",
    type=click.IntRange(1, 1_000_000),
    default=1_500,
    show_default=True,
    metavar="RUNS",
    help="Runs of a forecast in full, of which those that fit the figures are kept.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100_000),
    default=300,
    show_default=True,
    help="Draws that each forecast rests on.",
)
@seed_option
@consent_option
@no_figures_option
@language_option
@pdf_option
@place_options
def forecast(
    *,
    folder: Path,
    moment: datetime | None,
    full: bool,
    pool: int,
    draws: int,
    seed: int | None,
    consent: bool,
    pdf: bool,
    language: str,
    no_figures: bool,
    where: "Where",
) -> None:
    """Say what to expect from now, and what changed since the last forecast.

    The first is made in full, in some minutes; after further figures its draws are
    weighed anew, in seconds, and the report says how many they are worth.
    """
    from sim.studies.following.followed import FORECASTS
    from sim.studies.following.forecast import planned

    front = Front(where, folder / FORECASTS, language, not no_figures)
    front.ask(
        planned,
        folder,
        moment,
        full=full,
        pool=pool,
        draws=draws,
        seed=seed,
        consent=consent,
        pdf=pdf,
    )


@follow.command()
@folder_argument
@at_option
@language_option
def log(folder: Path, at: datetime | None, language: str) -> None:
    """Show what was known when."""
    from sim.cli.screen import show
    from sim.report.following import report_on_log
    from sim.studies.following.lifecycle import followed_in
    from sim.studies.following.lines import lines_of
    from sim.studies.following.pass_phrase import ENCRYPTS_NOTHING, is_protected

    known = followed_in(folder).known(at)
    protected = ENCRYPTS_NOTHING if is_protected(folder) else None
    lines = lines_of(known.standing)
    show(report_on_log(lines, known.operation, protected), language, width=140)


@follow.command()
@folder_argument
@at_option
def table(folder: Path, at: datetime | None) -> None:
    """Print the evidence table that all entries amount to."""
    from sim.studies.following.lifecycle import followed_in

    click.echo(followed_in(folder).known(at).evidence, nl=False)


@follow.command()
@folder_argument
@click.option("--remove", is_flag=True, help="Ask for no pass phrase any more.")
@language_option
def protect(folder: Path, remove: bool, language: str) -> None:
    """Set a pass phrase that the page asks for. It encrypts nothing."""
    from sim.studies.following.lifecycle import followed_in
    from sim.studies.following.pass_phrase import (
        ENCRYPTS_NOTHING,
        unprotect,
    )
    from sim.studies.following.pass_phrase import protect as protected

    path = followed_in(folder).path
    if remove:
        unprotect(path)
        return
    phrase = click.prompt("Pass phrase", hide_input=True, confirmation_prompt=True)
    protected(path, phrase)
    _print(ENCRYPTS_NOTHING, language)


@follow.command()
@folder_argument
@click.confirmation_option(prompt="Delete the folder with all figures and forecasts?")
@language_option
def delete(folder: Path, language: str) -> None:
    """Delete a followed operation whole, forecasts and log included."""
    from sim.studies.following.lifecycle import delete as deleted
    from sim.words import say

    deleted(folder)
    _print(say("Deleted: {folder}", folder=str(folder)), language)


def _print(text: object, language: str) -> None:
    from sim.words import Words

    click.echo(Words(language).of(text))  # type: ignore[arg-type] # a text
