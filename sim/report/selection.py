"""Which variant is best: how that was decided, and how sure it is."""

from collections.abc import Iterator

from sim.experiment.ranking import Ranking
from sim.metrics.registry import metric_of, unit_of
from sim.report.cautions import of_variant
from sim.report.contents import (
    Cell,
    Column,
    Data,
    Report,
    Section,
    Table,
    table,
    yes_or_no,
)
from sim.report.headlines import of_selection
from sim.report.intervals import HOW_MADE, NO_INTERVAL, mean_of
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.run_data import failures_data
from sim.statistics.intervals import mean_interval
from sim.words import Number, Text, joined, listed, say, say_many
from sim.words.metrics import dated, in_full, label, with_unit

_HOW_TO_READ = say(
    "±, or both ends: 95 % interval of the mean, by {made}. {none} "
    "Runs of a replication share their luck; after the first look, a variant is "
    "dropped as soon as its sum lags further behind that of another one than chance "
    "explains (Kim and Nelson, 2001). Its mean is over fewer runs then. The guarantee "
    "is exact for numbers that are normal, which means over many people or hours come "
    "near, and it speaks of this model, not of the world. Hours are those after the "
    "start.",
    made=HOW_MADE,
    none=NO_INTERVAL,
)


def report_on_selection(ranking: Ranking, *, command: str) -> Report:
    """Return which variant is best, and what that is worth.

    Parameters
    ----------
    ranking : to report.
    command : with which to repeat it.
    """
    operation = ranking.studies[0].study.operation
    cautions = (
        say("Caution: {caution}", caution=of_variant(each)) for each in ranking.cautions
    )
    others = (study.operation for _, study in ranking.studies[1:])
    return Report(
        title=say(
            "Which variant is best by {metric}",
            metric=in_full(ranking.metric, operation),
        ),
        answer=answer(ranking),
        sections=(
            Section("runs", say("What was run"), (_headline(ranking), *cautions)),
            Section(
                "variants",
                say("The variants"),
                (_table(ranking), *_same(ranking), *_left_out(ranking)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command, *others),
        ),
        data=selection_data(ranking),
        headline=of_selection(ranking),
    )


def answer(ranking: Ranking) -> Text:
    """Return which variant is best and what is guaranteed, or that nothing is."""
    chosen, contest = ranking.selection, ranking.contest
    left = listed(chosen.left)
    if not chosen.sure:
        return say(
            "Not decided: after {runs} runs {left} are still in. {best} has the best "
            "mean so far, and there is no guarantee that it is the best. Allow more "
            "runs (-n), or let only a greater difference matter (--matters).",
            runs=Number(contest.most),
            left=left,
            best=chosen.best,
        )
    best = say(
        "{best} is, with {surely} % confidence, the best, or within {width} of it.",
        best=chosen.best,
        surely=Number(100 * contest.confidence),
        width=with_unit(Number(contest.matters, ",.12g"), ranking.metric),
    )
    if len(chosen.left) == 1:
        return best
    alike = say("{left} have the same mean: any of them may be taken.", left=left)
    return joined([best, alike])


def _headline(ranking: Ranking) -> Text:
    study = ranking.studies[0].study
    runs = say_many(
        "{count} variant, seed {seed}, at most {runs} runs of each.",
        "{count} variants, seed {seed}, at most {runs} runs of each.",
        len(ranking.studies),
        seed=str(study.seed),
        runs=Number(ranking.contest.most),
    )
    return joined([runs, BANDS[study.band]])


def _table(ranking: Ranking) -> Table:
    metric = ranking.metric
    name = in_full(metric, ranking.studies[0].study.operation)
    if ranking.contest.larger:
        title = say("Best by {metric}: more is better", metric=name)
    else:
        title = say("Best by {metric}: less is better", metric=name)
    columns = (
        Column(say("variant")),
        Column(say("runs"), number=True),
        Column(label(metric), number=True),
        Column(say("outcome")),
    )
    return table(say("Variants"), title, columns, _rows(ranking))


def _rows(ranking: Ranking) -> Iterator[tuple[Text, ...]]:
    dropped = {row.variant: row for row in ranking.selection.dropped}
    for name, study in ranking.studies:
        ended: Text = say("still in")
        if name == ranking.selection.best:
            ended = say("best")
        elif row := dropped.get(name):
            ended = say(
                "dropped after {runs}, worse than {by}",
                runs=Number(row.after),
                by=row.by,
            )
        interval = mean_interval(ranking.numbers[name])
        mean = ranking.selection.means[name]
        yield (
            name,
            Number(len(study.replications) + len(study.failures)),
            dated(ranking.metric, study.operation.clock, mean_of(mean, interval), mean),
            ended,
        )


def _same(ranking: Ranking) -> Iterator[Text]:
    for same in ranking.same:
        yield say(
            "{one} and {other} did not differ in any of {runs} replications.",
            one=same.one,
            other=same.other,
            runs=Number(same.replications),
        )


def _left_out(ranking: Ranking) -> Iterator[Text]:
    for name, study in ranking.studies:
        if study.failures:
            first = study.failures[0]
            yield say_many(
                "{count} run of {name} failed; the first, replication {number}: "
                "{error}.",
                "{count} runs of {name} failed; the first, replication {number}: "
                "{error}.",
                len(study.failures),
                name=name,
                number=str(first.replication),
                error=first.error,
            )
    if ranking.left_out:
        yield say_many(
            "{count} replication that failed in some variant is left out of all.",
            "{count} replications that failed in some variant are left out of all.",
            len(ranking.left_out),
        )


def selection_data(ranking: Ranking) -> dict[str, Data]:
    """Return the data of a selection, by the name of their file."""
    data = {"selection": _selection_data(ranking), "runs": _runs_data(ranking)}
    if ranking.left_out:
        data["failures"] = failures_data(ranking.studies)
    return data


def _selection_data(ranking: Ranking) -> Data:
    """Return a row for each variant: its mean, and when it was dropped by whom.

    Mean and interval are of the replications that count for the variant; one that was
    dropped has fewer of them.
    """
    columns = (
        *("variant", "metric", "unit", "mean", "low", "high", "confidence"),
        *("no_interval", "counted"),
        *("runs", "failed", "outcome", "dropped_by", "dropped_after", "matters"),
        *("guaranteed", "band", "description"),
    )
    return Data(columns, list(_selection_rows(ranking)))


def _selection_rows(ranking: Ranking) -> Iterator[tuple[Cell, ...]]:
    chosen, contest, metric = ranking.selection, ranking.contest, ranking.metric
    dropped = {row.variant: row for row in chosen.dropped}
    for name, study in ranking.studies:
        numbers, row = ranking.numbers[name], dropped.get(name)
        mean, interval = chosen.means[name], mean_interval(numbers, contest.confidence)
        outcome = "best" if name == chosen.best else "dropped" if row else "left"
        yield (
            *(name, metric, unit_of(metric), mean, interval.low, interval.high),
            *(contest.confidence, interval.untold, len(numbers)),
            *(len(study.replications) + len(study.failures), len(study.failures)),
            *(outcome, row and row.by, row and row.after, contest.matters),
            *(yes_or_no(chosen.sure), study.band),
            metric_of(metric).description,
        )


def _runs_data(ranking: Ranking) -> Data:
    """Return a row for each replication that counts, a column for each variant."""
    unit = unit_of(ranking.metric)
    names = (f"{name} [{unit}]" for name, _ in ranking.studies)
    return Data(("replication", *names), list(_run_rows(ranking)))


def _run_rows(ranking: Ranking) -> Iterator[tuple[Cell, ...]]:
    columns = [ranking.numbers[name].tolist() for name, _ in ranking.studies]
    longest = max(ranking.numbers, key=lambda name: len(ranking.numbers[name]))
    for place, replication in enumerate(ranking.counted(longest)):
        yield (
            replication,
            *(column[place] if place < len(column) else None for column in columns),
        )
