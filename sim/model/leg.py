"""A stretch of road."""

import simpy

from sim.events import Cause, Kind
from sim.model.convoy import Convoy
from sim.model.kernel import MOVE, Alarm
from sim.model.weather import Weather

DEPARTED, ROAD = Kind.DEPARTED, Cause.ROAD


class Leg:
    """A road takes time and holds any number of convoys. It never closes."""

    __slots__ = ("_empty", "_env", "_loaded", "_weather", "name")

    def __init__(
        self, env: simpy.Environment, name: str, weather: Weather | None
    ) -> None:
        self.name = name
        self._env = env
        self._weather = weather
        self._loaded, self._empty = f"{name}/loaded", f"{name}/empty"

    def pass_through(self, convoy: Convoy) -> tuple[simpy.Event]:
        """Drive the whole stretch."""
        convoy.note(DEPARTED, self.name, ROAD, convoy.why_there)
        place = self._loaded if convoy.laden else self._empty
        [seconds] = convoy.chances[place]
        if self._weather is not None:
            now: int = self._env._now  # type: ignore[assignment] # whole seconds
            seconds = self._weather.arrival(now, seconds) - now
        convoy.driven_s += seconds
        return (Alarm(self._env, seconds, MOVE + convoy.number),)
