"""Which variant is best, in 100 columns: how that was decided, and how sure it is."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from sim.cli.labels import in_full, short_unit, with_half
from sim.cli.screen import show, table
from sim.cli.words import listed, number
from sim.experiment.ranking import Ranking
from sim.results.manifest import BANDS
from sim.statistics.intervals import half_width

_NUMBERS = ("runs", "mean ± 95 %")
_HOW_TO_READ = (
    "Runs of a replication share their luck; after the first look, a variant is "
    "dropped as soon as its sum lags further behind that of another one than chance "
    "explains (Kim and Nelson, 2001). Its mean is over fewer runs then. The guarantee "
    "is exact for numbers that are normal, which means over many people or hours come "
    "near, and it speaks of this model, not of the world. Hours are those after the "
    "start."
)


def print_ranking(screen: Console, ranking: Ranking) -> None:
    """Print which variant is best, and what that is worth."""
    study = ranking.studies[0].study
    side = "more" if ranking.contest.larger else "less"
    name = in_full(ranking.metric, study.operation)
    screen.print(
        f"{len(ranking.studies)} variants, seed {study.seed}, at most "
        f"{ranking.contest.most:,} runs of each. {BANDS[study.band]}\n"
    )
    for caution in ranking.cautions:
        screen.print(f"Caution: {caution}\n")
    show(screen, f"Best by {name}: {side} is better", _table(ranking))
    for sentence in (*_verdict(ranking), *_same(ranking), *_left_out(ranking)):
        screen.print(sentence)
    screen.print(_HOW_TO_READ)


def _table(ranking: Ranking) -> Table:
    mean = f"{_NUMBERS[1]}, {short_unit(ranking.metric)}"
    rows = table("variant", "runs", mean, "outcome", right=("runs", mean))
    dropped = {row.variant: row for row in ranking.selection.dropped}
    for name, study in ranking.studies:
        runs = len(study.replications) + len(study.failures)
        half = half_width(ranking.numbers[name])
        outcome = "still in"
        if name == ranking.selection.best:
            outcome = "best"
        elif row := dropped.get(name):
            outcome = f"dropped after {row.after:,}, worse than {row.by}"
        cell = with_half(ranking.selection.means[name], half)
        rows.add_row(name, number(runs), cell, outcome)
    return rows


def _verdict(ranking: Ranking) -> Iterator[str]:
    """Say what is guaranteed, or that nothing is."""
    chosen, contest = ranking.selection, ranking.contest
    width = f"{contest.matters:,.12g} {short_unit(ranking.metric)}"
    surely = f"{100 * contest.confidence:.0f} %"
    if not chosen.sure:
        left = listed(chosen.left, "and")
        yield (
            f"Not decided: after {contest.most:,} runs {left} are still in. "
            f"{chosen.best} has the best mean so far, and there is no "
            "guarantee that it is the best. Allow more runs (-n), or let only a "
            "greater difference matter (--matters)."
        )
        return
    yield (
        f"{chosen.best} is, with {surely} confidence, the best, or within {width} of "
        "it."
    )
    if len(chosen.left) > 1:
        left = listed(chosen.left, "and")
        yield f"{left} have the same mean: any of them may be taken."


def _same(ranking: Ranking) -> Iterator[str]:
    for same in ranking.same:
        yield (
            f"{same.one} and {same.other} did not differ in any of "
            f"{same.replications:,} replications."
        )


def _left_out(ranking: Ranking) -> Iterator[str]:
    for name, study in ranking.studies:
        if study.failures:
            count, first = len(study.failures), study.failures[0]
            yield (
                f"{count:,} run{'s' * (count != 1)} of {name} failed; the first, "
                f"replication {first.replication}: {first.error}."
            )
    if ranking.left_out:
        count = len(ranking.left_out)
        yield (
            f"{count:,} replication{'s' * (count != 1)} that failed in some variant "
            f"{'are' if count != 1 else 'is'} left out of all."
        )
