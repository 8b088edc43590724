"""Pictures of answers, with what they show in words and their numbers."""

from collections.abc import Sequence

from sim.report.contents import Picture, Table
from sim.scenario import Operation
from sim.words import Text, say
from sim.words.bars import Bar, Captions


def bars(
    name: str,
    title: Text,
    rows: Sequence[Bar],
    unit: Text,
    operation: Operation,
    *,
    shows: Text,
    foot: Text,
    shown: Table | None = None,
) -> Picture | None:
    """Return ranked bars; None if there are none.

    Parameters
    ----------
    name : of the picture's files.
    title : what it says.
    rows : the bars, the first on top.
    unit : of their lengths.
    operation : that it is about.
    shows : what bars and lines are.
    foot : which runs it rests on.
    shown : its numbers as a table.
    """
    if not rows:
        return None
    captions = Captions(title, operation.operation, shows, foot)
    alternative = say(
        "Bars; the first is that of {first}. {shows}",
        first=rows[0].name,
        shows=shows,
    )
    arguments = (captions, tuple(rows), unit)
    return Picture(name, title, alternative, arguments, shown, drawing="bars")


def shares(
    name: str,
    title: Text,
    points: Sequence[Bar],
    unit: Text,
    operation: Operation,
    *,
    shows: Text,
    foot: Text,
    wanted: float = float("nan"),
    shown: Table | None = None,
) -> Picture:
    """Return shares of runs one beside the other.

    Parameters
    ----------
    name, title, unit, operation, shows, foot, shown : as of `bars`.
    points : from 0 to 1, in their order.
    wanted : share that a line shows; NaN if none is asked for.
    """
    captions = Captions(title, operation.operation, shows, foot)
    alternative = say(
        "Points from {first} to {last}. {shows}",
        first=points[0].name,
        last=points[-1].name,
        shows=shows,
    )
    arguments = (captions, tuple(points), unit, wanted)
    return Picture(name, title, alternative, arguments, shown, drawing="shares")
