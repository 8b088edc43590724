"""What somebody would say without a simulation: five simple curves.

Each is people who have arrived, over hours after the start. A simulation that does
not do better than these has not earned its trouble.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from sim.calibration.claims import Numbers

Windows = Sequence[tuple[float, float]]
"""Hours between which people could move, in order and apart."""
_DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class Totals:
    """People arrived, in straight lines between moments and level outside them.

    Attributes
    ----------
    hours : rising.
    people : never falling.
    """

    hours: tuple[float, ...]
    people: tuple[float, ...]

    def at(self, hours: npt.ArrayLike) -> Numbers:
        """Return the people at some hours."""
        return np.asarray(np.interp(np.asarray(hours), self.hours, self.people))

    def between(self, begins_h: float, ends_h: float) -> float:
        """Return the people who arrive between two moments."""
        before, after = self.at([begins_h, ends_h])
        return float(after - before)

    def followed_by(self, later: "Totals") -> "Totals":
        """Return these totals up to where others begin, and those from there."""
        earlier = [
            (hour, people)
            for hour, people in zip(self.hours, self.people, strict=True)
            if hour < later.hours[0]
        ]
        hours, people = zip(
            *earlier, *zip(later.hours, later.people, strict=True), strict=True
        )
        return Totals(tuple(hours), tuple(people))

    def completed(self, people: float) -> float:
        """Return the first hour at which so many have arrived; infinite if never."""
        for place, total in enumerate(self.people):
            if total >= people:
                if not place:
                    return self.hours[0]
                before, after = self.people[place - 1], total
                share = (people - before) / (after - before)
                first, last = self.hours[place - 1], self.hours[place]
                return first + share * (last - first)
        return inf


def constant_rate(
    known: Totals, origin_h: float, until_h: float, most: float
) -> Totals:
    """Return what follows if the mean rate since the first arrival goes on.

    Parameters
    ----------
    known : documented up to `origin_h`.
    origin_h : when the forecast is made.
    until_h : how far it goes.
    most : people in all, as far as known then.
    """
    begins_h = _begins_h(known)
    so_far = float(known.at(origin_h))
    hours = max(origin_h - begins_h, 1e-9)
    return _onwards(so_far, so_far / hours, [(origin_h, until_h)], most)


def open_hours_rate(
    known: Totals, origin_h: float, until_h: float, most: float, windows: Windows
) -> Totals:
    """Return what follows if the mean rate while people could move goes on.

    Parameters
    ----------
    known, origin_h, until_h, most : as of `constant_rate`.
    windows : when people could move, those expected after the origin included.
    """
    so_far = float(known.at(origin_h))
    past = clipped(windows, _begins_h(known), origin_h)
    rate = so_far / max(sum(end - begin for begin, end in past), 1e-9)
    return _onwards(so_far, rate, clipped(windows, origin_h, until_h), most)


def last_day_rate(
    known: Totals, origin_h: float, until_h: float, most: float
) -> Totals:
    """Return what follows if the rate of the last 24 hours goes on."""
    so_far, before = known.at([origin_h, origin_h - _DAY_H])
    rate = float(so_far - before) / _DAY_H
    return _onwards(float(so_far), rate, [(origin_h, until_h)], most)


def spread_evenly(people: float, windows: Windows) -> Totals:
    """Return a total, agreed or known afterwards, spread evenly over some hours.

    With one window it is a constant rate, with the open hours an open-hours rate.
    """
    length = sum(end - begin for begin, end in windows)
    return _onwards(0.0, people / length, windows, people)


def mean_of_sources(series: Sequence[Totals]) -> Totals:
    """Return the mean of what the sources say, at each moment that any speaks of.

    A source counts from its first figure to its last. It is made to never fall.
    """
    moments = sorted({hour for each in series for hour in each.hours})
    means = [
        float(
            np.mean(
                [
                    each.at(hour)
                    for each in series
                    if each.hours[0] <= hour <= each.hours[-1]
                ]
            )
        )
        for hour in moments
    ]
    return Totals(tuple(moments), tuple(np.maximum.accumulate(means).tolist()))


def mean_of_rates(
    series: Sequence[Totals], origin_h: float, until_h: float, most: float
) -> Totals:
    """Return the mean of what follows if the mean rate of each source goes on."""
    futures = [constant_rate(each, origin_h, until_h, most) for each in series]
    hours = sorted({hour for each in futures for hour in each.hours})
    people = np.mean([each.at(hours) for each in futures], axis=0)
    return Totals(tuple(hours), tuple(people.tolist()))


def _onwards(so_far: float, rate: float, windows: Windows, most: float) -> Totals:
    """Return a total that grows at a rate in some windows, up to the most."""
    hours, people = [], []
    total, most = so_far, max(so_far, most)
    for begin, end in windows:
        grown = total + rate * (end - begin)
        hours += [begin]
        people += [total]
        if grown > most:
            hours.append(begin + (most - total) / rate)
            people.append(most)
        hours.append(end)
        total = min(grown, most)
        people.append(total)
    return Totals(tuple(hours), tuple(people))


def _begins_h(known: Totals) -> float:
    """Return the last moment at which nobody had arrived."""
    none = [h for h, n in zip(known.hours, known.people, strict=True) if n <= 0]
    return none[-1] if none else known.hours[0]


def clipped(windows: Windows, begins_h: float, ends_h: float = inf) -> Windows:
    """Return the parts of windows between two moments."""
    cut = [(max(begin, begins_h), min(end, ends_h)) for begin, end in windows]
    return [(begin, end) for begin, end in cut if begin < end]
