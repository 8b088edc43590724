"""The pictures of one run, the typical one: who waited for whom, convoys, gates."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sim.events import RunLog
from sim.experiment import Study
from sim.metrics.convoys import Passage, passages
from sim.metrics.exchange import moved
from sim.metrics.holds import holds
from sim.metrics.periods import Period, agreement_states, closures, stoppages
from sim.report.contents import READERS, Column, Group, Picture, Table, table
from sim.scenario import Clock, Operation
from sim.scenario.titles import (
    of_agreement,
    of_flow,
    of_place,
    of_side,
    of_site,
    of_stoppage,
)
from sim.words import (
    Number,
    Text,
    count,
    duration,
    joined,
    listed,
    moment,
    say,
    say_many,
)
from sim.words.reasons import STATES, said

Tells = Callable[[Period], Text]
"""Says what a period is."""
Called = Callable[[Operation, str], str]
"""Returns what something that lasts is called for readers."""


def exchange(study: Study, log: RunLog) -> Picture | None:
    """Return what each side moved; None without an agreement of two sides."""
    operation = study.operation
    groups = tuple(_sides(operation, log))
    if not groups:
        return None
    shown = table_of_sides(groups)
    first = groups[0]
    sides = (say("{side} {people}", side=row[0], people=row[1]) for row in first.rows)
    return Picture(
        "exchange",
        say(
            "People who crossed, {agreement}: {sides}",
            agreement=first.title,
            sides=joined(sides, ", "),
        ),
        say(
            "For each agreement, what each side moved over time and when its convoys "
            "stood at the gate, in one run, the typical one: {agreements}.",
            agreements=listed(group.title for group in groups),
        ),
        (study, log),
        shown,
    )


def table_of_sides(groups: tuple[Group, ...]) -> Table:
    """Return who moved how many under each agreement, and how long they stood."""
    return Table(
        say("Exchange"),
        say("What the sides of each agreement moved, and how long their convoys stood"),
        (
            Column(say("side")),
            Column(say("people"), number=True),
            Column(say("convoys"), number=True),
            Column(say("first"), whole=True),
            Column(say("last"), whole=True),
            Column(say("convoys stood")),
            Column(say("waited for")),
        ),
        groups,
        say("agreement"),
        READERS,
    )


def _sides(operation: Operation, log: RunLog) -> Iterator[Group]:
    held = holds(log)
    clock = operation.clock
    for name, plan in operation.agreements.items():
        if len(plan.parties) < 2:
            continue
        people = moved(log, name, plan.parties)
        convoys = moved(log, name, plan.parties, "convoys")
        rows = []
        for side, party in plan.parties.items():
            own = [
                hold
                for hold in held
                if hold.flow in party.flows and hold.reason.agreement == name
            ]
            stood = sum(hold.until_s - hold.since_s for hold in own)
            times = people[side].times_s
            reasons = dict.fromkeys(said(hold.reason, operation) for hold in own)
            rows.append(
                (
                    of_side(operation, plan, side),
                    count(people[side].last),
                    count(convoys[side].last),
                    moment(clock, times[0]) if times else None,
                    moment(clock, times[-1]) if times else None,
                    duration(stood) if stood else None,
                    joined(reasons, "; "),
                )
            )
        yield Group(of_agreement(operation, name), tuple(rows))


def timespace(study: Study, log: RunLog) -> Picture | None:
    """Return where convoys were when; None if none had people aboard."""
    operation = study.operation
    rows = [
        (
            row.convoy,
            of_flow(operation, row.flow),
            of_site(operation, row.origin),
            count(_most_aboard(row)),
            _at(operation.clock, row.departed_s),
            _at(operation.clock, row.arrived_s),
            _at(operation.clock, row.turned_back_s),
        )
        for row in passages(log)
        if _most_aboard(row)
    ]
    if not rows:
        return None
    arrived = sum(1 for row in rows if row[5] is not None)
    return Picture(
        "timespace",
        say(
            "{arrived} of {convoys} convoys with people arrive",
            convoys=Number(len(rows)),
            arrived=Number(arrived),
        ),
        say(
            "A line for each of {convoys} convoys along its route in one run, the "
            "typical one; {arrived} of them arrive.",
            convoys=Number(len(rows)),
            arrived=Number(arrived),
        ),
        (study, log),
        table(
            say("Convoys"),
            say("Convoys with people in the typical run"),
            (
                Column(say("convoy"), whole=True),
                Column(say("flow")),
                Column(say("site")),
                Column(say("people"), number=True),
                Column(say("crossed its first gate"), whole=True),
                Column(say("arrived"), whole=True),
                Column(say("turned back"), whole=True),
            ),
            rows,
            forms=READERS,
        ),
    )


def _most_aboard(row: Passage) -> int:
    """Return how many people a convoy carried, or still has aboard where it stands."""
    carried = row.departed_people or row.people or row.turned_back_people
    return carried or row.evacuees(row.aboard) * (row.boarded_s is not None)


def _at(clock: Clock, seconds: int | None) -> Text:
    return None if seconds is None else moment(clock, seconds)


def gates(study: Study, log: RunLog) -> Picture | None:
    """Return what closed and what agreements were; None if there is neither."""
    operation = study.operation

    def rows(
        title: Text, found: Iterable[Period], called: Called, what: Tells
    ) -> Group:
        cells = (
            (called(operation, each.name), *_times(operation.clock, each), what(each))
            for each in found
        )
        return Group(title, tuple(cells))

    lasted, closed = stoppages(log), closures(log)
    states = agreement_states(log, operation.agreements)
    every = (
        rows(
            say("Stoppages"),
            lasted,
            of_stoppage,
            lambda each: _cause(operation, each.name),
        ),
        rows(
            say("Closed gates, checkpoints and roads"),
            closed,
            of_place,
            lambda each: said(each.reason, operation),
        ),
        rows(say("Agreements"), states, of_agreement, lambda each: STATES[each.what]),
    )
    groups = tuple(group for group in every if group.rows)
    if not groups:
        return None
    return Picture(
        "gates",
        _longest_closed(operation, closed) or _last_state(operation, states),
        say(
            "Bars of when each stoppage lasted, each gate, checkpoint or road was "
            "closed and each agreement was in force, in one run, the typical one. "
            "Stoppages: {stoppages}; closures: {closures}.",
            stoppages=Number(len(lasted)),
            closures=Number(len(closed)),
        ),
        (study, log),
        Table(
            say("Gates"),
            say("What lasted from when to when in the typical run"),
            (
                Column(say("name")),
                Column(say("from"), whole=True),
                Column(say("to"), whole=True),
                Column(say("lasted"), whole=True),
                Column(say("what")),
            ),
            groups,
            say("kind"),
            READERS,
        ),
    )


def _longest_closed(operation: Operation, closed: Sequence[Period]) -> Text:
    """Return what was closed longest, and how often; None if nothing was."""
    lasted: dict[str, list[int]] = {}
    for each in closed:
        lasted.setdefault(each.name, []).append(each.until_s - each.since_s)
    if not lasted:
        return None
    name = max(lasted, key=lambda place: sum(lasted[place]))
    return say_many(
        "Closed longest: {place}, {lasted}",
        "Closed longest: {place}, {count} times, {lasted} in all",
        len(lasted[name]),
        place=of_place(operation, name),
        lasted=duration(sum(lasted[name])),
    )


def _last_state(operation: Operation, states: Sequence[Period]) -> Text:
    """Return how the first agreement ends; None if there is none."""
    first = [each for each in states if each.name == states[0].name]
    if not first:
        return None
    return say(
        "{agreement}: {state} since {since}",
        agreement=of_agreement(operation, first[-1].name),
        state=STATES[first[-1].what],
        since=moment(operation.clock, first[-1].since_s),
    )


def _times(clock: Clock, period: Period) -> tuple[Text, ...]:
    return (
        moment(clock, period.since_s),
        moment(clock, period.until_s),
        duration(period.until_s - period.since_s),
    )


def _cause(operation: Operation, name: str) -> Text:
    """Return the cause of a stoppage that is called otherwise."""
    plan = operation.stoppages.get(name)
    return plan.cause if plan and plan.title else None
