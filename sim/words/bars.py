"""What a picture of bars or points says: its captions, and each bar with its name."""

from typing import NamedTuple

from sim.messages import Text


class Bar(NamedTuple):
    """One bar, or one point.

    Attributes
    ----------
    name : what it is of.
    value : how long it is.
    low, high : its interval; NaN if it has none.
    strong : whether it stands out.
    """

    name: Text
    value: float
    low: float = float("nan")
    high: float = float("nan")
    strong: bool = True


class Captions(NamedTuple):
    """What stands above and below a picture.

    Attributes
    ----------
    title : of it.
    about : which operation it is about.
    shows : what bars and lines are.
    foot : which runs it rests on.
    """

    title: Text
    about: Text
    shows: Text
    foot: Text
