"""What a new part takes of the one in whose shape it is made, and what it leaves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sim.scenario.names import naming, ranges_of
from sim.scenario.nodes import Items, MappingNode, Node, Place, Scalar, Source, table_at
from sim.scenario.several.keys import free
from sim.scenario.several.pasted import NAME, PastedRow
from sim.scenario.yaml_text import flow

READY, VEHICLES, SEATS, JOINS = "ready", "vehicles", "seats", "joins"
_PLACE = Place(Source(""))
_OF_SITE = ("at", "holds", "moves_on")
_OF_GROUP = ("stay", "ready", "joins", "withdraws")
_OF_FLOW = ("title", "picks_up", "known_since")
_OF_FLEET = ("leaves", "reserve", "priority", "known_since")
"""What is true of the other one alone, and is not taken from it."""
_LONGEST = 56
"""Of a name, so that a number has room after it."""


@dataclass(frozen=True)
class SitePattern:
    """A site with the routes that begin there and the flows that take them.

    Attributes
    ----------
    name : of the site.
    tree : of the case, with the changes so far.
    """

    tree: MappingNode
    name: str
    section: str = "sites"
    kind: str = "site"
    others: tuple[str, ...] = (READY,)

    @property
    def needed(self) -> tuple[str, ...]:
        """Its groups: a line says how many people are in each."""
        return tuple(_table(_part(self.tree, "sites", self.name), "groups").values)

    @property
    def counted(self) -> tuple[str, ...]:
        """Columns in which numbers stand."""
        return self.needed

    def parts(
        self, key: str, row: PastedRow, numbers: Mapping[str, int], taken: "Taken"
    ) -> Iterator[tuple[str, Node]]:
        """Yield what a line makes, by path."""
        there = {group: number for group, number in numbers.items() if number}
        yield f"sites.{key}", self._site(row, there)
        routes: dict[str, str] = {}
        for name, route in self.routes().items():
            leads = _text(route, "destination")
            routes[name] = taken.name("routes", f"{key}-to-{leads}")
            made = _copy(route, ())
            made.put("origin", _PLACE, Scalar(_PLACE, key))
            yield f"routes.{routes[name]}", made
        for flow_ in self.flows().values():
            groups = _words(flow_.values.get("groups"))
            served = [group for group in groups if group in there]
            if served:
                name = taken.name("flows", "-".join((key, *served)))
                yield f"flows.{name}", _flow(flow_, routes, served, there)

    def routes(self) -> dict[str, MappingNode]:
        """Return the routes that begin there, by name."""
        found = _parts(self.tree, "routes")
        return {n: part for n, part in found if _text(part, "origin") == self.name}

    def flows(self) -> dict[str, MappingNode]:
        """Return the flows that take one of them at first, by name."""
        routes, found = self.routes(), _parts(self.tree, "flows")
        return {n: part for n, part in found if _text(part, "route") in routes}

    def left(self) -> list[str]:
        """Return the paths of what is said of it and is not taken."""
        here = _part(self.tree, "sites", self.name)
        at = f"sites.{self.name}"
        left = [f"{at}.{name}" for name in _OF_SITE if name in here.values]
        for group, part in _table(here, "groups").values.items():
            said = part.values if isinstance(part, MappingNode) else {}
            left += [
                f"{at}.groups.{group}.{name}" for name in _OF_GROUP if name in said
            ]
        for name, part in self.flows().items():
            left += [f"flows.{name}.{each}" for each in _OF_FLOW if each in part.values]
        elsewhere = _elsewhere(self.tree, self._own())
        return [*left, *elsewhere, *ranges_of(self.tree, self.whole())]

    def whole(self) -> list[str]:
        """Return the paths of it, its routes and its flows."""
        return _paths(self._own())

    def _own(self) -> Mapping[str, Collection[str]]:
        return {"sites": [self.name], "routes": self.routes(), "flows": self.flows()}

    def _site(self, row: PastedRow, there: Mapping[str, int]) -> MappingNode:
        here = _part(self.tree, "sites", self.name)
        made = MappingNode(_PLACE)
        made.put("title", _PLACE, Scalar(_PLACE, row.cells[NAME]))
        for name, node in here.values.items():
            if name not in ("title", "groups", *_OF_SITE):
                made.put(name, _PLACE, node)
        groups = MappingNode(_PLACE)
        for group, part in _table(here, "groups").values.items():
            if group not in there:
                continue
            people = Scalar(_PLACE, str(there[group]))
            of = _copy(part, _OF_GROUP)
            of.put("people", _PLACE, people)
            if READY in row.cells:
                ready = MappingNode(_PLACE)
                ready.put(row.cells[READY], _PLACE, people)
                of.put(READY, _PLACE, ready)
            groups.put(group, _PLACE, of)
        made.put("groups", _PLACE, groups)
        return made


@dataclass(frozen=True)
class FleetPattern:
    """A fleet; attributes as of `SitePattern`."""

    tree: MappingNode
    name: str
    section: str = "fleets"
    kind: str = "fleet"
    needed: tuple[str, ...] = (VEHICLES, SEATS, JOINS)
    others: tuple[str, ...] = ()
    counted: tuple[str, ...] = (VEHICLES, SEATS)

    def parts(
        self, key: str, row: PastedRow, numbers: Mapping[str, int], taken: "Taken"
    ) -> Iterator[tuple[str, Node]]:
        """Yield what a line makes, by path."""
        made = _copy(_part(self.tree, "fleets", self.name), _OF_FLEET)
        joins = MappingNode(_PLACE)
        vehicles = Scalar(_PLACE, str(numbers[VEHICLES]))
        joins.put(row.cells[JOINS], _PLACE, vehicles)
        made.put("seats", _PLACE, Scalar(_PLACE, str(numbers[SEATS])))
        made.put("joins", _PLACE, joins)
        yield f"fleets.{key}", made

    def left(self) -> list[str]:
        """Return the paths of what is said of it and is not taken."""
        here, at = _part(self.tree, "fleets", self.name), f"fleets.{self.name}"
        return [f"{at}.{name}" for name in _OF_FLEET if name in here.values]


PartPattern = SitePattern | FleetPattern


@dataclass
class Taken:
    """The names that parts have already, by section."""

    tree: MappingNode
    made: dict[str, set[str]] = field(default_factory=dict)

    def of(self, section: str) -> set[str]:
        """Return the names in a section."""
        there = table_at(self.tree, section).values
        return self.made.setdefault(section, {*there})

    def name(self, section: str, name: str) -> str:
        """Return a name that is nobody's yet, and take it."""
        found = free(name[:_LONGEST].strip("-"), self.of(section))
        self.of(section).add(found)
        return found


def patterns_in(tree: MappingNode, section: str) -> list[PartPattern]:
    """Return in whose shape parts of a section can be made.

    Sites without people, or that nobody leaves, show nothing of how one is left.
    """
    names = table_at(tree, section).values
    if section == "fleets":
        return [FleetPattern(tree, name) for name in names]
    if section != "sites":
        return []
    sites = [SitePattern(tree, name) for name in names]
    return [site for site in sites if site.needed and site.flows()]


def written(path: str, node: Node) -> str:
    """Return the change that adds a part."""
    return f"{path}={flow(node)}"


def _elsewhere(tree: MappingNode, own: Mapping[str, Collection[str]]) -> list[str]:
    """Return which parts name others of their own, but for these among themselves."""
    inside = _paths(own)
    found = (".".join(path[:2]) for path, *_ in naming(tree, own))
    return [each for each in dict.fromkeys(found) if each not in inside]


def _paths(own: Mapping[str, Collection[str]]) -> list[str]:
    return [f"{section}.{name}" for section in own for name in own[section]]


def _flow(
    like: MappingNode,
    routes: Mapping[str, str],
    served: Sequence[str],
    there: Mapping[str, int],
) -> MappingNode:
    """Return a flow of the same shape, over other routes, of groups that are there."""
    made = _copy(like, _OF_FLOW)
    _lead(made, routes)
    made.put("groups", _PLACE, _items(served))
    phases = MappingNode(_PLACE)
    for moment, part in _table(made, "phases").values.items():
        phase = _copy(part, ("picks_up", "known_since", "evidence"))
        _lead(phase, routes)
        groups = [each for each in _words(phase.values.get("groups")) if each in there]
        if groups:
            phase.put("groups", _PLACE, _items(groups))
        else:
            phase.values.pop("groups", None)
        phases.put(moment, _PLACE, phase)
    if phases.values:
        made.put("phases", _PLACE, phases)
    return made


def _lead(part: MappingNode, routes: Mapping[str, str]) -> None:
    """Let a flow or a phase take the route that is made of its own."""
    name = _text(part, "route")
    if name in routes:
        part.put("route", _PLACE, Scalar(_PLACE, routes[name]))


def _copy(node: Node, without: Sequence[str]) -> MappingNode:
    made = MappingNode(_PLACE)
    for name, value in node.values.items() if isinstance(node, MappingNode) else ():
        if name not in without:
            made.put(name, _PLACE, value)
    return made


def _part(tree: MappingNode, section: str, name: str) -> MappingNode:
    return _table(table_at(tree, section), name)


def _parts(tree: MappingNode, section: str) -> Iterator[tuple[str, MappingNode]]:
    for name, node in table_at(tree, section).values.items():
        if isinstance(node, MappingNode):
            yield name, node


def _table(node: MappingNode, name: str) -> MappingNode:
    found = node.values.get(name)
    return found if isinstance(found, MappingNode) else MappingNode(_PLACE)


def _text(node: MappingNode, name: str) -> str:
    found = node.values.get(name)
    return found.text if isinstance(found, Scalar) else ""


def _words(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Items) else ()
    return tuple(each.text for each in items if isinstance(each, Scalar))


def _items(words: Sequence[str]) -> Items:
    return Items(_PLACE, [Scalar(_PLACE, word) for word in words])
