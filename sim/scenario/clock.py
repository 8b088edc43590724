"""The clock of an operation: whole seconds inside, local dates at the edges."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sim.messages import Text, joined, say
from sim.scenario.problems import RefusedError, did_you_mean, meant, nearest, quoted

SECONDS_PER_DAY = 86_400
_PLACE = "Asia/Damascus"
_LOCAL = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?([+-]\d\d:\d\d(?::\d\d)?)?",
    re.ASCII,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the day; they cross midnight if they close before they open.

    Attributes
    ----------
    opens, closes : seconds after midnight.
    """

    opens: int
    closes: int

    def include(self, time: int) -> bool:
        """Whether a time of day, in seconds after midnight, is within them."""
        if self.opens < self.closes:
            return self.opens <= time < self.closes
        return time >= self.opens or time < self.closes


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns local dates into seconds after the start, and back.

    Attributes
    ----------
    zone : name of the time zone.
    starts : local date and time at which the clock starts.
    horizon_s : seconds after the start at which the operation ends, if known.
    """

    zone: str
    starts: str
    horizon_s: int | None = None
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _epoch: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", time_zone(self.zone))
        object.__setattr__(self, "_epoch", self._instant_of(self.starts))

    def seconds(self, text: str) -> int:
        """Return how long after the start (before it: negative) a local time is.

        Raises
        ------
        RefusedError
            If `text` is no local date and time, or not exactly one in this zone.
        """
        return self._instant_of(text) - self._epoch

    def local(self, seconds: int) -> datetime:
        """Return the local date and time of a moment, with its zone."""
        return datetime.fromtimestamp(self._epoch + seconds, self._zone)

    def text(self, seconds: int) -> str:
        """Return a moment as a scenario file writes it."""
        aware = self.local(seconds)
        naive = aware.replace(tzinfo=None, fold=0)
        written = naive.isoformat(timespec="seconds" if naive.second else "minutes")
        return written + offset_if_twice(aware)

    def stamp(self, seconds: int) -> str:
        """Return a moment for programs: local time and its offset, always both."""
        return self.local(seconds).isoformat(timespec="seconds")

    def days_later(self, seconds: int, days: int) -> int:
        """Return the moment at which the local clock shows the same on another day.

        A time that the clocks skip on that day counts as the moment they jump; of one
        that comes twice there, the one with the same offset counts, or the first.

        Parameters
        ----------
        seconds : of the moment, after the start.
        days : of the calendar; negative for earlier ones.
        """
        if not days:
            return seconds
        aware = self.local(seconds)
        naive = aware.replace(tzinfo=None, fold=0) + timedelta(days)
        instants = _instants(naive, self._zone) or [_jump(naive, self._zone)]
        alike = [
            instant
            for instant in instants
            if datetime.fromtimestamp(instant, self._zone).utcoffset()
            == aware.utcoffset()
        ]
        return (alike or instants)[0] - self._epoch

    def day_starts(self, horizon: int) -> list[int]:
        """Return when each local day begins, within the first `horizon` seconds."""
        begun = [self._reaches(day, 0) for day in self._days(horizon)]
        return [second for second in begun if 0 <= second < horizon]

    def days(self, horizon: int) -> list[int]:
        """Return when each local day of a run begins; a first part-day begins at 0."""
        starts = self.day_starts(horizon)
        return starts if starts[:1] == [0] else [0, *starts]

    def hours(self, horizon: int) -> list[int]:
        """Return when each hour of the local clock begins; a first part-hour at 0.

        An hour that comes twice, because the clocks go back, is two.
        """
        starts, second = [], 0
        while second < horizon:
            starts.append(second)
            local = self.local(second)
            second += 3600 - 60 * local.minute - local.second
        return starts

    def moments(self, times: Iterable[int], horizon: int) -> list[int]:
        """Return every moment within the run at which the local clock shows a time.

        Parameters
        ----------
        times : seconds after midnight.
        horizon : end of the run.
        """
        found = {
            self._reaches(day, time_s)
            for day in self._days(horizon)
            for time_s in times
        }
        return sorted(second for second in found if 0 <= second < horizon)

    def next_time(self, seconds: int, time_of_day: int) -> int:
        """Return the first moment from one on at which the local clock shows a time.

        A time that the clocks skip on that day counts as the moment they jump.

        Parameters
        ----------
        seconds : of the moment, after the start.
        time_of_day : in seconds after midnight.
        """
        day = self.local(seconds).date()
        while (found := self._reaches(day, time_of_day)) < seconds:
            day += timedelta(days=1)
        return found

    def windows(self, hours: Hours, horizon: int) -> tuple[tuple[int, int], ...]:
        """Return when daily hours open and close, within the first `horizon` seconds.

        Windows that touch are one. A time that the clocks skip counts as the
        moment they jump; of a time that comes twice the first counts.
        """
        found: list[tuple[int, int]] = []
        overnight = SECONDS_PER_DAY if hours.closes <= hours.opens else 0
        for day in self._days(horizon):
            opens = max(0, self._reaches(day, hours.opens))
            closes = min(horizon, self._reaches(day, hours.closes + overnight))
            if opens >= closes:
                continue
            if found and opens <= found[-1][1]:
                found[-1] = (found[-1][0], max(closes, found[-1][1]))
            else:
                found.append((opens, closes))
        return tuple(found)

    def _days(self, horizon: int) -> Iterator[date]:
        """Return every local date from the day before the start to the last."""
        day = self.local(0).date() - timedelta(days=1)
        last = self.local(horizon).date()
        while day <= last:
            yield day
            day += timedelta(days=1)

    def _reaches(self, day: date, second_of_day: int) -> int:
        """Return when the local clock first shows a time of day, or jumps past it."""
        days, seconds = divmod(second_of_day, SECONDS_PER_DAY)
        naive = datetime.combine(day + timedelta(days), time()) + timedelta(
            seconds=seconds
        )
        instants = _instants(naive, self._zone)
        instant = instants[0] if instants else _jump(naive, self._zone)
        return instant - self._epoch

    def _instant_of(self, text: str) -> int:
        naive, offset = _parsed(text)
        instants = _instants(naive, self._zone)
        if not instants:
            raise _gap(text, naive, self._zone)
        if offset:
            offsets = [_offset(datetime.fromtimestamp(i, self._zone)) for i in instants]
            if offset not in offsets:
                raise RefusedError(
                    say(
                        "{found} is not a time of {zone}, which is {offsets} then",
                        found=quoted(text),
                        zone=self.zone,
                        offsets=joined(offsets, " or "),
                    ),
                    say("Leave the offset out."),
                )
            return instants[offsets.index(offset)]
        if len(instants) > 1:
            first, second = (
                f"{text}{_offset(datetime.fromtimestamp(i, self._zone))}"
                for i in instants
            )
            raise RefusedError(
                say(
                    "{found} comes twice in {zone}, because the clocks go back",
                    found=quoted(text),
                    zone=self.zone,
                ),
                say(
                    "Write {first} for the first or {second} for the second.",
                    first=first,
                    second=second,
                ),
            )
        return instants[0]


def offset_if_twice(local: date) -> str:
    """Return which of two a local time is, as `+03:00`; empty if it comes once.

    Only a time that comes twice, because the clocks go back, has two offsets.
    """
    if not isinstance(local, datetime) or local.tzinfo is None:
        return ""
    other = local.replace(fold=1 - local.fold)
    return _offset(local) if other.utcoffset() != local.utcoffset() else ""


def to_the_minute(local: date) -> str:
    """Return a local date and time, or a date, as readers see it in a sentence."""
    if not isinstance(local, datetime):
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M}{offset_if_twice(local)}"


def time_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    RefusedError
        If no such zone is known.
    """
    ordinary = name == "UTC" or (
        "/" in name and not name.startswith(("/", ".", "right/", "posix/"))
    )
    try:
        if ordinary and len(name) < 60 and name.isascii():
            return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        pass
    offset = re.fullmatch(r"(?:UTC|GMT)? ?([+-])0?(\d{1,2})(?::?00)?", name, re.ASCII)
    if offset:
        # The sign of these names is that of the zone of POSIX, west of Greenwich.
        fixed = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
        remedy: Text = say(
            "Write a place, as {example}, or '{fixed}' for all the year.",
            example=_PLACE,
            fixed=fixed,
        )
    elif name.isascii():
        remedy = _zone_like(name)
    else:
        remedy = say("Write for example {example}.", example=_PLACE)
    raise RefusedError(say("{name} is not a time zone", name=quoted(name)), remedy)


def _zone_like(name: str) -> Text:
    """Return the zone that is meant: the nearest, or that of the nearest place."""
    zones = sorted(available_timezones())
    places = {zone.rpartition("/")[2].lower(): zone for zone in reversed(zones)}
    place = places.get(nearest(name.lower().replace(" ", "_"), places))
    return meant(name, zones) or (
        did_you_mean(place)
        if place
        else say("Write a place, as {example}.", example=_PLACE)
    )


def _parsed(text: str) -> tuple[datetime, str]:
    """Return the local date and time, and the offset if one is given.

    Raises
    ------
    RefusedError
        If the text is no date and time of these centuries.
    """
    match = _LOCAL.fullmatch(text)
    if match is None:
        raise RefusedError(
            say("{found} is not a local date and time", found=quoted(text)),
            say("Write year-month-dayThour:minute, for example 2016-12-15T14:30."),
        )
    *digits, offset = match.groups()
    try:
        naive = datetime(*(int(part or 0) for part in digits))  # type: ignore[arg-type]
    except ValueError:
        raise RefusedError(
            say("{found} is not in the calendar", found=quoted(text)),
            say("Check the day of the month and the hour (00 to 23)."),
        ) from None
    if not _FIRST_YEAR <= naive.year <= _LAST_YEAR:
        raise RefusedError(
            say("the year of {found} is out of range", found=quoted(text)),
            say(
                "Years {first_year} to {last_year} are allowed.",
                first_year=_FIRST_YEAR,
                last_year=_LAST_YEAR,
            ),
        )
    return naive, offset or ""


def _instants(naive: datetime, zone: ZoneInfo) -> list[int]:
    """Return the instants at which the clocks of a zone show a time: none, 1 or 2."""
    found = []
    for fold in (0, 1):
        instant = int(naive.replace(tzinfo=zone, fold=fold).timestamp())
        shown = datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)
        if shown == naive and instant not in found:
            found.append(instant)
    return found


def _jump(naive: datetime, zone: ZoneInfo) -> int:
    """Return the instant at which the clocks skip a time that does not exist."""
    late = int(naive.replace(tzinfo=zone, fold=0).timestamp())
    early = int(naive.replace(tzinfo=zone, fold=1).timestamp())
    before = datetime.fromtimestamp(early, zone).utcoffset()
    while late - early > 1:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _gap(text: str, naive: datetime, zone: ZoneInfo) -> RefusedError:
    jump = _jump(naive, zone)
    last = datetime.fromtimestamp(jump - 1, zone) + timedelta(seconds=1)
    after = datetime.fromtimestamp(jump, zone)
    return RefusedError(
        say(
            "{found} does not exist in {key}: the clocks jump from {last} to {after}",
            found=quoted(text),
            key=zone.key,
            last=f"{last:%H:%M}",
            after=f"{after:%H:%M}",
        ),
        say("Write {after} or another time.", after=f"{after:%Y-%m-%dT%H:%M}"),
    )


def _offset(aware: datetime) -> str:
    """Return the offset from UTC, as in `+03:00`."""
    return aware.isoformat()[19:]
