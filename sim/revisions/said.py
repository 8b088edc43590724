"""What differs between two versions, in sentences."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sim.revisions.data import ABSENT, Path, Revision
from sim.scenario.units import kind_of
from sim.words import Number, Sentence, Text, joined, say

_LONGEST = 120
"""Letters of a value that are shown."""
_WORDS = 50
"""Letters from which on a value stands in quotation marks, so that its end is seen."""
_PARTS: Mapping[str, Sentence] = MappingProxyType(
    {
        "sites": say("The site"),
        "fleets": say("The fleet"),
        "legs": say("The leg"),
        "gates": say("The gate"),
        "checkpoints": say("The checkpoint"),
        "routes": say("The route"),
        "flows": say("The flow"),
        "agreements": say("The agreement"),
        "stoppages": say("The stoppage"),
        "weather": say("The weather"),
        "uncertain": say("What is uncertain of"),
        "moments": say("The moment"),
        "stages": say("The stage"),
    }
)
_UNITS: Mapping[str, Sentence] = MappingProxyType(
    {
        "people": say("people"),
        "vehicles": say("vehicles"),
        "convoys": say("convoys"),
        "tranches": say("tranches"),
        "seats": say("seats"),
    }
)


def said(change: Revision, titles: Mapping[Path, str]) -> Sentence:
    """Return what differs in a scenario.

    Parameters
    ----------
    titles : of parts that have one, by the path of the part.
    """
    part = change.path[: _depth(change.path)]
    field = ".".join(change.path[len(part) :])
    who = _part(part, titles)
    if not field and part[0] in _PARTS:
        if change.before is ABSENT:
            return say("{part} is new.", part=who)
        if change.after is ABSENT:
            return say("{part} is not there any more.", part=who)
    return _of_field(change, who, field or part[-1])


def _of_field(change: Revision, who: Text, field: str) -> Sentence:
    before, after = _value(change.before), _value(change.after)
    unit = _unit(change)
    if change.before is ABSENT:
        return say(
            "{part}: {field} is given now, as {after}.",
            part=who,
            field=field,
            after=joined((after, unit)),
        )
    if change.after is ABSENT:
        return say(
            "{part}: {field} is not given any more; it was {before}.",
            part=who,
            field=field,
            before=joined((before, unit)),
        )
    if unit is not None and field == kind_of(".".join(change.path)):
        return say(
            "{part} has {after} {unit} instead of {before}.",
            part=who,
            after=after,
            unit=unit,
            before=before,
        )
    return say(
        "{part}: {field} is {after} instead of {before}.",
        part=who,
        field=field,
        after=joined((after, unit)),
        before=before,
    )


def said_of_row(change: Revision) -> Sentence:
    """Return what differs in an evidence table."""
    row, *columns = change.path
    before, after = _value(change.before), _value(change.after)
    if not columns:
        if change.before is ABSENT:
            return say("The row {row} is new.", row=row)
        return say("The row {row} is not there any more.", row=row)
    column = columns[0]
    if change.before is ABSENT:
        return say(
            "The row {row}: {column} is filled in now, with {after}.",
            row=row,
            column=column,
            after=after,
        )
    if change.after is ABSENT:
        return say(
            "The row {row}: {column} is empty now; it was {before}.",
            row=row,
            column=column,
            before=before,
        )
    return say(
        "The row {row}: {column} is {after} instead of {before}.",
        row=row,
        column=column,
        after=after,
        before=before,
    )


def value_said(value: Any) -> Text:
    """Return a value as it stands in a sentence; words if there is none."""
    return say("nothing") if value is ABSENT else _value(value)


def _depth(path: Path) -> int:
    """Return how many steps of a path name the part that it is of."""
    if path[0] == "stages":
        return 3
    return 2 if path[0] in _PARTS else 0


def _part(part: Path, titles: Mapping[Path, str]) -> Text:
    if not part or part[0] not in _PARTS:
        return say("The operation")
    name: Text = part[-1]
    title = titles.get(part)
    if title is not None and title != name:
        name = say("{name} ({title})", name=name, title=title)
    return joined((_PARTS[part[0]], name))


def _value(value: Any) -> Text:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return Number(value, ",.0f" if float(value).is_integer() else ",.12g")
        case str():
            text = value
        case _:
            text = json.dumps(value, ensure_ascii=False, default=str)
    flat = " ".join(text.split())
    shown = flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"
    return shown if len(flat) <= _WORDS and flat[-1:] != "." else f"'{shown}'"


def _unit(change: Revision) -> Text:
    """Return what the numbers of a field count; None if they are no such numbers."""
    values = [each for each in (change.before, change.after) if each is not ABSENT]
    plain = all(isinstance(each, int) and not isinstance(each, bool) for each in values)
    if not plain or change.path[0] in {"uncertain", "moments"}:
        return None
    return _UNITS.get(kind_of(".".join(change.path)))
