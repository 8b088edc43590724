"""Checks on a stoppage: when it is, what it does, and whether it meets anybody."""

from collections.abc import Iterator
from math import log

from sim.distributions import Distribution, Shape
from sim.messages import Number, joined, say
from sim.scenario.checks.given import exactly_one, is_given
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import before, earliest
from sim.scenario.plans import StoppagePlan
from sim.scenario.problems import quoted

_ONE_OF = (
    ("starts", "starts_with", "every"),
    ("lasts", "until", "until_agreement"),
)
_MOST_OCCURRENCES = 10_000
_OF_FATE = {
    "detained_for": ("detain",),
    "afterwards": ("detain",),
    "catches": ("turn_back", "detain", "divert"),
    "to": ("divert",),
}
"""Fields that have a meaning for some values of `caught` only."""


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check when a stoppage is, and that its fields have a meaning together."""
    plan = draft.stoppages[name]
    here = ("stoppages", name)
    yield from _dates(plan, name)
    yield from _too_often(draft, plan, name)
    if plan.caught == "detain" and plan.detained_for is None:
        yield Finding(
            here,
            say(
                "the stoppage '{name}' detains convoys, but not for how long", name=name
            ),
            say("Add 'detained_for: ' and a duration."),
        )
    if plan.caught == "divert" and plan.to is None:
        yield Finding(
            here,
            say("the stoppage '{name}' diverts convoys, but not where to", name=name),
            say("Add 'to: ' and a route on which its gates are."),
        )
    if plan.gives_up_after is not None:
        yield from _patience(plan, name)
    if plan.meets is not None:
        yield from _meets(plan, name)
    for field, fates in _OF_FATE.items():
        if is_given(plan, field) and plan.caught not in fates:
            caught = joined((quoted(f"caught: {fate}") for fate in fates), " or ")
            yield Finding(
                (*here, field),
                say(
                    "'{field}' has no meaning for 'caught: {caught}'",
                    field=field,
                    caught=plan.caught,
                ),
                say("Write {caught}, or leave it out.", caught=caught),
            )


def _patience(plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Check that a convoy may be held for so long that its patience ends."""
    here = ("stoppages", name, "gives_up_after")
    patience = plan.gives_up_after
    assert patience is not None  # noqa: S101 - asked for only then
    if plan.caught != "hold" and plan.catches is None:
        yield Finding(
            here,
            say(
                "with 'caught: {caught}' and no 'catches' no convoy with "
                "people is held, so none gives up",
                caught=plan.caught,
            ),
            say("Leave it out, write 'catches', or 'caught: hold'."),
        )
    longest = None if plan.lasts is None else plan.lasts.high
    if isinstance(plan.starts, int) and isinstance(plan.until, int):
        longest = plan.until - plan.starts
    if longest is not None and longest <= patience.low:
        yield Finding(
            here,
            say("it is over before anybody's patience is"),
            say("Write a shorter time, or leave it out."),
        )


def _meets(plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Check that the convoys that it meets are some, and carry people."""
    here = ("stoppages", name)
    meets = plan.meets
    assert meets is not None  # noqa: S101 - asked for only then
    if meets.last is not None and meets.last < meets.first:
        yield Finding(
            (*here, "meets", "last"),
            say(
                "the last convoy that it meets comes before the first, {first}",
                first=meets.first,
            ),
            say("Write {first} or more.", first=meets.first),
        )
    for fleet in plan.loses:
        yield Finding(
            (*here, "loses", fleet),
            say(
                "it destroys empty vehicles, and with 'meets' the stoppage "
                "concerns convoys with people only"
            ),
            say("Write 'loses_loaded', or leave 'meets' out."),
        )


def _dates(plan: StoppagePlan, name: str) -> Iterator[Finding]:
    here = ("stoppages", name)
    for fields in _ONE_OF:
        yield from exactly_one(
            plan, fields, here, say("the stoppage '{name}'", name=name)
        )
    over = plan.until is not None and plan.until == plan.starts
    if over or before(plan.until, plan.starts):
        yield Finding(
            (*here, "until"),
            say("it ends before it begins"),
            say("Write a later moment."),
        )
    if plan.since is not None and plan.every is None:
        yield Finding(
            (*here, "since"),
            say("'since' has no meaning for a documented stoppage"),
            say("Leave it out, or write 'every' in place of 'starts'."),
        )
    if plan.every is not None and plan.until is not None:
        yield Finding(
            (*here, "until"),
            say("a random stoppage cannot end at one moment"),
            say("Write how long it lasts with 'lasts'."),
        )
    if plan.chance is not None and plan.every is not None:
        yield Finding(
            (*here, "chance"),
            say("a random stoppage has its chance in its rhythm already"),
            say("Leave it out, or write 'starts' in place of 'every'."),
        )
    for field in ("every", "lasts"):
        duration = getattr(plan, field)
        if duration is not None and duration.high < 1:
            yield Finding(
                (*here, field), say("this is no time at all"), say("Write 1 s or more.")
            )


def _too_often(draft: Draft, plan: StoppagePlan, name: str) -> Iterator[Finding]:
    """Check that a random stoppage does not come so often that a run never ends."""
    ends = draft.clock and draft.clock.horizon_s
    if plan.every is None or not ends:
        return
    between_s = _mean_s(plan.every, ends) + (
        _mean_s(plan.lasts, ends) if plan.lasts else 0
    )
    times = max(ends - earliest(plan.since), 0) / max(between_s, 1)
    if times > _MOST_OCCURRENCES:
        yield Finding(
            ("stoppages", name, "every"),
            say(
                "it would come about {times} times before the operation ends, "
                "and {most} are the most",
                times=Number(times, ",.0f"),
                most=Number(_MOST_OCCURRENCES, ",.0f"),
            ),
            say("Write a longer 'every' or 'lasts', or a later 'since'."),
        )


def _mean_s(duration: Distribution, most: float) -> float:
    """Return the mean; of a heavy tail, of what lies below a bound."""
    if duration.shape is Shape.PARETO:
        least, index = duration.low, duration.tail_index
        if most <= least or index == 1:
            return min(least, most) * (1 + max(log(most / least), 0))
        beyond: float = (least / most) ** (index - 1)
        return least * (1 + (1 - beyond) / (index - 1))
    if duration.shape is Shape.TRIANGULAR:
        return (duration.low + duration.best + duration.high) / 3
    return duration.best
