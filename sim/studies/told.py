"""What a study tells while it is at work."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from sim.words import ENGLISH, Number, Text, duration, say

WholeIs = Literal["known", "estimated", "most"]
"""What is known of how much there is to do: of `most`, that it is no more than that,
and less where an answer is sure before."""


class Step(NamedTuple):
    """How far a study is.

    Attributes
    ----------
    what : is being done.
    done, whole : of it; the whole is None where nobody can tell yet.
    seconds_left : until the whole is done; None if nobody can tell.
    whole_is : what is known of the whole.
    """

    what: Text
    done: int
    whole: int | None
    seconds_left: float | None = None
    whole_is: WholeIs = "known"

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
        fields: dict[str, Text] = {
            "what": self.what,
            "done": done,
            "whole": Number(self.whole),
        }
        if self.seconds_left is None:
            if self.whole_is == "most":
                return say("{what}: {done} of at most {whole}", **fields)
            return say("{what}: {done} of {whole}", **fields)
        left = duration(round(self.seconds_left))
        if self.whole_is == "most":
            return say(
                "{what}: {done} of at most {whole}; done as soon as the answer is "
                "sure, in about {left} at the latest",
                **fields,
                left=left,
            )
        if self.whole_is == "estimated":
            return say(
                "{what}: {done} of about {whole}, about {left} left",
                **fields,
                left=left,
            )
        return say("{what}: {done} of {whole}, about {left} left", **fields, left=left)


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
