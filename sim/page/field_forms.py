"""The fields of a case as forms, section by section, made from its plans."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sim.scenario import Operation
from sim.scenario.described import DescribedField, described
from sim.scenario.inputs import FieldInput
from sim.words import Text, say

PREFIX = "field:"
"""How the names of inputs begin that hold values of fields."""
DROP = "drop"
_PARTS = frozenset({"part"})


class FieldForm(NamedTuple):
    """One input: a field, or one value of a field that holds several.

    Attributes
    ----------
    path : of what it changes, as under `change:` of a variant.
    key : of the value, in a field of several; empty otherwise.
    now : what it says now; empty if nothing.
    takes : what may be typed.
    changes : whether a form can change it.
    """

    path: str
    key: str
    now: str
    takes: FieldInput
    field: DescribedField
    changes: bool = True

    @property
    def input(self) -> str:
        """The name of its input."""
        return f"{PREFIX}{self.path}"

    @property
    def id(self) -> str:
        """By which the page names it."""
        kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.path)
        return f"f-{kept}"


class PartForms(NamedTuple):
    """The inputs of one part.

    Attributes
    ----------
    name : of the part, dotted.
    given : inputs of what is said.
    others : inputs of what may be said besides.
    """

    name: str
    given: list[FieldForm]
    others: list[FieldForm]


def sections(operation: Operation) -> list[str]:
    """Return the sections that have fields, in the order of a file."""
    found = (each.section for each in described(operation))
    return [each for each in dict.fromkeys(found) if each]


def parts_of(operation: Operation, section: str) -> list[PartForms]:
    """Return the inputs of a section, part by part."""
    fields = [each for each in described(operation) if each.section == section]
    parts = []
    for part, own in groupby(fields, lambda each: each.part):
        forms = [form for each in own for form in _forms(each)]
        if forms:
            given = [each for each in forms if each.now]
            others = [each for each in forms if not each.now]
            parts.append(PartForms(".".join(part), given, others))
    return parts


def changed(
    operation: Operation, filled: Mapping[str, str], before: Sequence[str]
) -> list[str]:
    """Return changes with those that were filled in.

    Parameters
    ----------
    operation : with the changes so far.
    filled : what each input says.
    before : the changes so far.
    """
    new: dict[str, str] = {}
    for each in described(operation):
        for form in _forms(each):
            value = filled.get(form.input)
            if value is None or not form.changes:
                continue
            said = " ".join(value.split())
            if said != form.now:
                new[form.path] = said or DROP
    kept = [each for each in before if each.partition("=")[0].strip() not in new]
    return [*kept, *(f"{path}={value}" for path, value in new.items())]


def _forms(field: DescribedField) -> Iterator[FieldForm]:
    takes, value = field.takes, field.value
    if takes.kind in _PARTS or (takes.kind == "mapping" and takes.item is None):
        return
    if isinstance(value, dict):
        for key, inside in value.items():
            if isinstance(inside, str) and takes.item is not None:
                path = f"{field.path}.{key}"
                yield FieldForm(path, key, inside, takes.item, field)
    elif isinstance(value, list):
        shown = ", ".join(each for each in value if isinstance(each, str))
        yield FieldForm(field.path, "", shown, takes, field, changes=False)
    elif takes.kind not in {"list", "mapping"}:
        yield FieldForm(field.path, "", value or "", takes, field)


def bounds(takes: FieldInput) -> Text:
    """Return between what a value must lie; None if anywhere."""
    if takes.least and takes.most:
        return say("{least} to {most}", least=takes.least, most=takes.most)
    if takes.least:
        return say("{least} or more", least=takes.least)
    return say("{most} or less", most=takes.most) if takes.most else None
