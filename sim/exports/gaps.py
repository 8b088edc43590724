"""What only the author of a case can say, marked so that nobody overlooks it."""

from sim.words import Text, say

MARK = say("TO BE FILLED IN BY THE AUTHOR")


def gap(what: Text) -> Text:
    """Return the mark in the place of what is missing."""
    return say("{mark}: {what}.", mark=MARK, what=what)
