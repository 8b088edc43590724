"""What a scenario takes from past operations becomes ordinary ranges as it is read.

Under `uncertain` it is what is not known of a new operation; in a field it is how the
batches of one operation differ about the middle of the class. What stands in the file
afterwards is plain text, so that a resolved scenario means the same when more
operations are known. Nothing that the class does not have is made up.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sim.messages import say
from sim.past.like import (
    RELEASE,
    TOTAL,
    Like,
    UnknownWordError,
    in_words,
    read_like,
)
from sim.past.mixtures import Mixture
from sim.past.quantities import QUANTITIES
from sim.past.reference_class import Spread, TooFewOperationsError
from sim.scenario.nodes import Items, MappingNode, Node, Scalar, table_at
from sim.scenario.problems import Problem, RefusedError, choice, quoted

_LONGEST_ABOUT = 2000
Wish = tuple[tuple[str, ...], Scalar]
"""The keys that lead to a text, and the text."""


class _Known(NamedTuple):
    """A kind of field of which the class says something.

    Attributes
    ----------
    field : pattern of its path.
    quantity : of the class.
    unit : in which the class gives it, as a file writes it.
    in_field : how the field itself varies; empty if only `uncertain` may say so.
    """

    field: str
    quantity: str
    unit: str
    in_field: str = ""


_EACH = "about {middle}{unit}, times or divided by {factor}"
KNOWN = (
    _Known(
        r"flows\.[^.]+\.(phases\..+\.)?load\.[^.]+",
        "people on a bus",
        "",
        "{middle}; by convoy times or divided by {factor}",
    ),
    _Known(
        r"flows\.[^.]+\.(phases\..+\.)?convoy\.[^.]+", "buses of a batch", "", _EACH
    ),
    _Known(r"flows\.[^.]+\.(phases\..+\.)?headway", "days between batches", "d", _EACH),
    _Known(r"stoppages\.[^.]+\.lasts", "hours of a halt", "h", _EACH),
    _Known(
        r"stoppages\.[^.]+\.every",
        "halts a day",
        "d",
        "on average {middle}{unit}, memoryless",
    ),
    _Known(r"legs\.[^.]+\.time", "hours on the road", "h", _EACH),
    _Known(r"sites\.[^.]+\.groups\.[^.]+\.people", "left over announced", ""),
    _Known(
        r"(flows\.[^.]+\.opens|agreements\.[^.]+\.(in_force|proposed))",
        "hours of delay",
        "h",
    ),
)
_FIELDS = ("load", "convoy", "headway", "lasts", "every", "time", "people", "opens")
_HAS_KIND = re.compile(r"flows\..+\.(load|convoy)\.([^.]+)")


def take(root: MappingNode, wishes: Iterable[Wish]) -> list[Problem]:
    """Write ranges of the class where a tree says so; return what is wrong.

    Parameters
    ----------
    root : of the scenario; its texts are replaced.
    wishes : the texts that are to be, with the keys that lead to them.
    """
    problems, taken = [], {}
    for path, node in wishes:
        try:
            field, spread, text = _resolved(root, path, node.text)
        except RefusedError as refusal:
            dotted = ".".join(path)
            problems.append(node.place.problem(dotted, node.text, *refusal.args))
            node.text = "1"  # said once; what follows from it is not
            continue
        node.text = text
        if path[0] == "uncertain":
            sentence = f"Like past operations: {_rests_on(spread)}."
            _add(root, ("uncertain", path[1], "note"), sentence)
        else:
            taken[field] = _rests_on(spread)
    if taken:
        listed = "; ".join(f"{field}: {what}" for field, what in taken.items())
        _add(root, ("about",), f"Taken from past operations: {listed}.")
    return problems


def _resolved(
    root: MappingNode, path: tuple[str, ...], text: str
) -> tuple[str, Spread, str]:
    """Return the field that is meant, what the class says, and the text for it.

    Raises
    ------
    RefusedError
        If the class has nothing of the kind.
    """
    unknown = path[0] == "uncertain"
    fields = _fields(root, path) if unknown else (".".join(path),)
    known, like = _known(fields), _like(text)
    name = known.quantity
    if like.instead == RELEASE and name == "hours of a halt":
        name = "hours from boarding to release"
    elif like.instead == TOTAL and name == "left over announced":
        name = "people who left"
    elif like.instead:
        raise RefusedError(
            say(
                "{instead} is nothing of {fields}",
                instead=quoted(like.instead),
                fields=quoted(fields[0]),
            ),
            say("Leave it out."),
        )
    if like.people is not None and not QUANTITIES[name].by_size:
        words = quoted(f"of {like.people} people")
        raise RefusedError(
            say("{words} says nothing of {name}", words=words, name=name),
            say("Leave it out."),
        )
    try:
        spread = like.spread(name)
    except UnknownWordError as error:
        words, there = error.args
        said = say(
            "{found} does not say which past operations are meant", found=quoted(text)
        )
        if words != "like past operations":
            said = say(
                "past operations have no class {words} of {name}",
                words=quoted(words),
                name=name,
            )
        raise RefusedError(
            said, say("Write one of these after it: {classes}.", classes=choice(there))
        ) from (error)
    except TooFewOperationsError as error:
        raise RefusedError(str(error), say("Write a range of your own.")) from error
    for field in fields:
        _check_buses(root, field)
    if unknown:
        return fields[0], spread, _unknown(root, fields[0], known, spread)
    return fields[0], spread, _varying(known, fields[0], spread)


def _known(fields: tuple[str, ...]) -> _Known:
    """Return what the class knows of fields that take one value.

    Raises
    ------
    RefusedError
        If it is nothing, or something else of each.
    """
    found = {
        next((known for known in KNOWN if re.fullmatch(known.field, field)), None)
        for field in fields
    }
    (first, *others) = found
    if first is None or others:
        raise RefusedError(
            say("past operations say nothing of {fields}", fields=quoted(fields[0])),
            say(
                "They do of {fields}; write a range of your own.",
                fields=choice(_FIELDS),
            ),
        )
    return first


def _like(text: str) -> Like:
    """Return what the words ask for.

    Raises
    ------
    RefusedError
        If they mean nothing.
    """
    try:
        return read_like(text)
    except UnknownWordError as error:
        words, known = error.args
        raise RefusedError(
            say(
                "{words} means nothing in {found}",
                words=quoted(words),
                found=quoted(text),
            ),
            say("Known: {names}.", names=choice(known, 20)),
        ) from error


def _fields(root: MappingNode, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that a range under `uncertain` is about."""
    part = table_at(root, "uncertain").values.get(path[1])
    sets = part.values.get("sets") if isinstance(part, MappingNode) else None
    if isinstance(sets, Items) and sets.items:
        return tuple(each.text for each in sets.items if isinstance(each, Scalar))
    return (path[1],)


def _check_buses(root: MappingNode, field: str) -> None:
    """Check that a load or a size is that of buses.

    Raises
    ------
    RefusedError
        If it is not.
    """
    if match := _HAS_KIND.fullmatch(field):
        kind = table_at(root, f"fleets.{match[2]}").values.get("kind")
        if not isinstance(kind, Scalar) or kind.text != "bus":
            raise RefusedError(
                say(
                    "past operations say nothing of {match}, only of buses",
                    match=quoted(match[2]),
                ),
                say("Write a range of your own."),
            )


def _unknown(root: MappingNode, field: str, known: _Known, spread: Spread) -> str:
    """Return the range of what is not known of a new operation.

    Raises
    ------
    RefusedError
        If people are meant, and none are announced.
    """
    present = _text_at(root, field)
    varies = bool(re.search(r"[a-z]", re.sub(r"\b(d|h|min|s)\b", "", present)))
    of_many = spread.quantity.of_many or varies
    middle, factor = in_words(spread.middle if of_many else spread.value)
    if spread.quantity.name == "left over announced":
        if not re.fullmatch(r"\d{1,9}", present):
            raise RefusedError(
                say("{field} has no number of people announced", field=quoted(field)),
                say("Write there how many were announced."),
            )
        middle *= int(present)
    elif spread.quantity.name == "halts a day":
        middle = 1 / middle
    return _EACH.format(
        middle=_digits(middle, whole=known.quantity == "left over announced"),
        factor=_digits(factor),
        unit=_unit(known),
    )


def _varying(known: _Known, field: str, spread: Spread) -> str:
    """Return how the batches of one operation differ.

    Raises
    ------
    RefusedError
        If an operation has one value.
    """
    if spread.quantity.name == "people who left":
        return _digits(spread.middle.quantile(0.5), whole=True)
    if not known.in_field:
        raise RefusedError(
            say("{field} is not what varies within one operation", field=quoted(field)),
            say(
                "Write a value here, and 'like past operations' as its range "
                "under 'uncertain'."
            ),
        )
    middle, factor = spread.within or (_middle_time(spread.middle), 2.0)
    return known.in_field.format(
        middle=_digits(middle), factor=_digits(factor), unit=_unit(known)
    )


def _middle_time(rate: Mixture) -> float:
    return 1 / rate.quantile(0.5)


def _digits(value: float, *, whole: bool = False) -> str:
    """Return three digits of a value, so that no platform writes another one."""
    rounded = float(f"{value:.3g}")
    return str(round(rounded)) if whole or rounded >= 100 else f"{rounded:g}"


def _unit(known: _Known) -> str:
    return f" {known.unit}" if known.unit else ""


def _rests_on(spread: Spread) -> str:
    of = f" ({spread.part})" if spread.part else ""
    return (
        f"{spread.quantity.name}{of}, {spread.values} values of {spread.operations} "
        "operations"
    )


def _text_at(root: MappingNode, field: str) -> str:
    node: Node | None = root
    for step in field.split("."):
        node = node.values.get(step) if isinstance(node, MappingNode) else None
    return node.text if isinstance(node, Scalar) else ""


def _add(root: MappingNode, path: tuple[str, ...], sentence: str) -> None:
    """Add a sentence to a text, if it has room."""
    *parents, key = path
    table = root
    for parent in parents:
        inside = table.values[parent]
        if not isinstance(inside, MappingNode):
            return
        table = inside
    present = table.values.get(key)
    text = present.text if isinstance(present, Scalar) else ""
    longer = f"{text} {sentence}".strip()
    if len(longer) <= _LONGEST_ABOUT and sentence not in text:
        place = present.place if present else table.place
        table.put(key, place, Scalar(place, longer))
