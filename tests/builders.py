"""Tiny operations for tests, built through the loader like any file."""

from copy import deepcopy

from sim.evidence.figures import Figure
from sim.scenario import from_data
from sim.words import Words

START = "2020-01-01T00:00"
NEVER = "2020-01-09T00:00"
"""Later than anything that a test looks at."""


def at(minute):
    """Return the date of a minute of the operation."""
    day, rest = divmod(minute, 24 * 60)
    return f"2020-01-{1 + day:02d}T{rest // 60:02d}:{rest % 60:02d}"


def halt(gates, since, until, **settings):
    """Return a stoppage of one gate, or of several in a list, between two minutes."""
    return {
        "cause": "a halt",
        "closes": [gates] if isinstance(gates, str) else gates,
        "starts": at(since),
        "until": at(until),
        **settings,
    }


def shuttle(**changes):
    """Return the data of one site, one bus and a road of an hour; change by path.

    `changes` are dotted paths with `__` for the dots: `fleets__buses__seats=3`.
    """
    data = {
        "operation": "test",
        "zone": "UTC",
        "starts": START,
        "ends": "2020-01-11T00:00",
        "sites": {
            "pocket": {"groups": {"civilians": {"people": 100}}},
            "refuge": {},
        },
        "fleets": {
            "buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
        },
        "legs": {"road": {"time": "60 min"}},
        "routes": {
            "out": {
                "origin": "pocket",
                "destination": "refuge",
                "through": ["road"],
                "back": ["road"],
            },
        },
        "flows": {
            "evacuation": {
                "route": "out",
                "groups": ["civilians"],
                "convoy": {"buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
        },
    }
    return changed(data, **changes)


def column(vehicles, **changes):
    """Return the data of so many cars of one person each that all set out at once."""
    return shuttle(
        **{
            "sites__pocket__groups__civilians__people": vehicles,
            "fleets__buses": {
                "kind": "private",
                "seats": 1,
                "joins": {START: vehicles},
            },
            "flows__evacuation__at_once": vehicles,
            "flows__evacuation__returns": False,
            "routes__out__back": None,
            **changes,
        }
    )


def changed(data, **changes):
    """Return a copy of scenario data with some paths set; None removes."""
    data = deepcopy(data)
    for path, value in changes.items():
        *parents, last = path.replace("_D_", "-").split("__")
        node = data
        for key in parents:
            node = node.setdefault(key, {})
        if value is None:
            node.pop(last, None)
        else:
            node[last] = value
    return data


def operation(**changes):
    """Return a shuttle operation, changed by path, validated."""
    return from_data(shuttle(**changes))


def with_gate(stoppages=None, **changes):
    """A bus for a hundred people that passes a gate at minute 70 of each trip."""
    return operation(
        **{
            "gates": {"gate": {}},
            "routes__out__through": ["road", "gate", "road"],
            "stoppages": stoppages or {},
            **changes,
        }
    )


def with_post(stoppages=None, lanes=1, inspection="30 min", **changes):
    """Two buses of fifty that come to a checkpoint together at minute 70."""
    return operation(
        **{
            "checkpoints": {"post": {"lanes": lanes, "inspection": inspection}},
            "routes__out__through": ["road", "post", "road"],
            "fleets__buses__joins": {START: 2},
            "flows__evacuation__at_once": 2,
            "stoppages": stoppages or {},
            **changes,
        }
    )


def two_sides(north_buses=1, south_buses=1, terms=None, south_road="60 min", **changes):
    """Return two sites whose convoys cross only as an agreement lets them.

    A bus that sets out at once is at its gate at minute 70 and has arrived at 135.
    """
    return from_data(
        two_sides_data(north_buses, south_buses, terms, south_road, **changes)
    )


def two_sides_data(
    north_buses=1, south_buses=1, terms=None, south_road="60 min", **changes
):
    """Return what `two_sides` makes an operation of."""
    data = shuttle()
    data["sites"] = {
        "north": {"groups": {"civilians": {"people": 100}}},
        "south": {"groups": {"civilians": {"people": 100}}},
        "refuge": {},
    }
    data["gates"] = {"north-gate": {}, "south-gate": {}}
    data["legs"] = {"road": {"time": "60 min"}, "slow-road": {"time": south_road}}
    data["fleets"] = {}
    data["routes"] = {}
    data["flows"] = {}
    for side, buses, road in (
        ("north", north_buses, "road"),
        ("south", south_buses, "slow-road"),
    ):
        data["fleets"][f"{side}-buses"] = {
            "kind": "bus",
            "seats": 50,
            "joins": {START: buses},
        }
        data["routes"][side] = {
            "origin": side,
            "destination": "refuge",
            "through": [road, f"{side}-gate", "road"],
            "back": ["road"],
        }
        data["flows"][side] = {
            "route": side,
            "groups": ["civilians"],
            "convoy": {f"{side}-buses": 1},
            "at_once": 2,
            "boarding": "10 min",
            "unloading": "5 min",
        }
    data["agreements"] = {
        "deal": {
            "parties": {
                "north": {"flows": ["north"], "gate": "north-gate"},
                "south": {"flows": ["south"], "gate": "south-gate"},
            },
            **(
                terms
                or {
                    "unit": "convoys",
                    "rule": "lockstep",
                    "tranches": [{"north": 1, "south": 1}, {"north": 1, "south": 1}],
                }
            ),
        }
    }
    return changed(data, **changes)


def named_first(data, table, name):
    """Return scenario data in which one part of a table is named before the others."""
    parts = data[table]
    return {**data, table: {name: parts[name], **parts}}


def three_sides(**changes):
    """As `two_sides`, released together; north and south come at 70, west at 130."""
    return two_sides(
        1,
        1,
        **{
            "sites__west": {"groups": {"civilians": {"people": 50}}},
            "gates__west_D_gate": {},
            "legs__long_D_road": {"time": "120 min"},
            "fleets__west_D_buses": {"kind": "bus", "seats": 50, "joins": {START: 1}},
            "routes__west": {
                "origin": "west",
                "destination": "refuge",
                "through": ["long-road", "west-gate", "road"],
            },
            "flows__west": {
                "route": "west",
                "groups": ["civilians"],
                "convoy": {"west-buses": 1},
                "boarding": "10 min",
                "unloading": "5 min",
            },
            "agreements__deal__parties__west": {
                "flows": ["west"],
                "gate": "west-gate",
            },
            "agreements__deal__rule": "simultaneous",
            "agreements__deal__tranches": [{"north": 1, "south": 1, "west": 1}],
            **changes,
        },
    )


def terms(rule, *tranches, unit="convoys", **settings):
    """Return terms of tranches, each what every side moves or what each of two does."""
    sides = "north", "south"
    return {
        "unit": unit,
        "rule": rule,
        "tranches": [
            dict(zip(sides, each, strict=True))
            if isinstance(each, tuple)
            else dict.fromkeys(sides, each)
            for each in tranches or (1, 1)
        ],
        **settings,
    }


def in_words(text):
    """Return in English what a report or a picture says."""
    return Words().of(text)


def times(log, kind, convoy=None, place=None):
    """Return the minutes at which something happened."""
    return [
        event.time_s / 60
        for event in log.events
        if event.kind == kind
        and (convoy is None or event.convoy == convoy)
        and (place is None or event.place == place)
    ]


def documented_figure(**changes):
    """Return a documented count of people arrived from `pocket`."""
    return Figure.model_validate(
        {
            "id": "A-1",
            "origin": "pocket",
            "metric": "cumulative_arrivals",
            "from": "2020-01-02T00:00",
            "low": "90",
            "best": "100",
            "high": "110",
            "bound": "interval",
            "unit": "people",
            "attributed_to": "+Agency",
            "family": "ICRC",
            "source": "S1",
            "role": "fit",
            **changes,
        }
    )
