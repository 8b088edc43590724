"""What fields mean, as messages: the words of the plans for any language."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from sim.messages import Sentence
from sim.parts.policies import POLICIES
from sim.parts.rules import RULES
from sim.scenario.headings import heading_of
from sim.scenario.quantity import Quantity
from sim.scenario.schema import about_plan, title_of
from sim.scenario.shapes import (
    OPERATION,
    Fields,
    ListShape,
    Named,
    Shape,
    below,
    plans_in,
)

_ABSENT = re.compile(r"(?:; absent|\. Absent): (.+)\.$")
"""Ends the meaning of a field: what is the case where it is not given."""


class FieldMeaning(NamedTuple):
    """What readers are told of a field.

    Attributes
    ----------
    heading : what it is called.
    meaning : in a sentence or more; names of fields and words stand in backticks.
    absent : what is the case where it is not given; None if the meaning says it, or
        nothing is.
    """

    heading: Sentence
    meaning: Sentence
    absent: Sentence | None


def meaning_of(plan: type[BaseModel], field: str) -> FieldMeaning:
    """Return what a field of a plan means.

    Raises
    ------
    KeyError
        If the plan has no such field.
    """
    said = plan.model_fields[field].description
    inside = _inside(Fields(plan).field(field))
    text = _in_one_line(said or (about_plan(inside) if inside else ""))
    found = _ABSENT.search(text)
    return FieldMeaning(
        Sentence(heading_of(title_of(plan), field)),
        _message(f"{text[: found.start()]}." if found else text),
        _message(f"{found[1]}.") if found else None,
    )


def about(plan: type[BaseModel]) -> Sentence:
    """Return what a part is, as its plan says it."""
    return _message(_in_one_line(about_plan(plan)))


def gist_of(plan: type[BaseModel], field: str) -> Sentence | None:
    """Return the meaning of a field in a few words, as they stand in brackets."""
    text = plan.model_fields[field].description or ""
    first = re.split(r"\.\s|\.$|;", text)[0].replace("\n", " ")
    return _message(f"{first[:1].lower()}{first[1:]}") if first else None


def every_message() -> Iterator[Sentence]:
    """Yield what there is to say of all fields, in the order of the reference.

    Those that may be missing where something needs them are told in a few words, too.
    """
    needed = {
        *(field for rule in RULES.values() for field in rule.uses),
        *(field for policy in POLICIES.values() for field in policy.uses),
    }
    for plan in plans_in(OPERATION):
        yield about(plan)
        for name in plan.model_fields:
            heading, meaning, absent = meaning_of(plan, name)
            yield from (each for each in (heading, meaning, absent) if each)
            if plan.model_fields[name].is_required() or name in needed:
                yield from filter(None, [gist_of(plan, name)])


def names_of_quantities() -> Iterator[Sentence]:
    """Yield what the kinds of values are called, as sentences name them."""
    waiting = [
        shape.field(name)
        for shape in map(Fields, plans_in(OPERATION))
        for name in shape.names
    ]
    while waiting:
        match waiting.pop(0):
            case Quantity(name=name):
                yield Sentence(name)
            case Named(key, value):
                waiting += [key, value]
            case ListShape(item):
                waiting.append(item)


def _inside(shape: Shape | None) -> type[BaseModel] | None:
    while isinstance(shape, Named):
        shape = below(shape, "")
    return shape.plan if isinstance(shape, Fields) else None


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _message(text: str) -> Sentence:
    """Return words as a message: braces in them are no fields of it."""
    return Sentence(text.replace("{", "{{").replace("}", "}}"))
