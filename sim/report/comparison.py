"""What variants change against their base: means, and what means hide."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isnan

from sim.experiment import Comparison
from sim.experiment.compare import Row, better, pairs_of
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import metric_of, unit_of
from sim.report.briefs import brief_of_comparison
from sim.report.cautions import of_variant
from sim.report.comparison_tables import p_value, percent, picture, variants
from sim.report.contents import Cell, Data, Report, Section
from sim.report.headlines import of_change, when_or_what
from sim.report.intervals import (
    HOW_MADE,
    NO_INTERVAL,
    change_of,
    share_between,
    why_untold,
)
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.run_data import failures_data
from sim.scenario.problems import quoted
from sim.scenario.variants import changes_in
from sim.statistics.intervals import CONFIDENCE, LEAST_APART, share_interval
from sim.words import Number, Text, joined, listed, say, say_many
from sim.words.metrics import in_full, with_unit

_MOST_NAMED = 4
_FOREMOST = ("t100", "t90", "t50", "arrived", "waiting")
"""What a planner asks first."""
_BETTER = {-1: "lower", 0: "", 1: "higher"}


def report_on_comparison(comparison: Comparison, *, command: str) -> Report:
    """Return what variants change against their base.

    Parameters
    ----------
    comparison : to report.
    command : with which to repeat it.
    """
    alone = comparison_alone(comparison, command=command)
    row = foremost(comparison)
    return replace(
        alone,
        data=comparison_data(comparison),
        brief=brief_of_comparison(comparison, alone.answer, row, command=command),
    )


def comparison_alone(comparison: Comparison, *, command: str) -> Report:
    """Return the same without data and brief, which take longer."""
    base = comparison.base.study
    cautions = (
        say("Caution: {caution}", caution=of_variant(each))
        for each in comparison.cautions
    )
    others = (study.operation for _, study in comparison.variants)
    row = foremost(comparison)
    headline = of_change(comparison, row) if row else None
    return Report(
        title=say("Base: {operation}", operation=base.operation.operation),
        answer=answer(comparison),
        sections=(
            Section("runs", say("What was run"), (_headline(comparison), *cautions)),
            *picture(comparison, headline),
            *variants(comparison),
            Section(
                "reading",
                say("How to read it"),
                (_how_to_read(comparison), *_failures(comparison)),
            ),
            *limits_and_repeat(base.operation, command, *others),
        ),
        data={},
        headline=headline,
    )


def answer(comparison: Comparison) -> Text:
    """Return what changes most of what is asked first, and how sure that is."""
    row = foremost(comparison)
    if row is not None:
        return joined([_foremost(comparison, row), _certainty(row, comparison.tested)])
    if not any(row.differs for row in comparison.rows):
        return say_many(
            "Nothing that was compared changes: every run of the variant has the same "
            "{metrics} as that of the base.",
            "Nothing that was compared changes: every run of the {count} variants has "
            "the same {metrics} as that of the base.",
            len(comparison.variants),
            metrics=_compared(comparison),
        )
    return say("Runs differ, yet in no pair of them did anything happen in both.")


def _compared(comparison: Comparison) -> Text:
    """Return what was compared, or how much if it is too much to name."""
    names, operation = comparison.metrics, comparison.base.study.operation
    if len(names) <= _MOST_NAMED:
        return listed(in_full(name, operation) for name in names)
    return say("{number} metrics", number=Number(len(names)))


def foremost(comparison: Comparison) -> Row | None:
    """Return the change to begin with; None if nothing changes.

    Of the metrics one that surely changes, the first that a planner asks for, where it
    changes most; of its variants the best.
    """
    found: dict[str, list[Row]] = {}
    for row in comparison.rows:
        if row.differs and row.paired.n:
            found.setdefault(row.metric, []).append(row)
    if not found:
        return None
    first = min(found, key=lambda metric: _rank(comparison, found[metric]))
    return min(found[first], key=_worth)


def urgency(metric: str) -> int:
    """Return how early a planner asks for a metric: the less, the earlier."""
    name = metric.partition("/")[0]
    return _FOREMOST.index(name) if name in _FOREMOST else len(_FOREMOST)


def _rank(comparison: Comparison, rows: Sequence[Row]) -> tuple[float, ...]:
    """Return how early a metric is told: the less, the earlier."""
    base, metric = comparison.base.study, rows[0].metric
    key = metric.partition("/")[2]
    known = key in {*base.layout.origins, ALL_SITES}
    people = float(base.to_leave(key).mean()) if known else 0.0
    most = max(abs(row.paired.difference) for row in rows)
    return (
        not any(row.significant for row in rows),
        all(row.paired.n < row.all for row in rows),
        urgency(metric),
        -most,
        -people,
        comparison.metrics.index(metric),
    )


def _worth(row: Row) -> tuple[float, ...]:
    """Return how good a variant is by a metric: the less, the better."""
    change = row.paired.difference
    gain = better(row.metric) * change if better(row.metric) else abs(change)
    return (row.paired.n < row.all, -gain)


def _foremost(comparison: Comparison, row: Row) -> Text:
    found, variants = row.paired, len(comparison.variants)
    base = comparison.base.study
    fields: dict[str, Text] = {
        "variant": _called(comparison, row.variant),
        "variants": Number(variants),
        "metric": in_full(row.metric, base.operation),
        "change": with_unit(change_of(found.difference, found.interval), row.metric),
        "base": when_or_what(base, row.metric, found.base, unit=False),
        "after": when_or_what(base, row.metric, found.variant),
    }
    if variants == 1:
        return say(
            "{variant} changes {metric} by {change} in the mean, from {base} to "
            "{after}.",
            **fields,
        )
    if row.improved:
        return say(
            "Of {variants} variants, {variant} is best by {metric}: it changes by "
            "{change} in the mean, from {base} to {after}.",
            **fields,
        )
    if better(row.metric):
        return say(
            "None of {variants} variants is better by {metric} in the mean; {variant} "
            "changes it by {change}, from {base} to {after}.",
            **fields,
        )
    return say(
        "Of {variants} variants, {variant} changes {metric} most: by {change} in the "
        "mean, from {base} to {after}.",
        **fields,
    )


def _called(comparison: Comparison, place: int) -> Text:
    """Return the title of a variant; its name if others have the same title.

    Of one that was changed beside a command, its title tells the changes after that of
    the base: they are enough.
    """
    arms = (comparison.base, *comparison.variants)
    titles = [study.operation.operation for _, study in arms]
    title = titles[place + 1]
    if titles.count(title) > 1:
        return comparison.variants[place].name
    changes = changes_in(title, titles[0])
    return quoted(changes) if changes else title


def _certainty(row: Row, among: int) -> Text:
    worse = None
    if row.worse is not None:
        worse = say_many(
            "It is worse in {worse} of {count} pair of runs ({between}).",
            "It is worse in {worse} of {count} pairs of runs ({between}).",
            row.all,
            worse=Number(row.worse),
            between=share_between(row.worse, row.all),
        )
    if isnan(row.p):
        alone = say("A single pair of runs cannot tell that from chance.")
        return joined([alone, worse])
    fields: dict[str, Text] = {
        "pairs": Number(row.paired.n),
        "p": p_value(row.p),
        "tested": Number(among),
    }
    found = row.paired
    untold = why_untold(found.interval, found.n)
    if untold:
        fields["why"] = untold
        if row.significant:
            sure = say(
                "{why} Chance alone hardly explains that anything changes (sign test, "
                "p {p}, corrected by Holm's procedure).",
                **fields,
            )
        else:
            sure = say(
                "{why} It may be chance alone (p {p}, corrected by Holm's procedure).",
                **fields,
            )
    elif row.significant:
        sure = say(
            "Chance alone hardly explains that (95 % interval over {pairs} pairs of "
            "runs; p {p}, corrected by Holm's procedure).",
            **fields,
        )
    elif found.low > 0 or found.high < 0:
        sure = say(
            "By itself that would hardly be chance (95 % interval over {pairs} pairs "
            "of runs), but as one of {tested} changes that were tested it may be (p "
            "{p}, corrected by Holm's procedure).",
            **fields,
        )
    else:
        sure = say(
            "That may be chance alone (95 % interval over {pairs} pairs of runs; p "
            "{p}, corrected by Holm's procedure).",
            **fields,
        )
    return joined([sure, worse])


def _headline(comparison: Comparison) -> Text:
    base = comparison.base.study
    shared = say_many(
        "{count} run of each, seed {seed}; base and variant share their luck, run by "
        "run.",
        "{count} runs of each, seed {seed}; base and variant share their luck, run by "
        "run.",
        len(base.runs) + len(base.failures),
        seed=str(base.seed),
    )
    return joined([shared, BANDS[base.band]])


def _how_to_read(comparison: Comparison) -> Text:
    if not comparison.tested:
        return say(
            "There is no test and no interval: a test takes two pairs of runs, an "
            "interval {least}.",
            least=Number(LEAST_APART + 1),
        )
    return say(
        "±, or both ends: 95 % interval of the mean change from the differences of the "
        "pairs, each by itself, by {made}. {none} No change is given in percent of a "
        "base that may be 0. p: that nothing changed, corrected for all "
        "{tested} changes tested (Holm). Whether a change may be chance is told by p "
        "alone: of so many intervals some leave out 0 by chance. Both say how sure so "
        "many runs are of this model, not how right the model is. Hours are those "
        "after the start of the base.",
        tested=Number(comparison.tested),
        made=HOW_MADE,
        none=NO_INTERVAL,
    )


def _failures(comparison: Comparison) -> Iterator[Text]:
    for name, study in (comparison.base, *comparison.variants):
        if study.failures:
            first = study.failures[0]
            yield say_many(
                "{count} run of {name} failed and its pair is left out; the first, "
                "replication {number}: {error}.",
                "{count} runs of {name} failed and their pairs are left out; the "
                "first, replication {number}: {error}.",
                len(study.failures),
                name=name,
                number=str(first.replication),
                error=first.error,
            )


def comparison_data(comparison: Comparison) -> dict[str, Data]:
    """Return the data of a comparison, by the name of their file."""
    sides = (comparison.base, *comparison.variants)
    data = {
        "comparison": _changes_data(comparison),
        "pairs": _pairs_data(comparison),
    }
    if any(study.failures for _, study in sides):
        data["failures"] = failures_data(sides)
    return data


def _changes_data(comparison: Comparison) -> Data:
    """Return a row for each variant and metric.

    Means, difference and interval are of the `pairs` in which the metric happened on
    both sides; `no_interval` says why there is none. An
    empty `variance_factor` beside a change in no pair at all, or the same in all,
    stands for a division by 0.
    """
    columns = (
        *("variant", "metric", "unit", "better", "base_mean", "variant_mean"),
        *("difference", "low", "high", "confidence", "no_interval"),
        *("change_percent", "p", "p_holm"),
        *("pairs", "all_pairs", "only_in_base", "only_in_variant", "differs", "worse"),
        *("worse_share", "worse_low", "worse_high", "at_worst"),
        *("variance_factor", "band", "description"),
    )
    return Data(columns, [_change_cells(comparison, row) for row in comparison.rows])


def _change_cells(comparison: Comparison, row: Row) -> tuple[Cell, ...]:
    found = row.paired
    return (
        *(comparison.variants[row.variant].name, row.metric, unit_of(row.metric)),
        *(_BETTER[better(row.metric)], found.base, found.variant, found.difference),
        *(found.low, found.high, CONFIDENCE, found.interval.untold),
        *(percent(row), found.p, row.p),
        *(found.n, row.all, row.only_base, row.only_variant, row.differs, row.worse),
        *_worse_shares(row),
        *(row.at_worst, found.factor, comparison.base.study.band),
        metric_of(row.metric).description,
    )


def _worse_shares(row: Row) -> tuple[Cell, ...]:
    """Return the share of pairs that are worse, and between what it lies."""
    if row.worse is None or not row.all:
        return (None, None, None)
    return (row.worse / row.all, *share_interval(row.worse, row.all))


def _pairs_data(comparison: Comparison) -> Data:
    """Return a row for each replication, variant and metric.

    A side on which it did not happen is empty.
    """
    columns = ("replication", "variant", "metric", "unit", "base_value")
    return Data((*columns, "variant_value", "difference"), _pair_rows(comparison))


def _pair_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    for row in comparison.rows:
        name, study = comparison.variants[row.variant]
        unit = unit_of(row.metric)
        pairs = pairs_of(comparison.base.study, study, row.metric)
        for replication, base, variant in zip(
            pairs.replications, pairs.base.tolist(), pairs.variant.tolist(), strict=True
        ):
            change = variant - base
            yield (replication, name, row.metric, unit, base, variant, change)
