"""What the sides of agreements did in the typical run, and who was left behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.events import Cause, Event, Kind, Reason, ReasonKind, RunLog
from sim.experiment import Study
from sim.metrics.exchange import greatest_imbalance, moved
from sim.metrics.periods import agreement_states
from sim.metrics.spans import Who
from sim.metrics.waiting import charges
from sim.report.contents import Enumeration, Part
from sim.report.on_the_way import on_the_way
from sim.report.remedies import LATER_END, PASSES, remedies
from sim.scenario import Operation
from sim.scenario.origins import served
from sim.scenario.titles import (
    of_agreement,
    of_flow,
    of_side,
    of_site,
)
from sim.words import (
    Text,
    count,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.reasons import CAUSES, STATES, why

_MOST_BEHIND = 3
_MOST_LEFT = 12
"""Groups that are told of one by one."""
_MOST_OF_THE_TIME = 0.5
_ENDINGS = frozenset({Kind.DEADLOCK, Kind.UNFINISHED})


class _Left(NamedTuple):
    """People of one group who did not arrive, and what is behind what they wait for."""

    event: Event
    behind: Sequence[Event]


class _Part(NamedTuple):
    """What took most of a group's time in a run.

    Attributes
    ----------
    reason : that took most of it under this cause.
    share : of all the time of the group.
    """

    cause: str
    reason: Reason
    share: float


def story(study: Study, log: RunLog) -> Iterator[Part]:
    """Return a list of sentences on the agreements, and on people who did not arrive.

    Parameters
    ----------
    log : of the typical run.
    """
    sentences = [*sentences_on(study.operation, log)]
    if sentences:
        yield say(
            "In the typical run (replication {number}):", number=str(study.typical)
        )
        yield Enumeration(tuple(sentences))


def sentences_on(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Return what `story` tells of one run."""
    yield from _agreements(operation, log)
    yield from on_the_way(operation, log)
    yield from _left_behind(operation, log)


def _agreements(operation: Operation, log: RunLog) -> Iterator[Text]:
    for name, plan in operation.agreements.items():
        states = agreement_states(log, [name])
        if not states:
            continue
        curves = moved(log, name, plan.parties)
        text = say(
            "{title} ({name}): {state} since {since}; people moved: {sides}.",
            title=of_agreement(operation, name),
            name=name,
            state=STATES[states[-1].what],
            since=moment(operation.clock, states[-1].since_s),
            sides=joined(
                (
                    say(
                        "{side} {people}",
                        side=of_side(operation, plan, side),
                        people=count(curve.last),
                    )
                    for side, curve in curves.items()
                ),
                ", ",
            ),
        )
        gap = greatest_imbalance(curves)
        if len(curves) < 2 or not gap.amount:
            yield text
            continue
        apart = say(
            "Furthest apart {when}, {side} ahead by {people}.",
            when=moment(operation.clock, gap.time_s),
            side=of_side(operation, plan, gap.ahead),
            people=count(gap.amount),
        )
        yield joined([text, apart])


def _left_behind(operation: Operation, log: RunLog) -> Iterator[Text]:
    left = _endings(log)
    parts = _greatest_parts(log) if left else {}
    stuck = {(event.place, event.group) for event, _ in left}
    told = sorted(left, key=lambda each: -each.event.people)[:_MOST_LEFT]
    for each in left:
        if any(each.event is other.event for other in told):
            who = each.event.place, each.event.group
            yield _of_group(operation, log, each, parts.get(who), stuck)
    rest = [each for each in left if not any(each.event is o.event for o in told)]
    if rest:
        yield say_many(
            "{people} people of {count} more group had not arrived; 'explain' with "
            "site/group says why.",
            "{people} people of {count} more groups had not arrived; 'explain' with "
            "site/group says why.",
            len(rest),
            people=count(sum(each.event.people for each in rest)),
        )


def _of_group(
    operation: Operation,
    log: RunLog,
    left: _Left,
    part: _Part | None,
    stuck: set[Who],
) -> Text:
    """Return what is told of people of one group who did not arrive."""
    event = left.event
    fields: dict[str, Text] = {
        "people": count(event.people),
        "site": of_site(operation, event.place),
        "group": event.group,
        "why": joined(
            [why(event.cause, event.reason, operation), _aside(operation, log, event)],
            "; ",
        ),
    }
    sentences: list[Text] = [_had_not_arrived(operation, event, part, fields)]
    if part and part.cause != event.cause and not _hidden(event, part):
        sentences.append(
            say(
                "Of this group's time in the whole run {share} went to {cause}, more "
                "than to anything else.",
                share=share(part.share),
                cause=CAUSES.get(part.cause, part.cause),
            )
        )
    if behind := _causes_behind(operation, left.behind, stuck):
        flows = (
            say(
                "{flow}, {why}",
                flow=of_flow(operation, row.flow),
                why=why(row.cause, row.reason, operation),
            )
            for row in behind
        )
        sentences.append(say("Behind that: {flows}.", flows=joined(flows, "; ")))
    to_try = say("To try: {changes}.", changes=_to_try(operation, event, part))
    return joined([*sentences, to_try])


def _had_not_arrived(
    operation: Operation, event: Event, part: _Part | None, fields: dict[str, Text]
) -> Text:
    """Return that people had not arrived, and why."""
    if event.kind is Kind.DEADLOCK:
        return say(
            "deadlock: {people} people of {site} ({group}) had not arrived: {why}.",
            **fields,
        )
    if part and _hidden(event, part):
        return say(
            "{people} people of {site} ({group}) had not arrived: {cause}, to which "
            "{share} of this group's time in the whole run went; at the end {why}.",
            cause=why(part.cause, part.reason, operation),
            share=share(part.share),
            **fields,
        )
    return say("{people} people of {site} ({group}) had not arrived: {why}.", **fields)


def _hidden(event: Event, part: _Part) -> bool:
    """Whether what people wait for at the end passes, and something else kept them."""
    return (
        event.kind is not Kind.DEADLOCK
        and event.cause in PASSES
        and part.cause != event.cause
        and part.share >= _MOST_OF_THE_TIME
    )


def _endings(log: RunLog) -> list[_Left]:
    """Return who had not arrived, each with the rows on what is behind that."""
    left: list[tuple[Event, list[Event]]] = []
    for event in log.events:
        if event.kind in _ENDINGS:
            left.append((event, []))
        elif event.kind is Kind.BEHIND and left:
            left[-1][1].append(event)
    return [_Left(event, behind) for event, behind in left]


def _greatest_parts(log: RunLog) -> dict[Who, _Part]:
    """Return what took most of the time of each group."""
    spent: dict[Who, dict[str, dict[Reason, int]]] = {}
    for charge, time_s in charges(log).items():
        causes = spent.setdefault((charge.origin, charge.group), {})
        reasons = causes.setdefault(charge.cause, {})
        reasons[charge.reason] = reasons.get(charge.reason, 0) + time_s
    return {crowd: _greatest(causes) for crowd, causes in spent.items()}


def _greatest(spent: Mapping[str, Mapping[Reason, int]]) -> _Part:
    sums = {cause: sum(reasons.values()) for cause, reasons in spent.items()}
    cause = max(sums, key=sums.__getitem__)
    reasons = spent[cause]
    whole = sum(sums.values())
    return _Part(cause, max(reasons, key=reasons.__getitem__), sums[cause] / whole)


def _aside(operation: Operation, log: RunLog, event: Event) -> Text:
    """Return what else must be known to understand what people wait for."""
    clock = operation.clock
    if event.cause in PASSES:
        return say("the run ends at {when}", when=moment(clock, log.horizon_s))
    if event.reason.kind is not ReasonKind.BREACHED:
        return None
    breaches = [
        each.time_s
        for each in log.events
        if each.kind is Kind.BREACHED and each.place == event.reason.agreement
    ]
    if not breaches:
        return None
    return say(
        "they stand since the breach at {when}", when=moment(clock, breaches[-1])
    )


def _causes_behind(
    operation: Operation, chain: Iterable[Event], stuck: set[Who]
) -> list[Event]:
    """Return what lies behind a wait for an agreement: flows that are stuck themselves.

    What else the chain names has nobody left to move, or goes round in a circle.
    """
    return [
        event
        for event in chain
        if event.cause not in {"", Cause.AGREEMENT, Cause.NO_SERVICE}
        and any(crowd in stuck for crowd in _served(operation, event.flow))
    ][:_MOST_BEHIND]


def _served(operation: Operation, flow: str) -> Iterator[Who]:
    return served(operation, flow)


def _to_try(operation: Operation, event: Event, part: _Part | None) -> Text:
    """Return what may be changed against the last cause, and against the greatest."""
    found = list(_remedies(operation, event, event.cause, event.reason))
    if part and part.cause != event.cause:
        other = _remedies(operation, event, part.cause, part.reason)
        found = [*other, *found] if _hidden(event, part) else [*found, *other]
    if event.cause in PASSES:
        found = [LATER_END, *found]
    return listed(dict.fromkeys(found) or [LATER_END], "or")


def _remedies(
    operation: Operation, event: Event, cause: str, reason: Reason
) -> tuple[Text, ...]:
    """Return what may be changed; of people whom a flow serves, something of that."""
    who = event.place, event.group
    serving = (name for name in operation.flows if who in _served(operation, name))
    return remedies(operation, event.flow or next(serving, ""), cause, reason)
