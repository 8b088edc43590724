"""Checks on when the convoys of a flow may set out."""

from collections.abc import Iterator, Sequence

from sim.scenario.clock import Clock, Hours
from sim.scenario.draft import Draft, Finding
from sim.scenario.moments import Hanging, before, earliest, write
from sim.scenario.plans import FlowPlan
from sim.scenario.times import write_time

DATES = {"opens", "closes", "dispatch_dates"}
"""Fields of a flow that `date_findings` looks at and that may be amended."""


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check which departures are given, and their times of day."""
    flow = draft.flows[name]
    here = ("flows", name)
    if flow.dispatch_times and flow.dispatch_dates:
        yield Finding(
            (*here, "dispatch_dates"),
            f"'{name}' has both 'dispatch_times' and 'dispatch_dates'",
            "Give one of them.",
        )
    if flow.if_missed and not flow.dispatch_times and not flow.dispatch_dates:
        yield Finding(
            (*here, "if_missed"),
            "'if_missed' has no meaning without departures that could be missed",
            "Add 'dispatch_times' or 'dispatch_dates', or leave it out.",
        )
    times = (*here, "dispatch_times")
    yield from _times(flow.dispatch_times, flow.hours, times, "hours of the flow")
    times = (*here, "release_times")
    yield from _times(
        flow.release_times, flow.release_hours, times, "'release_hours' of the flow"
    )


def _times(
    times: Sequence[int], hours: Hours | None, here: tuple[str, ...], whose: str
) -> Iterator[Finding]:
    outside = [time for time in times if hours and not hours.include(time)]
    if times and len(outside) == len(times):
        yield Finding(
            here,
            f"none of these times lies within the {whose}",
            "Change the times or the hours.",
        )
        outside = []
    for number, time in enumerate(times):
        if time in times[:number]:
            yield Finding(
                (*here, number), f"{write_time(time)} is given twice", "Keep one."
            )
        elif time in outside:
            yield Finding(
                (*here, number),
                f"{write_time(time)} lies outside the {whose}",
                "Change the time or the hours.",
            )


def date_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that a flow has a time in which convoys may set out, for every date."""
    flow, clock = draft.flows[name], draft.clock
    if clock is None or clock.horizon_s is None:
        return
    closes = earliest(clock.horizon_s if flow.closes is None else flow.closes)
    opens = earliest(flow.opens)
    if isinstance(flow.closes, Hanging):
        closes = clock.horizon_s
    if opens >= closes:
        return
    windows = clock.windows(flow.hours, clock.horizon_s) if flow.hours else ()
    never = ""
    if flow.hours and not any(s < closes and e > opens for s, e in windows):
        field, never = "hours", "these hours do not fall"
    elif flow.dispatch_times and not any(
        opens <= moment < closes
        for moment in clock.moments(flow.dispatch_times, clock.horizon_s)
    ):
        field, never = "dispatch_times", "none of these times falls"
    if never:
        yield Finding(
            ("flows", name, field),
            f"no convoy can ever set out: {never} between "
            f"{clock.text(opens)} and {clock.text(closes)}",
            f"Change '{field}', 'opens' or 'closes'.",
        )
    else:
        yield from _dates(flow, clock, ("flows", name, "dispatch_dates"), windows)


def release_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that loaded convoys can ever leave the site."""
    flow, clock = draft.flows[name], draft.clock
    if clock is None or clock.horizon_s is None:
        return
    never = ""
    if flow.release_hours and not clock.windows(flow.release_hours, clock.horizon_s):
        field, never = "release_hours", "these hours do not fall"
    elif flow.release_times and not clock.moments(flow.release_times, clock.horizon_s):
        field, never = "release_times", "none of these times falls"
    if never:
        yield Finding(
            ("flows", name, field),
            f"no convoy that has boarded ever leaves: {never} between "
            f"{clock.text(0)} and {clock.text(clock.horizon_s)}",
            f"Change '{field}', or when the operation ends.",
        )


def _dates(
    flow: FlowPlan,
    clock: Clock,
    here: tuple[str, ...],
    windows: tuple[tuple[int, int], ...],
) -> Iterator[Finding]:
    """Check each departure by itself: at none of these could a convoy set out."""
    dates = flow.dispatch_dates
    for number, moment in enumerate(dates):
        fault = ""
        if moment in dates[:number]:
            fault = "is given twice"
        elif not isinstance(moment, int):
            continue
        elif before(moment, flow.opens):
            fault = f"is before the flow opens ({clock.text(earliest(flow.opens))})"
        elif moment == flow.closes or before(flow.closes, moment):
            closes = clock.text(earliest(flow.closes))
            fault = f"is not before the flow closes ({closes})"
        elif clock.horizon_s is not None and moment >= clock.horizon_s:
            fault = "is when the operation ends"
        elif flow.hours and not any(s <= moment < e for s, e in windows):
            fault = "lies outside the hours of the flow"
        if fault:
            yield Finding(
                (*here, number),
                f"{write(moment, clock)} {fault}",
                "Write another moment, or leave it out.",
            )
