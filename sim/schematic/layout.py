"""Where the places of a network are drawn: as they lie, or as routes lead.

Places with a position keep their order from north to south and from west to east, with
distances drawn together where they are long and out where they are short: a schematic
map. Those without are put between their neighbours. Without any position routes run
from left to right. The same scenario is laid out the same everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from math import cos, hypot, pi, radians, sin

from sim.scenario import Operation
from sim.scenario.position import Position
from sim.schematic.network import Network

Point = tuple[float, float]
Box = tuple[float, float, float]
"""Half the width of what is drawn of a node, and its heights above and below it."""

WIDTH = 1000.0
_MARGIN = 14.0
_BY_RANK = 0.65
"""How much of the way from true to even distances."""
_ACROSS = (0.40, 0.55)
"""Least and greatest height of a map, as a share of its width."""
_LANE = 150.0
_STEP = 150.0
_ASIDE = 90.0
_BESIDE = 125.0
_CLEAR = 24.0
"""Between a node and a way that does not lead there."""
_ROUNDS = 400


class SchematicLayout(dict[str, Point]):
    """The point of every node.

    Attributes
    ----------
    width, height : of the drawing.
    is_map : whether north is up.
    """

    width: float
    height: float
    is_map: bool

    def __init__(self, points: Mapping[str, Point], height: float, is_map: bool):
        super().__init__(points)
        self.width = WIDTH
        self.height = height
        self.is_map = is_map


def laid_out(
    network: Network, operation: Operation, boxes: Mapping[str, Box]
) -> SchematicLayout:
    """Return where the nodes of a network are drawn, so that nothing overlaps.

    Parameters
    ----------
    boxes : what is drawn of each node, its label with it.
    """
    placed = positions(network, operation)
    points = _as_they_lie(placed) if placed else {}
    for chain in network.chains:
        _put_on(points, chain, aside=0.0)
    if not placed:
        points = _in_lanes(network.chains)
    for chain in _linked(network.approaches, points):
        _put_on(points, chain, aside=_ASIDE)
    for gate, site in network.boarding.items():
        points[gate] = _beside(points, site, network)
    points = {name: points[name] for name in network.nodes}
    _push_apart(points, network, boxes)
    return _framed(points, boxes, is_map=bool(placed))


def positions(network: Network, operation: Operation) -> dict[str, Position]:
    """Return the nodes of which the scenario says where they are."""
    plans: dict[str, object] = {**operation.sites}
    plans |= {**operation.gates, **operation.checkpoints}
    for stages in operation.stages.values():
        plans |= stages
    at = {name: getattr(plans.get(name), "at", None) for name in network.nodes}
    return {name: where for name, where in at.items() if where is not None}


def _as_they_lie(placed: Mapping[str, Position]) -> dict[str, Point]:
    """Return a map of places, north up, by an equirectangular projection."""
    middle = sum(at.latitude for at in placed.values()) / len(placed)
    east = {name: at.longitude * cos(radians(middle)) for name, at in placed.items()}
    south = {name: -at.latitude for name, at in placed.items()}
    wide = max(east.values()) - min(east.values())
    high = max(south.values()) - min(south.values())
    least, most = _ACROSS
    across = min(most, max(least, high / wide if wide else most)) * WIDTH
    x, y = _spread(east, WIDTH * 0.8), _spread(south, across * 0.8)
    return {name: (x[name] + WIDTH * 0.1, y[name]) for name in placed}


def _spread(values: Mapping[str, float], length: float) -> dict[str, float]:
    """Return values along a line, in their order, drawn out where they crowd."""
    levels = sorted(set(values.values()))
    span = levels[-1] - levels[0]
    if not span:
        return dict.fromkeys(values, length / 2)
    steps = len(levels) - 1
    return {
        name: length
        * (
            (1 - _BY_RANK) * (value - levels[0]) / span
            + _BY_RANK * levels.index(value) / steps
        )
        for name, value in values.items()
    }


def _put_on(points: dict[str, Point], chain: Sequence[str], aside: float) -> None:
    """Give the nodes of a chain that have no point one between their neighbours.

    Parameters
    ----------
    aside : how far beside the straight line.
    """
    known = [number for number, name in enumerate(chain) if name in points]
    if not known:
        bottom = max((y for _, y in points.values()), default=0.0) + _LANE
        between = (WIDTH * 0.8) / max(1, len(chain) - 1)
        for number, name in enumerate(chain):
            points[name] = WIDTH * 0.1 + number * between, bottom
        return
    for left, right in pairwise(known):
        _between(points, chain[left : right + 1], aside)
    _beyond(points, chain[known[-1] :], chain[known[0] : known[-1]], aside)
    _beyond(points, chain[known[0] :: -1], chain[known[-1] : known[0] : -1], aside)


def _between(points: dict[str, Point], run: Sequence[str], aside: float) -> None:
    (ax, ay), (bx, by) = points[run[0]], points[run[-1]]
    long = hypot(bx - ax, by - ay) or 1.0
    off_x, off_y = -(by - ay) / long * aside, (bx - ax) / long * aside
    for number, name in enumerate(run[1:-1], 1):
        share = number / (len(run) - 1)
        points[name] = ax + (bx - ax) * share + off_x, ay + (by - ay) * share + off_y


def _beyond(
    points: dict[str, Point], run: Sequence[str], before: Sequence[str], aside: float
) -> None:
    """Lead a chain on from its last known node, the way it came."""
    x, y = points[run[0]]
    dx, dy = 1.0, 0.0
    for name in before:
        if points[name] != (x, y):
            dx, dy = x - points[name][0], y - points[name][1]
    if aside:  # away from the ways that lead there with people
        middle = [sum(at) / len(points) for at in zip(*points.values(), strict=True)]
        dx, dy = x - middle[0], y - middle[1]
    long = hypot(dx, dy) or 1.0
    for number, name in enumerate(run[1:], 1):
        points[name] = x + dx / long * _STEP * number, y + dy / long * _STEP * number


def _beside(points: Mapping[str, Point], site: str, network: Network) -> Point:
    """Return a point left or right of a site where there is most room.

    Above it stand convoys, and below is its label.
    """
    x, y = points[site]
    around = [
        (x + side * _BESIDE * cos(turn * pi / 9), y + _BESIDE * sin(turn * pi / 9))
        for turn in (-1, 0, 1)
        for side in (1, -1)
    ]
    ways = [
        (points[way.begin], points[way.end])
        for way in network.ways
        if way.begin in points and way.end in points
    ]
    others = [at for name, at in points.items() if name != site]

    def room(at: Point) -> float:
        inside = min(at[0] - _ASIDE, WIDTH - _ASIDE - at[0], 0.0)
        off = [hypot(at[0] - x, at[1] - y) for x, y in others]
        away = [abs(_off(at, begin, end)) for begin, end in ways]
        return min([_ASIDE, *off, *away]) + inside

    return max(around, key=lambda at: round(room(at), 3))


def _off(at: Point, begin: Point, end: Point) -> float:
    """Return how far a point is from a stretch between two others."""
    (x, y), (ax, ay), (bx, by) = at, begin, end
    square = (bx - ax) ** 2 + (by - ay) ** 2 or 1.0
    share = min(1.0, max(0.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square))
    return hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


def _linked(
    chains: Iterable[Sequence[str]], points: Mapping[str, Point]
) -> list[tuple[str, ...]]:
    """Return chains, those that meet at a node without a point as one."""
    found: list[tuple[str, ...]] = []
    for chain in chains:
        own = tuple(chain)
        for other in found:
            if own[-1] == other[0] and other[0] not in points:
                found[found.index(other)] = own + other[1:]
                break
            if other[-1] == own[0] and own[0] not in points:
                found[found.index(other)] = other + own[1:]
                break
        else:
            found.append(own)
    return found


def _in_lanes(chains: Sequence[Sequence[str]]) -> dict[str, Point]:
    """Return routes from left to right, each in its lane; what they share once."""
    layer = dict.fromkeys((name for chain in chains for name in chain), 0)
    for _ in chains:  # each may push what others share; no more often, in a circle
        for chain in chains:
            for before, after in pairwise(chain):
                if layer[after] <= layer[before]:
                    layer[after] = min(layer[before] + 1, len(layer))
    last = max(layer.values(), default=1) or 1
    for chain in chains:
        if not any(chain[-1] in other[:-1] for other in chains):
            layer[chain[-1]] = last
    lanes: dict[str, list[int]] = {}
    for lane, chain in enumerate(dict.fromkeys(map(tuple, chains))):
        for name in chain:
            lanes.setdefault(name, []).append(lane)
    return {
        name: (
            WIDTH * 0.1 + WIDTH * 0.8 * layer[name] / last,
            _LANE * sum(lanes[name]) / len(lanes[name]),
        )
        for name in layer
    }


def _push_apart(
    points: dict[str, Point], network: Network, boxes: Mapping[str, Box]
) -> None:
    """Move nodes until no label covers another and no way runs through a place."""
    names = list(points)
    for _ in range(_ROUNDS):
        moved = False
        for one, other in combinations(names, 2):
            moved |= _part(points, one, other, boxes)
        for way in network.ways:
            for name in names:
                if name not in (way.begin, way.end):
                    moved |= _clear(points, name, way.begin, way.end)
        for name in names:
            half = boxes[name][0]
            x, y = points[name]
            points[name] = min(max(x, half + 4), WIDTH - half - 4), y
        if not moved:
            return


def _part(
    points: dict[str, Point], one: str, other: str, boxes: Mapping[str, Box]
) -> bool:
    """Push two boxes apart, the shorter way; return whether they overlapped."""
    (ax, ay), (bx, by) = points[one], points[other]
    (a_half, a_up, a_down), (b_half, b_up, b_down) = boxes[one], boxes[other]
    over_x = a_half + b_half + _MARGIN - abs(bx - ax)
    over_y = (
        a_down + b_up + _MARGIN - (by - ay)
        if by >= ay
        else b_down + a_up + _MARGIN - (ay - by)
    )
    if over_x <= 0 or over_y <= 0:
        return False
    if over_x < over_y:
        push = (over_x / 2 + 0.5) * (1 if bx >= ax else -1)
        points[one], points[other] = (ax - push, ay), (bx + push, by)
    else:
        push = (over_y / 2 + 0.5) * (1 if by >= ay else -1)
        points[one], points[other] = (ax, ay - push), (bx, by + push)
    return True


def _clear(points: dict[str, Point], name: str, begin: str, end: str) -> bool:
    """Push a node off a way that does not lead there; return whether it was on it."""
    (x, y), (ax, ay), (bx, by) = points[name], points[begin], points[end]
    square = (bx - ax) ** 2 + (by - ay) ** 2
    if not square:
        return False
    share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square
    if not 0.02 < share < 0.98:
        return False
    off_x, off_y = x - ax - (bx - ax) * share, y - ay - (by - ay) * share
    off = hypot(off_x, off_y)
    if off >= _CLEAR:
        return False
    if off < 1:
        long = square**0.5
        off_x, off_y, off = -(by - ay) / long, (bx - ax) / long, 1.0
    push = (_CLEAR - off) / 2 + 1
    points[name] = x + off_x / off * push, y + off_y / off * push
    return True


def _framed(
    points: Mapping[str, Point], boxes: Mapping[str, Box], *, is_map: bool
) -> SchematicLayout:
    """Return the points with the first at the top, and how high it all is."""
    top = min(y - boxes[name][1] for name, (_, y) in points.items()) - 6
    moved = {name: (round(x, 1), round(y - top, 1)) for name, (x, y) in points.items()}
    bottom = max(y + boxes[name][2] for name, (_, y) in moved.items()) + 6
    return SchematicLayout(moved, round(bottom), is_map)
