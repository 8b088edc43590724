"""What the pages of followed operations say of themselves."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.words import Sentence, say

FOLLOW: Mapping[str, Sentence] = MappingProxyType(
    {
        "title": say("Follow a running operation"),
        "about": say(
            "Enter figures as they come, take them back, and forecast from now. All of "
            "it is one folder on this machine; nothing leaves it."
        ),
        "none": say("No operation is followed yet. Begin below."),
        "begin": say("Begin to follow an operation"),
        "case": say("Case"),
        "case_hint": say("Its evidence is taken over as it is now."),
        "published_by": say("Only evidence published by"),
        "published_by_hint": say(
            "To rehearse with a past operation: local time, as in 2016-12-18T20:00."
        ),
        "now": say("Expected from now"),
        "no_forecast": say("No forecast has been made yet."),
        "as_of_title": say("Forecast"),
        "as_of": say("As of"),
        "as_of_hint": say(
            "Local time, as in {example}; now if empty. What was published later is "
            "not used."
        ),
        "first": say("The first forecast is made in full, in some minutes."),
        "quick": say(
            "It is made from the draws of the last one in full, in seconds, and says "
            "what these are worth."
        ),
        "in_full": say("Make it in full, too, while nothing else is at work"),
        "forecast": say("Forecast"),
        "older": say("Forecasts before"),
        "changed": say("What changed since the last forecast"),
        "enter": say("Enter a figure"),
        "attributed_to": say("Who says so"),
        "origin": say("Of which site"),
        "metric": say("What is counted"),
        "group": say("Of which group"),
        "everybody": say("everybody"),
        "from": say("By when"),
        "from_hint": say(
            "Local time, as in {example}; when it was published if empty."
        ),
        "low": say("At least"),
        "best": say("Number"),
        "high": say("At most"),
        "how_sure": say(
            "How many, and how sure: the number alone if it is exact; otherwise the "
            "least and the most that it may be."
        ),
        "published": say("When it was published"),
        "published_hint": say("Local time; now if empty."),
        "note": say("Note"),
        "more": say("More about it"),
        "family": say("Group of sources that copy each other"),
        "source": say("Document in which it was found"),
        "since": say("Counted since"),
        "to": say("Until when, if that is not sure"),
        "keep": say("Keep this figure"),
        "log": say("What was known when"),
        "undo": say("Undo entry {number}"),
        "redo": say("Redo entry {number}"),
        "table": say("The evidence as a table"),
        "scenario": say("Another scenario"),
        "scenario_hint": say(
            "When a stoppage has begun or a plan has changed: change the case, then "
            "let it be taken here."
        ),
        "take": say("Take this case"),
        "protect": say("Pass phrase"),
        "phrase": say("Pass phrase"),
        "phrase_hint": say("At least 8 signs."),
        "set": say("Ask for this pass phrase from now on"),
        "unset": say("Ask for none any more"),
        "locked": say("This operation asks for its pass phrase."),
        "open": say("Open"),
        "wrong_phrase": say("That is not the pass phrase."),
        "many_phrases": say("Others are trying pass phrases just now. Try again."),
        "lock": say("Lock it again"),
        "delete": say("Delete this operation"),
        "delete_says": say(
            "Its folder goes with all figures, forecasts and the log. What was deleted "
            "can often be brought back by who has the disk."
        ),
        "delete_sure": say("Yes, delete all of it"),
    }
)
"""By what they are for."""
