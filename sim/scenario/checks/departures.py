"""Checks on when the convoys of a flow may set out."""

from collections.abc import Iterator, Sequence

from sim.messages import Text, say
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
            say("'{name}' has both 'dispatch_times' and 'dispatch_dates'", name=name),
            say("Give one of them."),
        )
    if flow.if_missed and not flow.dispatch_times and not flow.dispatch_dates:
        yield Finding(
            (*here, "if_missed"),
            say("'if_missed' has no meaning without departures that could be missed"),
            say("Add 'dispatch_times' or 'dispatch_dates', or leave it out."),
        )
    times = (*here, "dispatch_times")
    yield from _times(flow.dispatch_times, flow.hours, times, say("hours of the flow"))
    times = (*here, "release_times")
    yield from _times(
        flow.release_times,
        flow.release_hours,
        times,
        say("'release_hours' of the flow"),
    )


def _times(
    times: Sequence[int], hours: Hours | None, here: tuple[str, ...], whose: Text
) -> Iterator[Finding]:
    outside = [time for time in times if hours and not hours.include(time)]
    if times and len(outside) == len(times):
        yield Finding(
            here,
            say("none of these times lies within the {whose}", whose=whose),
            say("Change the times or the hours."),
        )
        outside = []
    for number, time in enumerate(times):
        if time in times[:number]:
            yield Finding(
                (*here, number),
                say("{time} is given twice", time=write_time(time)),
                say("Keep one."),
            )
        elif time in outside:
            yield Finding(
                (*here, number),
                say(
                    "{time} lies outside the {whose}",
                    time=write_time(time),
                    whose=whose,
                ),
                say("Change the time or the hours."),
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
    never: Text = ""
    if flow.hours and not any(s < closes and e > opens for s, e in windows):
        field, never = "hours", say("these hours do not fall")
    elif flow.dispatch_times and not any(
        opens <= moment < closes
        for moment in clock.moments(flow.dispatch_times, clock.horizon_s)
    ):
        field, never = "dispatch_times", say("none of these times falls")
    if never:
        yield Finding(
            ("flows", name, field),
            say(
                "no convoy can ever set out: {never} between {first} and {last}",
                never=never,
                first=clock.text(opens),
                last=clock.text(closes),
            ),
            say("Change '{field}', 'opens' or 'closes'.", field=field),
        )
    else:
        yield from _dates(flow, clock, ("flows", name, "dispatch_dates"), windows)


def release_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that loaded convoys can ever leave the site."""
    flow, clock = draft.flows[name], draft.clock
    if clock is None or clock.horizon_s is None:
        return
    never: Text = ""
    if flow.release_hours and not clock.windows(flow.release_hours, clock.horizon_s):
        field, never = "release_hours", say("these hours do not fall")
    elif flow.release_times and not clock.moments(flow.release_times, clock.horizon_s):
        field, never = "release_times", say("none of these times falls")
    if never:
        yield Finding(
            ("flows", name, field),
            say(
                "no convoy that has boarded ever leaves: {never} between "
                "{first} and {last}",
                never=never,
                first=clock.text(0),
                last=clock.text(clock.horizon_s),
            ),
            say("Change '{field}', or when the operation ends.", field=field),
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
        fault: Text = ""
        at = str(write(moment, clock))
        if moment in dates[:number]:
            fault = say("{moment} is given twice", moment=at)
        elif not isinstance(moment, int):
            continue
        elif before(moment, flow.opens):
            opens = clock.text(earliest(flow.opens))
            fault = say(
                "{moment} is before the flow opens ({opens})", moment=at, opens=opens
            )
        elif moment == flow.closes or before(flow.closes, moment):
            closes = clock.text(earliest(flow.closes))
            fault = say(
                "{moment} is not before the flow closes ({closes})",
                moment=at,
                closes=closes,
            )
        elif clock.horizon_s is not None and moment >= clock.horizon_s:
            fault = say("{moment} is when the operation ends", moment=at)
        elif flow.hours and not any(s <= moment < e for s, e in windows):
            fault = say("{moment} lies outside the hours of the flow", moment=at)
        if fault:
            yield Finding(
                (*here, number),
                fault,
                say("Write another moment, or leave it out."),
            )
