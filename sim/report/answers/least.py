"""The least value, or the latest moment: the answer, what was tried, and why not."""

import re
from collections.abc import Iterator, Mapping

from sim.answers.least import Least
from sim.report.answers.choices import of_choice, with_path
from sim.report.answers.goals import of_goal
from sim.report.answers.obstacles import of_obstacle
from sim.report.answers.pictures import shares
from sim.report.contents import (
    Column,
    Data,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.limits import limits_and_repeat
from sim.scenario import Operation
from sim.statistics.threshold import Tested
from sim.words import Marked, Number, Text, joined, listed, say, share
from sim.words.bars import Bar

_FOREMOST = 3
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def report_on_least(found: Least, operation: Operation, *, command: str) -> Report:
    """Return the least value, or the latest moment, with which goals are met.

    Parameters
    ----------
    found : what was found.
    operation : that was asked about.
    command : with which to repeat it.
    """
    goals = listed(of_goal(goal, operation) for goal in found.goals)
    asked = with_path(found.choice.what, operation)
    if found.latest and not _dated(found):
        title = say(
            "What is the greatest {what} so that {goals}?", what=asked, goals=goals
        )
    elif found.latest:
        title = say(
            "What is the latest {what} so that {goals}?", what=asked, goals=goals
        )
    else:
        title = say(
            "What is the least {what} so that {goals}?", what=asked, goals=goals
        )
    answered = joined(
        [_answer(found, operation, goals), *_again(found), *_because(found, operation)]
    )
    return Report(
        title=title,
        answer=answered,
        sections=(
            Section(
                "tried",
                say("What was tried"),
                (_picture(found, operation),),
            ),
            Section("reading", say("How to read it"), (_how_to_read(found),)),
            *limits_and_repeat(operation, command),
        ),
        data={"tried": _data(found)},
        headline=_headline(found, operation),
    )


def _how_to_read(found: Least) -> Text:
    return say(
        "Each value is tried run by run until it is decided whether the goals hold at "
        "it, by Wald's sequential test; within {margin} of the wanted probability "
        "either answer is right. All answers together are right with the confidence "
        "that is named: in the model, not in the world. Values are searched by "
        "halving; then every value on the safe side of the one that was found is tried "
        "too, since more is not always earlier. Runs of all values share their luck.",
        margin=Number(found.wish.margin, ".1%"),
    )


def _fields(found: Least, operation: Operation, goals: Text) -> dict[str, Text]:
    return {
        "confidence": share(found.wish.confidence),
        "probability": Number(100 * found.wish.probability, ",.4g"),
        "what": of_choice(found.choice.what, operation),
        "goals": goals,
    }


def _answer(found: Least, operation: Operation, goals: Text) -> Text:
    """Return the value that was sought, or that there is none."""
    fields = _fields(found, operation, goals)
    place = found.threshold.least
    if place is None:
        return _none_enough(found, fields)
    value = found.order[place]
    if place == 0:
        return say(
            "With {confidence} confidence, already {value} is enough ({what}): {goals} "
            "with a probability of {probability} % there and at every other value that "
            "was tried.",
            value=value,
            **fields,
        )
    fields |= {"value": value, "short": found.order[place - 1]}
    if found.latest and not _dated(found):
        return say(
            "With {confidence} confidence, {value} is the greatest {what} that was "
            "tried so that {goals} with a probability of {probability} %: so it is "
            "there and at every smaller one, and not at {short}.",
            **fields,
        )
    if found.latest:
        return say(
            "With {confidence} confidence, {value} is the latest {what} that was tried "
            "so that {goals} with a probability of {probability} %: so it is there and "
            "at every earlier one, and not at {short}.",
            **fields,
        )
    return say(
        "With {confidence} confidence, {value} is the least {what} that was tried so "
        "that {goals} with a probability of {probability} %: so it is there and at "
        "every greater one, and not at {short}.",
        **fields,
    )


def _none_enough(found: Least, fields: Mapping[str, Text]) -> Text:
    """Return how often the surest value meets the goals, if even that is not enough."""
    tested = found.surest
    tried: dict[str, Text] = {
        **fields,
        "value": found.order[-1],
        "share": share(tested.met / tested.runs),
        "runs": Number(tested.runs),
        "low": share(tested.low),
        "high": share(tested.high),
    }
    if tested.holds is None:
        return say(
            "Not decided: at {value}, where it should be surest, {goals} in "
            "{share} of {runs} runs ({low} to {high}). That does not tell with "
            "{confidence} confidence whether it is {probability} %. Allow more "
            "runs (-n).",
            **tried,
        )
    return say(
        "No value that was tried is enough, with {confidence} confidence: even at "
        "{value}, {goals} in only {share} of {runs} runs ({low} to {high}), and "
        "{probability} % is wanted.",
        **tried,
    )


def _dated(found: Least) -> bool:
    """Return whether what is sought is a date, and no duration or number."""
    return all(map(_DATE.match, found.order))


def _again(found: Least) -> Iterator[Text]:
    """Say where goals fail although they are met with less."""
    if not found.threshold.fails_again:
        return
    values = listed(found.order[place] for place in found.threshold.fails_again)
    yield say(
        "It fails again at {values}, although it holds at a value that asks more of "
        "the operation: look there before you rely on it.",
        values=values,
    )


def _because(found: Least, operation: Operation) -> Iterator[Text]:
    """Say what holds the operation where even the surest value is not enough."""
    if found.chain_h is None:
        return
    hours = {name: float(each.mean()) for name, each in found.chain_h.items()}
    whole = sum(hours.values())
    if not whole:
        return
    most = [*hours.items()][:_FOREMOST]
    yield say(
        "What holds it there: of the hours up to the last arrival, {parts}.",
        parts=listed(
            say(
                "{share} {obstacle}",
                share=share(each / whole),
                obstacle=of_obstacle(name, operation),
            )
            for name, each in most
        ),
    )


def _headline(found: Least, operation: Operation) -> Text:
    what = of_choice(found.choice.what, operation)
    if found.value is None and found.surest.holds is None:
        return say("{what}: not decided whether a value is enough", what=what)
    if found.value is None:
        return say("{what}: no value that was tried is enough", what=what)
    if found.latest and not _dated(found):
        return say("{what}: {value} at most", what=what, value=found.value)
    if found.latest:
        return say("{what}: {value} at the latest", what=what, value=found.value)
    return say("{what}: at least {value}", what=what, value=found.value)


def _picture(found: Least, operation: Operation) -> Picture:
    points = [
        Bar(
            value,
            tested.met / tested.runs,
            tested.low,
            tested.high,
            strong=value == found.value,
        )
        for value, tested in found.tested
    ]
    return shares(
        "tried",
        _headline(found, operation),
        points,
        of_choice(found.choice.what, operation),
        operation,
        shows=say(
            "Share of the runs that met the goals at each value that was tried, with "
            "an interval; line: what is wanted; filled: the answer."
        ),
        foot=say(
            "Confidence {confidence} that every answer is right.",
            confidence=share(found.wish.confidence),
        ),
        wanted=found.wish.probability,
        shown=_tried(found, operation),
    )


def _tried(found: Least, operation: Operation) -> Table:
    headings = (say("runs"), say("goals met"), say("share"), say("from"), say("to"))
    return table(
        say("Tried"),
        say("Values that were tried, the most demanding first"),
        (
            Column(of_choice(found.choice.what, operation)),
            *(Column(each, number=True) for each in headings),
            Column(say("holds")),
        ),
        (
            (
                value,
                Number(tested.runs),
                Number(tested.met),
                share(tested.met / tested.runs),
                share(tested.low),
                share(tested.high),
                _holds(tested),
            )
            for value, tested in found.tested
        ),
    )


def _holds(tested: Tested) -> Text:
    if tested.holds is None:
        return say("not decided")
    return Marked(say("yes"), "good") if tested.holds else Marked(say("no"), "bad")


def _data(found: Least) -> Data:
    holds = {True: "yes", False: "no", None: ""}
    rows = (
        (
            value,
            tested.runs,
            tested.met,
            tested.met / tested.runs,
            tested.low,
            tested.high,
            holds[tested.holds],
        )
        for value, tested in found.tested
    )
    names = ("runs", "met", "share", "low", "high", "holds")
    return Data((found.choice.what, *names), tuple(rows))
