"""A forecast in numbers: median and central intervals, of both bands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.inference.claims import Numbers
from sim.inference.forecast.forecast import Forecast
from sim.inference.simulator import draw_quantiles
from sim.metrics.waiting import SECONDS_PER_HOUR

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the 90 and 50 percent intervals, with the median in the middle."""


@dataclass(frozen=True, slots=True)
class ForecastQuantiles:
    """What is expected of one site.

    Attributes
    ----------
    what : arrivals in a time, or when nearly all or all have arrived.
    begins_s, ends_s : the time that it is about; both 0 if it is a moment.
    both : at LEVELS, of knowledge and chance: people, or seconds after the start,
        infinite if not within the run.
    chance : the same of chance alone.
    """

    site: str
    what: Literal["arrivals", "nearly", "all"]
    begins_s: int
    ends_s: int
    both: tuple[float, ...]
    chance: tuple[float, ...]

    @property
    def is_moment(self) -> bool:
        """Whether it is a moment and not a count."""
        return not self.ends_s


def forecast_quantiles(made: Forecast) -> list[ForecastQuantiles]:
    """Return arrivals by day until hardly anybody comes, and when all have arrived."""
    return [row for site in made.sites for row in _of_site(made, site)]


def curve_quantiles(made: Forecast) -> Mapping[str, Numbers]:
    """Return how many have arrived by each moment of the grid, by site.

    Of (level, moment), with knowledge and chance.
    """
    totals = made.outcomes.totals
    return {
        site: np.array(
            [at_levels(totals[:, place, at]) for at in range(len(made.grid_s))]
        ).T
        for place, site in enumerate(made.sites)
    }


def at_levels(draws: Numbers) -> tuple[float, ...]:
    """Return draws at LEVELS, each a draw, so that infinite ones do no harm."""
    return draw_quantiles(draws, LEVELS)


def _of_site(made: Forecast, site: str) -> Iterator[ForecastQuantiles]:
    rows = []
    for begins, ends in made.days:
        both, chance = (
            at_levels(made.arrivals(site, begins, ends, chance=alone))
            for alone in (False, True)
        )
        rows.append(ForecastQuantiles(site, "arrivals", begins, ends, both, chance))
    while len(rows) > 1 and not rows[-1].both[-2]:
        rows.pop()
    yield from rows
    yield _completion(made, site, "nearly")
    yield _completion(made, site, "all")


def _completion(
    made: Forecast, site: str, what: Literal["nearly", "all"]
) -> ForecastQuantiles:
    both, chance = (
        at_levels(
            made.done_h(site, nearly=what == "nearly", chance=alone) * SECONDS_PER_HOUR
        )
        for alone in (False, True)
    )
    return ForecastQuantiles(site, what, 0, 0, both, chance)
