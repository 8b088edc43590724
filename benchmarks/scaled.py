"""Larger operations: the benchmark multiplied, many flows, long lines at gates."""

from typing import Any

from benchmarks.inputs import OPERATION
from sim.scenario import Operation, amended, from_data, load
from sim.scenario.moments import write


def multiplied(times: int) -> Operation:
    """Return the benchmark operation with everything there so many times.

    People, vehicles, convoys at once, bays, lanes and what is agreed: the same week,
    with `times` as many trips.
    """
    operation = load(OPERATION)
    numbers: dict[str, int] = {}
    for site, plan in operation.sites.items():
        if plan.bays is not None:
            numbers[f"sites.{site}.bays"] = plan.bays
        for group, people in plan.groups.items():
            numbers[f"sites.{site}.groups.{group}.people"] = people.people
    for fleet, vehicles in operation.fleets.items():
        for moment, number in vehicles.joins.items():
            numbers[f"fleets.{fleet}.joins.{write(moment, operation.clock)}"] = number
    for name, checkpoint in operation.checkpoints.items():
        numbers[f"checkpoints.{name}.lanes"] = checkpoint.lanes
    for flow, sent in operation.flows.items():
        numbers[f"flows.{flow}.at_once"] = sent.at_once
    for name, agreement in operation.agreements.items():
        for step, tranche in enumerate(agreement.tranches):
            for side, count in tranche.items():
                if count != "rest":
                    numbers[f"agreements.{name}.tranches.{step}.{side}"] = int(count)
    return amended(operation, {path: times * n for path, n in numbers.items()})


def many_flows(flows: int, *, one_agreement: bool) -> Operation:
    """Return an operation of so many towns that all depend on each other.

    Each town sends eight convoys of five buses over its own checkpoint and one that
    ten towns share.

    Parameters
    ----------
    flows : how many.
    one_agreement : all are sides of one agreement; otherwise each has one with the
        next town, which makes a ring.
    """
    towns = [f"town-{number}" for number in range(flows)]
    roads = [f"bridge-{number // 10}" for number in range(flows)]
    agreements = {
        f"between-{a}-{b}": _agreement([a, b])
        for a, b in zip(towns, [*towns[1:], towns[0]], strict=True)
    }
    return from_data(
        {
            "operation": f"{flows} towns",
            "zone": "Asia/Damascus",
            "starts": "2016-12-01T00:00",
            "ends": "2016-12-31T00:00",
            "sites": {
                **{town: _site() for town in towns},
                "harbour": {"bays": 2 * flows},
            },
            "fleets": {f"{town}-buses": _fleet() for town in towns},
            "gates": {f"{town}-exit": {} for town in towns},
            "checkpoints": {
                name: {"lanes": lanes, "inspection": "2 min to 9 min, mostly 4 min"}
                for name, lanes in [
                    *((f"{town}-post", 1) for town in towns),
                    *((road, 8) for road in dict.fromkeys(roads)),
                ]
            },
            "legs": {f"{town}-road": {"time": "1 h to 3 h"} for town in towns},
            "routes": {
                town: {
                    "origin": town,
                    "destination": "harbour",
                    "through": [
                        f"{town}-exit",
                        f"{town}-road",
                        f"{town}-post",
                        road,
                        f"{town}-road",
                    ],
                    "back": [f"{town}-road"],
                }
                for town, road in zip(towns, roads, strict=True)
            },
            "flows": {town: _flow(town) for town in towns},
            "agreements": {"all": _agreement(towns)} if one_agreement else agreements,
        }
    )


def long_lines(convoys: int, *, rule: str) -> Operation:
    """Return an operation of two towns whose convoys all stand at their gates.

    The second town is two hours farther away: all convoys of the first wait for it, and
    then cross one by one.

    Parameters
    ----------
    convoys : of each town.
    rule : of the agreement between them.
    """
    towns = {"near": "1 h", "far": "3 h"}
    return from_data(
        {
            "operation": f"{convoys} convoys in line",
            "zone": "Asia/Damascus",
            "starts": "2016-12-01T00:00",
            "ends": "2016-12-31T00:00",
            "sites": {
                **{town: _site(convoys, convoys) for town in towns},
                "harbour": {},
            },
            "fleets": {f"{town}-buses": _fleet(convoys) for town in towns},
            "gates": {f"{town}-exit": {} for town in towns},
            "legs": {f"{town}-road": {"time": time} for town, time in towns.items()},
            "routes": {
                town: {
                    "origin": town,
                    "destination": "harbour",
                    "through": [f"{town}-road", f"{town}-exit"],
                }
                for town in towns
            },
            "flows": {
                town: {**_flow(town, 1), "at_once": convoys, "returns": False}
                for town in towns
            },
            "agreements": {
                "all": {
                    "parties": _parties(list(towns)),
                    "unit": "convoys",
                    "rule": rule,
                    "tranches": [dict.fromkeys(towns, 1)] * convoys,
                }
            },
        }
    )


def _site(buses: int = 40, bays: int = 3) -> dict[str, Any]:
    return {"groups": {"residents": {"people": buses * 45}}, "bays": bays}


def _fleet(buses: int = 5) -> dict[str, Any]:
    return {
        "kind": "bus",
        "seats": 45,
        "joins": {"2016-12-01T00:00": buses},
        "carries": ["residents"],
    }


def _flow(town: str, buses: int = 5) -> dict[str, Any]:
    return {
        "route": town,
        "groups": ["residents"],
        "convoy": {f"{town}-buses": buses},
        "boarding": "20 min to 60 min",
        "unloading": "12 min to 35 min",
    }


def _parties(towns: list[str]) -> dict[str, Any]:
    return {town: {"flows": [town], "gate": f"{town}-exit"} for town in towns}


def _agreement(towns: list[str]) -> dict[str, Any]:
    return {
        "parties": _parties(towns),
        "unit": "convoys",
        "rule": "lockstep",
        "counted_at": "arrival",
        "tranches": [
            *(dict.fromkeys(towns, 2) for _ in range(3)),
            dict.fromkeys(towns, "rest"),
        ],
    }
