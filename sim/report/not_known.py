"""What a forecast forgets and what it assumes instead, in words."""

from sim.inference.forecast.changes import (
    Change,
    EndNotKnown,
    FlowNotKnown,
    GoesOn,
    MayStop,
    NotKnown,
    VehiclesNotKnown,
)
from sim.words import Number, Text, say


def forgotten(change: Change) -> tuple[Text, Text]:
    """Return what was not known at the moment, and what is assumed instead."""
    instead: Text
    match change:
        case NotKnown("agreement", name):
            what = say("agreement {name}", name=name)
            instead = say("nobody moves under it")
        case NotKnown("terms", name):
            what = say("the terms of {name} after the moment", name=name)
            instead = say("the terms that were in force")
        case NotKnown("stoppage", name):
            what = say("stoppage {name}", name=name)
            instead = say("may come at random")
        case NotKnown(_, name):
            what = say("weather {name}", name=name)
            instead = say("good weather")
        case FlowNotKnown(name, other):
            what = say("flow {name}", name=name)
            goes_on = say("{name} goes on", name=other)
            instead = goes_on if other else say("nothing goes on")
        case VehiclesNotKnown(fleet, vehicles, known):
            more = Number(vehicles, ".0f")
            what = say("{more} vehicles more in {fleet}", more=more, fleet=fleet)
            stays = say("the fleet stays as it is")
            instead = stays if known else say("no such vehicles")
        case GoesOn(name, hours):
            what = say("the end of {name}", name=name)
            instead = _goes_on(Number(hours, ".0f"), drawn=change.drawn)
        case MayStop(site, gap_h, lasts_h):
            what = say("stoppages to come at {site}", site=site)
            instead = say(
                "one in {gap} h of open gates, for {lasts} h, on average",
                gap=Number(gap_h, ".0f"),
                lasts=Number(lasts_h, ".0f"),
            )
        case EndNotKnown(days):
            what = say("when it all ended")
            instead = say("the next {days} days are run", days=Number(days))
    return what, instead


def _goes_on(hours: Number, *, drawn: bool) -> Text:
    if drawn:
        return say("it goes on for {hours} h on average", hours=hours)
    return say("it goes on for {hours} h", hours=hours)
