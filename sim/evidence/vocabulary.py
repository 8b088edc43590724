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
        "they are the same; all convoys, if both are empty.",
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


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "cumulative_arrivals": Meaning(
            "People who had arrived.", "as of", PEOPLE, selects=("group",)
        ),
        "cumulative_departures": Meaning(
            "People who had crossed their first gate.",
            "as of",
            PEOPLE,
            selects=("group",),
        ),
        "arrivals_between": Meaning(
            "People who arrived in a window.", "between", PEOPLE, selects=("group",)
        ),
        "vehicles_crossed_between": Meaning(
            "Vehicles of loaded convoys that crossed their first gate in a window.",
            "between",
            VEHICLES,
            selects=("kind",),
        ),
        "vehicles_arrived_between": Meaning(
            "Vehicles of loaded convoys that arrived in a window.",
            "between",
            VEHICLES,
            selects=("kind",),
        ),
        "convoys_arrived": Meaning(
            "Loaded convoys that had arrived.", "as of", CONVOYS
        ),
        "convoy_people": Meaning(
            "People of the convoy that was the n-th to arrive since `since`.",
            "since",
            PEOPLE,
            selects=("convoy", "group"),
            needs=("convoy",),
        ),
        "convoy_vehicles": Meaning(
            "Vehicles of the convoy that was the n-th to arrive since `since`.",
            "since",
            VEHICLES,
            selects=("convoy", "kind"),
            needs=("convoy",),
        ),
        "still_inside": Meaning(
            "People still at the site, those who stay included.",
            "as of",
            PEOPLE,
            selects=("group",),
        ),
        "turned_back_people": Meaning(
            "People in convoys that had been turned back.", "as of", PEOPLE
        ),
        "first_arrival": Meaning("First arrival.", "since", TIME, "moment", ("group",)),
        "last_arrival": Meaning("Last arrival.", "since", TIME, "moment", ("group",)),
        "first_crossing": Meaning(
            "First loaded convoy through its first gate.",
            "since",
            TIME,
            "moment",
            ("kind",),
        ),
        "last_crossing": Meaning(
            "Last loaded convoy through its first gate.",
            "since",
            TIME,
            "moment",
            ("kind",),
        ),
        "people_per_vehicle": Meaning(
            "Mean load of the vehicles that carried anybody through their first gate.",
            "at all",
            PEOPLE,
            "mean",
            ("kind",),
            needs=("kind",),
        ),
        "trip_time": Meaning(
            "Median time from the first gate to the arrival.",
            "at all",
            DURATION,
            "duration",
            ("convoy",),
        ),
        "cycle_time": Meaning(
            "Median time from setting out empty to being free again.",
            "at all",
            DURATION,
            "duration",
            ("convoy",),
        ),
        "vehicles_lost": Meaning(
            "Vehicles that had been destroyed.", "as of", VEHICLES, selects=("kind",)
        ),
    }
)
"""Every metric of the evidence table by its name."""

KINDS = ("bus", "ambulance", "private")
"""Values of `kind` in the `select` column."""
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "group": "a group of people of the site",
        "kind": f"a kind of vehicle: {', '.join(f'`{kind}`' for kind in KINDS)}",
        "convoy": "a convoy by its place among those that arrive: 1 for the first",
        "flow": "a flow that leaves the site",
        "destination": "a site to which a flow of the site leads",
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
ALL = "all"
"""Stands for every family of sources, where one can be asked for."""
