"""What a moving picture shows at one moment, for whoever draws it without a script."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, sqrt

from sim.metrics.curves import Curve
from sim.report.scene import NOBODY, Scene, While, lines_of
from sim.schematic.tracks import Track, Whereabouts, at_moment
from sim.words import Number, Text, joined, moment, say

_CONVOYS, _VEHICLES = say("convoys"), say("vehicles")


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
    """What a moving picture shows at the moment of its still, for a template."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.at = scene.still_s
        self.layout = scene.layout
        self.nodes = [*scene.network.nodes.values()]

    @property
    def moment(self) -> Text:
        """The moment."""
        return moment(self.scene.clock, self.at)

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
        return sum(stand.people for _, stand, _ in self._now())

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
        found: dict[tuple[str, Text], list[int]] = {}
        for track, stand, _ in self._now():
            if why := self.scene.why.get((track.convoy, stand.time_s)):
                found.setdefault((stand.path[0], why), []).append(stand.vehicles)
        return [
            joined(
                [
                    self.scene.places[place].title,
                    joined([_CONVOYS, Number(len(vehicles))], " "),
                    joined([_VEHICLES, Number(sum(vehicles))], " "),
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
        drawn = [(t, s, u, _radius(s.vehicles)) for t, s, u in self._now()]
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

    def _now(self) -> Iterator[tuple[Track, Whereabouts, int]]:
        """Yield every convoy that is under way, where, and until when."""
        for track in self.scene.tracks:
            stand = at_moment(track, self.at)
            if stand is not None and stand.path:
                yield track, stand, until(track, stand, self.scene.horizon_s)


def _radius(vehicles: int) -> float:
    return round(min(16.0, 3.5 + 1.2 * sqrt(vehicles)), 1)


def until(track: Track, stand: Whereabouts, horizon_s: int) -> int:
    """Return until when a stand lasts: what is not over by the end goes on for long."""
    after = [each.time_s for each in track.stands if each.time_s > stand.time_s]
    return after[0] if after else 2 * horizon_s - stand.time_s + 1


def place_of(
    scene: Scene, stand: Whereabouts, until_s: int, time_s: float
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
