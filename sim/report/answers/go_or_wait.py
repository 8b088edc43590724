"""Whether to go at once or to wait for confirmed numbers, and the regrets."""

from collections.abc import Iterator
from math import isnan

import numpy as np

from sim.answers.go_or_wait import GoOrWait, Option
from sim.experiment.compare import better
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.pictures import bars
from sim.report.contents import (
    Column,
    Data,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.intervals import mean_of
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.numbers import target_at
from sim.scenario.uncertain import set_by
from sim.words import (
    Number,
    Text,
    duration,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.bars import Bar
from sim.words.metrics import in_full, is_moment, label, short_unit

_HOW_TO_READ = say(
    "Who goes at once takes one decision for all that may be true, the one that was "
    "best on average in the other half of the runs; who waits takes, in each run, the "
    "one that the confirmed numbers speak for, by a regression that was fitted on the "
    "other half of the runs. Nobody sets out before the numbers are "
    "there; all else happens at its time. The regret of an option in a run is how much "
    "worse it is there than the best of all options. The delay is taken as certain, "
    "and the confirmed numbers as right: both flatter waiting."
)


def report_on_go_or_wait(
    found: GoOrWait, operation: Operation, *, command: str
) -> Report:
    """Return whether to go or to wait.

    Parameters
    ----------
    found : what runs say.
    operation : of the first decision.
    command : with which to repeat it.
    """
    runs = say_many(
        "{count} run of each decision, at once and after the wait.",
        "{count} runs of each decision, at once and after the wait.",
        found.runs,
    )
    return Report(
        title=say(
            "{operation}: go at once, or wait {time} for {numbers}?",
            operation=operation.operation,
            time=duration(found.wait_s),
            numbers=listed(found.confirms),
        ),
        answer=joined([_answer(found, operation), *_choices(found)]),
        sections=(
            Section(
                "runs",
                say("What was run"),
                (joined([runs, BANDS["knowledge and chance"], *_missing(found)]),),
            ),
            Section(
                "options",
                say("What each option costs"),
                (_picture(found, operation, runs),),
            ),
            Section(
                "thirds",
                say("By what turns out to be true"),
                (_thirds(found, operation),),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"options": _data(found)},
    )


def _answer(found: GoOrWait, operation: Operation) -> Text:
    """Return which is better on average, by how much, and in how many runs."""
    pairs = found.difference
    wait_better = pairs.difference < 0
    sure = not isnan(pairs.low) and (pairs.low > 0 or pairs.high < 0)
    go, wait = found.gone, found.options[found.wait].cost
    worse = float((wait > go).mean() if wait_better else (wait < go).mean())
    fields: dict[str, Text] = {
        "metric": in_full(found.metric, operation),
        "change": _amount(found, abs(pairs.difference)),
        "go": found.names[found.go],
        "time": duration(found.wait_s),
        "other": share(worse),
    }
    if not sure:
        return say(
            "Neither is surely better: going at once with {go} and waiting {time} "
            "differ by {change} on average, which may be chance; compared is {metric}.",
            **fields,
        )
    if wait_better:
        return say(
            "Wait {time} and then choose: that is better by {change} on average than "
            "going at once with {go}; in {other} of the runs it is worse. Compared is "
            "{metric}.",
            **fields,
        )
    return say(
        "Go at once with {go}: waiting {time} is worse by {change} on average, "
        "whatever the numbers then say; in {other} of the runs it is better. Compared "
        "is {metric}.",
        **fields,
    )


def _amount(found: GoOrWait, value: float) -> Text:
    digits = ",.1f" if value < 100 else ",.0f"
    return joined([Number(value, digits), short_unit(found.metric)])


def _choices(found: GoOrWait) -> Iterator[Text]:
    """Say which decision the confirmed numbers speak for how often."""
    if len(found.names) < 2:
        return
    yield say(
        "Who waits takes {choices}.",
        choices=listed(
            say("{name} in {share} of the runs", name=name, share=share(n / found.runs))
            for name, n in zip(found.names, found.chosen, strict=True)
        ),
    )


def _missing(found: GoOrWait) -> Iterator[Text]:
    if found.missing:
        yield say(
            "In {share} of all runs it did not happen by the end, and counts as the "
            "end.",
            share=Number(found.missing, ".1%"),
        )


def _name(found: GoOrWait, option: Option) -> Text:
    if option.decision is None:
        return say("wait, then choose")
    name = found.names[option.decision]
    return (
        say("wait, then {name}", name=name)
        if option.waits
        else say("go at once: {name}", name=name)
    )


def _picture(found: GoOrWait, operation: Operation, runs: Text) -> Picture | None:
    rows = [
        Bar(_name(found, option), float(regret.mean()), strong=not option.waits)
        for option, regret in zip(found.options, found.regrets, strict=True)
    ]
    return bars(
        "regrets",
        say("Mean regret of each option"),
        rows,
        label(found.metric),
        operation,
        shows=say(
            "How much worse an option is than the best of all, mean of the runs; pale: "
            "waits."
        ),
        foot=runs,
        shown=_options(found, operation),
    )


def _options(found: GoOrWait, operation: Operation) -> Table:
    sign = -better(found.metric)
    columns = (label(found.metric), say("mean regret"), say("regret, worst in 20"))
    rows: list[tuple[Text, ...]] = []
    for option, regret in zip(found.options, found.regrets, strict=True):
        mean = float(sign * option.cost.mean())
        shown = (
            moment(operation.clock, mean * SECONDS_PER_HOUR)
            if is_moment(found.metric)
            else Number(mean)
        )
        rows.append(
            (
                _name(found, option),
                shown,
                Number(float(regret.mean()), ",.1f"),
                Number(float(np.quantile(regret, 0.95)), ",.1f"),
            )
        )
    rows.append(
        (
            say("waiting against going"),
            mean_of(sign * found.difference.difference, found.difference.interval, "+")
            if sign > 0
            else None,
            None,
            None,
        )
    )
    return table(
        say("Options"),
        say("Every option: mean of the runs, and its regret"),
        (Column(None), *(Column(each, number=True) for each in columns)),
        rows,
    )


def _confirmed(found: GoOrWait, operation: Operation, value: float) -> Text:
    """Return a value of the first number that is confirmed; a time is one in words."""
    path = set_by(operation, found.confirms[0])[0]
    target = target_at(path, operation.clock)
    timed = target is not None and target.quantity.unit == "s"
    return duration(round(value)) if timed else Number(value, ",.4g")


def _thirds(found: GoOrWait, operation: Operation) -> Table:
    sign = -better(found.metric)

    def shown(value: float) -> Text:
        if is_moment(found.metric):
            return moment(operation.clock, sign * value * SECONDS_PER_HOUR)
        return Number(sign * value)

    columns = (say("go at once"), say("wait, then choose"))
    return table(
        say("Thirds"),
        say(
            "{metric}, by thirds of {path}",
            metric=in_full(found.metric, operation),
            path=found.confirms[0],
        ),
        (
            Column(found.confirms[0]),
            *(Column(each, number=True) for each in columns),
        ),
        (
            (
                say(
                    "{low} to {high}",
                    low=_confirmed(found, operation, low),
                    high=_confirmed(found, operation, high),
                ),
                shown(go),
                shown(wait),
            )
            for low, high, go, wait in found.thirds
        ),
    )


def _data(found: GoOrWait) -> Data:
    sign = -better(found.metric)
    rows = tuple(
        (
            "" if option.decision is None else found.names[option.decision],
            "yes" if option.waits else "no",
            float(sign * option.cost.mean()),
            float(regret.mean()),
            float(np.quantile(regret, 0.95)),
        )
        for option, regret in zip(found.options, found.regrets, strict=True)
    )
    return Data(("decision", "waits", "mean", "regret_mean", "regret_p95"), rows)
