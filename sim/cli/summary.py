"""What a planner wants to know of a study, in 100 columns."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.screen import show, table
from sim.cli.story import story
from sim.cli.words import moment, number
from sim.evidence.score import PATHS, Path, score, summary
from sim.experiment import Study
from sim.experiment.bands import Band
from sim.results.bands import (
    daily_bands,
    day_starts,
    knowledge_shares,
    metric_bands,
    to_leave_bands,
    waiting_bands,
)
from sim.results.manifest import BANDS
from sim.scenario.titles import of_site
from sim.statistics.shares import Shares

NO_VERDICT = (
    "Inside: the band of the runs and what is documented overlap. No source is judged "
    "right; sources that contradict each other cannot all be inside."
)
_MOMENTS = {"t50": "half arrived", "t90": "90 % arrived", "t100": "all arrived"}
_SHARED = {**_MOMENTS, "arrived": "arrived", "waiting": "waiting"}
_SHARE_COLUMNS = ("not known", "95 % interval", "chance")
_SITES_BESIDE = 3
_TOP_CAUSES = 4


def print_summary(screen: Console, study: Study, path: str) -> None:
    """Print the summary of a study.

    Parameters
    ----------
    screen : where to.
    study : what was run.
    path : series that counts as fitted: `ICRC`, `UN` or `all`.
    """
    screen.print(Text(study.operation.operation, style="bold"))
    screen.print(f"{headline(study)}\n")
    show(screen, "Who arrived when", _sites(study))
    for days in _daily(study):
        title = "People who arrived each day: median (5 % to 95 % of the runs)"
        show(screen, title, days)
    if found := knowledge_shares(study):
        title = "How much of what varies between runs is due to what is not known"
        show(screen, title, _shares(study, found))
    title = "Why people waited until they arrived: mean of the runs, by cause"
    show(screen, title, _causes(study))
    for sentence in story(study):
        screen.print(sentence)
    if study.figures:
        screen.print()
        for sentence in score_sentences(study, path):
            screen.print(sentence)


def headline(study: Study) -> str:
    """Return how many runs there were, and what their bands show."""
    runs = f"{len(study.runs)} run{'s' * (len(study.runs) != 1)}, seed {study.seed}."
    if study.failures:
        first = study.failures[0]
        runs += (
            f" {len(study.failures)} more failed and are left out; the first, "
            f"replication {first.replication}: {first.error}."
        )
    if study.job.per_draw > 1:
        runs += f" Each {study.job.per_draw} runs share a draw of what is not known."
    return f"{runs} {BANDS[study.band]} Times are those of {study.operation.zone}."


def score_sentences(study: Study, path: str) -> Iterator[str]:
    """Return, for each path, how many documented figures are inside."""
    to_seconds = study.operation.clock.seconds
    for each in paths_of(path):
        rows = score(study.figures, study.readings_of, each, study.band, to_seconds)
        tallies = summary(rows, each, study.band).by_standing
        counts = ", ".join(
            f"{tally.inside} of {tally.all} {standing} rows"
            for standing in ("fit", "check")
            if (tally := tallies.get(standing))
        )
        yield f"Documented figures inside, {each} path: {counts or 'none to compare'}."
    yield NO_VERDICT


def paths_of(path: str) -> tuple[Path, ...]:
    """Return the paths that a word of the command line means."""
    return tuple(each for each in PATHS if path in {each, "all"})


def _sites(study: Study) -> Table:
    levels = ("median", "5 %", "95 %")
    rows = table("", *levels, " ", right=levels)
    bands, leaving = metric_bands(study), to_leave_bands(study)
    for origin in leaving:
        rows.add_row(of_site(study.operation, origin), style="bold")
        rows.add_row("  people to leave", *_counts(leaving[origin]))
        rows.add_row("  arrived", *_counts(bands[f"arrived/{origin}"]))
        for name, says in _MOMENTS.items():
            rows.add_row(f"  {says}", *_dates(study, bands[f"{name}/{origin}"]))
    return rows


def _shares(study: Study, found: Mapping[str, Shares]) -> Table:
    rows = table("", "not known", "95 % interval", "chance", right=_SHARE_COLUMNS)
    for origin in study.layout.origins:
        own = {n: s for n, s in _SHARED.items() if f"{n}/{origin}" in found}
        if own:
            rows.add_row(of_site(study.operation, origin), style="bold")
        for name, says in own.items():
            parts = found[f"{name}/{origin}"]
            interval = f"{parts.low:.0%} to {parts.high:.0%}"
            chance = f"{1 - parts.share:.0%}"
            rows.add_row(f"  {says}", f"{parts.share:.0%}", interval, chance)
    return rows


def _counts(band: Band) -> tuple[str, ...]:
    return number(band.median), number(band.p5), number(band.p95)


def _dates(study: Study, band: Band) -> tuple[str, ...]:
    clock, runs = study.operation.clock, len(study.runs)
    if not band.n:
        return (moment(clock, band.median), "", "", "in no run")
    dates = (moment(clock, h * 3600) for h in (band.median, band.p5, band.p95))
    return (*dates, "" if band.n == runs else f"in {band.n} of {runs} runs")


def _daily(study: Study) -> Iterator[Table]:
    """Return the arrivals of each day, a few sites beside each other."""
    starts, bands = day_starts(study), daily_bands(study)
    origins = list(bands)
    for first in range(0, len(origins), _SITES_BESIDE):
        shown = origins[first : first + _SITES_BESIDE]
        titles = [of_site(study.operation, origin) for origin in shown]
        rows = table("day", *titles, right=titles)
        for day, start_s in enumerate(starts):
            date = study.operation.clock.local(start_s)
            cells = [_day(bands[origin][day]) for origin in shown]
            rows.add_row(f"{date:%Y-%m-%d}", *cells)
        yield rows


def _day(band: Band) -> str:
    if not band.p95:
        return "0"
    return f"{number(band.median)} ({number(band.p5)} to {number(band.p95)})"


def _causes(study: Study) -> Table:
    """Return the causes that cost each site most; means, since they add up."""
    rows = table(
        "site", "cause", "person-hours", "share", right=("person-hours", "share")
    )
    bands = waiting_bands(study)
    for origin in study.layout.origins:
        own = {cause: band for (site, cause), band in bands.items() if site == origin}
        whole = sum(band.mean for band in own.values())
        site = of_site(study.operation, origin)
        for cause, band in list(own.items())[:_TOP_CAUSES]:
            share = f"{band.mean / whole:.0%}" if whole else ""
            rows.add_row(site, str(cause), number(band.mean), share)
            site = ""
    return rows
