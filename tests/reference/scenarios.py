"""Scenarios made up from a number: small, full of ties, with every mechanism.

Every other one is tense (few flows, one or two mechanisms at work, little chance), the
others are wide. From number 100,000 on they say more: see `tests.reference.besides`.
"""

from itertools import count
from random import Random

from sim.errors import ScenarioError
from sim.scenario import Clock, from_data
from tests.reference.besides import enrich
from tests.reference.further import enrich_further
from tests.reference.making import Maker
from tests.reference.pressures import agreements, stoppages, weather

STARTS = (
    ("UTC", "2020-01-01T00:00"),
    ("UTC", "2020-01-01T00:00"),
    ("UTC", "2020-01-01T05:00"),
    ("Europe/Berlin", "2020-03-28T18:00"),
    ("Europe/Berlin", "2020-10-24T20:00"),
    ("Asia/Damascus", "2016-03-24T12:00"),
    ("Asia/Damascus", "2016-10-27T16:00"),
)
KINDS = ("bus", "ambulance", "private")


def scenario(seed):
    """Return the data of the scenario of a number; the loader accepts it."""
    for attempt in count():
        rng = Random(f"{seed}/{attempt}")  # noqa: S311
        data = _made(rng, seed)
        try:
            from_data(data)
        except ScenarioError:
            continue
        return data
    raise AssertionError


def _made(rng, seed):
    wide = bool(seed % 2)
    zone, starts = rng.choice(STARTS if wide else STARTS[:3])
    make = Maker(rng, Clock(zone, starts), wide)
    data = {"operation": "made up", "zone": zone, "starts": starts}
    data["ends"] = make.end()
    data["sites"] = _sites(make)
    data |= _places(make)
    data["routes"] = _routes(make, data)
    data["fleets"] = _fleets(make, data)
    data["flows"] = _flows(make, data)
    _shares(make, data)
    data["agreements"] = agreements(make, data)
    data["stoppages"] = stoppages(make, data)
    data["weather"] = weather(make, data)
    enrich(make, data, seed)
    enrich_further(make, data, seed)
    return data


def _sites(make):
    sites = {}
    for side in ("north", "south", "east")[: make.several(1, 3, likely=2)]:
        groups = {}
        for group in ("families", "wounded")[: make.several(1, 2, likely=1)]:
            people = make.pick(10, 20, 30, 30, 40, 60)
            groups[group] = {"people": people, "priority": make.pick(1, 5, 5, 9)}
            if make.maybe(0.15):
                groups[group]["stay"] = make.pick(1, 5, people)
        sites[side] = {"groups": groups}
        if make.maybe(0.4):
            sites[side]["bays"] = make.pick(1, 1, 2, 3)
    sites["refuge"] = {"bays": make.pick(1, 2)} if make.maybe(0.3) else {}
    return sites


def _places(make):
    names = ("north-gate", "south-gate", "east-gate", "line", "approach", "beyond")
    found = {
        "gates": {gate: {} for gate in names},
        "checkpoints": {},
        "legs": {
            "road": {"time": make.duration()},
            "way": {"time": make.duration()},
            "ferry": {"time": make.duration()},
        },
    }
    if make.maybe(0.2):
        found["legs"]["ferry"] = {"length": "30 km", "speed": make.speed()}
    for post in ("post", "bridge"):
        found["checkpoints"][post] = {
            "lanes": make.pick(1, 1, 2),
            "inspection": make.duration(),
        }
    if make.maybe(0.25):  # gates of sides with lanes
        del found["gates"]["north-gate"]
        found["checkpoints"]["north-gate"] = {
            "lanes": make.pick(1, 2, 3),
            "inspection": make.duration(),
        }
    return found


def _routes(make, data):
    routes = {}
    sides = [site for site in data["sites"] if site != "refuge"]
    for side in sides:
        for number in range(make.several(1, 2, likely=1)):
            through = ["road", f"{side}-gate"]
            if make.maybe(0.5):
                through.reverse()
            through += make.some(["line", "post", "way", "bridge", "beyond"], 0.35)
            through.append(make.pick("road", "ferry", "way"))
            others = [site for site in sides if site != side]
            to = make.pick(*others) if others and make.maybe(0.12) else "refuge"
            routes[f"{side}-{number}"] = {
                "origin": side,
                "destination": to,
                "inbound": make.some(["way", "approach", "post", "road"], 0.25),
                "through": through,
                "back": make.some(["road", "bridge", "approach", f"{side}-gate"], 0.3),
            }
    return routes


def _fleets(make, data):
    fleets = {}
    for number in range(make.several(1, 4, likely=2)):
        fleet = {
            "kind": make.pick(*KINDS),
            "seats": make.pick(5, 10, 10, 20),
            "joins": {make.moment(0, 60): make.pick(1, 2, 3, 4)},
        }
        if make.maybe(0.2):
            fleet["joins"][make.moment(120, 600)] = make.pick(1, 2)
        if make.maybe(0.2):
            fleet["leaves"] = {make.moment(60, 900): 1}
        if number and make.maybe(0.4):
            fleet["carries"] = [make.pick("families", "wounded")]
        fleets[f"fleet-{number}"] = fleet
    return fleets


def _flows(make, data):
    flows = {}
    for number, (route, plan) in enumerate(data["routes"].items()):
        groups = list(data["sites"][plan["origin"]]["groups"])
        for part in range(make.several(1, 2, likely=1)):
            served = make.some(groups, 0.7) or groups
            flows[f"{route}{'ab'[part]}"] = _flow(make, data, route, served, number)
    return flows


def _flow(make, data, route, groups, number):
    fleets = list(data["fleets"])
    lead = fleets[number % len(fleets)] if make.maybe(0.5) else make.pick(*fleets)
    convoy = {lead: make.pick(1, 1, 2, 3)}
    if make.maybe(0.3):
        convoy[make.pick(*fleets)] = make.pick(1, 2)
    flow = {
        "route": route,
        "groups": groups,
        "convoy": convoy,
        "at_once": make.pick(1, 2, 3),
        "boarding": make.duration(),
        "unloading": make.duration(),
    }
    if make.maybe(0.4):
        flow["smallest"] = 1
    if make.maybe(0.2):
        flow["load"] = {lead: make.pick("3", "4 to 9", "10", "1 to 12")}
    if make.maybe(0.2):
        flow["returns"] = False
    if make.maybe(0.25):
        flow["headway"] = make.duration()
    if make.maybe(0.25):
        gates = [*data["gates"], *data["checkpoints"]]
        own = f"{data['routes'][route]['origin']}-gate"
        flow["boards_at"] = make.pick(own, own, *gates)
    return flow | _timetable(make)


def _timetable(make):
    times = {}
    if make.maybe(0.15):
        times["opens"] = make.moment(0, 300)
    if make.maybe(0.15):
        times["closes"] = make.moment(60, 1200)
    if make.maybe(0.15):
        times["hours"] = make.pick("06:00 to 18:00", "20:00 to 02:30", "00:00 to 03:00")
    if make.maybe(0.2):
        if make.maybe(0.5):
            clocks = ["00:00", "00:30", "02:30", "06:00", "08:00", "13:00"]
            times["dispatch_times"] = make.some(clocks, 0.4) or clocks[:2]
        else:
            dates = {make.moment(0, 600) for _ in range(make.pick(1, 2, 4))}
            times["dispatch_dates"] = sorted(dates)
        if make.maybe(0.6):
            times["if_missed"] = make.pick("late", "next", "drop")
    return times


def _shares(make, data):
    """Let fleets keep vehicles for flows, and prefer some of them."""
    for name, fleet in data["fleets"].items():
        users = [f for f, plan in data["flows"].items() if name in plan["convoy"]]
        leads = [f for f in users if next(iter(data["flows"][f]["convoy"])) == name]
        if users and make.maybe(0.2):
            fleet["reserve"] = {make.pick(*users): 1}
        if leads and make.maybe(0.25):
            fleet["priority"] = {make.pick(*leads): make.pick(1, 4, 9)}
