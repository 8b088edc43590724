"""What a study tells while it is at work."""

from collections.abc import Callable
from typing import NamedTuple

from sim.words import ENGLISH, Number, Text, duration, say


class Step(NamedTuple):
    """How far a study is.

    Attributes
    ----------
    what : is being done.
    done, whole : of it; the whole is an estimate where nobody can know, and None where
        nobody can tell yet.
    seconds_left : None if nobody can tell.
    estimated : whether the whole is only an estimate.
    """

    what: Text
    done: int
    whole: int | None
    seconds_left: float | None = None
    estimated: bool = False

    @property
    def said(self) -> Text:
        """The same in a sentence."""
        done = Number(self.done)
        if self.whole is None:
            return say(
                "{what}: {done}; how many there will be is not known yet",
                what=self.what,
                done=done,
            )
        whole = Number(self.whole)
        if self.seconds_left is None:
            return say(
                "{what}: {done} of {whole}", what=self.what, done=done, whole=whole
            )
        left = duration(round(self.seconds_left))
        if self.estimated:
            return say(
                "{what}: {done} of about {whole}, about {left} left",
                what=self.what,
                done=done,
                whole=whole,
                left=left,
            )
        return say(
            "{what}: {done} of {whole}, about {left} left",
            what=self.what,
            done=done,
            whole=whole,
            left=left,
        )


class Note(NamedTuple):
    """Something that whoever asked for a study should know at once."""

    text: Text

    @property
    def said(self) -> Text:
        """The same in a sentence."""
        return self.text


Told = Step | Note
Tell = Callable[[Told], None]


def nobody(told: Told) -> None:
    """Hear what a study tells, and do nothing."""


class Caller(NamedTuple):
    """Who asks for a study, whatever its kind.

    Attributes
    ----------
    typed : the command as typed, or what a program would say.
    pictures : whether to draw any.
    tell : hears what should be known.
    language : of the report.
    """

    typed: str = ""
    pictures: bool = True
    tell: Tell = nobody
    language: str = ENGLISH


NOBODY = Caller()
