"""What variants change, in 100 columns: means, and what means hide."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf, isfinite, isnan
from statistics import median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.labels import in_full, label, of_key, short_unit, with_half
from sim.cli.screen import show, table
from sim.cli.words import decimal, number
from sim.experiment import Comparison
from sim.experiment.compare import Row, better
from sim.results.manifest import BANDS

_MEANS = ("base", "variant", "change ± 95 %", "%", "p")
_COUNTS = ("in base", "in variant", "differs", "worse", "by up to", "pairing")
_SAME = "the same in every run"
_HARM = " Below 1, shared luck gained nothing."


def print_differences(screen: Console, comparison: Comparison) -> None:
    """Print what each variant changes, and how sure that is."""
    base = comparison.base.study
    screen.print(Text(f"Base: {base.operation.operation}", style="bold"))
    runs = len(base.runs) + len(base.failures)
    screen.print(
        f"{runs} run{'s' * (runs != 1)} of each, seed {base.seed}; base and variant "
        f"share their luck, run by run. {BANDS[base.band]}\n"
    )
    for caution in comparison.cautions:
        screen.print(f"Caution: {caution}\n")
    for place in range(len(comparison.variants)):
        _print_variant(screen, comparison, place)
    for sentence in (*_how_to_read(comparison), *_failures(comparison)):
        screen.print(sentence)


def _print_variant(screen: Console, comparison: Comparison, place: int) -> None:
    name, study = comparison.variants[place]
    rows = comparison.of(place)
    show(screen, f"{study.operation.operation} ({name})", _means(comparison, rows))
    changed = [row for row in rows if row.differs]
    if not changed:
        screen.print("No run differs from that of the base.\n")
        return
    pairs = max(row.all for row in rows)
    title = f"In how many of the {pairs} pairs of runs, where anything changed"
    show(screen, title, _counts(comparison, changed))
    for sentence in (*_worse(comparison, changed), *_pairing(changed)):
        screen.print(sentence)
    screen.print()


def _means(comparison: Comparison, rows: Sequence[Row]) -> Table:
    shown = table("", *_MEANS, right=_MEANS)
    for title, own in _by_place(comparison, rows):
        shown.add_row(title, style="bold")
        for row in own:
            shown.add_row(f"  {label(row.metric)}", *_mean_cells(row))
    return shown


def _mean_cells(row: Row) -> tuple[str, ...]:
    found = row.paired
    if not found.n:
        return ("", "", _never(row))
    means = (_mean(row, found.base), _mean(row, found.variant))
    if not row.differs:
        return (*means, _SAME)
    return (*means, _change(row), _percent(found.percent), _p(row.p))


def _never(row: Row) -> str:
    """Return where something happened that never did so on both sides."""
    if row.only_base and row.only_variant:
        return "never in both of a pair"
    if row.only_base:
        return "in the base only"
    return "in the variant only" if row.only_variant else "in no run"


def _change(row: Row) -> str:
    """Return the mean change, to two figures of half its interval."""
    found = row.paired
    half = (found.high - found.low) / 2
    return with_half(found.difference, half, sign="+")


def _percent(percent: float) -> str:
    if isnan(percent):
        return ""
    if 0 < abs(percent) < 0.05:
        return "under 0.1"
    return f"{percent:+,.1f}"


def _p(p: float) -> str:
    if isnan(p):
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _counts(comparison: Comparison, rows: Sequence[Row]) -> Table:
    shown = table("", *_COUNTS, right=_COUNTS)
    for title, own in _by_place(comparison, rows):
        shown.add_row(title, style="bold")
        for row in own:
            shown.add_row(
                f"  {label(row.metric)}",
                number(row.came_base),
                number(row.came_variant),
                number(row.differs),
                "" if row.worse is None else number(row.worse),
                "" if isnan(row.at_worst) else _size(row.at_worst),
                _factor(row.paired.factor),
            )
    return shown


def _worse(comparison: Comparison, rows: Iterable[Row]) -> Iterator[str]:
    """Say where a better mean hides runs that got worse."""
    hidden = [
        f"{_full(comparison, row)} in {row.worse} of {row.all} runs{_by(row)}"
        for row in rows
        if row.improved and row.worse
    ]
    if hidden:
        yield f"Better in the mean, yet worse in some runs: {'; '.join(hidden)}."
    uneven = [
        f"{_full(comparison, row)} in {row.came_base} runs of the base and "
        f"{row.came_variant} of the variant"
        for row in rows
        if better(row.metric) and row.came_variant != row.came_base
    ]
    if uneven:
        yield (
            f"Not equally often: {'; '.join(uneven)}. Its means are of the pairs in "
            "which it happened on both sides."
        )


def _by(row: Row) -> str:
    return (
        ""
        if isnan(row.at_worst)
        else f", by up to {_size(row.at_worst)} {short_unit(row.metric)}"
    )


def _pairing(rows: Iterable[Row]) -> Iterator[str]:
    """Say what sharing the luck gained."""
    factors = sorted(row.paired.factor for row in rows if not isnan(row.paired.factor))
    if not factors:
        return
    low, middle, high = map(_factor, (factors[0], median(factors), factors[-1]))
    yield (
        f"Pairing: the variance of a change is {middle} times smaller (median; {low} "
        f"to {high}) than between independent runs. It would take that many times as "
        f"many of them for an interval as narrow.{_HARM * (factors[0] < 1)}"
    )


def _how_to_read(comparison: Comparison) -> Iterator[str]:
    yield (
        "±: 95 % interval of the mean change, by Student's t from the differences of "
        f"the pairs, each by itself. p: that nothing changed, corrected for all "
        f"{comparison.tested} changes tested (Holm). Both say how sure so many runs "
        "are of this model, not how right the model is. Hours are those after the "
        "start."
        if comparison.tested
        else "There is no test and no interval: they take two pairs of runs."
    )


def _failures(comparison: Comparison) -> Iterator[str]:
    for name, study in (comparison.base, *comparison.variants):
        if study.failures:
            count, first = len(study.failures), study.failures[0]
            many = count > 1
            yield (
                f"{count} run{'s' * many} of {name} failed and "
                f"{'their pairs are' if many else 'its pair is'} left out; the first, "
                f"replication {first.replication}: {first.error}."
            )


def _by_place(
    comparison: Comparison, rows: Iterable[Row]
) -> Iterator[tuple[str, list[Row]]]:
    """Return rows by what their metric is given for, in the order of their coming."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.metric.partition("/")[2], []).append(row)
    for key, own in found.items():
        yield of_key(comparison.base.study.operation, key), own


def _full(comparison: Comparison, row: Row) -> str:
    return in_full(row.metric, comparison.base.study.operation)


def _mean(row: Row, value: float) -> str:
    return f"{value:,.1f}" if short_unit(row.metric) == "h" else decimal(value)


def _size(value: float) -> str:
    """Return a positive number with at least one figure that is not 0."""
    return decimal(value) if value >= 0.1 else f"{value:.1g}"


def _factor(factor: float) -> str:
    if isnan(factor):
        return ""
    if factor == inf:
        return "all"
    return f"{factor:,.1f}" if isfinite(factor) and factor < 10 else f"{factor:,.0f}"
