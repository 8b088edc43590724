"""A small simulator of people leaving, for calibration where the truth is known.

Four parameters: how many people, how many an hour, when they begin, and one that does
nothing. Six parts of luck: one factor on the rate for each twelve hours.
"""

from math import exp, log, nan
from statistics import NormalDist

import numpy as np

from sim.inference.claims import MIDDLES, PARTNERS, SourceClaim
from sim.inference.likelihood import ObservationModel
from sim.inference.simulator import MOST_LUCK

PARAMETERS, PARTS = 4, 6
NAMES = ("people", "rate", "begins", "nothing")
BIN_H = 12.0
END_H = BIN_H * PARTS
_NORMAL = NormalDist()


def values(point):
    people = exp(log(5_000) + point[0] * log(4))
    rate = exp(log(120) + point[1] * log(5))
    return people, rate, 10.0 * point[2]


def arrived(point, luck):
    """Return a function of the hour, and the hour of the last arrival."""
    people, rate, begins = values(point)
    rates = [
        rate * exp(0.25 * _NORMAL.inv_cdf((part + 0.5) / MOST_LUCK)) for part in luck
    ]
    totals = [0.0]
    for place, each in enumerate(rates):
        hours = min(BIN_H, max(0.0, (place + 1) * BIN_H - begins))
        totals.append(min(people, totals[-1] + each * hours))

    def count(hour):
        if hour <= begins:
            return 0.0
        place = min(int(hour // BIN_H), PARTS - 1)
        since = max(begins, place * BIN_H)
        if since > hour:
            return totals[place]
        return min(totals[place] + rates[place] * (hour - since), people)

    done = nan
    for place, total in enumerate(totals[1:]):
        if total >= people:
            since = max(begins, place * BIN_H)
            done = since + (people - totals[place]) / rates[place]
            break
    return count, done


def claim(name, family, low, best, high, wording="cell", unit="people", spread=0.18):
    hours = unit == "time"
    return SourceClaim(
        name=name,
        family=family,
        unit=unit,
        scale="hours" if hours else "ratio",
        wording=wording,
        low=low,
        best=best,
        high=high,
        spread=2.0 if hours else spread,
        grain=0.0 if hours else 50.0,
        most=END_H if hours else 60_000.0,
    )


CLAIMS = (
    claim("nobody yet", "A", -25.0, 0.0, 25.0),
    claim("first day", "A", 2_500.0, 3_000.0, 3_500.0),
    claim("second day", "A", 3_000.0, 3_500.0, 4_000.0),
    claim("by noon", "B", 5_500.0, 6_000.0, 6_500.0),
    claim("at least", "B", 1_000.0, 1_000.0, np.inf, wording="at_least"),
    claim("all of them", "C", 9_500.0, 10_000.0, 10_500.0),
    claim("the last", "C", 46.0, 48.0, 50.0, unit="time"),
)
SOURCES = ObservationModel(CLAIMS)
WINDOWS = (
    ((0, 0), (3, 3)),
    ((0, 0), (16, 24)),
    ((16, 24), (40, 48)),
    ((0, 0), (34, 38)),
    ((36, 36), (48, 48)),
    ((0, 0), (72, 72)),
)


def toy(point, luck):
    """Return the quantities of CLAIMS at their nodes."""
    count, done = arrived(point, luck)
    rows = []
    for (first, second), (early, late) in WINDOWS:
        starts = [first + share * (second - first) for share in MIDDLES]
        ends = [early + share * (late - early) for share in MIDDLES]
        rows.append(
            [
                count(end) - (count(starts[partner]) if second else 0.0)
                for end, partner in zip(ends, PARTNERS, strict=True)
            ]
        )
    rows.append([done] * len(MIDDLES))
    return np.array(rows)
