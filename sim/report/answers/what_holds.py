"""What holds an operation: ranked person-hours, what would help, and the last chain."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from sim.answers.bound import Bound
from sim.answers.what_holds import POLITICS, WhatHolds
from sim.experiment.bands import band_of
from sim.experiment.compare import Row
from sim.metrics.critical_chain import Link, critical_chain, time_by_obstacle
from sim.metrics.obstacles import Obstacle
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.bound import capacity_in_words
from sim.report.answers.obstacles import obstacles, of_obstacle, of_removal
from sim.report.answers.pictures import bars
from sim.report.answers.removals import (
    RemovalEffect,
    effects_of,
    is_sure,
    of_arm,
    removals_data,
    removals_picture,
    site_shown,
)
from sim.report.contents import (
    READERS,
    Column,
    Data,
    Group,
    Part,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.intervals import HOW_MADE, NO_INTERVAL
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.titles import of_place
from sim.statistics.intervals import Numbers
from sim.words import (
    Number,
    Text,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.bars import Bar
from sim.words.reasons import why

_FOREMOST = 3
_NEAR = 0.1
"""Runs that come as near to capacity alone need no explanation."""
_HOW_TO_READ = say(
    "Every person-second from the start to the arrival is charged to exactly one "
    "thing, so the hours sum to all waiting. That is what people waited for at the "
    "time. What removing it would save is another matter, since they may then wait for "
    "something else: the second table says that, pair by pair under the same luck. A "
    "stoppage that is removed closes nothing but happens all the same, so that what "
    "hangs on it comes as before; under an agreement that is removed every side goes "
    "as soon as it is put forward; convoys without limits leave as soon as there are "
    "people and vehicles, any number at once. To try another history, write a variant. "
    "±, or both ends: 95 % interval of the mean, by {made}. {none}",
    made=HOW_MADE,
    none=NO_INTERVAL,
)


def report_on_what_holds(
    found: WhatHolds, *, command: str, capacity: Bound | None = None
) -> Report:
    """Return what holds an operation.

    Parameters
    ----------
    found : what runs say.
    command : with which to repeat it.
    capacity : what it alone would take, if that was worked out.
    """
    base, operation = found.base, found.base.operation
    runs = say_many(
        "{operation}: {count} run of it, and of it without each thing that holds it "
        "({arms}), under the same luck; seed {seed}.",
        "{operation}: {count} runs of it, and as many of it without each thing that "
        "holds it ({arms}), under the same luck; seed {seed}.",
        len(base.replications),
        operation=operation.operation,
        arms=Number(len(found.arms)),
        seed=str(base.seed),
    )
    effects = effects_of(found)
    return Report(
        title=say("What holds {operation}?", operation=operation.operation),
        answer=answer(found, effects),
        sections=(
            Section("runs", say("What was run"), (joined([runs, BANDS[base.band]]),)),
            Section(
                "obstacles",
                say("What people waited for"),
                (_obstacles_picture(found, runs),),
            ),
            Section(
                "removals",
                say("What it would be without"),
                (
                    removals_picture(found, effects, runs),
                    *_interactions(found, effects),
                    capacity_in_words(base, capacity),
                    *_beside_capacity(found, effects, capacity),
                ),
            ),
            Section(
                "chain",
                say("The chain of the last arrival"),
                (_chain_hours(found), *_chain(found)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={
            "obstacles": _obstacles_data(found),
            "removals": removals_data(found),
        },
        headline=_headline(found, effects),
    )


def answer(found: WhatHolds, effects: Sequence[RemovalEffect]) -> Text:
    """Return what most was waited for, and what would help most."""
    held = found.held.person_h
    whole = sum(float(column.mean()) for column in held.values())
    if not whole:
        return say("Nobody waited.")
    waited = say(
        "People wait {hours} person-hours (mean of the runs), most for {obstacles}.",
        hours=Number(whole),
        obstacles=listed(_foremost(held, found.base.operation)),
    )
    return joined([waited, *_helps(found, effects)])


def _helps(found: WhatHolds, effects: Sequence[RemovalEffect]) -> Iterator[Text]:
    """Say which single removal saves most, or that none does."""
    single = [effect for effect in effects if len(effect.removal) == 1]
    sure = [effect for effect in single if effect.saved > 0 and is_sure(effect.waiting)]
    if not sure:
        yield say("Removing any one thing saves nothing that is sure.")
        return
    best = sure[0]
    yield say(
        "What would save most: {removed} {saved} person-hours less{earlier}.",
        removed=of_removal(best.removal[0], found.base.operation),
        saved=_saved(best.waiting),
        earlier=_earlier(best, found.base.operation),
    )
    harm = [effect for effect in single if effect.saved < 0 and is_sure(effect.waiting)]
    if harm:
        worst = harm[-1]
        yield say(
            "Worst would be {removed}: {more} person-hours more.",
            removed=of_removal(worst.removal[0], found.base.operation),
            more=Number(-worst.saved),
        )


def _saved(row: Row) -> Text:
    low, high = -row.paired.high, -row.paired.low
    if isnan(low) or isnan(high):
        return Number(-row.paired.difference)
    return say(
        "{saved} ({low} to {high})",
        saved=Number(-row.paired.difference),
        low=Number(low),
        high=Number(high),
    )


def _earlier(effect: RemovalEffect, operation: Operation) -> Text:
    """Return how much earlier all are out, in brackets, if it came on both sides."""
    row = effect.t100
    if row is None or not row.paired.n or not row.differs:
        return None
    hours = row.paired.difference
    fields = {"hours": Number(abs(hours), ",.1f"), "whose": site_shown(row, operation)}
    if hours < 0:
        return say(", and {whose} out {hours} h earlier", **fields)
    return say(", but {whose} out {hours} h later", **fields)


def _headline(found: WhatHolds, effects: Sequence[RemovalEffect]) -> Text:
    held = found.held.person_h
    if not held or not effects:
        return None
    return say(
        "Most waited for: {obstacle}",
        obstacle=of_obstacle(next(iter(held)), found.base.operation),
    )


def _obstacles_picture(found: WhatHolds, runs: Text) -> Picture | None:
    operation = found.base.operation
    rows = [
        Bar(
            of_obstacle(name, operation),
            float(column.mean()),
            *band_of(column)[:3:2],
        )
        for name, column in found.held.person_h.items()
    ]
    return bars(
        "obstacles",
        say("What people waited for"),
        rows,
        say("person-hours"),
        operation,
        shows=say("Mean of the runs; line: 5 % to 95 % of them."),
        foot=runs,
        shown=obstacles(found.held.person_h, operation),
    )


def _interactions(found: WhatHolds, effects: Sequence[RemovalEffect]) -> Iterator[Text]:
    """Say whether things hold each other's place: together against one by one."""
    alone = {effect.removal[0]: effect.saved for effect in effects if _is_one(effect)}
    for effect in effects:
        if _is_one(effect):
            continue
        each = sum(alone.get(name, 0.0) for name in effect.removal)
        yield say(
            "{removed}: {together} person-hours saved, against {each} as the sum of "
            "one by one. The difference is what one thing holds that another would "
            "have held too.",
            removed=of_arm(effect.removal, found.base.operation),
            together=Number(effect.saved),
            each=Number(each),
        )
        if each < 0 < effect.saved:
            yield say(
                "One by one they would even add waiting: who is held by one thing less "
                "comes sooner to what still holds, and stands there for longer."
            )


def _beside_capacity(
    found: WhatHolds, effects: Sequence[RemovalEffect], capacity: Bound | None
) -> Iterator[Text]:
    """Say how near runs without politics come to capacity alone, and why not nearer."""
    politics = [
        effect
        for effect in effects
        if all(each.kind in POLITICS for each in effect.removal)
    ]
    if capacity is None or capacity.time_s is None or not politics:
        return
    freed = max(politics, key=lambda effect: len(effect.removal))
    row = freed.t100
    if row is None or not row.paired.n:
        return
    after_h, alone_h = row.paired.variant, capacity.time_s / SECONDS_PER_HOUR
    apart = after_h / alone_h - 1
    fields: dict[str, Text] = {
        "whose": site_shown(row, found.base.operation),
        "after": Number(after_h, ",.1f"),
        "alone": Number(alone_h, ",.1f"),
        "apart": Number(abs(apart), ".1%"),
    }
    if apart < 0:
        yield say(
            "Without any stoppage or agreement all people of {whose} are out after "
            "{after} h (mean of the runs): {apart} less than the {alone} h that "
            "capacity alone takes.",
            **fields,
        )
    else:
        yield say(
            "Without any stoppage or agreement all people of {whose} are out after "
            "{after} h (mean of the runs): {apart} more than the {alone} h that "
            "capacity alone takes.",
            **fields,
        )
    if abs(apart) > _NEAR:
        still = dict(found.arms)[freed.removal].held
        yield say(
            "The difference: capacity is worked out from means and for each limit by "
            "itself, while in these runs people still wait most for {obstacles}.",
            obstacles=listed(_foremost(still, found.base.operation)),
        )


def _foremost(held: Mapping[Obstacle, Numbers], operation: Operation) -> Iterator[Text]:
    """Yield what people waited for most, each with its share of all waiting."""
    whole = sum(float(column.mean()) for column in held.values())
    for name, column in [*held.items()][:_FOREMOST]:
        yield say(
            "{obstacle} ({share})",
            obstacle=of_obstacle(name, operation),
            share=share(float(column.mean()) / whole),
        )


def _is_one(effect: RemovalEffect) -> bool:
    return len(effect.removal) == 1


def _chain_hours(found: WhatHolds) -> Table:
    operation = found.base.operation
    chain = found.held.chain_h
    whole = sum(float(column.mean()) for column in chain.values())
    return table(
        say("Chain"),
        say("Hours of the chain that ends with the last arrival: mean of the runs"),
        (
            Column(say("obstacle")),
            Column(say("h"), number=True),
            Column(say("share"), number=True),
        ),
        (
            (
                of_obstacle(name, operation),
                Number(float(column.mean()), ",.1f"),
                share(float(column.mean()) / whole),
            )
            for name, column in chain.items()
        ),
        first=10,
    )


def _chain(found: WhatHolds) -> Iterator[Part]:
    """Tell the chain of the typical run, link by link."""
    study, operation = found.base, found.base.operation
    links = critical_chain(study.log_of(study.typical))
    if not links:
        return
    yield _chain_in_words(links, operation)
    clock = operation.clock
    yield Table(
        say("Links"),
        say(
            "The chain in the typical run (replication {number})",
            number=str(study.typical),
        ),
        (
            Column(say("from"), whole=True),
            Column(say("to"), whole=True),
            Column(say("convoy")),
            Column(say("place")),
            Column(say("waits for")),
        ),
        (
            Group(
                None,
                tuple(
                    (
                        moment(clock, link.since_s),
                        moment(clock, link.until_s),
                        link.convoy or None,
                        of_place(operation, link.place),
                        why(link.cause, link.reason, operation),
                    )
                    for link in links
                ),
            ),
        ),
        forms=READERS,
    )


def _chain_in_words(links: Sequence[Link], operation: Operation) -> Text:
    """Return the longest parts of the chain in one sentence."""
    longest = [*time_by_obstacle(links).items()]
    return say(
        "In the typical run the last arrive at {end}. Of the {hours} h before, "
        "{parts}.",
        end=moment(operation.clock, links[-1].until_s),
        hours=Number(links[-1].until_s / SECONDS_PER_HOUR, ",.0f"),
        parts=listed(
            say(
                "{hours} h went to {obstacle}",
                hours=Number(seconds / SECONDS_PER_HOUR, ",.0f"),
                obstacle=of_obstacle(name, operation),
            )
            for name, seconds in longest[:_FOREMOST]
        ),
    )


def _obstacles_data(found: WhatHolds) -> Data:
    rows = [
        (kind, name, float(column.mean()), *band_of(column)[:3])
        for (kind, name), column in found.held.person_h.items()
    ]
    return Data(
        ("kind", "name", "person_hours_mean", "p5", "median", "p95"), tuple(rows)
    )
