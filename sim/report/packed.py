"""A scene as plain data for a script that moves it: events, texts, paths, no frames."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from sim.metrics.curves import Curve
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.scene import Scene, While
from sim.scenario import Clock
from sim.schematic import Track, Whereabouts
from sim.words import Text

_Thing = TypeVar("_Thing")


def packed(scene: Scene, worded: Callable[[Text], str]) -> dict[str, Any]:
    """Return a scene as plain data: numbers, and texts and paths each once.

    Parameters
    ----------
    worded : words a text.
    """
    numbers = {
        node.name: number for number, node in enumerate(scene.network.nodes.values())
    }
    texts, paths = _Numbered[str](), _Numbered[tuple[int, ...]]()

    def text(said: Text) -> int:
        return texts.of(worded(said))

    def whiles(every: Iterable[While]) -> list[tuple[int, int, int]]:
        return [(each.since_s, each.until_s, text(each.text)) for each in every]

    def stand(track: Track, each: Whereabouts) -> tuple[int, int, int, int, int]:
        path = paths.of(tuple(numbers[name] for name in each.path)) if each.path else -1
        why = scene.why.get((track.convoy, each.time_s))
        return each.time_s, path, each.people, each.vehicles, text(why) if why else -1

    flows = [*scene.flows]
    data = {
        "horizon": scene.horizon_s,
        "still": scene.still_s,
        "clock": _offsets(scene.clock, scene.horizon_s),
        "nodes": [scene.layout[name] for name in numbers],
        "places": [
            [
                worded(place.title),
                whiles(place.closed),
                _steps(place.inside),
                _steps(place.arrived),
            ]
            for place in scene.places.values()
        ],
        "convoys": [
            [
                track.convoy,
                flows.index(track.flow),
                [stand(track, each) for each in track.stands],
            ]
            for track in scene.tracks
        ],
        "halts": whiles(scene.halts),
        "deals": [
            [
                whiles(deal.states),
                [[_steps(side.people), _steps(side.convoys)] for side in deal.sides],
            ]
            for deal in scene.deals
        ],
        "events": [[each.time_s, text(each.text)] for each in scene.happenings],
    }
    return data | {"texts": texts.all, "paths": paths.all}


class _Numbered(Generic[_Thing]):
    """Things that come again and again, each kept once under its number."""

    def __init__(self) -> None:
        self._numbers: dict[_Thing, int] = {}

    def of(self, thing: _Thing) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    @property
    def all(self) -> list[_Thing]:
        return [*self._numbers]


def _steps(curve: Curve) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return curve.times_s, curve.totals


def _offsets(clock: Clock, horizon_s: int) -> list[tuple[int, int]]:
    """Return from when on what is to be added to get local time, as if it were UTC."""
    found: list[tuple[int, int]] = []
    for time_s in range(0, horizon_s + 1, SECONDS_PER_HOUR):
        local = clock.local(time_s)
        offset = local.utcoffset()
        added = round(local.timestamp()) - time_s
        added += round(offset.total_seconds()) if offset else 0
        if not found or found[-1][1] != added:
            found.append((time_s, added))
    return found
