"""What a source said about one quantity: an interval at a vague moment.

A claim is all that the statistics need to know of a figure; an entry of a record adds
the row that it rests on. The judgements that no source states are in `Scales`.
"""

from dataclasses import dataclass
from math import hypot, inf, nan
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.evidence.figures import Figure
from sim.metrics.waiting import SECONDS_PER_HOUR

Numbers = npt.NDArray[np.float64]
Window = tuple[int, int]
"""Earliest and latest second that a source may mean."""
Wording = Literal["cell", "at_least", "at_most"]
"""`cell`: the value was rounded to this interval; else only its one end was said."""
Scale = Literal["ratio", "hours"]
"""Errors multiply a count or a duration, and are added to a moment."""
NODES = 9
"""Moments at which a vague window is looked at."""


MIDDLES: tuple[float, ...] = tuple((node + 0.5) / NODES for node in range(NODES))
"""Where in a window the moments lie, as shares of it."""


PARTNERS: tuple[int, ...] = (4, 0, 8, 2, 6, 1, 7, 3, 5)
"""Which moment of a first window goes with each of a second, so that the two do not
move together when both are vague."""
STRAY = 0.05
"""Share of reports that are about something else."""
SILENT = 0.05
"""Share of those that say nothing."""


@dataclass(frozen=True, slots=True)
class Scales:
    """How far apart a report and a run may lie although both are sound.

    These are judgements; the trial that this method rests on used the same values.

    Attributes
    ----------
    exact, rounded, one_sided : standard deviation of the logarithm of what a source
        reports around what it means, by how it is worded.
    registered : the same where people were counted one by one.
    discrepancy : the same for what the model leaves out of anything but a count over
        time; for those it is in the run (`left_out`).
    clock_h : the first for moments [h].
    late : what the model leaves out of moments, as a share of the operation's length.
    """

    exact: float = 0.05
    rounded: float = 0.10
    one_sided: float = 0.15
    registered: float = 0.02
    discrepancy: float = 0.15
    clock_h: float = 1.0
    late: float = 0.0075

    def spread(self, claimed: float) -> float:
        """Return the standard deviation of a report around a run, of the logarithm."""
        return hypot(claimed, self.discrepancy)

    def spread_h(self, length_h: float) -> float:
        """Return that of a moment, of an operation of some length [h]."""
        return hypot(self.clock_h, self.late * length_h)


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """One underlying statement of one source.

    Attributes
    ----------
    name : of the row of the evidence table.
    family : of sources that copy or feed each other.
    unit : of the values; `time` for moments.
    scale : whether errors multiply or are added.
    wording : what `low` and `high` are.
    low, best, high : in the unit, moments in hours after the start; an end that was
        not said is infinite.
    spread : standard deviation of the report around a run, of the logarithm or [h].
    grain : the count below which nobody looks closely, added before logarithms are
        taken so that reports of nothing have a meaning; 0 for moments.
    most : greatest value that anybody might report.
    window : earliest and latest second that is meant; none for what has no moment.
    counter : name of the running total that this is a statement of, empty if it
        stands by itself; statements of one follow each other in time.
    registered : whether it was counted one by one.
    """

    name: str
    family: str
    unit: str
    scale: Scale
    wording: Wording
    low: float
    best: float
    high: float
    spread: float
    grain: float
    most: float
    window: Window | None = None
    counter: str = ""
    registered: bool = False

    def __post_init__(self) -> None:
        """Refuse an interval without width and scales that are not positive.

        Raises
        ------
        ValueError
            If the claim cannot have a probability.
        """
        if not self.low < self.high or not self.spread > 0 or not self.most > 0:
            raise ValueError(f"claim {self.name} has no width or no spread: {self}")
        if (self.scale == "ratio") != (self.grain > 0):
            raise ValueError(f"claim {self.name} needs a grain only if it is a count")

    @property
    def bias(self) -> str:
        """What shares one unknown bias: the family's figures of one unit.

        That a source counts people too high says nothing about its count of buses, or
        about a register that it keeps. A clock has no bias of this kind, and the name
        is empty.
        """
        if self.scale == "hours":
            return ""
        return f"{self.family}{', register' * self.registered}: {self.unit}"

    @property
    def moments(self) -> tuple[float, ...]:
        """The seconds that it may mean, rising: at the first nodes of its quantity."""
        if self.window is None or self.window[0] == self.window[1]:
            return ((self.window or (0, 0))[0],)
        return tuple(float(moment) for moment in moments_in(self.window))

    def scaled(self, values: npt.ArrayLike) -> Numbers:
        """Return values on the scale on which errors are added."""
        given = np.asarray(values, dtype=np.float64)
        if self.scale == "hours":
            return given
        return np.log(np.maximum(given, 0.0) + self.grain)

    def unscaled(self, values: npt.ArrayLike) -> Numbers:
        """Return values of that scale in the unit."""
        given = np.asarray(values, dtype=np.float64)
        return given if self.scale == "hours" else np.exp(given) - self.grain

    def edge(self, value: float) -> float:
        """Return an end of an interval on that scale; a count below 0 is open."""
        if self.scale == "ratio" and value <= 0:
            return -inf
        return float(self.scaled(value))

    @property
    def reported(self) -> tuple[float, float]:
        """The interval that was reported."""
        return self.low, self.high


def moments_in(window: Window) -> tuple[int, ...]:
    """Return the seconds at which a vague window is looked at."""
    earliest, latest = window
    return tuple(round(earliest + share * (latest - earliest)) for share in MIDDLES)


def rounded(claim: SourceClaim, values: Numbers) -> Numbers:
    """Return the intervals in which values would be reported, of (value, end).

    They are as wide as that of the claim and lie end to end with it, so that the
    claim's own is one of them; counts below 0 belong to the lowest. NaN stays NaN.
    """
    if claim.wording == "at_least":
        low = np.where(values >= claim.low, claim.low, -inf)
        high = np.where(values >= claim.low, inf, claim.low)
    elif claim.wording == "at_most":
        low = np.where(values <= claim.high, -inf, claim.high)
        high = np.where(values <= claim.high, claim.high, inf)
    else:
        width = claim.high - claim.low
        step = np.floor((values - claim.low) / width)
        if claim.scale == "ratio":
            # Nothing lies below 0, so the cell with 0 in it takes what lies below.
            step = np.maximum(step, np.floor(-claim.low / width))
        low = claim.low + step * width
        high = low + width
    silent = np.isnan(values)
    return np.stack([np.where(silent, nan, low), np.where(silent, nan, high)], axis=-1)


def stray_share(claim: SourceClaim, begins: float, ends: float) -> float:
    """Return how much of the range of anything an interval covers.

    Strays are uniform on the scale of the claim, from nothing to the most.

    Parameters
    ----------
    begins, ends : on that scale.
    """
    least, most = (float(end) for end in claim.scaled([0.0, claim.most]))
    covered = max(0.0, min(ends, most) - max(begins, least))
    # Beyond the most there are no strays; a little is left, or no run at all could
    # explain such a report.
    return max(covered / (most - least), 1e-9)


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A claim and the figure it rests on.

    Attributes
    ----------
    claim : as the statistics see it.
    figure : the row.
    counts : what adds up over time, else empty.
    begins, ends : windows in which a count begins and ends [s after the start];
        `begins` is None if it counts from the start. A total counts from there also
        where another total came before it.
    """

    claim: SourceClaim
    figure: Figure
    counts: str
    begins: Window | None
    ends: Window | None

    @property
    def counts_arrivals(self) -> bool:
        """Whether it is a number of people who arrived, and no bound on it."""
        return self.counts == "arrived" and self.claim.wording == "cell"

    @property
    def counts_everybody(self) -> bool:
        """Whether that is all people who arrived from its site, not some."""
        return self.counts_arrivals and not self.figure.select

    def counts_all_of(self, site: str) -> bool:
        """Whether it counts all people who arrived from a site."""
        return self.counts_everybody and self.figure.origin == site

    @property
    def window_h(self) -> tuple[float, float]:
        """Middles of the windows in which it begins and ends [h after the start]."""
        begins, ends = self.begins or (0, 0), self.ends or (0, 0)
        return sum(begins) / 2 / SECONDS_PER_HOUR, sum(ends) / 2 / SECONDS_PER_HOUR

    @property
    def series(self) -> tuple[str, str, str, str]:
        """What counts that may contain each other have in common."""
        figure = self.figure
        return self.claim.bias, figure.origin, self.counts, figure.select

    @property
    def question(self) -> str:
        """What is read off a run, whatever the answer was documented to be."""
        figure = self.figure
        what = (figure.metric, figure.origin, figure.select)
        if self.counts:
            return " ".join((*what, f"{self.begins} {self.ends}"))
        return " ".join((*what, f"{figure.since} {figure.from_} {figure.to}"))


def intervals(claims: tuple[SourceClaim, ...]) -> Numbers:
    """Return what was reported: low and high of each claim, a row each."""
    return np.array([claim.reported for claim in claims], dtype=np.float64)
