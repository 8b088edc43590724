"""What a moving picture shows, as data: events and the moments between which they hold.

It is drawn at one moment from `sim.report.still`, and moved by a script that reads what
`sim.report.packed` makes of it.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sim.metrics.curves import Curve
from sim.scenario import Clock
from sim.schematic import Network, SchematicLayout, Track
from sim.words import Text

NOBODY = Curve()
_LONGEST_LINE = 22


@dataclass(frozen=True, slots=True)
class While:
    """Something that is so for a time.

    Attributes
    ----------
    until_s : exclusive.
    """

    since_s: int
    until_s: int
    text: Text

    def holds(self, time_s: float) -> bool:
        """Whether it is so at a moment."""
        return self.since_s <= time_s < self.until_s


@dataclass(frozen=True, slots=True)
class ScenePlace:
    """A place of the drawing.

    Attributes
    ----------
    title : empty for one without a name.
    inside : people at the site, those who stay included; of a site that people leave.
    arrived : people who have arrived; of a site that receives some.
    closed : when it was, and why.
    """

    name: str
    title: Text
    inside: Curve = NOBODY
    arrived: Curve = NOBODY
    closed: tuple[While, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneMoved:
    """What one side of an agreement moved."""

    title: Text
    people: Curve
    convoys: Curve


@dataclass(frozen=True, slots=True)
class SceneDeal:
    """An agreement: what it was when, and what its sides moved."""

    title: Text
    states: tuple[While, ...]
    sides: tuple[SceneMoved, ...]


@dataclass(frozen=True, slots=True)
class SceneHappening:
    """What happened in one second, in words."""

    time_s: int
    text: Text


@dataclass(frozen=True)
class Scene:
    """All that a moving picture shows of one run.

    Attributes
    ----------
    flows : titles, in the order of the scenario.
    why : what each stand of each convoy waits for, in words; nothing if for nothing.
    halts : stoppages, with their causes.
    happenings : in time order, one for a second.
    still_s : the moment that a still shows: when most people are under way.
    """

    clock: Clock
    horizon_s: int
    network: Network
    layout: SchematicLayout
    places: Mapping[str, ScenePlace]
    flows: Mapping[str, Text]
    tracks: tuple[Track, ...]
    why: Mapping[tuple[str, int], Text]
    halts: tuple[While, ...]
    deals: tuple[SceneDeal, ...]
    happenings: tuple[SceneHappening, ...]

    @cached_property
    def still_s(self) -> int:
        """The first moment at which most people are aboard."""
        changes: dict[int, int] = {}
        for track in self.tracks:
            aboard = 0
            for stand in track.stands:
                now = stand.people if stand.path else 0
                changes[stand.time_s] = changes.get(stand.time_s, 0) + now - aboard
                aboard = now
        people = most = at = 0
        for time_s in sorted(changes):
            people += changes[time_s]
            if people > most:
                most, at = people, time_s
        return at

    def last_before(self, time_s: float) -> SceneHappening | None:
        """Return what happened last at or before a moment."""
        times = [each.time_s for each in self.happenings]
        number = bisect_right(times, time_s)
        return self.happenings[number - 1] if number else None


def lines_of(title: str) -> list[str]:
    """Return a title in lines that are short enough for a label."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LONGEST_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
