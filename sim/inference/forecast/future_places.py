"""Gates, checkpoints, legs and destinations as they were known at a moment."""

from sim.inference.forecast.changes import NotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.scenario import Operation
from sim.scenario.detours import destinations
from sim.scenario.plans import CheckpointPlan, GatePlan, LegPlan, SitePlan

Places = dict[str, CheckpointPlan | GatePlan | LegPlan]
_CHANGING = ("legs", "gates", "checkpoints")


def places_as_of(
    operation: Operation, known: InformationSet
) -> tuple[dict[str, Places], list[NotKnown]]:
    """Return places by section with the changes that were known, and what was not."""
    places: dict[str, Places] = {}
    forgotten = []
    for section in _CHANGING:
        places[section] = {}
        for name, plan in getattr(operation, section).items():
            changes = {
                at: change
                for at, change in plan.changes.items()
                if known.foreseen(at, None)
            }
            places[section][name] = plan.model_copy(update={"changes": changes})
            if len(changes) < len(plan.changes):
                forgotten.append(NotKnown("place", name))
    return places, forgotten


def with_rooms_of_use(told: Operation) -> dict[str, SitePlan]:
    """Return the sites, of which those to which nobody comes know no bounds."""
    reached = destinations(told)
    boundless: dict[str, object] = {"holds": None, "moves_on": {}}
    return {
        name: plan if name in reached else plan.model_copy(update=boundless)
        for name, plan in told.sites.items()
    }
