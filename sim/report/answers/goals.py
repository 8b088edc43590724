"""How a goal is said in a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.answers.goals import GoalByMoment
from sim.metrics.moments import AtMoment
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Operation
from sim.words import Number, Sentence, Text, moment, say
from sim.words.metrics import of_key

_AT_LEAST: Mapping[str, Sentence] = MappingProxyType(
    {
        "arrived": say("have arrived"),
        "still_inside": say("are still inside"),
        "yet_to_leave": say("have yet to leave"),
        "aboard": say("are aboard"),
        "unaccounted": say("are unaccounted for"),
        "lives_lost": say("have lost their lives"),
    }
)


def of_goal(goal: GoalByMoment, operation: Operation) -> Text:
    """Return a goal with its moment, as the end of a sentence that says how sure it is.

    Parameters
    ----------
    goal : to say.
    operation : whose it is.
    """
    asked = goal.asked
    fields: dict[str, Text] = {
        "whose": whose(goal, operation),
        "are": are(asked),
        "when": moment(operation.clock, operation.clock.seconds(asked.moment)),
    }
    if asked.percent is None:
        return say(
            "fewer than {number} people of {whose} {are} at {when}",
            number=Number(asked.fewer_than or 0),
            **fields,
        )
    if asked.percent == 100:
        return say("all people of {whose} {are} by {when}", **fields)
    return say(
        "at least {percent} % of the people of {whose} {are} by {when}",
        percent=Number(asked.percent, ",.10g"),
        **fields,
    )


def whose(goal: GoalByMoment, operation: Operation) -> Text:
    """Return whose people a goal is about."""
    if goal.whose == ALL_SITES:
        return say("all sites")
    return of_key(operation, goal.whose)


def are(asked: AtMoment) -> Text:
    """Return what people of a goal are or have done."""
    return _AT_LEAST[asked.stock]
