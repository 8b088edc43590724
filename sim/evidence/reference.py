"""What an evidence table may say, for readers: a page generated from the rules.

It is renewed with the reference of scenarios: `python run.py schema --write`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.evidence.columns import (
    EVIDENCE_MEANINGS,
    METRIC_MEANINGS,
    SOURCE_MEANINGS,
    WORD_MEANINGS,
    ColumnMeaning,
)
from sim.evidence.table import SOURCES
from sim.evidence.vocabulary import MEANINGS, Meaning
from sim.messages import Sentence

REFERENCE_FILE = "docs/evidence-reference.md"
TEMPLATE_FILE = "scenarios/evidence-template.csv"
_INTRODUCTION = f"""\
# Evidence reference

Generated from `sim/evidence/`; do not edit. To renew it:
`python run.py schema --write`

An evidence table holds what sources say about an operation: one row for each number,
with who says so, how sure it is and when it was published. Contradicting rows stand
side by side. The scenario names the table in `evidence:`; it lies beside the scenario.

To begin one, copy the [template](../{TEMPLATE_FILE}), `{TEMPLATE_FILE}`. Its
rows are invented figures about the example `two-towns`; write your own.
`python run.py check my-case/scenario.yaml` says what is wrong with a table, `python
run.py score my-case/scenario.yaml` shows each figure beside the runs.

## The file

- CSV in UTF-8 with commas; in a spreadsheet "CSV UTF-8". The first row names the
  columns, in any order. Columns that may be empty may be absent. At most 10,000 rows
  are read.
- An apostrophe before what a spreadsheet would take for a formula is not part of the
  text.
- A second row may hold HXL tags, as `#affected+killed`; it is passed over.
- Times are local, as `2016-12-15T14:30`, without zone or seconds, and must be a time
  that the clocks of the operation show once.
- Counts of people, vehicles and convoys are whole and written in digits alone: `1198`,
  not `1,198`, `1.198`, `1 198` or `1.2e3`. Other numbers may have a point: `1.5`.
- Characters that no editor shows are refused, and so are marks that turn the direction
  of text; only a `note` may have several lines.
- A table `{SOURCES}` beside it may list the documents. If it lists any, each `source`
  must be one of its keys.
- Sites, groups, flows and days must be those of the operation. A variant may lack some:
  such figures are left out, which is told.
- Write no data on persons, and no place finer than a town.

"""
_COMPARED = """\
## How a figure is compared

A run says of a count with a vague moment what its counter had at any second of the
window, not what lies between: of a convoy of 100 people a run knows 0 and 100, never
50. The *band* of many runs goes from the 5 % quantile of their least values to the
95 % quantile of their greatest, its middle is the median of their values in the middle
of the window; all three are values that some run has.

A figure is *inside* if the band and the interval from `low` to `high` overlap and some
run has, at some moment of the window, a value in the interval, and if the thing
happens in at least half of the runs. Whether a run has it is asked of counts to a
hundredth, since a hundred runs do not come to every number, of times to the minute, and
of durations and means as finely as they are written.

A family with a fit row of how many people had arrived, had left or were still inside
by some moment tells a *story* of its own. If there are two such families or more, fit
rows that count people are shown along the path of each, without those of the others;
`--path FAMILY` shows one.
"""


def reference() -> str:
    """Return the page, in Markdown."""
    return "\n".join(
        [
            _INTRODUCTION + "## Columns\n",
            _table(_HEADS, map(_column, EVIDENCE_MEANINGS)),
            f"## Columns of `{SOURCES}`\n",
            _table(_HEADS, map(_column, SOURCE_MEANINGS)),
            "## Metrics\n",
            _table(
                ("metric", "what it is", "unit", "`from` and `to`", "`select`"),
                (_metric(name, meaning) for name, meaning in MEANINGS.items()),
            ),
            "## What `from` and `to` mean\n",
            _words("word", WORD_MEANINGS["from"]),
            "## Keys of `select`\n",
            _words("key", WORD_MEANINGS["select"]),
            "## Bounds\n",
            _words("bound", WORD_MEANINGS["bound"]),
            "## Roles\n",
            _words("role", WORD_MEANINGS["role"]),
            _COMPARED,
        ]
    )


def write(root: str | Path) -> None:
    """Renew the page in the repository at `root`."""
    path = Path(root) / REFERENCE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), encoding="utf-8", newline="\n")


_HEADS = ("column", "may be empty", "what it says", "example")


def _column(column: ColumnMeaning) -> tuple[str, ...]:
    says = f"{column.meaning}"
    if column.words and column.name != "metric":
        says = f"One of {', '.join(f'`{each}`' for each in column.words)}. {says}"
    example = column.example and f"`{column.example}`"
    return f"`{column.name}`", "no" if column.needed else "yes", says, example


def _metric(name: str, meaning: Meaning) -> tuple[str, ...]:
    keys = (
        f"`{key}`, needed" if key in meaning.needs else f"`{key}`"
        for key in meaning.selects
    )
    whole = ", whole" if meaning.quantity == "count" else ""
    units = " or ".join(f"`{unit}`" for unit in meaning.units) + whole
    return f"`{name}`", f"{METRIC_MEANINGS[name]}", units, meaning.when, "; ".join(keys)


def _words(head: str, words: Mapping[str, Sentence]) -> str:
    lines = ((f"`{word}`", f"{words[word]}") for word in words)
    return _table((head, "meaning"), lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = (" | ".join(" ".join(cell.split()) for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in cells)
