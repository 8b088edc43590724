"""How much of a scenario is given, on what it rests, and what of it are outcomes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sim.report.contents import READERS, Column, Data, Report, Section, Table, yes_or_no
from sim.report.contents import table as of_rows
from sim.scenario import Operation
from sim.scenario.headings import heading_of
from sim.scenario.typed_in import Given, StandsFor, TypedValue, typed_in
from sim.words import Number, Sentence, Text, listed, say, say_many

_KINDS = {
    Given.DATE: say("dates"),
    Given.HANGING: say("moments"),
    Given.TIME_OF_DAY: say("times"),
    Given.NUMBER: say("numbers"),
    Given.RANGE: say("ranges"),
    Given.UNKNOWN: say("unknowns"),
}
_STANDINGS = {
    StandsFor.ORDER: say("orders"),
    StandsFor.OUTCOME: say("outcomes"),
}


def report_on_typed_in(operation: Operation) -> Report:
    """Return what a scenario gives, part by part, and each value for programs."""
    given = tuple(typed_in(operation))
    return Report(
        title=operation.operation,
        answer=_in_short(given),
        sections=(Section("typed-in", say("What is given"), (_table(given), _RULE)),),
        data={"typed_in": typed_in_data(operation)},
    )


def given_in_short(operation: Operation) -> Text:
    """Return the same in two sentences."""
    return _in_short(tuple(typed_in(operation)))


def given_by(operation: Operation) -> Section:
    """Return the same as a section of another report."""
    given = tuple(typed_in(operation))
    parts = (_in_short(given), _table(given), _RULE)
    return Section("typed-in", say("What the scenario gives"), parts, READERS)


_RULE = say(
    "Orders are the dates and terms of agreements, and the dates of stoppages and "
    "weather, that name rows of the evidence table: orders, agreements, outside "
    "events. Any other date says when something happened, and is an outcome typed in; "
    "so is how many a stoppage caught, or were lost. When the operation starts, ends "
    "and was planned is neither."
)


def _in_short(given: Sequence[TypedValue]) -> Text:
    dates = [each for each in given if each.kind is Given.DATE]
    kinds = Counter(each.kind for each in given)
    what = listed(
        (
            say_many("{count} date", "{count} dates", len(dates)),
            say_many("{count} number", "{count} numbers", kinds[Given.NUMBER]),
            say_many("{count} range", "{count} ranges", kinds[Given.RANGE]),
            say_many("{count} unknown", "{count} unknowns", kinds[Given.UNKNOWN]),
            say_many(
                "{count} moment that hangs on what happens",
                "{count} moments that hang on what happens",
                kinds[Given.HANGING],
            ),
        )
    )
    return say(
        "The scenario gives {what}. Dates of documented orders, agreements or outside "
        "events: {orders}; dates that are outcomes typed in: {outcomes}.",
        what=what,
        orders=_standing(dates, StandsFor.ORDER),
        outcomes=_standing(dates, StandsFor.OUTCOME),
    )


def _table(given: Sequence[TypedValue]) -> Table:
    sections: dict[str, list[TypedValue]] = {}
    for each in given:
        sections.setdefault(each.section, []).append(each)
    rows: list[tuple[Text, Sequence[TypedValue]]] = [
        *((_heading(name), own) for name, own in sections.items()),
        (say("in all"), given),
    ]
    titles = (*_KINDS.values(), say("documented"), *_STANDINGS.values())
    return of_rows(
        say("Typed in"),
        say("What the scenario gives, part by part"),
        (
            Column(say("part"), whole=True),
            *(Column(each, number=True) for each in titles),
        ),
        (
            (
                part,
                *(_count(own, kind) for kind in _KINDS),
                Number(sum(each.documented for each in own)),
                *(_standing(own, standing) for standing in _STANDINGS),
            )
            for part, own in rows
        ),
    )


def _heading(section: str) -> Text:
    if section == "operation":
        return say("Operation")
    part, _, field = f"operation.{section}".rpartition(".")
    return Sentence(heading_of(part.rpartition(".")[2], field))


def _count(given: Iterable[TypedValue], kind: Given) -> Number:
    return Number(sum(each.kind is kind for each in given))


def _standing(given: Iterable[TypedValue], standing: StandsFor) -> Number:
    return Number(sum(each.standing is standing for each in given))


def typed_in_data(operation: Operation) -> Data:
    """Return a row for each value that a scenario gives."""
    return Data(
        ("path", "part", "kind", "value", "documented", "stands_for"),
        [
            (
                *(each.path, each.section, str(each.kind), each.text),
                *(yes_or_no(each.documented), str(each.standing)),
            )
            for each in typed_in(operation)
        ],
    )
