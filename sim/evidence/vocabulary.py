"""What a documented figure can be about: the names allowed in the `metric` column."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

When = Literal["as of", "between", "since", "at all"]
"""What the columns `from` and `to` mean; see `WINDOWS`."""
WINDOWS: Mapping[str, str] = MappingProxyType(
    {
        "as of": "It holds at some moment from `from` to `to`; nobody says at which.",
        "between": "It counts what happens from `from` up to `to` or, with `since`, "
        "from `since` up to some moment from `from` to `to`. The end does not belong "
        "to it.",
        "since": "It is about what happens at or after `since` or, without one, "
        "`from`. For the last of something only `since` counts, and with it nothing "
        "at or after `to`.",
        "at all": "It is about convoys that left from `from` up to `to`, or by then if "
        "they are the same; all convoys, if both are empty. A journey begins "
        "when a convoy sets out, time at a place when it first stands there, all else "
        "with the first gate.",
    }
)
"""What the columns `from` and `to` mean. An empty `to` is the same as `from`."""
Quantity = Literal["count", "mean", "moment", "duration"]
"""A count is whole; a mean is not, and has the unit of what it is the mean of. A moment
has local times as values."""
SECONDS_PER_UNIT: Mapping[str, int] = MappingProxyType({"h": 3600, "min": 60})
"""Units of durations."""
PEOPLE, VEHICLES, CONVOYS, TIME = ("people",), ("vehicles",), ("convoys",), ("time",)
DURATION = tuple(SECONDS_PER_UNIT)


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a documented metric is to be understood.

    Attributes
    ----------
    says : one sentence for tables and error messages.
    when : what `from` and `to` mean.
    units : in which the values may be.
    quantity : what the values are.
    selects : keys allowed in `select`.
    needs : keys that `select` must have.
    """

    says: str
    when: When
    units: tuple[str, ...]
    quantity: Quantity = "count"
    selects: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_WAY = ("flow", "destination")
_PEOPLE_BY = ("group", *_WAY)
_VEHICLES_BY = ("kind", "group", *_WAY)
_AT_PLACE = ("place", *_VEHICLES_BY)
_GATE = "their first gate, or the gate that `place` names"

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "cumulative_arrivals": Meaning(
            "People who had arrived.", "as of", PEOPLE, selects=_PEOPLE_BY
        ),
        "cumulative_departures": Meaning(
            f"People who had crossed {_GATE}.",
            "as of",
            PEOPLE,
            selects=("place", *_PEOPLE_BY),
        ),
        "arrivals_between": Meaning(
            "People who arrived in a window.", "between", PEOPLE, selects=_PEOPLE_BY
        ),
        "departures_between": Meaning(
            f"People who crossed {_GATE} in a window.",
            "between",
            PEOPLE,
            selects=("place", *_PEOPLE_BY),
        ),
        "vehicles_crossed_between": Meaning(
            f"Vehicles of loaded convoys that crossed {_GATE} in a window.",
            "between",
            VEHICLES,
            selects=_AT_PLACE,
        ),
        "vehicles_arrived_between": Meaning(
            "Vehicles of loaded convoys that arrived in a window.",
            "between",
            VEHICLES,
            selects=_VEHICLES_BY,
        ),
        "vehicles_entered": Meaning(
            "Vehicles, loaded or empty, that had come to a site, or had gone through "
            "a gate, checkpoint or leg; a convoy counts the first time.",
            "as of",
            VEHICLES,
            selects=_AT_PLACE,
            needs=("place",),
        ),
        "vehicles_waiting": Meaning(
            "Vehicles, loaded or empty, that stood at a place: held, detained, or in "
            "line for a bay or a lane.",
            "as of",
            VEHICLES,
            selects=_AT_PLACE,
            needs=("place",),
        ),
        "convoys_arrived": Meaning(
            "Loaded convoys that had arrived.", "as of", CONVOYS, selects=_PEOPLE_BY
        ),
        "convoy_people": Meaning(
            "People of the convoy that was the n-th to arrive since `since`.",
            "since",
            PEOPLE,
            selects=("convoy", *_PEOPLE_BY),
            needs=("convoy",),
        ),
        "convoy_vehicles": Meaning(
            "Vehicles of the convoy that was the n-th to arrive since `since`.",
            "since",
            VEHICLES,
            selects=("convoy", "kind", *_WAY),
            needs=("convoy",),
        ),
        "still_inside": Meaning(
            "People still at the site, those who stay included.",
            "as of",
            PEOPLE,
            selects=("group",),
        ),
        "turned_back_people": Meaning(
            "People in convoys that had been turned back.",
            "as of",
            PEOPLE,
            selects=_WAY,
        ),
        "first_arrival": Meaning("First arrival.", "since", TIME, "moment", _PEOPLE_BY),
        "last_arrival": Meaning("Last arrival.", "since", TIME, "moment", _PEOPLE_BY),
        "first_crossing": Meaning(
            "First loaded convoy through its first gate, or through `place`.",
            "since",
            TIME,
            "moment",
            _AT_PLACE,
        ),
        "last_crossing": Meaning(
            "Last loaded convoy through its first gate, or through `place`.",
            "since",
            TIME,
            "moment",
            _AT_PLACE,
        ),
        "people_per_vehicle": Meaning(
            "Mean load of the vehicles that carried anybody through their first gate.",
            "at all",
            PEOPLE,
            "mean",
            ("kind", *_WAY),
            needs=("kind",),
        ),
        "trip_time": Meaning(
            "Median time from the first gate to the arrival.",
            "at all",
            DURATION,
            "duration",
            ("convoy", *_PEOPLE_BY),
        ),
        "journey_time": Meaning(
            "Median time from setting out, when all have boarded, to the arrival; what "
            "the convoy is held at its first gate is in it.",
            "at all",
            DURATION,
            "duration",
            ("convoy", *_PEOPLE_BY),
        ),
        "hold_time": Meaning(
            "Median time that loaded convoys stood at a place, of those that did: "
            "held, detained, or in line for a bay or a lane.",
            "at all",
            DURATION,
            "duration",
            ("place", "convoy", *_PEOPLE_BY),
            needs=("place",),
        ),
        "cycle_time": Meaning(
            "Median time from setting out empty to being free again.",
            "at all",
            DURATION,
            "duration",
            ("convoy", *_PEOPLE_BY),
        ),
        "vehicles_lost": Meaning(
            "Vehicles that had been destroyed.",
            "as of",
            VEHICLES,
            selects=_VEHICLES_BY,
        ),
    }
)
"""Every metric of the evidence table by its name."""

STOCK_METRICS = frozenset({"still_inside", "vehicles_waiting"})
"""Metrics that tell what is there at a moment, not what has come since another."""
KINDS = ("bus", "ambulance", "private")
"""Values of `kind` in the `select` column."""
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "group": "a group of people of the site",
        "kind": f"a kind of vehicle: {', '.join(f'`{kind}`' for kind in KINDS)}",
        "convoy": "a convoy by its place among those that arrive: 1 for the first",
        "flow": "a flow that leaves the site",
        "destination": "a site to which a flow of the site leads",
        "place": "a site, gate, checkpoint or leg on the way of a flow of the site; of "
        "what crosses, a gate or checkpoint that its people pass",
    }
)
"""Keys of the `select` column, and what their values name."""
BOUNDS: Mapping[str, str] = MappingProxyType(
    {
        "exact": "`best` is the number; `low` and `high` are empty or the same.",
        "about": "A rounded or vague number, with how far it may be off.",
        "interval": "The source gives, or sources together give, a least and a most.",
        "at_least": "`low` is the least; there is no most.",
        "at_most": "`high` is the most; there is no least.",
    }
)
"""Kinds of statement."""
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "fit": "Shown to calibration, and compared with the runs. One row of a claim.",
        "check": "Only compared with the runs.",
        "context": "For readers: not compared, unless asked for.",
    }
)
"""What is done with a row."""
ALL_FAMILIES = "all"
"""Stands for every family of sources, where one can be asked for."""
