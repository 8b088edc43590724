"""Documented counts with the time they speak of, to show beside simulated ones."""

from collections.abc import Iterable, Sequence
from math import isfinite, isnan
from typing import NamedTuple

from sim.evidence.figures import Figure, second_of
from sim.evidence.reading import moment_s
from sim.evidence.score import documented
from sim.experiment.study import Study

SHOWN_ROLES = ("fit", "check")


class DatedInterval(NamedTuple):
    """A documented figure that speaks of a time.

    Attributes
    ----------
    from_s, to_s : window it speaks of [s after the start].
    low, high : infinite where the source sets no bound.
    value : where its marker stands.
    """

    id: str
    family: str
    role: str
    from_s: int
    to_s: int
    low: float
    value: float
    high: float

    @property
    def middle_s(self) -> float:
        """Middle of the window."""
        return (self.from_s + self.to_s) / 2


def counts_as_of(study: Study, origin: str) -> list[DatedInterval]:
    """Return what is documented of all people arrived from a site by some moment."""
    return [
        _interval(figure, study, window)
        for figure in _of(study, origin, "cumulative_arrivals")
        if figure.since is None and (window := _window(figure, study))
    ]


def counts_of_days(
    study: Study, origin: str, days: Sequence[tuple[int, int]]
) -> list[DatedInterval]:
    """Return what is documented of the arrivals of exactly one local day."""
    found = []
    for figure in _of(study, origin, "arrivals_between"):
        window = _window(figure, study)
        if window and figure.since is not None:
            begin = second_of(figure.since, study.operation.clock.seconds)
            # The count may end at any moment of the window: a day only if it is one.
            window = (begin, window[1]) if window[0] == window[1] else None
        if window and window in days:
            found.append(_interval(figure, study, window))
    return found


def _of(study: Study, origin: str, metric: str) -> Iterable[Figure]:
    return (
        figure
        for figure in study.figures
        if figure.metric == metric
        and figure.origin == origin
        and figure.role in SHOWN_ROLES
        and not figure.select
    )


def _window(figure: Figure, study: Study) -> tuple[int, int] | None:
    seconds = study.operation.clock.seconds
    begin = moment_s(figure.from_, seconds)
    end = moment_s(figure.to or figure.from_, seconds)
    return None if begin is None or end is None else (begin, end)


def _interval(figure: Figure, study: Study, window: tuple[int, int]) -> DatedInterval:
    low, best, high = documented(figure, study.operation.clock.seconds)
    bounds = [bound for bound in (low, high) if isfinite(bound)]
    value = sum(bounds) / len(bounds) if isnan(best) else best
    return DatedInterval(
        figure.id, figure.family, figure.role, *window, low, value, high
    )
