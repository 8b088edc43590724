"""What only the author of a case can say, marked so that nobody overlooks it."""

from sim.words import Text, say


def gap(what: Text) -> Text:
    """Return the mark in the place of what is missing."""
    return say("TO BE FILLED IN BY THE AUTHOR: {what}.", what=what)
