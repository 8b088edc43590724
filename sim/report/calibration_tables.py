"""The tables of a fit for readers, and its pictures with what they show in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sim.inference.calibration.goodness_of_fit import GoodnessOfFit
from sim.inference.calibration.posterior import Parameter, SourceBias, Verdict
from sim.inference.calibration.posterior_predictive import PredictiveCheck
from sim.inference.calibration.relative_difference import Score
from sim.report.contents import READERS, Column, Picture, Table, table
from sim.report.predicted import (
    METHODS,
    OUTSIDE,
    ParameterCells,
    predicted,
    reported,
    two_places,
)
from sim.scenario import Operation
from sim.scenario.units import field_unit
from sim.words import Number, Text, joined, levels, listed, say, say_many

_VERDICTS: Mapping[Verdict, tuple[Text, Text]] = MappingProxyType(
    {
        "learned from the record": (
            say("Learned"),
            say("Learned from the record, before and after: 5 to 95 %"),
        ),
        "prior only": (
            say("Prior only"),
            say("Prior only: such figures fix less than a fifth of it"),
        ),
    }
)


def figures(good: GoodnessOfFit) -> Picture:
    """Return each documented figure beside what the fit predicts."""
    found = good.predictions
    headings = (say("reported"), say("fit"), say("PIT"))
    shown = table(
        say("Figures"),
        say("Each documented figure beside what the fit predicts: median (5 to 95 %)"),
        (
            Column(say("figure"), whole=True),
            Column(say("source"), whole=True),
            Column(say("what")),
            *(Column(each, number=True) for each in headings),
            Column(None, whole=True),
        ),
        _figure_rows(good),
    )
    return _picture(
        good,
        "figures",
        shown,
        joined([_inside(found.after), say("Pale: the bare prior.")]),
        found.after,
        found.before,
    )


def parameters(good: GoodnessOfFit) -> Iterator[Picture | Table]:
    """Return what is not known, before and after: what was learned, then the rest."""
    operation = good.fit.ready.operation
    first, *others = (
        _parameters(name, title, rows, operation)
        for (name, title), rows in (
            (each, [row for row in good.parameters if row.verdict == verdict])
            for verdict, each in _VERDICTS.items()
        )
        if rows
    )
    yield _picture(
        good,
        "parameters",
        first,
        say(
            "Where 5 % to 95 % of the draws lie in the range that the scenario gives "
            "to each parameter. Hollow: prior only. {learned}",
            learned=_learned(good),
        ),
        good.parameters,
        [_gone(row, operation) for row in good.parameters],
    )
    yield from others


def _gone(row: Parameter, operation: Operation) -> Text:
    """Return from where to where the range of a parameter went."""
    cells = ParameterCells(row.name, operation)
    unit = field_unit(operation, row.name)
    return say(
        "{before} before, {after} after",
        before=cells.between(row.prior),
        after=joined(
            [cells.between(row.fit), None if unit.is_moment else unit.name or None]
        ),
    )


def _parameters(
    name: Text, title: Text, rows: Iterable[Parameter], operation: Operation
) -> Table:
    headings = (
        *(say("before"), say("median"), say("after"), say("contraction")),
        say("seeds apart"),
    )
    return table(
        name,
        title,
        (Column(None), *(Column(each, number=True) for each in headings)),
        (
            (
                cells.name,
                cells.between(row.prior),
                cells.value(row.fit[1]),
                cells.between(row.fit),
                two_places(row.contraction),
                two_places(row.apart),
            )
            for row in rows
            for cells in (ParameterCells(row.name, operation),)
        ),
    )


def _learned(good: GoodnessOfFit) -> Text:
    """Return how many parameters the record says something about, and which."""
    if not good.learned:
        return say("Nothing was learned from the record.")
    return say_many(
        "{count} of {parameters} parameters was learned from the record: {names}.",
        "{count} of {parameters} parameters were learned from the record: {names}.",
        len(good.learned),
        parameters=Number(len(good.parameters)),
        names=listed(good.learned),
    )


def sources(good: GoodnessOfFit) -> Picture:
    """Return how far sources lie from the runs."""
    shown = table(
        say("Sources"),
        say("How far sources lie from the runs: a factor, median (5 to 95 %)"),
        (
            Column(say("family and unit")),
            Column(say("figures"), number=True),
            Column(say("factor"), number=True),
            Column(None),
        ),
        (
            (
                row.name,
                Number(row.figures),
                _factor(row),
                say("taken at its word") if row.pinned else None,
            )
            for row in good.sources
        ),
    )
    furthest = max(good.sources, key=lambda row: max(row.factor[1], 1 / row.factor[1]))
    return _picture(
        good,
        "sources",
        shown,
        say(
            "By which factor each family of sources differs from the runs. Furthest "
            "from 1: {source}, {factor}.",
            source=furthest.name,
            factor=_factor(furthest),
        ),
        good.sources,
    )


def ridge(good: GoodnessOfFit) -> Iterator[Picture]:
    """Return the parameters that are told apart worst; nothing of a single one."""
    found = good.ridge
    pairs = sorted(found.pairs(), key=lambda pair: -abs(pair[2]))
    if not pairs:
        return
    rows = [
        (found.names[one], found.names[two], Number(together, "+.2f"))
        for one, two, together in pairs
    ]
    shown = table(
        say("Not told apart"),
        say("What the record does not tell apart"),
        (
            Column(say("parameter")),
            Column(say("with")),
            Column(say("correlation"), number=True),
        ),
        rows,
        forms=READERS,
    )
    one, two, together = rows[0]
    yield _picture(
        good,
        "ridge",
        shown,
        say(
            "Draws, by their place in the prior of two parameters; a slant: one makes "
            "up for the other. Most together: {one} and {two}, correlation {together}.",
            one=one,
            two=two,
            together=together,
        ),
        found,
    )


def scores(good: GoodnessOfFit) -> Table:
    """Return the scores of a fit beside those of others."""
    headings = (
        *(say("figures"), say("fit"), say("bare prior"), say("constant rate")),
        *(say("open hours"), say("floor"), say("moments free")),
    )
    return table(
        say("Scores"),
        say("Scores: less is better but for skill and inside"),
        (
            Column(None),
            Column(say("of")),
            *(Column(each, number=True) for each in headings),
        ),
        (
            (
                *(row.name, row.of, Number(row.figures)),
                *map(_shown_as(row), (row.fit, row.prior, row.line)),
                *map(_shown_as(row), (row.open_hours, row.floor, row.free_floor)),
            )
            for row in good.scores
        ),
    )


def _shown_as(row: Score) -> Callable[[float], Number]:
    """Return how the numbers of a row are shown: counts of figures are whole."""
    return Number if row.name.startswith("inside ") else two_places


def _figure_rows(good: GoodnessOfFit) -> Iterable[tuple[Text, ...]]:
    ready = good.fit.ready
    clock = ready.operation.clock
    for entry, check in zip(ready.record.entries, good.predictions.after, strict=True):
        yield (
            check.claim.name,
            check.claim.family,
            entry.figure.metric.replace("_", " "),
            reported(check, clock),
            predicted(check, clock),
            two_places(check.pit),
            None if check.inside else OUTSIDE,
        )


def _inside(checks: Sequence[PredictiveCheck]) -> Text:
    outside = [check.claim.name for check in checks if not check.inside]
    told = say(
        "What a report of each figure would be if a draw of the fit were true, from "
        "what was said, in standard deviations: {inside} of {all} lie inside their "
        "90 % interval.",
        inside=Number(len(checks) - len(outside)),
        all=Number(len(checks)),
    )
    missed = say("Outside: {names}.", names=joined(outside, ", ")) if outside else None
    return joined([told, missed])


def _factor(row: SourceBias) -> Text:
    low, middle, high = (Number(level, ".2f") for level in row.factor)
    return levels(low, middle, high)


def _picture(
    good: GoodnessOfFit, name: str, shown: Table, alternative: Text, *drawn: Any
) -> Picture:
    """Return a picture of a fit, drawn from what is given and what it rests on."""
    fit = good.fit
    reference: Text = joined(fit.task.reference, ", ")
    foot = say_many(
        "{method} of {draws} draws, seed {seeds}, {reference}.",
        "{method} of {draws} draws, seeds {seeds}, {reference}.",
        len(fit.options.seeds),
        method=METHODS[fit.options.method],
        draws=Number(len(fit.points)),
        seeds=joined(map(str, fit.options.seeds), ", "),
        reference=reference if fit.task.reference else say("all sources pooled"),
    )
    return Picture(
        name,
        shown.title,
        alternative,
        (*drawn, fit.ready.operation.operation, foot),
        shown,
        drawing=f"fit-{name}",
    )
