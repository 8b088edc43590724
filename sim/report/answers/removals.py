"""What it would change if obstacles held nobody: a table, a picture and data."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from sim.answers.what_holds import POLITICS, Removal, WhatHolds
from sim.experiment.compare import Row
from sim.report.answers.obstacles import of_removal
from sim.report.answers.pictures import bars
from sim.report.contents import (
    Column,
    Data,
    Picture,
    Table,
    table,
)
from sim.report.intervals import mean_of
from sim.scenario import Operation
from sim.words import (
    Number,
    Text,
    say,
)
from sim.words.bars import Bar
from sim.words.metrics import of_key


class RemovalEffect(NamedTuple):
    """What removing something changes.

    Attributes
    ----------
    removal : what holds nobody.
    waiting : of all people.
    t90, t100 : of those of the largest site.
    """

    removal: Removal
    waiting: Row
    t90: Row | None
    t100: Row | None

    @property
    def saved(self) -> float:
        """Person-hours less, on average."""
        return -self.waiting.paired.difference


def effects_of(found: WhatHolds) -> tuple[RemovalEffect, ...]:
    """Return what each removal changes, most person-hours saved first."""
    effects = []
    for number, (removal, _) in enumerate(found.arms):
        rows = {row.metric: row for row in found.comparison.of(number)}
        waiting, *moments = (rows.get(name) for name in found.metrics)
        if waiting is not None:
            t90, t100 = (*moments, None, None)[:2]
            effects.append(RemovalEffect(removal, waiting, t90, t100))
    return tuple(sorted(effects, key=lambda effect: -effect.saved))


def is_sure(row: Row) -> bool:
    """Whether a change is told apart from chance."""
    return row.differs > 0 and row.significant


def removals_picture(
    found: WhatHolds, effects: Sequence[RemovalEffect], runs: Text
) -> Picture | None:
    """Return person-hours saved by each removal; None if there is nothing to draw."""
    operation = found.base.operation
    rows = [
        Bar(
            of_arm(effect.removal, operation),
            effect.saved,
            -effect.waiting.paired.high,
            -effect.waiting.paired.low,
            strong=is_sure(effect.waiting),
        )
        for effect in effects
    ]
    return bars(
        "removals",
        say("What would be saved without"),
        rows,
        say("person-hours saved"),
        operation,
        shows=say(
            "Mean over pairs of runs of the same luck; line: its 95 % interval; pale: "
            "may be chance alone."
        ),
        foot=runs,
        shown=_removals(found, effects),
    )


def _removals(found: WhatHolds, effects: Sequence[RemovalEffect]) -> Table:
    operation = found.base.operation
    whose = [
        site_shown(row, operation)
        for row in (effect.t90 for effect in effects)
        if row is not None
    ]
    columns = (
        Column(say("change")),
        Column(say("person-hours"), number=True),
        Column(say("90 % out, h"), number=True, aside=True),
        Column(say("all out, h"), number=True),
        Column(say("runs worse"), number=True, aside=True),
    )
    rows = (
        (
            of_arm(effect.removal, operation),
            _change(effect.waiting),
            _change(effect.t90),
            _change(effect.t100),
            _worse(effect.waiting),
        )
        for effect in sorted(effects, key=lambda each: -abs(each.saved))
    )
    return table(
        say("Removals"),
        say(
            "Change of all waiting, and of when the people of {whose} are out: the "
            "largest first",
            whose=whose[0] if whose else None,
        ),
        columns,
        rows,
        first=12,
    )


def of_arm(removal: Removal, operation: Operation) -> Text:
    """Return what an arm removes."""
    if len(removal) == 1:
        return of_removal(removal[0], operation)
    if all(each.kind in POLITICS for each in removal):
        return say("without any stoppage or agreement")
    return say("all of these together")


def _change(row: Row | None) -> Text:
    if row is None or not row.paired.n:
        if row is not None and row.only_variant:
            return say("only then")
        if row is not None and row.only_base:
            return say("then not by the end")
        return say("never")
    if not row.differs:
        return Number(0)
    return mean_of(row.paired.difference, row.paired.interval, "+")


def _worse(row: Row) -> Text:
    if row.worse is None:
        return None
    return say("{worse} of {all}", worse=Number(row.worse), all=Number(row.all))


def removals_data(found: WhatHolds) -> Data:
    """Return what each removal changes, a row for each metric."""
    rows = []
    for number, (removal, _) in enumerate(found.arms):
        names = "; ".join(f"{kind} {name}" for kind, name in removal)
        for row in found.comparison.of(number):
            pair = row.paired
            ends = (pair.low, pair.high)
            rows.append(
                (
                    names,
                    row.metric,
                    pair.n,
                    _known(pair.base),
                    _known(pair.variant),
                    _known(pair.difference),
                    *map(_known, ends),
                    row.worse,
                )
            )
    columns = ("removed", "metric", "pairs", "base", "without", "change", "low", "high")
    return Data((*columns, "worse"), tuple(rows))


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def site_shown(row: Row, operation: Operation) -> Text:
    """Return the site whose moments are shown."""
    return of_key(operation, row.metric.partition("/")[2])
