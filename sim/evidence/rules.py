"""What must hold within one row of the evidence table. Each rule is a function."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import combinations

from sim.evidence.row import EvidenceRow
from sim.evidence.vocabulary import ALL_FAMILIES, KINDS, MEANINGS, STOCK_METRICS
from sim.messages import Text, joined, listed, say
from sim.scenario.problems import quoted
from sim.scenario.titles import sites_in

_PLACE = re.compile("[1-9][0-9]{0,5}")
_NOTHING = say("nothing")
Found = Iterator[tuple[str, Text]]
"""The column to look at, and what is wrong there with what to do."""


class InconsistentFigureError(ValueError):
    """A figure contradicts itself. Args: (column, sentence) of each problem."""

    def __str__(self) -> str:
        (found,) = self.args
        return "; ".join(f"{column}: {sentence}" for column, sentence in found)


def inconsistencies(figure: EvidenceRow) -> Found:
    """Return what is wrong with a row whose cells are each well formed."""
    for rule in _RULES:
        yield from rule(figure)


def _values_rise(figure: EvidenceRow) -> Found:
    given = [
        (column, value)
        for column in ("low", "best", "high")
        if (value := getattr(figure, column)) is not None
    ]
    for (lesser, value), (greater, other) in combinations(given, 2):
        if isinstance(value, datetime) is not isinstance(other, datetime):
            says = say(
                "{lesser} and {greater} must both be numbers or both times",
                lesser=lesser,
                greater=greater,
            )
            yield greater, says
        elif value > other:
            says = say(
                "{value} is above {greater}, {other}; put them in order",
                value=f"{value}",
                greater=greater,
                other=f"{other}",
            )
            yield lesser, says
    for column, value in given:
        if figure.metric and not isinstance(value, datetime) and value < 0:
            says = say(
                "{value} is below 0; counts and durations are not", value=f"{value}"
            )
            yield column, says


def _moments_rise(figure: EvidenceRow) -> Found:
    moments = {"since": figure.since, "from": figure.from_, "to": figure.to}
    given = [(column, moment) for column, moment in moments.items() if moment]
    for (earlier, moment), (later, other) in combinations(given, 2):
        if moment > other:
            says = say(
                "{moment} is after {later}, {other}",
                moment=_shown(moment),
                later=later,
                other=_shown(other),
            )
            yield earlier, says
    if figure.to and not figure.from_:
        says = say("is empty although `to` is not; fill in where the window begins")
        yield "from", says


def _window_is_given(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.when in {"at all", "since"}:
        return
    if figure.from_ is None:
        if figure.to is None:
            says = say(
                "is empty; say when {metric} is documented for", metric=figure.metric
            )
            yield "from", says
    elif (
        meaning.when == "between"
        and figure.since is None
        and figure.to in {None, figure.from_}
    ):
        says = say(
            "must be after `from`, which begins what {metric} counts",
            metric=figure.metric,
        )
        yield "to", says


def _counting_takes_time(figure: EvidenceRow) -> Found:
    ends = figure.to if figure.to is not None else figure.from_
    if figure.since is not None and figure.since == ends:
        says = say(
            "is also when it ends, so that nothing can be counted between; write when "
            "counting began, or leave it empty"
        )
        yield "since", says


def _stock_has_no_beginning(figure: EvidenceRow) -> Found:
    if figure.metric in STOCK_METRICS and figure.since is not None:
        says = say(
            "must be empty; {metric} is what is there, not counted from then",
            metric=figure.metric,
        )
        yield "since", says


def _bound_fits_values(figure: EvidenceRow) -> Found:
    if figure.bound is None:
        if figure.metric:
            says = say("is empty; say what kind of statement the values are")
            yield "bound", says
        return
    low, best, high = figure.low, figure.best, figure.high
    if figure.bound == "exact":
        if best is None:
            yield "best", say("is empty; an exact figure has its value here")
        elif {low, high} - {None, best}:
            says = say("exact needs low and high empty or the same as best")
            yield "bound", says
        return
    says = say("is empty; needed for {bound}", bound=figure.bound)
    if low is None and figure.bound != "at_most":
        yield "low", says
    if high is None and figure.bound != "at_least":
        yield "high", says


def _role_fits_metric(figure: EvidenceRow) -> Found:
    if not figure.metric:
        if figure.role != "context":
            says = say(
                "is empty; a {role} row must say what it measures", role=figure.role
            )
            yield "metric", says
        return
    if not figure.origin:
        yield "origin", say("is empty; say which site the people left")
    sites = sites_in(figure.origin)
    if len(sites) > 1 and figure.role == "fit":
        says = say(
            "cannot be fit for several sites together; a fit adds up the figures of "
            "each site, so make it check"
        )
        yield "role", says
    if len(set(sites)) < len(sites):
        says = say(
            "names a site twice, {origin}; name each once", origin=quoted(figure.origin)
        )
        yield "origin", says


def _unit_fits_metric(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None:
        return
    if figure.unit not in meaning.units:
        says = say(
            "{unit} must be {units} for {metric}",
            unit=quoted(figure.unit),
            units=listed(map(quoted, meaning.units), "or"),
            metric=figure.metric,
        )
        yield "unit", says
    if figure.unit == "time":
        return
    for column in ("low", "best", "high"):
        if isinstance(getattr(figure, column), datetime):
            says = say("is a time, but the unit is {unit}", unit=quoted(figure.unit))
            yield column, says


def _counts_are_whole(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.quantity != "count":
        return
    for column in ("low", "best", "high"):
        value = getattr(figure, column)
        if isinstance(value, float) and not value.is_integer():
            says = say(
                "{value} is not a whole number; {metric} counts",
                value=f"{value}",
                metric=figure.metric,
            )
            yield column, says


def _times_are_times(figure: EvidenceRow) -> Found:
    if figure.unit == "time":
        for column in ("low", "best", "high"):
            if isinstance(value := getattr(figure, column), float):
                says = say(
                    "{value} must be a local time, as the unit is 'time'",
                    value=f"{value}",
                )
                yield column, says


def _select_fits_metric(figure: EvidenceRow) -> Found:
    parts = [part.strip() for part in figure.select.split(";") if part.strip()]
    keys = [part.partition("=")[0].strip() for part in parts]
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            yield "select", say("{part} is not key=value", part=quoted(part))
        elif key == "kind" and value not in KINDS:
            says = say(
                "kind {value} is not one of {kinds}",
                value=quoted(value),
                kinds=joined(KINDS, ", "),
            )
            yield "select", says
        elif key == "convoy" and not _PLACE.fullmatch(value):
            says = say(
                "convoy {value} must be 1 for the first to arrive, 2, ...",
                value=quoted(value),
            )
            yield "select", says
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "select", say("{key} comes twice", key=key)
    meaning = MEANINGS.get(figure.metric)
    if meaning is None:
        return
    for key in keys:
        if key not in meaning.selects:
            allowed = joined(meaning.selects, ", ") if meaning.selects else _NOTHING
            says = say(
                "{key} does not apply to {metric}; {allowed} does",
                key=quoted(key),
                metric=figure.metric,
                allowed=allowed,
            )
            yield "select", says
    for key in meaning.needs:
        if key not in keys:
            says = say("{metric} needs {key}=...", metric=figure.metric, key=key)
            yield "select", says


def _method_is_of_a_count(figure: EvidenceRow) -> Found:
    if figure.method is None:
        return
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.when not in {"as of", "between"}:
        says = say(
            "'{method}' changes nothing here, as only a count over time is a register; "
            "leave it empty",
            method=figure.method,
        )
        yield "method", says


def _family_is_a_name(figure: EvidenceRow) -> Found:
    if figure.family.casefold() == ALL_FAMILIES:
        says = say(
            "{family} means every family; name it otherwise",
            family=quoted(figure.family),
        )
        yield "family", says


def _published_after(figure: EvidenceRow) -> Found:
    published, begins = figure.published, figure.from_
    if published is None or begins is None or not figure.metric:
        return
    # A source without a time of day may have appeared at any hour of its day.
    late = begins if isinstance(published, datetime) else begins.date()
    if published < late:
        says = say(
            "{published} is before what it reports, {begins}",
            published=_shown(published),
            begins=_shown(begins),
        )
        yield "published", says


def _shown(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="minutes")
    return moment.isoformat()


_RULES: tuple[Callable[[EvidenceRow], Found], ...] = (
    _values_rise,
    _moments_rise,
    _window_is_given,
    _counting_takes_time,
    _stock_has_no_beginning,
    _bound_fits_values,
    _role_fits_metric,
    _unit_fits_metric,
    _counts_are_whole,
    _times_are_times,
    _select_fits_metric,
    _method_is_of_a_count,
    _family_is_a_name,
    _published_after,
)
