"""What a scenario may say, for editors (JSON Schema) and for readers (a table).

Both are generated from the plans; `write` renews the two files in the repository::

    python -c "from sim.scenario.schema import write; write('.')"
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.formats import SCENARIO
from sim.scenario.plans import Operation
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import (
    OPERATION,
    Fields,
    ListShape,
    Named,
    Shape,
    WordShape,
    plans_in,
)

SCHEMA_FILE = "scenarios/scenario.schema.json"
REFERENCE_FILE = "docs/scenario-reference.md"
_UNITS = {
    "s": "d, h, min, s",
    "m": "km, m",
    "m/s": "km/h, m/s",
    "s after start": "local time",
    "s after midnight": "local time",
    "degrees": "degrees",
}
_FILE_KEYS = {
    "format": {
        "type": "integer",
        "const": SCENARIO.current,
        "description": "Format of the file; absent: "
        f"{SCENARIO.assumed}. `upgrade` writes an older file anew.",
    },
}
_VARIANT_KEYS = {
    "extends": {
        "type": "string",
        "description": "Scenario file that this one changes, as in `scenario.yaml`.",
    },
    "change": {
        "type": "object",
        "description": "What differs from the base: a dotted path and its new value, "
        "`drop`, or one of `shift_by`, `shorten_by`, `lengthen_by`, `multiply_by`.",
    },
}
_INTRODUCTION = """\
# Scenario reference

Generated from `sim/scenario/plans.py`; do not edit. To renew it:
`python -c "from sim.scenario.schema import write; write('.')"`

Everything is keyed by name (lower-case letters, digits, hyphens). Dates are local, as
in `2016-12-15T14:30`; of an hour that comes twice when the clocks go back, add the
offset: `2016-10-27T23:30+03:00`.

A file may say its format, as `format: 2`; one that does not is taken as format 2.
`python run.py upgrade FILE` writes an older one anew and says what changed
([decision 14](decisions/0014-formats-have-versions.md)).

A *distribution* is written in plain words, here for a duration:

| written | meaning |
|---|---|
| `45 min` | always the same |
| `1 h to 4 h` | anything between, all alike (uniform) |
| `1 h to 4 h, mostly 2 h` | least, greatest and likeliest value (triangular) |
| `at least 2 h, half of them over 4 h` | least value and median of durations with a \
heavy tail (Pareto: the share above x is (2 h / x) to the power of log 2 / log (4 h / \
2 h)) |
| `20 to 40 min; by day times or divided by 1.2` | one factor besides for all that \
share a `run`, a `day` or a `convoy` (lognormal, median 1): after the `;`, several if \
need be, for what is drawn by vehicle or by convoy |
| `about 2 h, times or divided by 1.3` | median, and the factor that one standard \
deviation multiplies or divides by (lognormal) |
| `on average 30 min, memoryless` | durations only (exponential) |

A *moment* is a date, or hangs on what happens in a run, so that moving one time moves
what followed from it ([rules](mechanism.md#moments)):

| written | meaning |
|---|---|
| `2016-12-15T14:30` | a date |
| `when NAME is in force` | an agreement: or `is proposed`, `is amended`, \
`is breached`, `is completed`, `lapses` |
| `when NAME begins`, `when NAME ends` | a stoppage; `begins` also of a flow |
| `when NAME is over`, `when NAME is empty` | a flow; a site |
| `when NAME comes` | a moment that has a name, under `moments` |
| `when NAME ends the 2nd time` | a later time, of what happens again |
| `when 500 people of FLOW have arrived` | or `vehicles`, `convoys`; or \
`have set out`, `have crossed GATE` |
| `2 h to 4 h after NAME ends` | a time after any moment, drawn in each run |
| `next 06:00 after NAME ends` | when clocks next show a time of day |
| `all of (when NAME ends; 2016-12-18T08:00)` | the last of several; `any of (...)` \
the first |

A range of such a moment under `uncertain` is that of its delay.

## Variants

A variant is a file of its own. It has `extends: ` with the file it starts from, its
own `operation` and `about`, perhaps new named parts, and `change: ` with a path on
each line:

| value | effect |
|---|---|
| a new value | replaces the old one |
| `drop` | takes the part away |
| a whole part, as `{kind: bus, seats: 40, joins: {2016-12-15T05:00: 3}}` | adds it \
under a new name, or replaces the one of that name |
| `{shift_by: -6 h}` | moves every date in the part; `1 d` is a day of the \
calendar, after which the clocks show the same hour |
| `{shorten_by: 24 h}`, `{lengthen_by: 24 h}` | moves the end, or changes the duration |
| `{multiply_by: 2}` | multiplies a number, or every number of a mapping |

As in `fleets.buses.seats: 60`, `fleets.buses.joins.2016-12-15T05:00: 10` or
`stoppages.bus-attack: drop`.

Beside a command the same is asked for as `--change fleets.buses.seats=60`. What stands
behind the sign is written as in a cell of a [workbook](how-to/use-a-workbook.md): lists
and values by name with commas between, a whole part in brackets.
"""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files and of their variants."""
    schema = _without_null(Operation.model_json_schema())
    required = schema.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "properties": {**schema["properties"], **_FILE_KEYS, **_VARIANT_KEYS},
        "anyOf": [{"required": required}, {"required": ["extends"]}],
    }


def _without_null(schema: Any) -> Any:
    """Return a schema in which an optional key is left out, never empty."""
    if isinstance(schema, list):
        return [_without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _without_null(value) for key, value in schema.items()}
    choices = schema.get("anyOf")
    if choices and {"type": "null"} in choices:
        kept = [choice for choice in choices if choice != {"type": "null"}]
        rest = {k: v for k, v in schema.items() if k not in {"anyOf", "default"}}
        return {**rest, **kept[0]} if len(kept) == 1 else {**rest, "anyOf": kept}
    return schema


def reference() -> str:
    """Return the table of every field of every part, in Markdown."""
    parts = [
        f"## {title_of(plan)}\n\n{about_plan(plan)}\n\n{_table(plan)}\n"
        for plan in plans_in(OPERATION)
    ]
    return "\n".join([_INTRODUCTION, *parts])


def write(root: str | Path) -> None:
    """Renew the schema and the reference in the repository at `root`."""
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    for name, text in ((SCHEMA_FILE, schema), (REFERENCE_FILE, reference())):
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _table(plan: type[BaseModel]) -> str:
    rows = [
        "| attribute | type | unit | default | description |",
        "|---|---|---|---|---|",
    ]
    fields = Fields(plan)
    for name, info in plan.model_fields.items():
        shape = fields.field(name) or WordShape()
        about = info.description or inner_about(shape)
        cells = (
            f"`{name}`",
            kind_of(shape),
            ", ".join(units_of(shape)),
            default_of(info, shape),
            about,
        )
        rows.append("| " + " | ".join(" ".join(c.split()) for c in cells) + " |")
    return "\n".join(rows)


def kind_of(shape: Shape) -> str:
    """Return what a field takes, as the reference says it.

    Raises
    ------
    TypeError
        If it is no shape.
    """
    match shape:
        case Quantity(name=name):
            return name
        case WordShape(allowed) if allowed:
            return ", ".join(f"`{word}`" for word in allowed)
        case WordShape(is_name=is_name):
            return "name" if is_name else "text"
        case ListShape(item):
            return f"list: {kind_of(item)}"
        case Named(key, value):
            by = "moment" if key else "name"
            return f"by {by}: {kind_of(value)}"
        case Fields(plan):
            title = title_of(plan)
            return f"[{title}](#{title.replace(' ', '-')})"
    raise TypeError(f"not a shape: {shape!r}")


def units_of(shape: Shape) -> Iterator[str]:
    """Yield the units in which a field is written."""
    match shape:
        case Quantity(unit=unit) if unit:
            yield _UNITS[unit]
        case ListShape(item):
            yield from units_of(item)
        case Named(_, value):
            yield from units_of(value)


def default_of(info: FieldInfo, shape: Shape) -> str:
    """Return the default as a file would write it."""
    if info.is_required():
        return "required"
    match info.default:
        case None:
            return ""
        case bool(value):
            return "yes" if value else "no"
        case {} | ():
            return "none"
    return f"{info.default}"


def inner_about(shape: Shape) -> str:
    """Return what the parts in a field are, in a sentence or two."""
    match shape:
        case Named(_, value):
            return inner_about(value)
        case Fields(plan):
            return about_plan(plan).split("\n\n")[0]
    return ""


def title_of(plan: type[BaseModel]) -> str:
    """Return what the reference calls a part."""
    return plan.__name__.removesuffix("Plan").lower()


def about_plan(plan: type[BaseModel]) -> str:
    """Return what a part is, as its plan says it."""
    lines = (plan.__doc__ or "").strip().split("\n")
    return "\n".join(line.strip() for line in lines)
