"""What changed since the last forecast of an operation that goes on, and its log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf, isfinite, sqrt
from typing import Literal

from pydantic import AwareDatetime

from sim.evidence.figures import Figure
from sim.inference.forecast.forecast import Forecast
from sim.inference.simulator import draw_quantiles
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.contents import (
    Column,
    Enumeration,
    MovingPicture,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.forecast_tables import DONE
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import (
    NEVER,
    Levels,
    Moment,
    Number,
    Text,
    duration,
    joined,
    say,
    say_many,
)
from sim.words.evidence import counted

Ends = tuple[AwareDatetime | None, AwareDatetime | None, AwareDatetime | None]
"""A median between the ends of 90 percent: least, median, greatest; None for what does
not come in the days that are run."""
_NAME = "since"
LineKind = Literal["scenario", "figure", "undone", "redone", "full", "quick"]
_ENDS = (0.05, 0.5, 0.95)
_NORMAL_95 = 1.96
_BY_DRAWS = say("Other draws of the same forecast could differ as much.")
_A_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class ExpectedMoments:
    """When the people of a site are expected to have arrived."""

    site: str
    nearly: Ends
    every: Ends


@dataclass(frozen=True, slots=True)
class SinceLast:
    """What has come since the last forecast.

    Attributes
    ----------
    moment : local time of the last one; None if there was none.
    expected : by it.
    came, withdrawn : figures that it did not know, and that are no longer known.
    scenario : whether the operation is another one.
    """

    moment: datetime | None = None
    expected: tuple[ExpectedMoments, ...] = ()
    came: tuple[Figure, ...] = ()
    withdrawn: tuple[Figure, ...] = ()
    scenario: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log, for readers.

    Attributes
    ----------
    number, at, kind : of the entry.
    stands : whether it was not undone.
    figure : that was entered.
    entry : that was undone or redone.
    scenario : name of one that was taken.
    moment : of a forecast.
    """

    number: int
    at: datetime
    kind: LineKind
    stands: bool = True
    figure: Figure | None = None
    entry: int = 0
    scenario: str = ""
    moment: datetime | None = None


def expected_of(made: Forecast) -> tuple[ExpectedMoments, ...]:
    """Return when people are expected to have arrived, by site."""
    clock = made.then.operation.clock

    def ends(site: str, *, nearly: bool) -> Ends:
        seconds = made.done_h(site, nearly=nearly) * SECONDS_PER_HOUR
        low, middle, high = (
            clock.local(round(value)) if isfinite(value) else None
            for value in draw_quantiles(seconds, _ENDS)
        )
        return low, middle, high

    return tuple(
        ExpectedMoments(site, ends(site, nearly=True), ends(site, nearly=False))
        for site in made.sites
    )


def since_last(made: Forecast, since: SinceLast) -> Section:
    """Return what changed since the last forecast, in sentences."""
    title = say("What changed since the last forecast")
    return Section(_NAME, title, tuple(_changes(made, since)))


def sentences(report: Report) -> list[Text]:
    """Return what a report says of that, sentence by sentence."""
    return [
        text
        for section in report.sections
        if section.name == _NAME
        for part in section.parts
        for text in (part.texts if isinstance(part, Enumeration) else (part,))
        if not isinstance(text, Table | Picture | MovingPicture)
    ]


def shift_of_largest(made: Forecast, since: SinceLast) -> Text:
    """Return how the moment moved by which nearly all of the largest site have arrived.

    None if there was no forecast before, or it said nothing of the site.
    """
    site = made.largest
    before = next((each for each in since.expected if each.site == site), None)
    now = next(each for each in expected_of(made) if each.site == site)
    if before is None:
        return None
    return _shift(made.then.operation, site, DONE["nearly"], before.nearly, now.nearly)


def _changes(made: Forecast, since: SinceLast) -> Iterator[Text | Enumeration]:
    if since.moment is None:
        yield say("This is the first forecast of this operation.")
        return
    operation = made.then.operation
    yield joined([*_what_came(since)])
    figures = [
        *(said(figure, operation) for figure in since.came),
        *(
            say("No longer: {figure}", figure=said(figure, operation))
            for figure in since.withdrawn
        ),
    ]
    if figures:
        yield Enumeration(tuple(figures))
    yield Enumeration(tuple(_shifts(made, since)))


def _what_came(since: SinceLast) -> Iterator[Text]:
    yield say_many(
        "Since the forecast as of {moment}, {count} figure came.",
        "Since the forecast as of {moment}, {count} figures came.",
        len(since.came),
        moment=Moment(since.moment) if since.moment else None,
    )
    if since.withdrawn:
        yield say_many(
            "{count} figure was taken back.",
            "{count} figures were taken back.",
            len(since.withdrawn),
        )
    if since.scenario:
        yield say("The scenario is another one.")


def _shifts(made: Forecast, since: SinceLast) -> Iterator[Text]:
    before = {each.site: each for each in since.expected}
    for now in expected_of(made):
        if then := before.get(now.site):
            operation = made.then.operation
            for what, old, new in (
                ("nearly", then.nearly, now.nearly),
                ("all", then.every, now.every),
            ):
                yield _shift(operation, now.site, DONE[what], old, new)
                if _draws_alone(
                    made, now.site, old[1], new[1], nearly=what == "nearly"
                ):
                    yield _BY_DRAWS


def _shift(operation: Operation, site: str, what: Text, old: Ends, new: Ends) -> Text:
    """Return how a moment that is expected has moved."""
    return say(
        "{site}: {what}: now {now}, before {before}: {shift}.",
        site=of_site(operation, site),
        what=what,
        now=_band(new),
        before=_band(old),
        shift=_by(old[1], new[1]),
    )


def _draws_alone(
    made: Forecast,
    site: str,
    old: datetime | None,
    new: datetime | None,
    *,
    nearly: bool,
) -> bool:
    """Whether other draws of the same forecast could have moved a median so far.

    By the order statistics between which the median of so many draws lies in 95
    percent (David and Nagaraja, Order Statistics, 3rd ed., section 7.1).
    """
    if old == new:
        return False
    half = min(0.5, _NORMAL_95 / 2 / sqrt(made.effective))
    ends = (0.5 - half, 0.5 + half)
    low, high = draw_quantiles(made.done_h(site, nearly=nearly), ends)
    before_h = inf
    if old is not None:
        start = made.then.operation.clock.local(0)
        before_h = (old - start).total_seconds() / SECONDS_PER_HOUR
    return low <= before_h <= high


def _by(old: datetime | None, new: datetime | None) -> Text:
    if old is None and new is None:
        return say("as before")
    if old is None:
        return say("now expected within the days that are run")
    if new is None:
        return say("no longer expected within the days that are run")
    seconds = round((new - old).total_seconds())
    if abs(seconds) < _A_MINUTE_S:
        return say("as before")
    by = duration(abs(seconds))
    return say("{by} later", by=by) if seconds > 0 else say("{by} earlier", by=by)


def _band(ends: Ends) -> Text:
    low, middle, high = (NEVER if end is None else Moment(end) for end in ends)
    return say("{middle} (90 %: {low} to {high})", middle=middle, low=low, high=high)


def said(figure: Figure, operation: Operation) -> Text:
    """Return a figure in a sentence: who says how many of what by when."""
    return say(
        "{who}: {what}, {site}: {value}{when} ({row})",
        who=figure.attributed_to,
        what=counted(figure.metric),
        site=of_site(operation, figure.origin) if figure.origin else None,
        value=_value(figure),
        when=_when(figure),
        row=figure.id,
    )


def _value(figure: Figure) -> Text:
    low, best, high = (
        Moment(value)
        if isinstance(value, datetime)
        else None
        if value is None
        else Number(value, ",.10g")
        for value in (figure.low, figure.best, figure.high)
    )
    if best is not None:
        both = low is not None and high is not None and low != high
        return Levels(best, low, high) if both else best
    if low is not None and high is not None:
        return say("{low} to {high}", low=low, high=high)
    if low is not None:
        return say("at least {number}", number=low)
    return say("at most {number}", number=high)


def _when(figure: Figure) -> Text:
    moment = figure.to or figure.from_
    return None if moment is None else say(", by {moment}", moment=Moment(moment))


def log_table(lines: Sequence[LogLine], operation: Operation) -> Table:
    """Return a log as a table: what was known when."""
    zone = operation.clock.local(0).tzinfo
    columns = (
        Column(say("entry")),
        Column(say("entered"), whole=True),
        Column(say("what")),
        Column(say("published"), whole=True),
        Column(say("stands")),
    )
    rows = (
        (
            Number(line.number),
            Moment(line.at.astimezone(zone)),
            _what(line, operation),
            _published(line.figure),
            say("yes") if line.stands else say("undone"),
        )
        for line in lines
    )
    return table(say("Log"), say("What was known when"), columns, rows)


def _what(line: LogLine, operation: Operation) -> Text:
    match line.kind:
        case "figure":
            return said(line.figure, operation) if line.figure else None
        case "scenario":
            return say("scenario {name}", name=line.scenario)
        case "undone":
            return say("entry {number} undone", number=Number(line.entry))
        case "redone":
            return say("entry {number} redone", number=Number(line.entry))
    when = Moment(line.moment) if line.moment else None
    if line.kind == "full":
        return say("forecast in full, as of {moment}", moment=when)
    return say("quick forecast, as of {moment}", moment=when)


def _published(figure: Figure | None) -> Text:
    if figure is None or figure.published is None:
        return None
    return Moment(figure.published)
