"""Why a convoy or a group waited in one run, and who waited longest."""

from collections.abc import Iterator

from sim.events import RunLog
from sim.metrics.timelines import (
    AgreementParties,
    Line,
    Waited,
    explain_convoy,
    explain_group,
    longest_first,
    totals,
)
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.by_chance import not_begun
from sim.report.chain import chain_of_moments
from sim.report.contents import Column, Report, Section, table
from sim.scenario import Operation
from sim.scenario.titles import of_place
from sim.words import (
    Marked,
    Number,
    Text,
    count,
    duration,
    joined,
    moment,
    say,
    say_many,
)
from sim.words.reasons import CAUSES, why

_MOST = 20
"""Convoys and groups that are listed."""
_DEEPER = "  "


def report_on_waits(
    operation: Operation, log: RunLog, who: str, *, replication: int, seed: int
) -> Report:
    """Return why a convoy or a group waited.

    Parameters
    ----------
    operation : as it was run.
    log : of the run.
    who : convoy, or group as `site/group`.
    replication, seed : of the run.

    Raises
    ------
    ValueError
        If there is nobody of that name in the run.
    """
    lines = lines_of(operation, log, who)
    by_cause = sorted(totals(lines).items(), key=lambda item: -item[1])
    whole = person_hours(sum(seconds for _, seconds in by_cause))
    return Report(
        title=_of_run(who, replication, seed),
        answer=say("They waited {hours} person-hours in all.", hours=whole),
        sections=(
            Section(
                "waits",
                say("Time line"),
                (
                    table(
                        say("Time line"),
                        say("What they waited for"),
                        (
                            Column(say("from"), number=True),
                            Column(say("to"), number=True),
                            Column(say("lasted"), number=True),
                            Column(say("people"), number=True),
                            Column(say("person-hours"), number=True),
                            Column(say("who")),
                            Column(say("where")),
                            Column(say("why")),
                        ),
                        (_cells(operation, line) for line in lines),
                    ),
                    table(
                        say("Causes"),
                        say("Waiting by cause; indented lines are other people's"),
                        (
                            Column(say("cause")),
                            Column(say("person-hours"), number=True),
                        ),
                        (
                            *(
                                (CAUSES.get(cause, cause), person_hours(seconds))
                                for cause, seconds in by_cause
                            ),
                            (Marked(say("all"), "strong"), Marked(whole, "strong")),
                        ),
                    ),
                ),
            ),
        ),
        data={},
    )


def report_on_longest_waits(
    operation: Operation, log: RunLog, *, replication: int, seed: int
) -> Report:
    """Return the convoys and groups whose longest wait cost most person-hours.

    Parameters
    ----------
    operation : as it was run.
    log : of the run.
    replication, seed : of the run.
    """
    waited = longest_first(log)
    shown = waited[:_MOST]
    title = say_many(
        "The costliest wait of each, {shown} of {count} convoy or group",
        "The costliest wait of each, {shown} of {count} convoys and groups",
        len(waited),
        shown=Number(len(shown)),
    )
    return Report(
        title=_of_run(operation.operation, replication, seed),
        answer=joined([*_worst(operation, shown), *not_begun(operation, log)]),
        sections=(
            Section(
                "longest",
                say("Who waited longest"),
                (
                    table(
                        say("Longest waits"),
                        title,
                        (
                            Column(say("who"), whole=True),
                            Column(say("person-hours"), number=True),
                            Column(say("of one wait"), number=True),
                            Column(say("lasted"), number=True),
                            Column(say("people"), number=True),
                            Column(say("from"), number=True),
                            Column(say("where")),
                            Column(say("why")),
                        ),
                        (_longest(operation, each) for each in shown),
                    ),
                    say(
                        "People: those who waited when it began; more may have come, "
                        "or gone, while it lasted."
                    ),
                    say("Add one of these names to the command to see its time line."),
                ),
            ),
            *([chain] if (chain := chain_of_moments(operation, log)) else ()),
        ),
        data={},
    )


def lines_of(operation: Operation, log: RunLog, who: str) -> tuple[Line, ...]:
    """Return the time line of a convoy, or of a group as `site/group`.

    Raises
    ------
    ValueError
        If there is nobody of that name in the run.
    """
    site, slash, group = who.partition("/")
    if slash:
        return explain_group(log, site, group, _parties(operation))
    return explain_convoy(log, who, _parties(operation))


def person_hours(seconds: float) -> Number:
    """Return person-seconds as person-hours."""
    return Number(seconds / SECONDS_PER_HOUR, ",.1f")


def _of_run(what: str, replication: int, seed: int) -> Text:
    return say(
        "{what}, replication {replication}, seed {seed}",
        what=what,
        replication=str(replication),
        seed=str(seed),
    )


def _parties(operation: Operation) -> AgreementParties:
    return {
        name: {side: party.flows for side, party in plan.parties.items()}
        for name, plan in operation.agreements.items()
    }


def _cells(operation: Operation, line: Line) -> tuple[Text, ...]:
    clock = operation.clock
    return (
        moment(clock, line.since_s),
        moment(clock, line.until_s),
        duration(line.until_s - line.since_s),
        count(line.people),
        person_hours(line.person_seconds),
        joined([_DEEPER * line.depth, line.who], ""),
        of_place(operation, line.place),
        why(line.cause, line.reason, operation),
    )


def _longest(operation: Operation, waited: Waited) -> tuple[Text, ...]:
    line = waited.longest
    return (
        waited.who,
        person_hours(waited.person_seconds),
        person_hours(line.person_seconds),
        duration(line.until_s - line.since_s),
        count(line.people),
        moment(operation.clock, line.since_s),
        of_place(operation, line.place),
        why(line.cause, line.reason, operation),
    )


def _worst(operation: Operation, shown: list[Waited]) -> Iterator[Text]:
    if not shown:
        yield say("Nobody waited.")
        return
    line = shown[0].longest
    yield say(
        "The wait that cost most was that of {who} at {place}: {why}.",
        who=shown[0].who,
        place=of_place(operation, line.place),
        why=why(line.cause, line.reason, operation),
    )
