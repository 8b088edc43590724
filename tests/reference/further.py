"""What made-up scenarios have further: fates, agreements that may fail, demand."""

from tests.reference.besides import EACH, TOPICS, moment
from tests.reference.pressures import agreements, stoppages


def fates(make, data):
    """Let stoppages divert, concern some only, tire them and take loaded vehicles."""
    data["stoppages"] = data["stoppages"] or stoppages(make, data)
    if make.rng.random() < 0.5:
        data["sites"]["shelter"] = make.pick({}, {}, {"bays": 1})
    likely = make.pick(0.2, 0.5)
    for name, stoppage in data["stoppages"].items():
        if make.rng.random() < likely:
            _divert(make, data, name, stoppage)
            _room(make, data, stoppage)
        for field, change in (
            ("flows", _some_flows),
            ("meets", _some_convoys),
            ("starts_with", _begin_with),
            ("gives_up_after", _tire),
            ("loses_loaded", _strike),
        ):
            if field not in stoppage and make.rng.random() < likely:
                change(make, data, stoppage)
        if make.rng.random() < 0.3:
            stoppage["lives_lost"] = make.pick(1, 3, 10)


def _divert(make, data, name, stoppage):
    """Let a stoppage divert who stands at its gates, onto a route of its own or not."""
    gates = [*data["gates"], *data["checkpoints"]]
    for field in ("detained_for", "afterwards"):
        stoppage.pop(field, None)
    stoppage["caught"] = "divert"
    known = [
        route
        for route, plan in data["routes"].items()
        if {*stoppage["closes"]} <= {*plan["through"]}
    ]
    if known and make.rng.random() < 0.3:
        stoppage["to"] = make.pick(*known)
        return
    ends = [site for site in ("refuge", "shelter") if site in data["sites"]]
    origin = make.pick(*(site for site in data["sites"] if site not in ends))
    more = [g for g in gates if g not in stoppage["closes"]]
    through = [*stoppage["closes"], *make.some(["way", "road", *more], 0.2)]
    make.rng.shuffle(through)
    stoppage["to"] = f"detour-of-{name}"
    data["routes"][stoppage["to"]] = {
        "origin": origin,
        "destination": make.pick(*ends),
        "through": [*through, make.pick("road", "way", "ferry")],
        "back": make.some(["road", "post", "approach"], 0.3),
    }


def _room(make, data, stoppage):
    if make.rng.random() < 0.3:
        to = data["routes"][stoppage["to"]]["destination"]
        data["sites"][to].setdefault("holds", make.pick(10, 20, 30))


def _some_flows(make, data, stoppage):
    stoppage["flows"] = make.some(list(data["flows"]), 0.6) or [*data["flows"]][:1]


def _some_convoys(make, data, stoppage):
    first = make.pick(1, 1, 2, 3)
    stoppage["meets"] = make.pick(
        {"first": first}, {"first": first, "last": first + make.pick(0, 1)}
    )
    stoppage.pop("loses", None)


def _begin_with(make, data, stoppage):
    flow = make.pick(*data["flows"])
    through = data["routes"][data["flows"][flow]["route"]]["through"]
    places = {*data["gates"], *data["checkpoints"]}
    at = make.pick(*[place for place in through if place in places])
    if make.rng.random() < 0.6:
        stoppage["closes"] = [at]
    if stoppage["caught"] == "divert":
        return
    for field in ("starts", "every", "since"):
        stoppage.pop(field, None)
    number = make.pick(1, 1, 2, 3)
    stoppage["starts_with"] = {"flow": flow, "convoy": number, "at": at}


def _tire(make, data, stoppage):
    if stoppage["caught"] != "hold":
        stoppage.setdefault("catches", make.pick(1, 1, 2))
    stoppage["gives_up_after"] = make.pick("0 min", make.duration(), make.duration())


def _strike(make, data, stoppage):
    fleets = list(data["fleets"])
    stoppage["loses_loaded"] = {make.pick(*fleets): make.pick(1, 1, 2)}
    if make.rng.random() < 0.2:
        stoppage["loses_loaded"][make.pick(*fleets)] = 1


def failing(make, data):
    """Let agreements fail by chance and be given up, and sides have policies."""
    for _ in range(3):
        data["agreements"] = data["agreements"] or agreements(make, data)
    likely = make.pick(0.3, 0.7)
    for deal in data["agreements"].values():
        if make.rng.random() < likely / 2:
            deal["chance"] = make.pick("30%", "80%")
        if make.rng.random() < likely / 2:
            deal["given_up_after"] = make.duration(longest=240)
        for party in deal["parties"].values():
            if make.rng.random() < likely:
                party["policy"] = _policy(make, len(deal["parties"]))


def _policy(make, sides):
    if sides == 1 or make.rng.random() < 0.25:
        return {"kind": "batches", "size": make.pick(1, 2, 2, 3)}
    return make.pick(
        "tit_for_tat",
        {"kind": "tolerance", "band": make.pick(0, 1, 2)},
        {"kind": "balance", "lead": make.pick(1, 1, 2, 10, 15)},
        {"kind": "generous", "chance": make.pick("30%", "70%")},
        {"kind": "lever", "chance": make.pick("50%", "90%")},
    )


def demand(make, data):
    """Let people get ready, join, withdraw and move on, and count goods."""
    likely = make.pick(0.3, 0.6)
    for site in data["sites"].values():
        for group in site.get("groups", {}).values():
            _people(make, data, group, likely)
    for site in {
        data["routes"][f["route"]]["destination"] for f in data["flows"].values()
    }:
        if make.rng.random() < 0.5:
            data["sites"][site]["holds"] = make.pick(5, 10, 20, 30)
            if make.rng.random() < 0.6:
                moves = {_when(make, data): make.pick(5, 10, 30) for _ in range(2)}
                data["sites"][site]["moves_on"] = moves
    if make.rng.random() < 0.2:
        make.pick(*_groups(data))["evacuees"] = False


def _groups(data):
    return [
        g for site in data["sites"].values() for g in site.get("groups", {}).values()
    ]


def _when(make, data):
    return moment(make, data) if make.rng.random() < 0.25 else make.moment(0, 600)


def _people(make, data, group, likely):
    people = group["people"] - group.get("stay", 0)
    if people > 0 and make.rng.random() < likely:
        left = people
        group["ready"] = {}
        for _ in range(make.pick(1, 1, 2)):
            number = make.pick(1, 5, 10, 15, left)
            if number <= left and left:
                group["ready"][_when(make, data)] = number
                left -= number
        if sum(group["ready"].values()) != people - left:  # two at one moment
            del group["ready"]
    dated = all(when[0] == "2" for when in group.get("ready", ()))
    if people > 5 and dated and make.rng.random() < likely:
        group["ready_per_hour"] = make.pick(1, 3, 5, 10)
    for field in ("joins", "withdraws"):
        if make.rng.random() < likely:
            moments = [_when(make, data) for _ in range(make.pick(1, 1, 2))]
            group[field] = {each: make.pick(1, 5, 10, 15) for each in moments}


def feared(make, data):
    """Let stoppages come in some runs only."""
    data["stoppages"] = data["stoppages"] or stoppages(make, data)
    for stoppage in data["stoppages"].values():
        if "every" not in stoppage and make.rng.random() < 0.8:
            stoppage["chance"] = make.pick("1 in 3", "50 %", 0.8)


FURTHER = {7: (fates,), 8: (failing,), 9: (demand,), 14: (fates, TOPICS[0], feared)}
"""By the hundred thousands of a number; those of the sixth have some of all."""


def enrich_further(make, data, seed):
    """Let scenario data say more, from number 600,000 to 999,999."""
    topic = seed // EACH
    if topic in (6, *FURTHER):
        everything = (*TOPICS, fates, failing, demand)
        for more in FURTHER.get(topic) or make.some(everything, 0.4):
            more(make, data)
