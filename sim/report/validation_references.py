"""Whom to believe: what each reference, source and reading leads to, as tables."""

from collections.abc import Iterator, Sequence
from math import isfinite, isnan

from sim.inference.calibration.fit import SHORT
from sim.inference.validation.reference_sensitivity import (
    FEWEST_DRAWS,
    EndTotal,
    SourceUse,
    UnderReference,
)
from sim.inference.validation.validation import (
    Validation,
)
from sim.report.contents import Column, Table, table
from sim.report.predicted import (
    OUTSIDE,
    ParameterCells,
    moments_of,
)
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Number, Text, joined, say
from sim.words.inference import named

_PRIOR_ONLY = "prior only"


def references(done: Validation) -> Table:
    """Return what each reference leads to: totals, and what was learned under any."""
    operation = done.operation
    names = [row.reference for row in done.evidence]
    found: dict[str, list[UnderReference]] = {}
    for row in done.under:
        found.setdefault(row.target, []).append(row)
    return table(
        say("References"),
        say("What each reference leads to: median (5 to 95 %)"),
        (Column(None), *(Column(named(name), number=True) for name in names)),
        (
            (_target(rows[0], operation), *(_under(row, operation) for row in rows))
            for rows in found.values()
            if _worth_showing(rows)
        ),
    )


def _target(row: UnderReference, operation: Operation) -> Text:
    return ParameterCells(row.target, operation).name if row.says else row.target


def _worth_showing(rows: Sequence[UnderReference]) -> bool:
    """Whether anything was learned, or ever comes."""
    learned = any(row.says != _PRIOR_ONLY for row in rows)
    return learned and any(isfinite(row.levels[0]) for row in rows)


def _under(row: UnderReference, operation: Operation) -> Text:
    if row.says == _PRIOR_ONLY:
        return say("prior only")
    if row.unit == "h":
        return moments_of(row.levels, operation.clock)
    return ParameterCells(row.target, operation).levels(row.levels)


def end_totals(done: Validation) -> Iterator[Table | Text]:
    """Return the people in the end by each reading, of the site with the most."""
    most = max(done.end_totals, key=lambda row: row.levels[2], default=None)
    if most is None:
        return
    yield table(
        say("End totals"),
        say(
            "People arrived in the end from {site}, by whom the record is read with",
            site=of_site(done.operation, most.site),
        ),
        (
            Column(say("sources"), whole=True),
            *(
                Column(each, number=True)
                for each in (
                    *(say("median"), say("50 %"), say("90 %")),
                    *(say("width"), say("draws it rests on")),
                )
            ),
        ),
        (_end_total(row) for row in done.end_totals if row.site == most.site),
    )
    if done.weighed:
        yield say(
            "The draws of the fit were weighed anew. Where fewer than {fewest} of "
            "equal weight are left, a short fit of {draws} draws says it, begun at "
            "runs from the ranges; it rests on the first of them that are left.",
            fewest=Number(FEWEST_DRAWS),
            draws=Number(SHORT.particles),
        )


def _end_total(row: EndTotal) -> tuple[Text, ...]:
    low, quarter, middle, three_quarters, high = row.levels
    return (
        _reading(row),
        Number(middle),
        _between(quarter, three_quarters),
        _between(low, high),
        Number(row.width),
        None if isnan(row.worth) else Number(row.worth),
    )


def _reading(row: EndTotal) -> Text:
    names = joined(row.families, ", ")
    match row.use:
        case SourceUse.POOLED:
            return say("all pooled")
        case SourceUse.WITHOUT:
            return say("without {names}", names=names)
        case SourceUse.WITHOUT_LOW:
            return say("without those that count low: {names}", names=names)
        case SourceUse.ALONE:
            return say("{names} alone", names=names)
    return say("{names} at its word", names=names)


def own_totals(done: Validation) -> Iterator[Table | Text]:
    """Return each source's last totals beside runs that take it at its word."""
    if not done.own_totals:
        return
    headings = (say("reported"), say("runs"), say("draws it rests on"))
    yield table(
        "Own totals",
        say("Each source at its word: its last total of all people, and the runs'"),
        (
            *(Column(each) for each in (say("taken at its word"), say("of"))),
            Column(say("figure"), whole=True),
            *(Column(each, number=True) for each in headings),
            Column(say("inside 50 %")),
        ),
        (
            (
                *(row.family, of_site(done.operation, row.site), row.figure),
                _between(row.low, row.high),
                say(
                    "{middle} ({low} to {high})",
                    middle=Number(row.interval[1]),
                    low=Number(row.interval[0]),
                    high=Number(row.interval[2]),
                ),
                None if isnan(row.worth) else Number(row.worth),
                say("inside") if row.inside else OUTSIDE,
            )
            for row in done.own_totals
        ),
    )
    inside = sum(row.inside for row in done.own_totals)
    fields = {"inside": Number(inside), "totals": Number(len(done.own_totals))}
    if not done.weighed:
        yield say(
            "{inside} of {totals} lie in the 50 % interval of people arrived by then, "
            "by screens. With --fit the draws of a tempered fit are weighed anew, "
            "which is nearer.",
            **fields,
        )
    else:
        yield say(
            "{inside} of {totals} lie in the 50 % interval of people arrived by then. "
            "The draws of the fit were weighed anew for each source; so are all "
            "numbers that each reference leads to.",
            **fields,
        )


def _between(low: float, high: float) -> Text:
    """Return what was reported, as one number where it is one."""
    if high - low <= 1:
        return Number((low + high) / 2)
    return say("{low} to {high}", low=Number(low), high=Number(high))


def evidence(done: Validation) -> Table:
    """Return how probable the record is under each reference."""
    return table(
        say("Evidence"),
        say("How probable the record is under each reference"),
        (
            Column(say("taken at its word")),
            Column(say("logarithm of the evidence"), number=True),
            Column(say("runs it rests on"), number=True),
        ),
        (
            (named(row.reference), Number(row.log_evidence, ".1f"), Number(row.worth))
            for row in done.evidence
        ),
    )
