"""The plans that were tried, as a picture with its table, and as data."""

from math import isnan

from sim.answers.best import Best
from sim.answers.plan_space import AS_IT_STANDS
from sim.report.answers.pictures import bars
from sim.report.contents import Cell, Column, Data, Picture, Table, table
from sim.report.intervals import DASH, mean_of
from sim.scenario import Operation
from sim.statistics.intervals import mean_interval
from sim.words import Marked, Number, Text, say, share
from sim.words.bars import Bar
from sim.words.metrics import in_full, label

UNCHANGED = say("as it stands")
_DRAWN = 15
"""Plans in a picture, beside the scenario as it stands."""


def _ranked(found: Best) -> list[str]:
    """Return the plans: the best, those that were compared, others, those out."""
    sign = -1 if found.contest.larger else 1

    compared = () if found.ranking is None else found.ranking.numbers

    def key(name: str) -> tuple[bool, float, bool, float]:
        tried = found.tried[name]
        mean = float(tried.numbers.mean()) if tried.numbers.size else 0.0
        return name != found.best, tried.excess, name not in compared, sign * mean

    return sorted(found.tried, key=key)


def _verdict(found: Best, name: str) -> str:
    """Return what became of a plan, for programs."""
    if name == found.best:
        return "best"
    if found.tried[name].excess:
        return "breaks the limit"
    if found.ranking is None or name not in found.ranking.numbers:
        return "worse in the search"
    chosen = found.ranking.selection
    if name not in chosen.left:
        return "dropped"
    return "as good" if chosen.sure else "still in"


_VERDICTS: dict[str, Text] = {
    "best": Marked(say("best"), "good"),
    "breaks the limit": Marked(say("breaks the limit"), "bad"),
    "worse in the search": say("worse in the search"),
    "still in": say("still in"),
    "as good": say("as good"),
    "dropped": say("dropped"),
}


def plans(found: Best, operation: Operation) -> Picture | Table:
    """Return the plans that keep the limit as bars; of none, the table alone."""
    kept = [name for name in _ranked(found) if not found.tried[name].excess]
    others = [name for name in kept[_DRAWN:] if name == AS_IT_STANDS]
    rows = []
    for name in [*kept[:_DRAWN], *others]:
        tried = found.tried[name]
        interval = mean_interval(tried.numbers)
        mean = float(tried.numbers.mean())
        text = " / ".join(tried.values) or UNCHANGED
        strong = name == found.best
        rows.append(Bar(text, mean, interval.low, interval.high, strong=strong))
    shown = _table(found, operation)
    title = say(
        "{metric} by plan, {choices}",
        metric=in_full(found.metric, operation),
        choices=" / ".join(each.what for each in found.choices),
    )
    picture = bars(
        *("plans", title, rows, label(found.metric), operation),
        shows=say("Mean of the runs with its interval, best first; blue: the best."),
        foot=say("Plans that keep the limit; of many only the best are drawn."),
        shown=shown,
    )
    return picture or shown


def _table(found: Best, operation: Operation) -> Table:
    limit = found.limit
    headings = [Column(each.what) for each in found.choices]
    numbers = [Column(label(found.metric), number=True)]
    numbers.append(Column(say("no run before"), number=True, aside=True))
    if limit is not None:
        apart = say("% apart") if limit.percent else say("people apart")
        numbers.append(Column(apart, number=True))
        numbers.append(Column(say("limit broken"), number=True))
    rows = []
    for name in _ranked(found):
        tried = found.tried[name]
        mean: Text = DASH
        if tried.numbers.size:
            interval = mean_interval(tried.numbers)
            mean = mean_of(float(tried.numbers.mean()), interval)
        cells: list[Text] = [*tried.values]
        if not cells:
            cells = [UNCHANGED, *[DASH] * (len(found.choices) - 1)]
        cells += [mean, DASH if isnan(tried.bound) else Number(tried.bound, ",.1f")]
        if limit is not None:
            broken, runs = found.broken(name)
            cells.append(Number(float(tried.leads.mean()), ",.4g"))
            cells.append(share(broken / runs))
        rows.append((*cells, _VERDICTS[_verdict(found, name)]))
    return table(
        say("Plans"),
        say("Plans that were tried: mean of the runs, and how far sides are apart"),
        (*headings, *numbers, Column(say("outcome"))),
        rows,
    )


def plans_data(found: Best) -> Data:
    """Return a row for each plan that was tried, and for each that was refused."""
    rows: list[tuple[Cell, ...]] = []
    for name in _ranked(found):
        tried = found.tried[name]
        interval = mean_interval(tried.numbers)
        broken, runs = found.broken(name)
        values = tried.values or [None] * len(found.choices)
        rows.append(
            (
                *values,
                *(len(tried.numbers), _or_none(tried.numbers.mean())),
                *(_or_none(interval.low), _or_none(interval.high)),
                _or_none(tried.bound),
                *(float(tried.leads.mean()) if runs else None, broken, runs),
                _verdict(found, name),
            )
        )
    nothing = (None,) * 8
    rows += [(*values, *nothing, "refused") for values in found.refused]
    names = ("runs", "mean", "low", "high", "no_run_before", "apart", "broken")
    return Data(
        (*(c.what for c in found.choices), *names, "looked_at", "outcome"), rows
    )


def _or_none(value: float) -> float | None:
    return None if isnan(value) else float(value)
