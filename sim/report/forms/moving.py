"""A moving picture for a page: a drawing that stands still, and the data to move it.

The page's own script (`page/moving.js`) moves what is drawn here. Without it the page
shows one moment, as it does in print.
"""

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import hypot, sqrt
from pathlib import Path
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from sim.metrics.curves import Curve
from sim.report.contents import MovingPicture
from sim.report.moving import lines_of
from sim.report.scene import NOBODY, Scene, While
from sim.scenario import Clock
from sim.schematic.tracks import Stand, Track, at_moment
from sim.words import Number, Text, Words, joined, moment, say

_SCRIPT = (Path(__file__).parent / "page" / "moving.js").read_text("utf-8")
_HOUR_S = 3600
_Thing = TypeVar("_Thing")
_COLOURS = (
    *("#0072B2", "#C14A00", "#00795A", "#A23B7B", "#5B4A9C"),
    *("#1C1C1C", "#2A7FA8", "#6B6B00"),
)
_SHAPES = (
    "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z",
    "M-.88-.88H.88V.88H-.88Z",
    "M0-1.15 1.1.8H-1.1Z",
    "M0-1.2 1.2 0 0 1.2-1.2 0Z",
    "M-1.15-.8H1.15L0 1.1Z",
    "M-1.1 0-.55-.95H.55L1.1 0 .55.95H-.55Z",
    "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
    "M0-1.1 1.05-.34.65.9H-.65L-1.05-.34Z",
)
"""Paths of about the same area around the origin, one for each flow and then again."""
SPEEDS = (
    (900, say("{minutes} min a second", minutes=Number(15))),
    (3600, say("{hours} h a second", hours=Number(1))),
    (10_800, say("{hours} h a second", hours=Number(3))),
    (21_600, say("{hours} h a second", hours=Number(6))),
)
"""Seconds of the run in a second of the reader, and how that is said."""
USUAL_SPEED = 10_800
LABELS = {
    "play": say("Play"),
    "pause": say("Pause"),
    "before": say("Previous event"),
    "after": say("Next event"),
    "speed": say("Speed"),
    "time": say("Moment of the run"),
    "map": say("Schematic map"),
    "people": say("People"),
    "site": say("site"),
    "inside": say("still there"),
    "arrived": say("arrived"),
    "aboard": say("people under way"),
    "convoys": say("convoys"),
    "vehicles": say("vehicles"),
    "deals": say("Exchange"),
    "yet": say("not yet"),
    "closed": say("Closed, and why"),
    "nothing": say("nothing"),
    "stands": say("Convoys that stand, and why"),
    "key": say("Key"),
    "loaded": say("with people"),
    "empty": say("empty"),
    "larger": say("the larger, the more vehicles"),
    "open": say("gate or checkpoint, open"),
    "shut": say("gate or checkpoint, closed"),
    "way": say("way of empty vehicles only"),
}


def script() -> Markup:
    """Return the script that moves the picture."""
    return Markup(_SCRIPT)  # noqa: S704 (a file of the program)


def script_hash() -> str:
    """Return by what a page's policy knows that script, and no other."""
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@dataclass(frozen=True, slots=True)
class Mark:
    """A convoy as it is drawn at a moment."""

    convoy: str
    x: float
    y: float
    radius: float
    flow: int
    is_loaded: bool


class Still:
    """What a moving picture shows at one moment, for a template.

    Parameters
    ----------
    picture : to show.
    words : in whose language.
    """

    def __init__(self, picture: MovingPicture, words: Words) -> None:
        self.picture = picture
        self.scene = picture.scene
        self.words = words
        self.at = picture.scene.still_s
        self.layout = picture.scene.layout
        self.nodes = [*picture.scene.network.nodes.values()]

    @property
    def moment(self) -> Text:
        """The moment."""
        return moment(self.scene.clock, self.at)

    @property
    def flows(self) -> list[tuple[Text, str, str]]:
        """Title, shape and colour of each flow."""
        return [
            (title, *looks(number))
            for number, title in enumerate(self.scene.flows.values())
        ]

    @property
    def ways(self) -> list[tuple[float, float, float, float, bool]]:
        """Both ends of each way, and whether only empty vehicles use it."""
        return [
            (*self.layout[way.begin], *self.layout[way.end], way.only_empty)
            for way in self.scene.network.ways
        ]

    @property
    def tethers(self) -> list[tuple[float, float, float, float]]:
        """From each gate of boarding that is on no way to its site."""
        boarding = self.scene.network.boarding
        return [(*self.layout[gate], *self.layout[boarding[gate]]) for gate in boarding]

    def lines(self, name: str) -> list[str]:
        """Return the title of a place in the lines of its label."""
        return lines_of(str(self.scene.places[name].title))

    def is_closed(self, name: str) -> bool:
        """Whether a place is closed."""
        return any(each.holds(self.at) for each in self.scene.places[name].closed)

    def label(self, name: str, what: str) -> Text:
        """Return what is counted at a place, in words."""
        title = self.scene.places[name].title
        if what == "inside":
            return say("{site}: still there", site=title)
        return say("{site}: arrived", site=title)

    def counts(self, name: str) -> list[tuple[str, Curve]]:
        """Return what is counted at a place: its label's name, and the count."""
        place = self.scene.places[name]
        both = (("inside", place.inside), ("arrived", place.arrived))
        return [each for each in both if each[1] is not NOBODY]

    def share(self, curve: Curve) -> float:
        """Return a count as a share of the most that it ever is [%]."""
        most = max(curve.totals, default=0)
        return round(100 * curve.at(self.at) / most, 1) if most else 0.0

    @property
    def aboard(self) -> int:
        """People under way."""
        return sum(stand.people for _, _, stand, _ in self._now())

    @property
    def under_way(self) -> int:
        """Convoys under way, empty ones too."""
        return sum(1 for _ in self._now())

    @property
    def closed(self) -> list[Text]:
        """What lasts: closed places and stoppages, with why."""
        places = [
            say("{place}: {why}", place=place.title, why=each.text)
            for place in self.scene.places.values()
            for each in place.closed
            if each.holds(self.at) and place.title
        ]
        return [
            *(each.text for each in self.scene.halts if each.holds(self.at)),
            *places,
        ]

    def state(self, states: Sequence[While]) -> Text:
        """Return what an agreement is."""
        return next((each.text for each in states[::-1] if each.holds(self.at)), None)

    @property
    def waiting(self) -> list[Text]:
        """Where convoys stand, how many, and for what."""
        found: dict[tuple[str, str], list[int]] = {}
        for _, track, stand, _ in self._now():
            if why := self.words.of(self.scene.why.get((track.convoy, stand.time_s))):
                found.setdefault((stand.path[0], why), []).append(stand.vehicles)
        return [
            joined(
                [
                    self.scene.places[place].title,
                    joined([LABELS["convoys"], Number(len(vehicles))], " "),
                    joined([LABELS["vehicles"], Number(sum(vehicles))], " "),
                    why,
                ],
                " \N{MIDDLE DOT} ",
            )
            for (place, why), vehicles in found.items()
        ]

    @property
    def said(self) -> Text:
        """What happened last."""
        last = self.scene.last_before(self.at)
        if last is None:
            return None
        when = moment(self.scene.clock, last.time_s)
        return joined([when, last.text], " \N{MIDDLE DOT} ")

    @property
    def marks(self) -> list[Mark]:
        """The convoys, those that stand at a place beside each other."""
        flows = [*self.scene.flows]
        drawn = [(t, s, u, _radius(s.vehicles)) for _, t, s, u in self._now()]
        widths: dict[str, float] = defaultdict(float)
        for _, stand, _, radius in drawn:
            if len(stand.path) == 1:
                widths[stand.path[0]] += 2 * radius + 2
        used: dict[str, float] = defaultdict(float)
        marks = []
        for track, stand, until_s, radius in drawn:
            x, y = place_of(self.scene, stand, until_s, self.at)
            if len(stand.path) == 1:
                node = stand.path[0]
                squeeze = min(1.0, 110 / widths[node])
                x += (used[node] + radius + 1 - widths[node] / 2) * squeeze
                y -= 17 + radius
                used[node] += 2 * radius + 2
            flow = flows.index(track.flow)
            loaded = stand.people > 0
            marks.append(
                Mark(track.convoy, round(x, 1), round(y, 1), radius, flow, loaded)
            )
        return marks

    def _now(self) -> Iterable[tuple[int, Track, Stand, int]]:
        """Yield every convoy that is under way, where, and until when."""
        for number, track in enumerate(self.scene.tracks):
            stand = at_moment(track, self.at)
            if stand is not None and stand.path:
                yield number, track, stand, until(track, stand, self.scene.horizon_s)

    @property
    def data(self) -> Markup:
        """All that the script needs, as JSON that can stand in a page."""
        text = json.dumps(_data(self), ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return Markup(text)  # noqa: S704 (nothing in it can end it)


def looks(number: int) -> tuple[str, str]:
    """Return the shape and the colour of a flow."""
    return _SHAPES[number % len(_SHAPES)], _COLOURS[number % len(_COLOURS)]


def _radius(vehicles: int) -> float:
    return round(min(16.0, 3.5 + 1.2 * sqrt(vehicles)), 1)


def until(track: Track, stand: Stand, horizon_s: int) -> int:
    """Return until when a stand lasts: what is not over by the end goes on for long."""
    after = [each.time_s for each in track.stands if each.time_s > stand.time_s]
    return after[0] if after else 2 * horizon_s - stand.time_s + 1


def place_of(
    scene: Scene, stand: Stand, until_s: int, time_s: float
) -> tuple[float, float]:
    """Return where on the ways a convoy is; who drives does so evenly."""
    points = [scene.layout[name] for name in stand.path]
    if len(points) == 1:
        return points[0]
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    left = (time_s - stand.time_s) / (until_s - stand.time_s) * sum(steps)
    for (a, b), step in zip(pairwise(points), steps, strict=True):
        if step and left <= step:
            share = left / step
            # On the right-hand side of the road, so that both directions are seen.
            off_x, off_y = -(b[1] - a[1]) / step * 7, (b[0] - a[0]) / step * 7
            x, y = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
            return x + off_x, y + off_y
        left -= step
    return points[-1]


def _data(still: Still) -> dict[str, Any]:
    scene, words = still.scene, still.words
    numbers = {node.name: number for number, node in enumerate(still.nodes)}
    texts, paths = _Numbered[str](), _Numbered[tuple[int, ...]]()

    def text(said: Text) -> int:
        return texts.of(words.of(said))

    def whiles(every: Iterable[While]) -> list[tuple[int, int, int]]:
        return [(each.since_s, each.until_s, text(each.text)) for each in every]

    def stand(track: Track, each: Stand) -> tuple[int, int, int, int, int]:
        path = paths.of(tuple(numbers[name] for name in each.path)) if each.path else -1
        why = scene.why.get((track.convoy, each.time_s))
        return each.time_s, path, each.people, each.vehicles, text(why) if why else -1

    flows = [*scene.flows]
    data = {
        "digits": [words.of(Number(digit)) for digit in range(10)],
        "group": words.of(Number(1000))[1:-3],
        "labels": {name: words.of(said) for name, said in LABELS.items()},
        "horizon": scene.horizon_s,
        "still": still.at,
        "clock": _offsets(scene.clock, scene.horizon_s),
        "flows": [[words.of(title), *rest] for title, *rest in still.flows],
        "nodes": [scene.layout[node.name] for node in still.nodes],
        "places": [
            [
                words.of(place.title),
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
    for time_s in range(0, horizon_s + 1, _HOUR_S):
        local = clock.local(time_s)
        offset = local.utcoffset()
        added = round(local.timestamp()) - time_s
        added += round(offset.total_seconds()) if offset else 0
        if not found or found[-1][1] != added:
            found.append((time_s, added))
    return found
