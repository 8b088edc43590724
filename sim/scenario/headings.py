"""What readers call the fields of a scenario, where their names read badly."""

from collections.abc import Mapping
from types import MappingProxyType

_OF_ANY_PART: Mapping[str, str] = MappingProxyType(
    {
        "afterwards": "After detention",
        "ahead": "Tranches ahead",
        "at": "Position",
        "at_most": "Most in a day or week",
        "at_once": "Convoys at a time",
        "band": "Tranches further",
        "boarding": "Time to board a vehicle",
        "boards_at": "Boards at the gate",
        "breaches": "Agreements broken",
        "carries": "Groups carried",
        "catches": "Most convoys caught",
        "caught": "Convoys before a closed gate",
        "convoy": "Vehicles in a full convoy",
        "crossing": "Time to cross",
        "deters": "Nobody sets out meanwhile",
        "dispatch_dates": "Dates of departure",
        "dispatch_times": "Times of departure",
        "each": "One tranche each",
        "evidence": "Supported by",
        "first": "Side that goes first",
        "headway": "Time between convoys",
        "if_missed": "If a departure is missed",
        "in_force": "In force from",
        "inbound": "Way to the origin, empty",
        "back": "Way back, empty",
        "inspection": "Time to inspect a vehicle",
        "lasts": "How long it lasts",
        "lead": "Lead over the others",
        "leaves": "Vehicles withdrawn",
        "load": "People in a vehicle",
        "loses": "Empty vehicles destroyed",
        "loses_loaded": "Vehicles destroyed with people",
        "meets": "Convoys concerned",
        "moves_on": "People who move on",
        "never": "Does not happen",
        "parties": "Sides",
        "parts": "Convoys cross in parts",
        "picks_up": "Picks up on the way",
        "plan_known": "Plan known since",
        "places": "Vehicles that fit",
        "release_hours": "Hours of leaving the site",
        "release_times": "Times of leaving the site",
        "requires": "Must happen first",
        "reserve": "Vehicles kept for a flow",
        "returns": "Vehicles come back",
        "sets": "Fields set together",
        "size": "Convoys in a batch",
        "smallest": "Smallest convoy",
        "speed": "Driving speed",
        "spread": "Range",
        "stages": "Other stages",
        "starts_with": "Begins with a convoy",
        "stay": "People who stay",
        "suspends": "Agreements suspended",
        "through": "Way with people aboard",
        "time": "Driving time",
        "to": "Diverted to",
        "unaccounted": "People unaccounted for",
        "uncertain": "What is not known",
        "unit": "What tranches count",
        "unloading": "Time to unload a vehicle",
        "until_agreement": "Until an agreement is in force",
        "waits": "Longest wait",
        "withdraws": "People who decide to stay",
        "zone": "Time zone",
    }
)
_OF_ONE_PART: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "operation": {"operation": "Title", "evidence": "Evidence table"},
        "site": {"bays": "Loading bays", "holds": "Most people at a time"},
        "group": {
            "joins": "People who join",
            "ready": "Ready from",
            "people": "People at the start",
        },
        "fleet": {"joins": "Vehicles that join", "kind": "Kind of vehicle"},
        "leg": {"holds": "Most vehicles at a time"},
        "legchange": {"holds": "Most vehicles at a time"},
        "release": {"every": "Time between releases", "vehicles": "Vehicles at a time"},
        "precondition": {
            "on": "At a moment",
            "after": "After the proposal",
            "agreement": "When an agreement is completed",
            "arrived": "When people have arrived",
        },
        "flow": {"closes": "No departure from"},
        "ferry": {"boarding": "Time to drive aboard"},
        "meets": {"first": "First convoy", "last": "Last convoy"},
        "startswith": {"convoy": "Which convoy", "at": "Gate or checkpoint"},
        "stoppage": {
            "chance": "Chance of coming",
            "closes": "Gates closed",
            "every": "Time between stoppages",
            "flows": "Flows concerned",
        },
        "policy": {"kind": "Kind of policy"},
    }
)


def heading_of(part: str, field: str) -> str:
    """Return what readers call a field; made of its name if that reads well.

    Parameters
    ----------
    part : as the reference calls it.
    field : its name in a file.
    """
    own = _OF_ONE_PART.get(part, {}).get(field) or _OF_ANY_PART.get(field)
    return own or field.replace("_", " ").capitalize()
