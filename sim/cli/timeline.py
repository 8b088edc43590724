"""Time lines of convoys and groups, in words."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from rich.console import Console

from sim.cli.screen import show, table
from sim.cli.words import duration, moment, number, person_hours
from sim.events import Reason, RunLog
from sim.explain import AgreementParties, Line, explain_convoy, explain_group, totals
from sim.metrics.spans import spans
from sim.report.reasons import why
from sim.scenario import Clock, Operation

_LONGEST = 20
_NUMBERS = ("from", "to", "lasted", "people", "person-hours")
_COLUMNS = (*_NUMBERS, "who", "where", "why")


class _Wait(NamedTuple):
    """A stretch for one reason, of a convoy or of a group at its site."""

    who: str
    since_s: int
    until_s: int
    people: int
    place: str
    cause: str
    reason: Reason


def lines_of(operation: Operation, log: RunLog, who: str) -> tuple[Line, ...]:
    """Return the time line of a convoy, or of a group as `site/group`.

    Raises
    ------
    ValueError
        If there is no such convoy or group: with the nearest names.
    """
    known = _names(log)
    if who not in known:
        near = get_close_matches(who, known, n=5, cutoff=0.5)
        near = [name for name in known if name.startswith(f"{who}/")] or near
        remedy = (
            f"Did you mean {', '.join(near)}?" if near else "Leave it out for a list."
        )
        raise ValueError(
            f"'{who}' is in this run neither a convoy nor a group. {remedy}"
        )
    site, slash, group = who.partition("/")
    if slash:
        return explain_group(log, site, group, _parties(operation))
    return explain_convoy(log, who, _parties(operation))


def print_time_line(
    screen: Console, operation: Operation, lines: Sequence[Line]
) -> None:
    """Print what somebody waited for, then how much of each cause it adds up to."""
    rows = table(*_COLUMNS, right=_NUMBERS)
    for line in lines:
        rows.add_row(*_cells(operation.clock, line))
    screen.print(rows)
    screen.print()
    sums = totals(lines)
    causes = table("cause", "person-hours", right=("person-hours",))
    for cause, seconds in sorted(sums.items(), key=lambda item: -item[1]):
        causes.add_row(str(cause), person_hours(seconds))
    causes.add_row("all", person_hours(sum(sums.values())), style="bold")
    show(screen, "Waiting by cause; indented lines are other people's", causes)


def print_longest(screen: Console, operation: Operation, log: RunLog) -> None:
    """Print the convoys and groups whose longest wait cost most person-hours."""
    longest: dict[str, _Wait] = {}
    whole: dict[str, int] = {}
    for wait in _waits(log):
        whole[wait.who] = whole.get(wait.who, 0) + _cost(wait)
        if wait.who not in longest or _cost(wait) > _cost(longest[wait.who]):
            longest[wait.who] = wait
    numbers = ("person-hours", "longest", "people", "from")
    rows = table("who", *numbers, "where", "why", right=numbers, whole=("who",))
    for wait in sorted(longest.values(), key=_cost, reverse=True)[:_LONGEST]:
        rows.add_row(
            wait.who,
            person_hours(whole[wait.who]),
            duration(wait.until_s - wait.since_s),
            number(wait.people),
            moment(operation.clock, wait.since_s),
            wait.place,
            why(wait.cause, wait.reason),
        )
    title = f"Longest waits, {rows.row_count} of {len(longest)} convoys and groups"
    show(screen, title, rows)
    screen.print("Add one of these names to the command to see its time line.")


def _parties(operation: Operation) -> AgreementParties:
    return {
        name: {side: party.flows for side, party in plan.parties.items()}
        for name, plan in operation.agreements.items()
    }


def _names(log: RunLog) -> list[str]:
    """Return every convoy and every `site/group` of a run, each once."""
    convoys = dict.fromkeys(event.convoy for event in log.events if event.convoy)
    groups = dict.fromkeys(
        f"{event.place}/{event.group}"
        for event in log.events
        if event.group and not event.convoy
    )
    return [*convoys, *groups]


def _cells(clock: Clock, line: Line) -> tuple[str, ...]:
    return (
        moment(clock, line.since_s),
        moment(clock, line.until_s),
        duration(line.until_s - line.since_s),
        number(line.people),
        person_hours(line.person_seconds),
        "  " * line.depth + line.who,
        line.place,
        why(line.cause, line.reason),
    )


def _waits(log: RunLog) -> Iterator[_Wait]:
    for since_s, until_s, people, convoy, charge in spans(log):
        who = convoy or f"{charge.origin}/{charge.group}"
        yield _Wait(
            who, since_s, until_s, people, charge.place, charge.cause, charge.reason
        )


def _cost(wait: _Wait) -> int:
    return wait.people * (wait.until_s - wait.since_s)
