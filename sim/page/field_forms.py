"""The fields of a case as forms, section by section, made from its plans.

A list, or values by name, stand in one field as in a cell of a workbook. What becomes
of a form is a change, as one stands beside a command: a value, or a whole new part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.scenario.described import DescribedField, described, fields_of_part
from sim.scenario.inputs import FieldInput
from sim.scenario.nodes import (
    MappingNode,
    Node,
    Place,
    Scalar,
    Source,
    from_data,
    plain,
)
from sim.scenario.paths import child
from sim.scenario.shapes import OPERATION, Fields, Named, Shape, below, shape_at
from sim.scenario.workbook.notation import read_cell, written_cell
from sim.scenario.yaml_text import flow
from sim.words import Text, joined, say

PREFIX = "field:"
"""How the names of inputs begin that hold values of fields."""
NEW = "new:"
"""The same of a part that is to be added."""
DROP = "drop"
WHOLE = "operation"
"""Section of what an operation says once."""
_NOT_CHANGED = frozenset({"operation", "evidence"})
"""Of a variant these are said otherwise: by its title, and by the case."""
_MOST_NAMES = 12
_PLACE = Place(Source(""))


class FieldForm(NamedTuple):
    """One input.

    Attributes
    ----------
    path : of what it changes, as under `change:` of a variant.
    input, id : its name, and by which the page names it.
    now : what it says now; empty if nothing.
    example : how it is written; empty if any text will do.
    names : of parts that it takes, as far as there are any.
    lines : whether it may have several.
    """

    path: str
    input: str
    id: str
    now: str
    field: DescribedField
    example: str = ""
    names: tuple[str, ...] = ()
    lines: bool = False

    @property
    def multiplies(self) -> bool:
        """Whether all its numbers can be changed by the same factor."""
        by_name = self.field.takes.kind == "mapping"
        return by_name and bool(self.now) and self.takes.kind == "number"

    @property
    def takes(self) -> FieldInput:
        """What may be typed, of a list or values by name in each of them."""
        takes = self.field.takes
        while takes.item is not None:
            takes = takes.item
        return takes


class PartForms(NamedTuple):
    """The inputs of one part.

    Attributes
    ----------
    name : of the part, dotted.
    given : inputs of what is said.
    others : inputs of what may be said besides.
    holds : paths at which parts of it may be added.
    removed : how it is taken away; empty if it has to be there.
    """

    name: str
    given: list[FieldForm]
    others: list[FieldForm]
    holds: list[str]
    removed: str


class NewPart(NamedTuple):
    """What a part that is to be added says.

    Attributes
    ----------
    at : path of what is to hold it; its own if it has no name.
    named : how its name is read: as that of a part, as a moment, or as a path; empty if
        it has none.
    needed, others : inputs of what it must and may say.
    likes : parts of the same kind, of which it may take the shape.
    """

    at: str
    named: str
    needed: list[FieldForm]
    others: list[FieldForm]
    likes: tuple[str, ...]


def sections() -> list[str]:
    """Return the sections that a case may have, in the order of a file."""
    found = (name for name in OPERATION.names if _holds_parts(OPERATION.field(name)))
    return [WHOLE, *found]


def section_of(path: str) -> str:
    """Return the section that a path leads into; nothing if it leads nowhere."""
    first, _, rest = path.partition(".")
    if first not in OPERATION.names:
        return ""
    return first if rest or _holds_parts(OPERATION.field(first)) else WHOLE


def parts_of(tree: MappingNode, section: str) -> list[PartForms]:
    """Return the inputs of a section, part by part."""
    parts: dict[tuple[str, ...], PartForms] = {}
    for each in described(tree):
        if (each.section or WHOLE) != section or each.path in _NOT_CHANGED:
            continue
        if not each.section and _holds_parts(shape_at(each.steps)):
            continue
        part = parts.setdefault(each.part, _empty(each.part))
        if is_form(each):
            form = form_of(each, tree)
            (part.given if form.now else part.others).append(form)
        elif isinstance(shape_at(each.steps), Named) or each.value is None:
            part.holds.append(each.path)
    parts.pop((section,), None)  # its kinds, which are places for parts alone
    return [*parts.values()]


def holders(section: str) -> list[str]:
    """Return at which paths parts of a section may be added."""
    shape = OPERATION.field(section)
    if isinstance(shape, Fields):
        return [f"{section}.{name}" for name in shape.names]
    return [section] if _holds_parts(shape) else []


def new_part(
    tree: MappingNode, at: str, like: str = "", example: MappingNode | None = None
) -> NewPart | None:
    """Return the inputs of a part that is to be added; None if none may be there.

    Parameters
    ----------
    at : path of what is to hold it, or its own if it has no name.
    like : name of a part beside it, of which it takes the shape.
    example : tree of another case, which shows how a part is written if none is beside.
    """
    steps = tuple(at.split("."))
    shape = shape_at(steps)
    beside: Mapping[str, Node] = {}
    elsewhere: Mapping[str, Node] = {}
    if isinstance(shape, Named) and isinstance(shape.value, Fields):
        holder = node_at(tree, steps)
        beside = holder.values if isinstance(holder, MappingNode) else {}
        other = node_at(example, steps) if example is not None else None
        elsewhere = other.values if isinstance(other, MappingNode) else {}
        named = "moment" if shape.key else "path" if steps == ("uncertain",) else "name"
        own = (*steps, "?")
    elif isinstance(shape, Fields) and len(steps) > 1:
        named, own = "", steps
    else:
        return None
    taken = beside.get(like)
    needed: list[FieldForm] = []
    others: list[FieldForm] = []
    for each in fields_of_part(own):
        shows = (*beside.values(), *elsewhere.values())
        said = (_below(one, each.steps[-1]) for one in shows)
        shown = next((node for node in said if node is not None), None)
        now = _below(taken, each.steps[-1]) if taken is not None else None
        form = form_of(each, tree, shown, now, new=True)
        (needed if each.required else others).append(form)
    return NewPart(at, named, needed, others, tuple(beside))


def node_at(tree: MappingNode, steps: Iterable[str]) -> Node | None:
    """Return what stands at a path; None if nothing does."""
    node: Node | None = tree
    shape: Shape | None = OPERATION
    for step in steps:
        if node is None or shape is None:
            return None
        node, shape = child(node, step, shape), below(shape, step)
    return node


def bounds(takes: FieldInput) -> Text:
    """Return between what a value must lie; None if anywhere."""
    if takes.kind == "share":  # it is written in percent beside its bounds
        return say("{least} to {most}", least="0 %", most="100 %")
    if takes.least and takes.most:
        return say("{least} to {most}", least=takes.least, most=takes.most)
    if takes.least:
        return say("{least} or more", least=takes.least)
    return say("{most} or less", most=takes.most) if takes.most else None


def named(names: Sequence[str]) -> Text:
    """Return the first of some names, and whether there are more."""
    return joined([*names[:_MOST_NAMES], *(["…"] if names[_MOST_NAMES:] else [])], ", ")


def _empty(steps: tuple[str, ...]) -> PartForms:
    must = isinstance(shape_at(steps), Fields) and _is_needed(steps)
    name = ".".join(steps) or WHOLE
    return PartForms(name, [], [], [], "" if must or not steps else name)


def _is_needed(steps: tuple[str, ...]) -> bool:
    """Return whether a part without a name of its own has to be there."""
    above = shape_at(steps[:-1])
    if not isinstance(above, Fields):
        return False
    return not steps[1:] or above.plan.model_fields[steps[-1]].is_required()


def is_form(field: DescribedField) -> bool:
    """Return whether a field is an input, and not a place for parts."""
    takes = field.takes
    return takes.kind != "part" and not (takes.kind == "mapping" and takes.item is None)


def _holds_parts(shape: Shape | None) -> bool:
    if isinstance(shape, Named):
        return isinstance(shape.value, Fields)
    return isinstance(shape, Fields)


def form_of(
    field: DescribedField,
    tree: MappingNode,
    shown: Node | None = None,
    now: Node | None = None,
    *,
    new: bool = False,
) -> FieldForm:
    """Return the input of a field.

    Parameters
    ----------
    shown : what another part says there, as an example.
    now : what is to stand there first, in a part that is new.
    """
    shape, name = shape_at(field.steps), field.steps[-1]
    if not new and field.value is not None:
        now = from_data(field.value, _PLACE.source)
    takes = field.takes
    lines = takes.kind in {"list", "mapping", "part"} or name in {"about", "note"}
    names = tuple(_names(takes, tree))
    example = _example(takes, names)
    if shown is not None and lines:
        example = written_cell(shown, shape)
        example = on_a_line(example, shape)
    return FieldForm(
        field.path,
        f"{NEW}{name}" if new else f"{PREFIX}{field.path}",
        f"new-{name}" if new else _id(field.path),
        written_cell(now, shape) if now is not None else "",
        field,
        example,
        names,
        lines,
    )


def _example(takes: FieldInput, names: Sequence[str]) -> str:
    """Return how something is written, with names of the case."""
    if takes.kind == "list" and takes.item is not None:
        return ", ".join(names[:2]) or _example(takes.item, ())
    if takes.kind == "mapping" and takes.item is not None and takes.key is not None:
        key = names[0] if names else _example(takes.key, ())
        plain = "10" if takes.item.kind == "number" else ""
        value = _example(takes.item, ()) or plain
        return f"{key}: {value}" if key and value else ""
    return takes.examples[0] if takes.examples else names[0] if names else ""


def _names(takes: FieldInput, tree: MappingNode) -> Iterator[str]:
    """Yield the names of parts that a field takes, also as keys or in a list."""
    for each in (takes, takes.key, takes.item):
        for section in each.names_from if each is not None else ():
            yield from _named_in(tree, section.split("."))


def _named_in(node: Node | None, steps: Sequence[str]) -> Iterator[str]:
    """Yield the names in a section; of parts in parts those of all, each once."""
    if not isinstance(node, MappingNode):
        return
    inside = node.values.get(steps[0])
    if not isinstance(inside, MappingNode):
        return
    if len(steps) == 1:
        yield from inside.values
        return
    found: dict[str, None] = {}
    for each in inside.values.values():
        found |= dict.fromkeys(_named_in(each, steps[1:]))
    yield from found


def _below(node: Node, name: str) -> Node | None:
    return node.values.get(name) if isinstance(node, MappingNode) else None


def _id(path: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in path)
    return f"f-{kept}"


def on_a_line(text: str, shape: Shape | None) -> str:
    """Return what was typed as it stands in an address: on one line, if it can be."""
    if "\n" not in text:
        return text
    node, wrong = read_cell(text, shape, _PLACE)
    if isinstance(node, Scalar):
        return " ".join(text.split())
    if wrong:
        return text
    bare = ", ".join(text.split("\n"))
    back, wrong = read_cell(bare, shape, _PLACE)
    return bare if not wrong and plain(back) == plain(node) else flow(node)
