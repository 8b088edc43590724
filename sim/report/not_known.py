"""What a forecast forgets and what it assumes instead, in words."""

from dataclasses import replace
from typing import Any

from sim.inference.forecast.changes import (
    Change,
    EndNotKnown,
    FlowNotKnown,
    GoesOn,
    MayCome,
    MayStop,
    NotKnown,
    Opens,
    PlanKnown,
    StopsAsWritten,
    VehiclesNotKnown,
)
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_agreement, of_flow, of_place, of_stoppage
from sim.words import Number, Text, joined, moment, say, share


def forgotten(change: Change, clock: Clock) -> tuple[Text, Text]:
    """Return what was not known at the moment, and what is assumed instead.

    Parameters
    ----------
    change : one of them.
    clock : of the operation.
    """
    match change:
        case NotKnown():
            return _of_the_file(change)
        case PlanKnown() | EndNotKnown():
            return _of_time(change, clock)
        case FlowNotKnown() | Opens() | VehiclesNotKnown():
            return _of_movement(change, clock)
        case GoesOn() | MayStop() | StopsAsWritten() | MayCome():
            return _of_stoppages(change, clock)


def titled(change: Change, operation: Operation) -> Change:
    """Return a change that names parts as readers know them, not by their keys.

    Parameters
    ----------
    operation : as it is told afterwards, which has all of them.
    """
    called: dict[str, Any] = {}
    match change:
        case NotKnown("agreement" | "terms", name):
            called["name"] = of_agreement(operation, name)
        case NotKnown("stoppage", name) | GoesOn(name) | MayCome(name):
            called["name"] = of_stoppage(operation, name)
        case NotKnown("phases", name) | Opens(name):
            called["name"] = of_flow(operation, name)
        case NotKnown(_, name):
            called["name"] = of_place(operation, name)
        case FlowNotKnown(name, other):
            called["name"] = of_flow(operation, name)
            called["instead"] = of_flow(operation, other)
        case MayStop(site):
            called["site"] = of_place(operation, site)
        case StopsAsWritten(site, names):
            called["site"] = of_place(operation, site)
            called["names"] = tuple(of_stoppage(operation, each) for each in names)
    return replace(change, **called)


def _of_the_file(change: NotKnown) -> tuple[Text, Text]:
    match change:
        case NotKnown("agreement", name):
            return say("agreement {name}", name=name), say("nobody moves under it")
        case NotKnown("terms", name):
            what = say("the terms of {name} after the moment", name=name)
            return what, say("the terms that were in force")
        case NotKnown("stoppage", name):
            return say("stoppage {name}", name=name), say("may come at random")
        case NotKnown("weather", name):
            return say("weather {name}", name=name), say("good weather")
        case NotKnown():
            return _of_later(change)


def _of_later(change: NotKnown) -> tuple[Text, Text]:
    """Return what a part of the file was still to do."""
    match change:
        case NotKnown("people", name):
            what = say(
                "who gets ready, comes, stays after all or moves on at {name}",
                name=name,
            )
            return what, say(
                "who was not ready is from the moment on; nobody else comes, stays or "
                "moves on"
            )
        case NotKnown("phases", name):
            what = say("the phases of {name} after the moment", name=name)
            return what, say("it goes on as it was")
        case NotKnown(_, name):
            what = say("what changes at {name} after the moment", name=name)
            return what, say("it stays as it was")


def _of_time(change: PlanKnown | EndNotKnown, clock: Clock) -> tuple[Text, Text]:
    match change:
        case PlanKnown(since_s):
            since = moment(clock, since_s)
            kept = say("kept as planned: the plan was known since {since}", since=since)
            return say("what joins, opens or begins later"), kept
        case EndNotKnown(days):
            run = say("the next {days} days are run", days=Number(days))
            return say("when it all ended"), run


def _of_movement(
    change: FlowNotKnown | Opens | VehiclesNotKnown, clock: Clock
) -> tuple[Text, Text]:
    match change:
        case FlowNotKnown(name, other):
            goes_on = say("{name} goes on", name=other)
            nothing = say("nothing goes on")
            return say("flow {name}", name=name), goes_on if other else nothing
        case Opens(name, opens_s):
            at = say("the moment of the forecast")
            if opens_s is not None:
                at = say("{moment}, as planned", moment=moment(clock, opens_s))
            return say("when {name} opens", name=name), at
        case VehiclesNotKnown(fleet, vehicles, known):
            more = Number(vehicles, ".0f")
            what = say("{more} vehicles more in {fleet}", more=more, fleet=fleet)
            stays = say("the fleet stays as it is")
            return what, stays if known else say("no such vehicles")


def _of_stoppages(
    change: GoesOn | MayStop | StopsAsWritten | MayCome, clock: Clock
) -> tuple[Text, Text]:
    match change:
        case GoesOn(name, hours, until_s):
            what, lasts = say("the end of {name}", name=name), Number(hours, ".0f")
            if until_s is None:
                return what, say(
                    "it goes on for {hours} h in the middle case", hours=lasts
                )
            until = moment(clock, until_s)
            return what, say(
                "it goes on for {hours} h, until {until}", hours=lasts, until=until
            )
        case MayStop(site, gap_h, lasts_h):
            instead = say(
                "one in {gap} h of open gates, for {lasts} h, on average",
                gap=Number(gap_h, ".0f"),
                lasts=Number(lasts_h, ".0f"),
            )
            return say("stoppages to come at {site}", site=site), instead
        case StopsAsWritten(site, names):
            instead = say(
                "those that the scenario draws at random: {names}",
                names=joined(names, ", "),
            )
            return say("stoppages to come at {site}", site=site), instead
        case MayCome(name, chance):
            instead = say(
                "it does in {share} of the runs, as the scenario says",
                share=share(chance),
            )
            return say("whether {name} comes", name=name), instead
