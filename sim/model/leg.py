"""A stretch of road."""

import simpy

from sim.distributions import Distribution
from sim.events import Cause, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.streams import Streams
from sim.model.ties import Alarm, Tie
from sim.model.weather import Weather
from sim.scenario.plans import LegPlan


class Leg:
    """A road takes time and holds any number of convoys. It never closes."""

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: LegPlan,
        weather: Weather,
        streams: Streams,
    ) -> None:
        self.name = name
        self._env = env
        self._weather = weather
        self._streams = streams
        self._length = plan.length
        self._draw: Distribution = plan.time if plan.time else plan.speed  # type: ignore[assignment]

    def pass_through(self, convoy: Convoy) -> Passage:
        """Drive the whole stretch."""
        now = int(self._env.now)
        convoy.note(Kind.DEPARTED, self.name, Cause.ROAD)
        elapsed = self._weather.arrival(now, self._seconds(convoy)) - now
        yield Alarm(self._env, elapsed, Tie.MOVE)
        convoy.driven_s += elapsed
        return True

    def _seconds(self, convoy: Convoy) -> int:
        draw = self._draw
        if draw.is_fixed:
            value = draw.best
        else:
            # A stretch may be driven out and back in one trip: two draws.
            way = "loaded" if convoy.people else "empty"
            number = self._streams.numbers(f"{self.name}/{way}", convoy.name, 1)
            value = draw.values(number)[0]
        return round(self._length / value if self._length is not None else value)
