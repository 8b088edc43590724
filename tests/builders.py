"""Tiny operations for tests, built through the loader like any file."""

from copy import deepcopy

from sim.scenario import from_data

START = "2020-01-01T00:00"


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


def changed(data, **changes):
    """Return a copy of scenario data with some paths set; None removes."""
    data = deepcopy(data)
    for path, value in changes.items():
        *parents, last = path.replace("_D_", "-").split("__")
        node = data
        for key in parents:
            node = node.setdefault(key, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    return data


def operation(**changes):
    """Return a shuttle operation, changed by path, validated."""
    return from_data(shuttle(**changes))


def two_sides(north_buses=1, south_buses=1, terms=None, south_road="60 min", **changes):
    """Return two sites whose convoys cross only as an agreement lets them."""
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
    return from_data(changed(data, **changes))


def times(log, kind, convoy=None, place=None):
    """Return the minutes at which something happened."""
    return [
        event.time_s / 60
        for event in log.events
        if event.kind == kind
        and (convoy is None or event.convoy == convoy)
        and (place is None or event.place == place)
    ]
