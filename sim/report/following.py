"""The report of a forecast of an operation that goes on, and of its log."""

from collections.abc import Sequence
from dataclasses import replace

from sim.inference.forecast.forecast import Forecast
from sim.report.contents import Report, Section
from sim.report.forecast import report_on_forecast
from sim.report.since_last import (
    LogLine,
    SinceLast,
    log_table,
    shift_of_largest,
    since_last,
)
from sim.scenario import Operation
from sim.words import Number, Text, duration, joined, say, say_many

FEW = 50
"""Judgement: with fewer effective draws the ends of a 90 % interval rest on one or two
of them."""


def report_on_following(
    made: Forecast,
    operation: Operation,
    since: SinceLast,
    log: Sequence[LogLine],
    *,
    command: str,
) -> Report:
    """Return what is expected now, what changed, and what was known when.

    Parameters
    ----------
    made : the forecast.
    operation : from which it was made.
    since : what has come since the last one.
    log : of the operation, up to this forecast.
    command : with which to repeat it.
    """
    report = report_on_forecast(made, operation, command=command)
    quick = None
    if made.weighed is not None:
        quick = how_quick(made.weighed, made.effective)
    answer = joined([quick, report.answer])
    first, *rest = report.sections
    brief = report.brief and replace(
        report.brief,
        answer=answer,
        certainty=(shift_of_largest(made, since), *report.brief.certainty),
    )
    return replace(
        report,
        answer=answer,
        sections=(first, since_last(made, since), *rest, _logged(log, operation)),
        brief=brief,
    )


def how_quick(weighed: int, effective: float) -> Text:
    """Return what a quick forecast rests on, and what to do if that is little.

    Parameters
    ----------
    weighed : draws that were.
    effective : equally weighted draws that they are worth.
    """
    rests = say_many(
        "A quick forecast: {count} draw of the last one in full was weighed anew, "
        "which is worth {effective} equally weighted draws; whom to follow was learned "
        "by that one.",
        "A quick forecast: {count} draws of the last one in full were weighed anew, "
        "which are worth {effective} equally weighted draws; whom to follow was "
        "learned by that one.",
        weighed,
        effective=Number(round(effective)),
    )
    if effective >= FEW:
        return rests
    few = say("That is too few for what is rare: make it in full before it is used.")
    return joined([rests, few])


def clock_is_behind(number: int, by_s: int) -> Text:
    """Return that an entry was made later than now, as when a clock was moved back.

    Parameters
    ----------
    number : of the entry.
    by_s : seconds between now and then.
    """
    return say(
        "Entry {number} was made {time} later than the clock of this machine says that "
        "it is now. Set the clock, or name the moment: what was published after it is "
        "not used.",
        number=Number(number),
        time=duration(by_s),
    )


def report_on_log(
    lines: Sequence[LogLine], operation: Operation, protected: Text = None
) -> Report:
    """Return the log of an operation that goes on.

    Parameters
    ----------
    lines : of the log.
    operation : as it stands.
    protected : what a pass phrase does, if there is one.
    """
    stand = sum(line.kind == "figure" and line.stands for line in lines)
    answer = say_many(
        "{count} figure that was entered stands.",
        "{count} figures that were entered stand.",
        stand,
    )
    return Report(
        operation.operation,
        joined([answer, protected]),
        (_logged(lines, operation),),
        {},
    )


def _logged(lines: Sequence[LogLine], operation: Operation) -> Section:
    table = log_table(lines, operation)
    return Section("log", say("What was known when"), (table,))
