"""Tables and the picture of what variants change against their base."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf, isfinite, isnan, nan
from statistics import median

from sim.experiment import Comparison
from sim.experiment.compare import Row, better
from sim.report.contents import READERS, Column, Group, Part, Picture, Section, Table
from sim.report.intervals import mean_of, untold
from sim.words import Number, Text, decimal, joined, say, say_many
from sim.words.metrics import dated, in_full, is_moment, label, of_key, with_unit

_SAME = say("the same in every run")


def picture(comparison: Comparison, headline: Text = None) -> Iterator[Section]:
    """Return a picture of what changed, if anything has an interval.

    Parameters
    ----------
    headline : what it says.
    """
    changed = {row.metric for row in comparison.rows if row.changed}
    metrics = [metric for metric in comparison.metrics if metric in changed]
    if not metrics:
        return
    title = say("What variants change against the base")
    drawing = Picture(
        "differences",
        headline or title,
        say_many(
            "For the one metric that changed, a mark for the mean difference of each "
            "variant from the base, and a line for its 95 % interval; pale if it may "
            "be chance alone.",
            "For each of {count} metrics that changed, a mark for the mean difference "
            "of each variant from the base, and a line for its 95 % interval; pale if "
            "it may be chance alone. Changes in one unit have one scale.",
            len(metrics),
        ),
        (comparison,),
        _differences(comparison, metrics),
    )
    yield Section("picture", title, (drawing,), READERS)


def _differences(comparison: Comparison, metrics: Iterable[str]) -> Table:
    rows = {(row.metric, row.variant): row for row in comparison.rows}
    places = range(len(comparison.variants))
    cells = (
        (metric, (label(metric), *(_cell(rows.get((metric, n))) for n in places)))
        for metric in metrics
    )
    names = (Column(name, number=True) for name, _ in comparison.variants)
    return Table(
        say("Differences"),
        say("Mean change against the base, with its 95 % interval"),
        (Column(None), *names),
        _grouped(comparison, cells),
        say("of"),
        READERS,
    )


def _cell(row: Row | None) -> Text:
    if row is None:
        return None
    if not row.paired.n:
        return _never(row)
    return _change(row) if row.differs else _SAME


def variants(comparison: Comparison) -> Iterator[Section]:
    """Return what each variant changes."""
    for place in range(len(comparison.variants)):
        yield _variant(comparison, place)


def _variant(comparison: Comparison, place: int) -> Section:
    name, study = comparison.variants[place]
    rows = comparison.of(place)
    changed = [row for row in rows if row.differs]
    title = say("{operation} ({name})", operation=study.operation.operation, name=name)
    parts: tuple[Part, ...] = (_means(comparison, rows, title, name),)
    if changed:
        pairs = max(row.all for row in rows)
        parts += (
            _counts(comparison, changed, pairs, name),
            *_untold(comparison, changed),
            *_worse(comparison, changed),
            *_pairing(changed),
        )
    else:
        parts += (say("No run differs from that of the base in what was compared."),)
    return Section(f"variant-{place + 1}", title, parts)


def _means(
    comparison: Comparison, rows: Sequence[Row], title: Text, name: str
) -> Table:
    headings = (say("base"), say("variant"), say("change"))
    return Table(
        say("Means {name}", name=name),
        title,
        (
            Column(None),
            *(Column(each, number=True) for each in headings),
            Column(say("%"), number=True, aside=True),
            Column(say("p"), number=True),
        ),
        _grouped(
            comparison,
            (
                (row.metric, (label(row.metric), *_mean_cells(comparison, row)))
                for row in rows
            ),
        ),
        say("of"),
    )


def _mean_cells(comparison: Comparison, row: Row) -> tuple[Text, ...]:
    found = row.paired
    if not found.n:
        return (None, None, _never(row), None, None)
    clock = comparison.base.study.operation.clock  # both are after its start
    means = (
        dated(row.metric, clock, _mean(row, value), value)
        for value in (found.base, found.variant)
    )
    if not row.differs:
        return (*means, _SAME, None, None)
    return (*means, _change(row), _percent(percent(row)), p_value(row.p))


def _never(row: Row) -> Text:
    """Return where something happened that never did so on both sides."""
    if row.only_base and row.only_variant:
        return say("never in both of a pair")
    if row.only_base:
        return say("in the base only")
    return say("in the variant only") if row.only_variant else say("in no run")


def _change(row: Row) -> Text:
    found = row.paired
    return mean_of(found.difference, found.interval, "+")


def percent(row: Row) -> float:
    """Return a change in percent of the base; NaN where that would mean nothing.

    It does not for moments, since when a clock starts is a choice, nor where the base
    may be zero.
    """
    return nan if is_moment(row.metric) else row.paired.percent


def _percent(value: float) -> Text:
    if isnan(value):
        return None
    return Number(value, "+.1g" if 0 < abs(value) < 0.05 else "+,.1f")


def p_value(p: float) -> Text:
    """Return a p-value; nothing if there is none."""
    return None if isnan(p) else Number(p, ".3f", least=0.001)


def _counts(
    comparison: Comparison, rows: Sequence[Row], pairs: int, name: str
) -> Table:
    headings = (
        say("in base"),
        say("in variant"),
        say("differs"),
        say("worse"),
        say("by up to"),
        say("pairing"),
    )
    return Table(
        say("Pairs {name}", name=name),
        say(
            "In how many of the {pairs} pairs of runs, where anything changed",
            pairs=Number(pairs),
        ),
        (Column(None), *(Column(each, number=True) for each in headings)),
        _grouped(comparison, ((row.metric, _count_cells(row)) for row in rows)),
        say("of"),
    )


def _count_cells(row: Row) -> tuple[Text, ...]:
    return (
        label(row.metric),
        Number(row.came_base),
        Number(row.came_variant),
        Number(row.differs),
        None if row.worse is None else Number(row.worse),
        None if isnan(row.at_worst) else _size(row.at_worst),
        _factor(row.paired.factor),
    )


def _untold(comparison: Comparison, rows: Iterable[Row]) -> Iterator[Text]:
    """Say of which changes so few pairs tell no interval."""
    changes = (
        (_full(comparison, row), row.paired.interval, row.paired.n)
        for row in rows
        if row.paired.n
    )
    yield from untold(changes)


def _worse(comparison: Comparison, rows: Iterable[Row]) -> Iterator[Text]:
    """Say where a better mean hides runs that got worse."""
    hidden = [
        joined([_worse_in(comparison, row), *_by(row)], ", ")
        for row in rows
        if row.improved and row.worse
    ]
    if hidden:
        yield say(
            "Better in the mean, yet worse in some runs: {metrics}.",
            metrics=joined(hidden, "; "),
        )
    uneven = [
        say(
            "{metric} in {base} runs of the base and {variant} of the variant",
            metric=_full(comparison, row),
            base=Number(row.came_base),
            variant=Number(row.came_variant),
        )
        for row in rows
        if better(row.metric) and row.came_variant != row.came_base
    ]
    if uneven:
        yield say(
            "Not equally often: {metrics}. Its means are of the pairs in which it "
            "happened on both sides.",
            metrics=joined(uneven, "; "),
        )


def _worse_in(comparison: Comparison, row: Row) -> Text:
    return say(
        "{metric} in {worse} of {all} runs",
        metric=_full(comparison, row),
        worse=Number(row.worse or 0),
        all=Number(row.all),
    )


def _by(row: Row) -> Iterator[Text]:
    if not isnan(row.at_worst):
        size = with_unit(_size(row.at_worst), row.metric)
        yield say("by up to {size}", size=size)


def _pairing(rows: Iterable[Row]) -> Iterator[Text]:
    """Say what sharing the luck gained."""
    gains = [row.paired.factor for row in rows if not isnan(row.paired.factor)]
    factors = sorted(factor for factor in gains if isfinite(factor))
    if factors:
        gained = say(
            "Pairing: the variance of a change is {middle} times smaller (median; "
            "{low} to {high}) than between independent runs. It would take that many "
            "times as many of them for an interval as narrow.",
            middle=_factor(median(factors)),
            low=_factor(factors[0]),
            high=_factor(factors[-1]),
        )
        harm = say("Below 1, shared luck gained nothing.") if factors[0] < 1 else None
        yield joined([gained, harm])
    alike = len(gains) - len(factors)
    if alike:
        yield say_many(
            "The change of {count} metric is the same in every pair: sharing the luck "
            "leaves it no variance.",
            "The changes of {count} metrics are the same in every pair: sharing the "
            "luck leaves them no variance.",
            alike,
        )


def _grouped(
    comparison: Comparison, rows: Iterable[tuple[str, tuple[Text, ...]]]
) -> tuple[Group, ...]:
    """Return rows by what their metric is given for, in the order of their coming."""
    found: dict[str, list[tuple[Text, ...]]] = {}
    for metric, cells in rows:
        found.setdefault(metric.partition("/")[2], []).append(cells)
    operation = comparison.base.study.operation
    return tuple(
        Group(of_key(operation, key), tuple(own)) for key, own in found.items()
    )


def _full(comparison: Comparison, row: Row) -> Text:
    return in_full(row.metric, comparison.base.study.operation)


def _mean(row: Row, value: float) -> Text:
    """Return a mean of a metric."""
    return Number(value, ",.1f") if is_moment(row.metric) else decimal(value)


def _size(value: float) -> Text:
    """Return a positive number with at least one figure that is not 0."""
    return decimal(value) if value >= 0.1 else Number(value, ".1g")


def _factor(factor: float) -> Text:
    if isnan(factor):
        return None
    if factor == inf:
        return say("all")
    return Number(factor, ",.1f" if isfinite(factor) and factor < 10 else ",.0f")
