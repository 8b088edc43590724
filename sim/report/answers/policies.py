"""What comes of policies against each other: completion, breaches, hours held."""

from collections.abc import Sequence

import numpy as np

from sim.answers.policies import Duel
from sim.experiment.bands import band_of
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.pictures import bars
from sim.report.contents import (
    Cell,
    Column,
    Data,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.plans import PolicyPlan
from sim.scenario.titles import of_agreement
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

_BY, _APART = say("half of these by"), say("furthest apart")
_ASIDE = frozenset({_BY, _APART})
"""Columns that are left out where there is little room."""
_HOW_TO_READ = say(
    "A policy is how a side answers the others within the terms; what each does stands "
    "under 'policy' in docs/scenario-reference.md. It is a scenario, never an estimate "
    "of what a party would do. Person-hours: all waiting of all sites, and of that in "
    "convoys that stood. On the page and in the workbook, 'furthest apart' is the most "
    "people by which one side was ahead (mean of the runs)."
)


def report_on_policies(
    operation: Operation, agreement: str, duels: Sequence[Duel], *, command: str
) -> Report:
    """Return what comes of every combination of policies.

    Parameters
    ----------
    operation : that was asked about.
    agreement : of whose sides.
    duels : every combination.
    command : with which to repeat it.
    """
    ranked = sorted(duels, key=_waiting)
    study = duels[0].study
    runs = say_many(
        "{count} combination, {runs} runs of each under the same luck, seed {seed}.",
        "{count} combinations, {runs} runs of each under the same luck, seed {seed}.",
        len(duels),
        runs=Number(len(study.replications)),
        seed=str(study.seed),
    )
    return Report(
        title=say(
            "Policies under {agreement}", agreement=of_agreement(operation, agreement)
        ),
        answer=_answer(ranked),
        sections=(
            Section("runs", say("What was run"), (joined([runs, BANDS[study.band]]),)),
            Section(
                "policies",
                say("Every combination, least waiting first"),
                (_picture(ranked, operation, runs),),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"policies": _data(duels)},
    )


def _waiting(duel: Duel) -> float:
    return float(duel.study.metric(f"waiting/{ALL_SITES}").mean())


def _held(duel: Duel) -> float:
    return float(duel.study.metric(f"held_aboard/{ALL_SITES}").mean())


def _completed(duel: Duel) -> float:
    return float(np.isfinite(duel.completed_h).mean())


def _answer(ranked: Sequence[Duel]) -> Text:
    """Return which combination costs least, and which most."""
    best, worst = ranked[0], ranked[-1]
    if _waiting(best) == _waiting(worst):
        return say("It makes no difference how the sides answer each other.")
    return joined(
        [
            say(
                "People wait least, {hours} person-hours on average, with {policies}; "
                "the agreement is then completed in {share} of the runs.",
                hours=Number(_waiting(best)),
                policies=_named(best),
                share=share(_completed(best)),
            ),
            say(
                "They wait most, {hours} person-hours, with {policies} ({share} "
                "completed).",
                hours=Number(_waiting(worst)),
                policies=_named(worst),
                share=share(_completed(worst)),
            ),
        ]
    )


def _named(duel: Duel) -> Text:
    return listed(
        say("{policy} ({side})", policy=in_words(policy), side=side)
        for side, policy in duel.policies.items()
    )


def in_words(policy: PolicyPlan) -> str:
    """Return a policy as a scenario names it, with what it needs."""
    given = policy.model_dump(mode="json")
    if isinstance(given, str):
        return given
    settings = (f"{name}={value}" for name, value in given.items() if name != "kind")
    return " ".join([policy.kind, *settings])


def _picture(
    ranked: Sequence[Duel], operation: Operation, runs: Text
) -> Picture | None:
    rows = [
        Bar(" / ".join(map(in_words, each.policies.values())), _waiting(each))
        for each in ranked
    ]
    return bars(
        "policies",
        say("All waiting by combination, {sides}", sides=_sides(ranked[0])),
        rows,
        say("person-hours"),
        operation,
        shows=say("Mean of the runs, least first."),
        foot=runs,
        shown=_table(ranked, operation),
    )


def _sides(duel: Duel) -> str:
    return " / ".join(duel.policies)


def _table(ranked: Sequence[Duel], operation: Operation) -> Table:
    sides = tuple(ranked[0].policies)
    headings = (
        say("person-hours"),
        say("held"),
        say("completed"),
        _BY,
        say("breached"),
        _APART,
    )
    rows = []
    for each in ranked:
        band = band_of(each.completed_h)
        rows.append(
            (
                *(in_words(each.policies[side]) for side in sides),
                Number(_waiting(each)),
                Number(_held(each)),
                share(_completed(each)),
                moment(operation.clock, band.median * SECONDS_PER_HOUR),
                share(float((each.breaches > 0).mean())),
                Number(float(each.apart.mean())),
            )
        )
    return table(
        say("Policies"),
        say("What comes of every combination: mean of the runs"),
        (
            *(Column(side, whole=True) for side in sides),
            *(Column(each, number=True, aside=each in _ASIDE) for each in headings),
        ),
        rows,
    )


def _data(duels: Sequence[Duel]) -> Data:
    sides = tuple(duels[0].policies)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(in_words(each.policies[side]) for side in sides),
            len(each.breaches),
            _waiting(each),
            _held(each),
            _completed(each),
            float(each.breaches.mean()),
            float(each.apart.mean()),
        )
        for each in duels
    )
    names = ("runs", "waiting", "held_aboard", "completed", "breaches", "apart")
    return Data((*sides, *names), rows)
