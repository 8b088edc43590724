"""The form of every question: its sentence, and what is to be filled in."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from sim.scenario import Operation
from sim.scenario.origins import origins_of
from sim.studies.ask import offered
from sim.studies.ask.offered import OfferedField
from sim.words import Sentence, Text, say


class Blank(NamedTuple):
    """One thing to fill in.

    Attributes
    ----------
    name : of the parameter of the question.
    kind : one line, several lines with one each, a share, a number, or a choice among
        some of the operation, of one or of several; or a field with the values to try.
    hint : how to write it, with an example of the operation.
    choices : of the operation, by what they are called; of a line, proposals.
    fields : that may be picked, each with values beside it.
    picks : how many of these at the most.
    usual : what is filled in at first.
    """

    name: str
    label: Sentence
    kind: Literal["line", "lines", "share", "number", "one", "several", "field"] = (
        "line"
    )
    hint: Callable[[Operation], Text] = lambda _: None
    choices: Callable[[Operation], tuple[str, ...]] = lambda _: ()
    usual: str = ""
    required: bool = True
    fields: Callable[[Operation], tuple[OfferedField, ...]] = lambda _: ()
    picks: int = 1


class QuestionForm(NamedTuple):
    """How a question is asked.

    Attributes
    ----------
    says : the question in a sentence.
    about : what its answer says.
    first : what it asks before how often to run.
    more : what it asks besides, by name.
    fit : whether it may take the draws of a fit.
    runs : usually; None if it settles that itself unless it is told.
    settles : whether it always settles that itself.
    """

    says: Sentence
    about: Sentence
    first: tuple[Blank, ...] = ()
    more: tuple[Blank, ...] = ()
    fit: bool = True
    runs: int | None = 100
    settles: bool = False


def _site(operation: Operation) -> str:
    return origins_of(operation)[0]


def _middle(operation: Operation) -> str:
    clock = operation.clock
    return f"{clock.local(operation.ends // 2):%Y-%m-%dT%H:%M}"


def _goal(operation: Operation) -> Text:
    return say(
        "Write it like '90 % of {site} arrived by {moment}', 'all of {site} arrived by "
        "day 3 18:00' or 'fewer than 500 of all still inside at day 4 08:00'.",
        site=_site(operation),
        moment=_middle(operation),
    )


def _values(operation: Operation) -> Text:
    fleet = next(iter(operation.fleets))
    there = operation.fleets[fleet].ever_joining
    return say(
        "Name what is chosen and the values to try, as in {example}.",
        example=f"fleets.{fleet}.vehicles={max(1, there // 2)} to {2 * there} by "
        f"{max(1, there // 4)}",
    )


def _starts(operation: Operation) -> Text:
    clock = operation.clock
    return say(
        "Name what is chosen and the values to try, as in {example}.",
        example=f"start={clock.local(0):%Y-%m-%dT%H:%M} to "
        f"{clock.local(86_400):%Y-%m-%dT%H:%M} by 6 h",
    )


def _plans(operation: Operation) -> Text:
    flow, plan = next(iter(operation.flows.items()))
    fleet = next(iter(plan.convoy))
    return say(
        "One a line: what is chosen and the values to try, as in {example}. A plan has "
        "one value of each.",
        example=f"flows.{flow}.convoy={{{fleet}: 5}}, {{{fleet}: 10}}",
    )


def _ranges(operation: Operation) -> Text:
    fleet = next(iter(operation.fleets))
    return say("One a line, as in {example}.", example=f"fleets.{fleet}.seats=40 to 80")


_GOAL = Blank("goal", say("Goal"), hint=_goal)
_GOALS = Blank(
    "goals", say("Goals, one a line; a run must meet all"), "lines", hint=_goal
)
_CHANCES = (
    Blank("probability", say("Probability that is wanted"), "share", usual="90 %"),
    Blank("confidence", say("Certainty of the answer"), "share", usual="95 %"),
)
_METRICS = Blank(
    "metrics",
    say("Numbers to explain, one a line"),
    "lines",
    lambda operation: say(
        "As in {example}; if empty, all waiting, and when 90 % and all are out.",
        example=f"t100/{_site(operation)}",
    ),
    required=False,
)

FORMS: Mapping[str, QuestionForm] = MappingProxyType(
    {
        "probability": QuestionForm(
            say("How likely is it that a goal is met?"),
            say("It also says how that changes with the moment."),
            (_GOAL,),
        ),
        "what-holds": QuestionForm(
            say("What holds it, and what would help?"),
            say(
                "Person-hours by stoppage, agreement, checkpoint and vehicles, and "
                "what it would be without each of them."
            ),
        ),
        "bound": QuestionForm(
            say("How much is capacity, and how much is waiting?"),
            say(
                "What the same vehicles, lanes and roads would take without any "
                "stoppage or agreement; no run can beat it."
            ),
        ),
        "deadlock": QuestionForm(
            say("Do sides wait for each other for ever?"),
            say("In how many runs people are held in a deadlock, and by which chain."),
        ),
        "least": QuestionForm(
            say("What is the least with which goals are met?"),
            say("As the least number of buses, with how sure that is."),
            (
                Blank(
                    "choice",
                    say("What, and which values"),
                    "field",
                    _values,
                    fields=offered.numbers,
                ),
                _GOALS,
            ),
            _CHANCES,
            runs=None,
        ),
        "latest": QuestionForm(
            say("What is the latest with which goals are still met?"),
            say("As the latest start, with how sure that is."),
            (
                Blank(
                    "choice",
                    say("What, and which values"),
                    "field",
                    _starts,
                    fields=offered.moments,
                ),
                _GOALS,
            ),
            _CHANCES,
            runs=None,
        ),
        "best": QuestionForm(
            say("Which plan is best?"),
            say(
                "As which tranches, convoys or headways, all that you name, without a "
                "side getting too far ahead."
            ),
            (
                Blank(
                    "choices",
                    say("What may be chosen"),
                    "field",
                    _plans,
                    fields=offered.numbers,
                    picks=3,
                ),
            ),
            (
                Blank(
                    "metric",
                    say("By which number"),
                    choices=offered.metrics,
                    usual="t90/all",
                ),
                Blank(
                    "apart",
                    say("How far the sides of an agreement may be apart"),
                    hint=lambda _: say(
                        "As in {example}; if empty, any.",
                        example="500 people, 20 %",
                    ),
                    required=False,
                ),
                Blank(
                    "breaks",
                    say("Share of the runs that may break that"),
                    "share",
                    usual="5 %",
                ),
                Blank("plans", say("The most plans to try"), "number", usual="60"),
            ),
            fit=False,
            runs=None,
        ),
        "go-or-wait": QuestionForm(
            say("Go at once with uncertain numbers, or wait for confirmed ones?"),
            say("What waiting costs, and what it is worth to know."),
            (),
            (
                Blank(
                    "confirms",
                    say("What is known once somebody has waited"),
                    "several",
                    choices=lambda operation: tuple(operation.uncertain),
                ),
                Blank(
                    "after",
                    say("How long that takes"),
                    hint=lambda _: say("As in {example}.", example="12 h"),
                ),
                Blank(
                    "metric",
                    say("What going and waiting cost"),
                    choices=offered.metrics,
                    usual="waiting/all",
                ),
            ),
            fit=False,
            runs=None,
        ),
        "sensitivity": QuestionForm(
            say("Which unknown matters, and which is worth finding out?"),
            say("Shares of what differs between runs, by what is not known."),
            (),
            (
                _METRICS,
                Blank(
                    "vary",
                    say("What may be chosen, beside what is not known"),
                    "field",
                    _ranges,
                    required=False,
                    fields=offered.numbers,
                    picks=3,
                ),
                Blank(
                    "points",
                    say("Points of a sample, a power of 2"),
                    "number",
                    usual="64",
                ),
            ),
            fit=False,
            settles=True,
        ),
        "policies": QuestionForm(
            say("What if the sides answered each other otherwise?"),
            say("What comes of policies of the sides against each other."),
            (
                Blank(
                    "agreement",
                    say("Agreement"),
                    "one",
                    choices=lambda operation: tuple(operation.agreements),
                ),
            ),
            (
                Blank(
                    "policies",
                    say("Policies, one a line"),
                    "lines",
                    lambda _: say(
                        "As in {example}; if empty, the usual ones.",
                        example="tolerance band=2",
                    ),
                    required=False,
                ),
            ),
            fit=False,
            runs=20,
        ),
    }
)
"""By the name of the question. One that has no form here is asked by command alone."""
