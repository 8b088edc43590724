"""A stretch of road."""

import simpy

from sim.events import Cause, Kind
from sim.model.convoy import Convoy, Passage
from sim.model.streams import Streams
from sim.model.ties import Alarm, Tie
from sim.model.weather import Weather
from sim.scenario.plans import LegPlan


class Leg:
    """A road takes time and holds any number of convoys. It never closes.

    Raises
    ------
    ValueError
        If the plan gives neither a time nor a speed.
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        plan: LegPlan,
        weather: Weather | None,
        streams: Streams,
    ) -> None:
        self.name = name
        self._env = env
        self._weather = weather
        self._streams = streams
        self._length = plan.length
        draw = plan.speed if plan.time is None else plan.time
        if draw is None:
            raise ValueError(f"leg {name!r} has neither a time nor a speed")
        self._draw = draw
        self._fixed = draw.is_fixed
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"

    def lets_pass(self, convoy: Convoy) -> bool:
        """Say no: a stretch takes time."""
        return False

    def pass_through(self, convoy: Convoy) -> Passage:
        """Drive the whole stretch."""
        convoy.note(Kind.DEPARTED, self.name, Cause.ROAD)
        seconds = self._seconds(convoy)
        if self._weather is not None:
            now = int(self._env.now)
            seconds = self._weather.arrival(now, seconds) - now
        yield Alarm(self._env, seconds, Tie.MOVE)
        convoy.driven_s += seconds
        return True

    def _seconds(self, convoy: Convoy) -> int:
        value = self._draw.best
        if not self._fixed:
            # A stretch may be driven out and back in one trip: two draws.
            place = self._loaded if convoy.people else self._empty
            number = self._streams.numbers(place, convoy.name, 1)
            value = self._draw.values(number)[0]
        return round(value if self._length is None else self._length / value)
