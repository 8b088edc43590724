"""What a report is made of: sentences, tables and pictures in sections, and data.

A report is computed and worded once, by the file of its kind in this package. Its
forms (`sim.report.forms`) decide how it looks, and compute and word nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from sim.errors import RunError
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.packed import packed
from sim.report.scene import Scene
from sim.report.still import Still
from sim.scenario import Clock
from sim.words import Sentence, Text

Cell = str | int | float | bool | None
"""Of data for programs."""
EVERYWHERE = frozenset({"terminal", "workbook", "html"})
"""The forms for readers."""
READERS = frozenset({"html", "workbook"})
"""Those of them in which there is room."""
TERMINAL, WORKBOOK, HTML = (
    frozenset({form}) for form in ("terminal", "workbook", "html")
)


@dataclass(frozen=True, slots=True)
class Data:
    """Tidy rows for programs: named columns with their units, numbers unrounded."""

    columns: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]

    def to_pandas(self) -> Any:
        """Return the same as a frame.

        Raises
        ------
        RunError
            If pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 (nothing else needs it)
        except ImportError as error:
            raise RunError(
                "frames need the package pandas, which is not installed. Install it "
                "where this program runs: pip install pandas."
            ) from error
        return pd.DataFrame.from_records([*self.rows], columns=list(self.columns))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table for readers.

    Attributes
    ----------
    number : whether numbers stand in it.
    whole : whether its words are never broken over lines.
    aside : whether it is left out where there is little room.
    bounds : whether its bands are what somebody states, not shares of runs.
    """

    heading: Text
    number: bool = False
    whole: bool = False
    aside: bool = False
    bounds: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a table that belong together, with what they are of."""

    title: Text
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a spreadsheet draws of a table.

    Attributes
    ----------
    kind : `curves` over the moments in its first column, `columns` for each of its
        days, or `bars` for each of its rows, of which it draws the first number.
    title : what it says.
    beside : what sources say of the same, a group of moments and numbers for each
        column of the table after the first.
    """

    kind: Literal["curves", "columns", "bars"]
    title: Text
    beside: "Table | None" = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, for readers.

    Attributes
    ----------
    name : short, of a sheet.
    groups : one without a title, or several with one each.
    grouped_by : what the titles of groups are, if there are several.
    forms : in which it is shown.
    chart : what a spreadsheet draws of it, if anything.
    first : rows of each group that a terminal has room for; all if 0.
    """

    name: Text
    title: Text
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    grouped_by: Text = None
    forms: frozenset[str] = EVERYWHERE
    chart: Chart | None = None
    first: int = 0

    @property
    def rows(self) -> Iterator[tuple[Text, ...]]:
        """All rows, whatever group they are in."""
        return (row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and what it shows for who cannot see it.

    Attributes
    ----------
    name : of its files.
    arguments : what it is drawn from.
    alternative : what it shows, in a sentence or two.
    table : its numbers.
    hints : what a part of it stands for, by the name of the part.
    drawing : which of `sim.plots` it is, or what draws it; that of its name if None.
    """

    name: str
    title: Text
    alternative: Text
    arguments: tuple[Any, ...]
    table: Table | None = None
    hints: Mapping[str, Text] = field(default_factory=dict)
    drawing: str | Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class MovingPicture:
    """A picture of one run that moves where a page can, and stands still elsewhere.

    Attributes
    ----------
    name : for programs.
    alternative : what it shows, in a sentence or two.
    scene : what it is drawn from.
    table : its numbers.
    """

    name: str
    title: Text
    alternative: Text
    scene: Scene
    table: Table

    @property
    def still(self) -> Still:
        """The same at one moment."""
        return Still(self.scene)

    def data(self, worded: Callable[[Text], str]) -> dict[str, Any]:
        """Return all of it as plain data for a script.

        Parameters
        ----------
        worded : words a text.
        """
        return packed(self.scene, worded)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Sentences that stand below each other as a list."""

    texts: tuple[Text, ...]


Part = Sentence | Table | Picture | MovingPicture | Enumeration | Text


@dataclass(frozen=True, slots=True)
class Section:
    """Parts of a report under one heading.

    Attributes
    ----------
    name : for programs.
    forms : in which it is shown.
    """

    name: str
    title: Text
    parts: tuple[Part, ...]
    forms: frozenset[str] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above all that a report says, and must not be overlooked.

    Attributes
    ----------
    brief : the same in a line, for every sheet, picture and table for programs.
    texts : what it is, what it cannot know and what it must not be used for.
    """

    brief: Text
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """Tables that are printed and handed on by themselves, and what they take to read.

    Attributes
    ----------
    name : of its file.
    title : what it is about.
    answer : what it says, in a sentence or two.
    parts : in their order.
    landscape : whether its sheets lie on their side.
    """

    name: str
    title: Text
    answer: Text
    parts: tuple[Part, ...]
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class Brief:
    """What a meeting needs to know, on one page.

    Attributes
    ----------
    name : of its files.
    title : what it is about.
    question : that was asked.
    answer : in a sentence or two.
    certainty : how sure that is, in words and numbers, and what bands are over.
    curve : people arrived by when.
    causes : the largest drivers of waiting; None where a study does not tell them.
    assumed : what it rests on.
    limits : what it must not be used for.
    repeat : how to get the same again.
    """

    title: Text
    question: Text
    answer: Text
    certainty: tuple[Text, ...]
    curve: Picture | None
    causes: Table | None
    assumed: tuple[Text, ...]
    limits: tuple[Text, ...]
    repeat: tuple[Text, ...]
    name: str = "brief"


@dataclass(frozen=True, slots=True)
class Report:
    """All that a study says.

    Attributes
    ----------
    title : what it is about.
    answer : what it says, in a sentence or two.
    sections : for readers, in their order.
    data : for programs, by the name of the file.
    headline : the answer in a line, for the title of a page, if there is one.
    banner : of a report whose dates lie ahead; None of a historical case.
    handouts : pages of their own.
    brief : one page for a meeting, if there is one.
    """

    title: Text
    answer: Text
    sections: tuple[Section, ...]
    data: Mapping[str, Data]
    headline: Text = None
    banner: Banner | None = None
    handouts: tuple[Handout, ...] = ()
    brief: Brief | None = None

    def tables(self, form: str) -> Iterator[Table]:
        """Return every table that a form shows, those of pictures too."""
        for part in self.parts(form):
            shown = part.table if isinstance(part, Picture | MovingPicture) else part
            if isinstance(shown, Table) and form in shown.forms:
                yield shown

    def pictures(self) -> Iterator[Picture]:
        """Return every picture."""
        return (part for part in self.parts() if isinstance(part, Picture))

    def drawings(self) -> Iterator[Picture]:
        """Return every picture, that of the brief too."""
        yield from self.pictures()
        if self.brief is not None and self.brief.curve is not None:
            yield self.brief.curve

    def parts(self, form: str = "") -> Iterator[Part]:
        """Return the parts of the sections that a form shows, of all if it is empty."""
        for section in self.sections:
            if not form or form in section.forms:
                yield from section.parts


def yes_or_no(flag: bool) -> str:
    """Return a flag for programs."""
    return "yes" if flag else "no"


def count_or_moment(value: float, clock: Clock, *, moments: bool) -> Cell:
    """Return a number, or hours after the start as local time; None if unbounded."""
    if not isfinite(value):
        return None
    return clock.stamp(round(value * SECONDS_PER_HOUR)) if moments else value


def table(
    name: Text,
    title: Text,
    columns: Iterable[Column],
    rows: Iterable[tuple[Text, ...]],
    **more: Any,
) -> Table:
    """Return a table of a single group."""
    return Table(name, title, tuple(columns), (Group(None, tuple(rows)),), **more)
