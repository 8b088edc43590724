"""How likely a goal is: in how many runs, and how that changes with the moment."""

from collections.abc import Iterator

import numpy as np

from sim.answers.probability import Likelihood, Probability
from sim.report.answers.goals import are, of_goal, whose
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
from sim.report.limits import BANDS, limits_and_repeat
from sim.words import Number, Text, count, joined, levels, moment, say, say_many, share
from sim.words.bars import Bar

_HOW_TO_READ = say(
    "An interval holds the probability in the model with 95 % confidence (Clopper and "
    "Pearson); it says how many runs there were, not how right the model is. Percents "
    "are of the people who are to leave and are not lost in the run, as 'half arrived' "
    "and '90 % arrived' count them."
)


def report_on_probability(found: Probability, *, command: str) -> Report:
    """Return how likely a goal is.

    Parameters
    ----------
    found : what runs say.
    command : with which to repeat it.
    """
    operation = found.study.operation
    goal = of_goal(found.goal, operation)
    runs = say_many(
        "{count} run, seed {seed}.",
        "{count} runs, seed {seed}.",
        found.likelihood.runs,
        seed=str(found.study.seed),
    )
    what_was_run = say_many(
        "{operation}: {count} run, seed {seed}.",
        "{operation}: {count} runs, seed {seed}.",
        found.likelihood.runs,
        operation=operation.operation,
        seed=str(found.study.seed),
    )
    return Report(
        title=say("How likely is it that {goal}?", goal=goal),
        answer=joined([_answer(found, goal), _people(found)]),
        sections=(
            Section(
                "runs",
                say("What was run"),
                (joined([what_was_run, BANDS[found.study.band]]),),
            ),
            Section(
                "moments",
                say("How likely it is at other moments"),
                (_picture(found, goal, runs), *_draws(found)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"probability": _data(found)},
        headline=joined([share(found.likelihood.share), goal], ": "),
    )


def _answer(found: Probability, goal: Text) -> Text:
    return say(
        "In {met} of {runs} runs ({share}; between {low} and {high}) {goal}.",
        met=Number(found.likelihood.met),
        runs=Number(found.likelihood.runs),
        goal=goal,
        **_shares(found.likelihood),
    )


def _shares(likelihood: Likelihood) -> dict[str, Text]:
    return {
        "share": share(likelihood.share),
        "low": share(likelihood.low),
        "high": share(likelihood.high),
    }


def _people(found: Probability) -> Text:
    """Return how many people there are at the moment."""
    band, goal = found.people, found.goal
    fields: dict[str, Text] = {
        "people": levels(count(band.p5), count(band.median), count(band.p95)),
        "whose": whose(goal, found.study.operation),
        "are": are(goal.asked),
    }
    if band.p5 == band.p95:
        return say(
            "At that moment {people} people of {whose} {are}, the same number in 9 of "
            "10 runs.",
            **fields,
        )
    return say(
        "At that moment {people} people of {whose} {are} (median of the runs, 5 % to "
        "95 %).",
        **fields,
    )


def _picture(found: Probability, goal: Text, runs: Text) -> Picture:
    """Return how likely it is at each moment, with the numbers."""
    operation = found.study.operation
    clock = operation.clock
    points = [
        Bar(
            moment(clock, clock.seconds(other.asked.moment)),
            each.share,
            each.low,
            each.high,
            strong=other == found.goal,
        )
        for other, each in found.around
    ]
    return shares(
        "probability",
        joined([share(found.likelihood.share), goal], ": "),
        points,
        say("local time"),
        operation,
        shows=say("Share of the runs in which it is true at a moment; 95 % intervals."),
        foot=runs,
        shown=_moments(found),
    )


def _moments(found: Probability) -> Table:
    clock = found.study.operation.clock
    columns = (say("in how many runs"), say("share"), say("from"), say("to"))
    return table(
        say("Moments"),
        say("In how many runs the same is true at other moments"),
        (
            Column(say("local time"), whole=True),
            *(Column(each, number=True) for each in columns),
        ),
        (
            (
                moment(clock, clock.seconds(goal.asked.moment)),
                Number(each.met),
                *_shares(each).values(),
            )
            for goal, each in found.around
        ),
    )


def _draws(found: Probability) -> Iterator[Text]:
    """Say how far the probability itself is unknown, if runs share draws."""
    draws = found.by_draw
    if not draws.size:
        return
    low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
    yield say(
        "What is not known was drawn {draws} times, {each} runs of each: by draw, the "
        "goal is met in {middle} of the runs in the middle, in 9 of 10 draws in {low} "
        "to {high}. More runs do not make this narrower; knowing more does.",
        draws=Number(draws.size),
        each=Number(found.study.job.per_draw),
        middle=share(float(middle)),
        low=share(float(low)),
        high=share(float(high)),
    )


def _data(found: Probability) -> Data:
    clock = found.study.operation.clock
    rows = (
        (
            clock.stamp(clock.seconds(goal.asked.moment)),
            goal.metric,
            each.met,
            each.runs,
            each.share,
            each.low,
            each.high,
        )
        for goal, each in found.around
    )
    names = ("local_time", "metric", "met", "runs", "share", "low", "high")
    return Data(names, tuple(rows))
