"""What must hold within one row of the evidence table. Each rule is a function."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import combinations

from sim.evidence.row import EvidenceRow
from sim.evidence.vocabulary import ALL_FAMILIES, KINDS, MEANINGS, STOCK_METRICS
from sim.scenario.titles import sites_in

_PLACE = re.compile("[1-9][0-9]{0,5}")
Found = Iterator[tuple[str, str]]
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
            yield greater, f"{lesser} and {greater} must both be numbers or both times"
        elif value > other:
            yield lesser, f"{value} is above {greater}, {other}; put them in order"
    for column, value in given:
        if figure.metric and not isinstance(value, datetime) and value < 0:
            yield column, f"{value} is below 0; counts and durations are not"


def _moments_rise(figure: EvidenceRow) -> Found:
    moments = {"since": figure.since, "from": figure.from_, "to": figure.to}
    given = [(column, moment) for column, moment in moments.items() if moment]
    for (earlier, moment), (later, other) in combinations(given, 2):
        if moment > other:
            yield earlier, f"{_shown(moment)} is after {later}, {_shown(other)}"
    if figure.to and not figure.from_:
        yield "from", "is empty although `to` is not; fill in where the window begins"


def _window_is_given(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.when in {"at all", "since"}:
        return
    if figure.from_ is None:
        if figure.to is None:
            yield "from", f"is empty; say when {figure.metric} is documented for"
    elif (
        meaning.when == "between"
        and figure.since is None
        and figure.to in {None, figure.from_}
    ):
        yield "to", f"must be after `from`, which begins what {figure.metric} counts"


def _counting_takes_time(figure: EvidenceRow) -> Found:
    ends = figure.to if figure.to is not None else figure.from_
    if figure.since is not None and figure.since == ends:
        yield (
            "since",
            "is also when it ends, so that nothing can be counted between; write when "
            "counting began, or leave it empty",
        )


def _stock_has_no_beginning(figure: EvidenceRow) -> Found:
    if figure.metric in STOCK_METRICS and figure.since is not None:
        yield (
            "since",
            f"must be empty; {figure.metric} is what is there, not counted from then",
        )


def _bound_fits_values(figure: EvidenceRow) -> Found:
    if figure.bound is None:
        if figure.metric:
            yield "bound", "is empty; say what kind of statement the values are"
        return
    low, best, high = figure.low, figure.best, figure.high
    if figure.bound == "exact":
        if best is None:
            yield "best", "is empty; an exact figure has its value here"
        elif {low, high} - {None, best}:
            yield "bound", "exact needs low and high empty or the same as best"
        return
    if low is None and figure.bound != "at_most":
        yield "low", f"is empty; needed for {figure.bound}"
    if high is None and figure.bound != "at_least":
        yield "high", f"is empty; needed for {figure.bound}"


def _role_fits_metric(figure: EvidenceRow) -> Found:
    if not figure.metric:
        if figure.role != "context":
            yield "metric", f"is empty; a {figure.role} row must say what it measures"
        return
    if not figure.origin:
        yield "origin", "is empty; say which site the people left"
    sites = sites_in(figure.origin)
    if len(sites) > 1 and figure.role == "fit":
        yield (
            "role",
            "cannot be fit for several sites together; a fit adds up the figures of "
            "each site, so make it check",
        )
    if len(set(sites)) < len(sites):
        yield "origin", f"names a site twice, {figure.origin!r}; name each once"


def _unit_fits_metric(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None:
        return
    if figure.unit not in meaning.units:
        units = " or ".join(map(repr, meaning.units))
        yield "unit", f"{figure.unit!r} must be {units} for {figure.metric}"
    if figure.unit == "time":
        return
    for column in ("low", "best", "high"):
        if isinstance(getattr(figure, column), datetime):
            yield column, f"is a time, but the unit is {figure.unit!r}"


def _counts_are_whole(figure: EvidenceRow) -> Found:
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.quantity != "count":
        return
    for column in ("low", "best", "high"):
        value = getattr(figure, column)
        if isinstance(value, float) and not value.is_integer():
            yield column, f"{value} is not a whole number; {figure.metric} counts"


def _times_are_times(figure: EvidenceRow) -> Found:
    if figure.unit == "time":
        for column in ("low", "best", "high"):
            if isinstance(value := getattr(figure, column), float):
                yield column, f"{value} must be a local time, as the unit is 'time'"


def _select_fits_metric(figure: EvidenceRow) -> Found:
    parts = [part.strip() for part in figure.select.split(";") if part.strip()]
    keys = [part.partition("=")[0].strip() for part in parts]
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            yield "select", f"{part!r} is not key=value"
        elif key == "kind" and value not in KINDS:
            yield "select", f"kind {value!r} is not one of {', '.join(KINDS)}"
        elif key == "convoy" and not _PLACE.fullmatch(value):
            yield (
                "select",
                f"convoy {value!r} must be 1 for the first to arrive, 2, ...",
            )
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "select", f"{key} comes twice"
    meaning = MEANINGS.get(figure.metric)
    if meaning is None:
        return
    for key in keys:
        if key not in meaning.selects:
            allowed = ", ".join(meaning.selects) or "nothing"
            yield "select", f"{key!r} does not apply to {figure.metric}; {allowed} does"
    for key in meaning.needs:
        if key not in keys:
            yield "select", f"{figure.metric} needs {key}=..."


def _method_is_of_a_count(figure: EvidenceRow) -> Found:
    if figure.method is None:
        return
    meaning = MEANINGS.get(figure.metric)
    if meaning is None or meaning.when not in {"as of", "between"}:
        yield (
            "method",
            f"'{figure.method}' changes nothing here, as only a count over time is a "
            "register; leave it empty",
        )


def _family_is_a_name(figure: EvidenceRow) -> Found:
    if figure.family.casefold() == ALL_FAMILIES:
        yield "family", f"{figure.family!r} means every family; name it otherwise"


def _published_after(figure: EvidenceRow) -> Found:
    published, begins = figure.published, figure.from_
    if published is None or begins is None or not figure.metric:
        return
    # A source without a time of day may have appeared at any hour of its day.
    late = begins if isinstance(published, datetime) else begins.date()
    if published < late:
        yield (
            "published",
            f"{_shown(published)} is before what it reports, {_shown(begins)}",
        )


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
