"""Small operations made up by Hypothesis; all of them are valid scenarios."""

from hypothesis import assume
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import from_data
from tests.builders import START

MINUTES = st.integers(1, 90)
SIDES = ("north", "south")


def minutes(low, high):
    return f"{low} min" if low == high else f"{low} min to {high} min"


@st.composite
def durations(draw, longest=90):
    low = draw(st.integers(1, longest))
    high = draw(st.integers(low, longest))
    return minutes(low, high)


def moment(minute):
    day, rest = divmod(minute, 24 * 60)
    return f"2020-01-{1 + day:02d}T{rest // 60:02d}:{rest % 60:02d}"


@st.composite
def stoppages(draw, gates):
    start = draw(st.integers(0, 600))
    stoppage = {
        "cause": "a halt",
        "closes": draw(st.lists(st.sampled_from(gates), min_size=1, unique=True)),
        "lasts": draw(durations(400)),
    }
    if draw(st.booleans()):
        stoppage["starts"] = moment(start)
    else:
        stoppage["every"] = draw(durations(900))
    fate = draw(st.sampled_from(["hold", "hold", "turn_back", "detain"]))
    people_pass = stoppage["closes"] != ["approach"]
    stoppage["caught"] = fate
    if fate == "detain":
        stoppage["detained_for"] = draw(durations(200))
        stoppage["afterwards"] = draw(st.sampled_from(["release", "turn_back"]))
        stoppage["unaccounted"] = draw(st.integers(0, 9)) if people_pass else 0
    if fate != "hold" and people_pass and draw(st.booleans()):
        stoppage["catches"] = draw(st.integers(1, 3))
    if stoppage["closes"] != ["south-gate"] and draw(st.booleans()):
        stoppage["loses"] = {"north-buses": draw(st.integers(1, 2))}
    stoppage["suspends"] = draw(st.sampled_from([[], ["deal"]]))
    return stoppage


@st.composite
def terms(draw):
    rule = draw(st.sampled_from(["lockstep", "simultaneous", "credit", "prior"]))
    unit = draw(st.sampled_from(["people", "vehicles", "convoys"]))
    most = {"people": 40, "vehicles": 3, "convoys": 2}[unit]
    count = st.integers(1, most)
    tranches = [
        {side: draw(count) for side in SIDES} for _ in range(draw(st.integers(1, 3)))
    ]
    if draw(st.booleans()) or unit == "people":
        tranches = tranches[:1]
        tranches.append(dict.fromkeys(SIDES, "rest"))
    deal = {
        "unit": unit,
        "rule": rule,
        "tranches": tranches,
        "counted_at": draw(st.sampled_from(["crossing", "arrival"])),
    }
    if rule == "credit":
        deal["ahead"] = draw(st.integers(1, 2))
    if rule == "prior":
        deal["first"] = draw(st.sampled_from(SIDES))
    return deal


def parties(*more):
    """Return the sides of an agreement, each with its flow and those named besides."""
    return {
        side: {
            "flows": [side, *(flow for flow in more if flow.startswith(side))],
            "gate": f"{side}-gate",
        }
        for side in SIDES
    }


@st.composite
def flows(draw, side):
    flow = {
        "route": side,
        "groups": ["civilians", "wounded"],
        "convoy": {f"{side}-buses": draw(st.integers(1, 4)), "ambulances": 1},
        "at_once": draw(st.integers(1, 3)),
        "boarding": draw(durations(30)),
        "unloading": draw(durations(10)),
        "returns": draw(st.booleans()),
    }
    if draw(st.booleans()):
        flow["headway"] = draw(durations(60))
    if draw(st.booleans()):
        flow["hours"] = "06:00 to 18:00"
    if draw(st.booleans()):
        flow["smallest"] = 1
    if draw(st.booleans()):
        flow["boards_at"] = f"{side}-gate"
    return flow


@st.composite
def operation_data(draw, with_deal=True):
    """Two sites, a checkpoint and two gates, an agreement, stoppages, weather."""
    data = {
        "operation": "made up",
        "zone": "UTC",
        "starts": START,
        "ends": "2020-01-04T00:00",
        "sites": {"refuge": {}},
        "gates": {"north-gate": {}, "south-gate": {}, "approach": {}},
        "checkpoints": {
            "post": {
                "lanes": draw(st.integers(1, 3)),
                "inspection": draw(durations(20)),
            }
        },
        "legs": {
            "road": {"time": draw(durations())},
            "way": {"time": draw(durations())},
        },
        "fleets": {
            "ambulances": {
                "kind": "ambulance",
                "seats": 3,
                "joins": {START: draw(st.integers(1, 3))},
                "carries": ["wounded"],
            }
        },
        "routes": {},
        "flows": {},
    }
    for side in SIDES:
        data["sites"][side] = {
            "groups": {
                "civilians": {"people": draw(st.integers(45, 200)), "stay": 3},
                "wounded": {"people": draw(st.integers(1, 9)), "priority": 1},
            },
        }
        if draw(st.booleans()):
            data["sites"][side]["bays"] = draw(st.integers(1, 3))
        data["fleets"][f"{side}-buses"] = {
            "kind": "bus",
            "seats": draw(st.integers(5, 30)),
            "joins": {START: draw(st.integers(1, 6))},
        }
        data["routes"][side] = {
            "origin": side,
            "destination": "refuge",
            "inbound": ["way", "approach"],
            "through": [f"{side}-gate", "road", "post", "road"],
            "back": ["way"],
        }
        data["flows"][side] = draw(flows(side))
    if with_deal:
        data["agreements"] = {"deal": {"parties": parties(), **draw(terms())}}
    gates = ["north-gate", "south-gate", "approach", "post"]
    halts = draw(st.lists(stoppages(gates), max_size=3))
    if not with_deal:
        halts = [halt | {"suspends": []} for halt in halts]
    data["stoppages"] = {f"halt-{i}": halt for i, halt in enumerate(halts)}
    if draw(st.booleans()):
        data["weather"] = {
            "snow": {
                "starts": moment(draw(st.integers(0, 900))),
                "until": "2020-01-03T00:00",
                "speed_factor": "0.4 to 0.9",
            }
        }
    return data


def operations(with_deal=True):
    """Return operations in which each side has one flow."""
    return operation_data(with_deal).map(from_data)


@st.composite
def second_flows(draw, fleet):
    """A flow for people whom another serves too, with vehicles that others use too."""
    flow = {
        "groups": ["civilians"],
        "convoy": {fleet: draw(st.integers(1, 4))},
        "at_once": draw(st.integers(1, 3)),
        "boarding": draw(durations(30)),
        "unloading": draw(durations(10)),
        "returns": draw(st.booleans()),
    }
    last = 1500
    if draw(st.booleans()):
        closes = draw(st.integers(400, 1200))
        flow["closes"] = moment(closes)
        last = closes - 1
    if draw(st.booleans()):
        dates = draw(st.sets(st.integers(0, last), min_size=1, max_size=3))
        flow["dispatch_dates"] = [moment(minute) for minute in sorted(dates)]
    elif draw(st.booleans()):
        flow["dispatch_times"] = ["05:00", "13:00", "19:30"]
    return flow


def _optional(draw, table, key, value):
    """Put something a strategy draws into a table, or leave it out."""
    if draw(st.booleans()):
        table[key] = draw(value)


@st.composite
def pacts(draw, *more):
    """An agreement with dates, preconditions and other terms later on."""
    deal = {"parties": parties(*more), **draw(terms())}
    _optional(draw, deal, "proposed", st.integers(0, 100).map(moment))
    _optional(draw, deal, "in_force", st.integers(100, 300).map(moment))
    _optional(draw, deal, "deadline", st.integers(301, 2000).map(moment))
    deal["after_deadline"] = draw(st.sampled_from(["breach", "lapse"]))
    later = st.integers(300, 2000).map(moment)
    deal["amendments"] = draw(st.dictionaries(later, terms(), max_size=2))
    ways = st.one_of(
        st.fixed_dictionaries({"on": later}),
        st.fixed_dictionaries({"after": durations(600)}),
        st.fixed_dictionaries(
            {"arrived": st.dictionaries(st.sampled_from(SIDES), MINUTES, min_size=1)}
        ),
        st.just({"never": True}),
    )
    deal["requires"] = draw(st.dictionaries(st.sampled_from("ab"), ways, max_size=2))
    return deal


@st.composite
def villages_on_the_way(draw):
    """A site at which convoys pick people up: its groups, and how they stop there."""
    groups = {
        "civilians": {
            "people": draw(st.integers(1, 60)),
            "stay": draw(st.integers(0, 1)),
        }
    }
    _optional(draw, groups, "wounded", st.integers(1, 9).map(_people))
    stop = {"groups": list(groups), "boarding": draw(durations(20))}
    later = st.integers(0, 900).map(moment)
    crowd = groups["civilians"]
    if draw(st.booleans()):
        left = crowd["people"] - crowd["stay"]
        if left:
            ready = draw(st.one_of(st.just(left), st.integers(1, left)))
            crowd["ready"] = {draw(later): ready}
    _optional(draw, crowd, "joins", st.dictionaries(later, MINUTES, min_size=1))
    if crowd.get("ready") or crowd.get("joins"):
        _optional(draw, stop, "waits", durations(300))
    village = {"groups": groups}
    _optional(draw, village, "bays", st.integers(1, 3))
    return village, stop


def _people(number):
    return {"people": number, "priority": 1}


def add_villages(draw, data):
    """Let convoys of each side stop at a site of their own, or at one of both."""
    shared = draw(st.booleans())
    for side in SIDES:
        site = "village" if shared else f"{side}-village"
        village, stop = draw(villages_on_the_way())
        if site in data["sites"]:
            stop = data["flows"][SIDES[0]]["picks_up"][site]
        data["sites"].setdefault(site, village)
        way = data["routes"][side]["through"]
        way.insert(draw(st.integers(0, len(way))), site)
        data["flows"][side]["picks_up"] = {site: stop}


@st.composite
def operations_with_villages(draw):
    """With or without an agreement; convoys pick people up on their way."""
    data = draw(operation_data(draw(st.sampled_from([True, False, False]))))
    add_villages(draw, data)
    if draw(st.booleans()):
        data["sites"]["refuge"]["holds"] = draw(st.integers(20, 400))
    if draw(st.booleans()):
        flow = data["flows"][draw(st.sampled_from(SIDES))]
        flow["at_most"] = f"{draw(st.integers(5, 200))} people a day"
    return from_data(data)


@st.composite
def wide_operations(draw):
    """As `operations`, with flows that share people and vehicles and cross twice.

    In half of them convoys pick people up on their way.
    """
    data = draw(operation_data())
    more = [f"{side}-two" for side in SIDES]
    data["fleets"]["spare-buses"] = {
        "kind": "bus",
        "seats": draw(st.integers(5, 30)),
        "joins": {START: draw(st.integers(1, 4)), moment(700): 2},
        "leaves": {moment(draw(st.integers(1, 2000))): 1},
    }
    for side, flow in zip(SIDES, more, strict=True):
        data["routes"][flow] = {
            "origin": side,
            "destination": "refuge",
            "inbound": ["post", "way"],
            "through": ["way", f"{side}-gate", "road"],
            "back": ["way", "approach", f"{side}-gate", "way"],
        }
        fleet = draw(st.sampled_from(["spare-buses", f"{side}-buses"]))
        data["flows"][flow] = {"route": flow, **draw(second_flows(fleet))}
    if draw(st.booleans()):
        add_villages(draw, data)
    data["agreements"] = {"deal": draw(pacts(*more)), "pledge": draw(pacts())}
    for stoppage in data["stoppages"].values():
        people_pass = stoppage["closes"] != ["approach"]
        stoppage["unaccounted"] = draw(st.integers(0, 60)) if people_pass else 0
        stoppage["breaches"] = draw(st.sampled_from([[], [], ["pledge"]]))
        if draw(st.integers(0, 3)) == 0:
            del stoppage["lasts"]
            stoppage["until_agreement"] = draw(st.sampled_from(["deal", "pledge"]))
    try:
        return from_data(data)
    except ScenarioError:
        assume(False)
