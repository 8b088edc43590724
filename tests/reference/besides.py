"""What made-up scenarios have besides: the forms that came later, a topic at a time."""

from tests.reference.drawn_up import dates_over_phases, in_parts, searches, tempos


def moments(make, data):
    """Let some dates hang on what happens instead."""
    if make.rng.random() < 0.4:
        data["moments"] = {"word": "", "signal": ""}
        data["moments"] = {name: moment(make, data) for name in data["moments"]}
    likely = make.pick(0.15, 0.4, 0.8)
    for holder, key in list(_dates(data)):
        if make.rng.random() < likely:
            _replace(holder, key, moment(make, data))


def _dates(data):
    """Yield where dates stand, as the holder and a key or place in it."""
    for flow in data["flows"].values():
        yield from ((flow, key) for key in ("opens", "closes") if key in flow)
        dates = flow.get("dispatch_dates", [])
        yield from ((dates, number) for number in range(len(dates)))
    for fleet in data["fleets"].values():
        for field in ("joins", "leaves"):
            for key in list(fleet.get(field, {}))[field == "joins" :]:
                yield fleet[field], key
    for stoppage in data["stoppages"].values():
        keys = ("starts", "until", "since")
        yield from ((stoppage, key) for key in keys if key in stoppage)
    for deal in data["agreements"].values():
        keys = ("proposed", "in_force", "deadline")
        yield from ((deal, key) for key in keys if key in deal)
        for way in deal.get("requires", {}).values():
            yield from [(way, "on")] * ("on" in way)
        for key, terms in list(deal.get("amendments", {}).items()):
            yield from [(terms, "deadline")] * ("deadline" in terms)
            yield deal["amendments"], key


def _replace(holder, key, value):
    """Put a moment in place of a date, which is a key or stands behind one."""
    if isinstance(key, str) and key[:2] == "20":
        if value not in holder:
            holder[value] = holder.pop(key)
    else:
        holder[key] = value


def moment(make, data, depth=0):
    """Return a moment that hangs on something, as a file says it."""
    kind = make.rng.random()
    if depth > 1 or kind < 0.4:
        return f"when {_happening(make, data)}"
    if kind < 0.7:
        delay = make.pick("0 min", make.duration(longest=120), "20 min to 90 min")
        return f"{delay} after {_base(make, data, depth)}"
    if kind < 0.8:
        time = make.pick("00:00", "02:30", "06:00", "08:00")
        return f"next {time} after {_base(make, data, depth)}"
    parts = [moment(make, data, depth + 1), moment(make, data, depth + 1)]
    if make.rng.random() < 0.5:
        parts[0] = make.moment(0, 600)
    return f"{make.pick('all', 'any')} of ({'; '.join(parts)})"


def _base(make, data, depth):
    if depth < 2 and make.rng.random() < 0.3:
        return moment(make, data, depth + 1)
    return _happening(make, data)


def _happening(make, data):
    flow = make.pick(*data["flows"])
    ways = [
        f"{flow} begins",
        f"{flow} is over",
        f"{make.pick(*data['sites'])} is empty",
    ]
    ways += [_so_many(make, data, flow)] * 3
    if data["stoppages"]:
        halt = make.pick(*data["stoppages"])
        time = (
            make.pick("", " the 2nd time") if "every" in data["stoppages"][halt] else ""
        )
        ways += [f"{halt} {make.pick('begins', 'ends', 'ends')}{time}"] * 3
    if data["agreements"]:
        states = ("is proposed", "is in force", "is amended", "is breached")
        state = make.pick(*states, "is completed", "is completed", "lapses")
        again = state not in {"is proposed", "lapses"} and make.rng.random() < 0.2
        time = " the 2nd time" if again else ""
        ways += [f"{make.pick(*data['agreements'])} {state}{time}"] * 3
    if data.get("moments"):
        ways += [f"{make.pick(*data['moments'])} comes"] * 2
    return make.pick(*ways)


def _so_many(make, data, flow):
    unit = make.pick("people", "vehicles", "convoys")
    number = make.pick(*{"people": (1, 5, 10, 20)}.get(unit, (1, 1, 2, 3)))
    through = data["routes"][data["flows"][flow]["route"]]["through"]
    gates = [p for p in through if p in data["gates"] or p in data["checkpoints"]]
    crossed = [f"crossed {gate}" for gate in gates]
    return f"{number} {unit} of {flow} have {make.pick('set out', 'arrived', *crossed)}"


def paces(make, data):
    """Let flows change from a moment on, and send no more than so much a day."""
    likely = make.pick(0.3, 0.6)
    for flow in data["flows"].values():
        if make.rng.random() < likely:
            flow["at_most"] = _pace(make)
        if make.rng.random() < likely:
            flow["phases"] = {}
            for _ in range(make.pick(1, 1, 2)):
                when = make.moment(0, 900)
                if make.rng.random() < 0.3:
                    when = moment(make, data)
                flow["phases"][when] = _phase(make, data, flow)


def _pace(make):
    unit = make.pick("people", "vehicles", "convoys", "convoys")
    number = make.pick(*{"people": (5, 10, 25)}.get(unit, (1, 2, 3)))
    return f"{number} {unit} a {make.pick('day', 'day', 'day', 'week')}"


def _phase(make, data, flow):
    route = data["routes"][flow["route"]]
    routes = [n for n, r in data["routes"].items() if r["origin"] == route["origin"]]
    groups = list(data["sites"][route["origin"]]["groups"])
    gates = [*data["gates"], *data["checkpoints"]]
    fleets = list(data["fleets"])
    phase = {
        "route": make.pick(*routes),
        "groups": make.some(groups, 0.7) or groups,
        "convoy": {make.pick(*fleets): make.pick(1, 2, 3)},
        "smallest": make.pick(1, 2),
        "load": {make.pick(*flow["convoy"]): make.pick("3", "4 to 9", "10")},
        "hours": make.pick("06:00 to 18:00", "20:00 to 02:30", "00:00 to 03:00"),
        "at_once": make.pick(1, 2, 3),
        "at_most": _pace(make),
        "headway": make.duration(),
        "boards_at": make.pick(f"{route['origin']}-gate", *gates),
        "boarding": make.duration(),
        "unloading": make.duration(),
        "returns": make.pick(True, False),
    }
    if "dispatch_times" in flow or make.rng.random() < 0.2:
        phase["dispatch_times"] = make.some(["00:30", "02:30", "08:00", "13:00"], 0.6)
    fields = make.some(list(phase), 0.25) or ["boarding"]
    return {field: phase[field] for field in fields}


def roads(make, data):
    """Give gates, checkpoints and legs hours and a capacity, and let them change."""
    likely = make.pick(0.15, 0.4)
    for section, fields in (
        ("gates", _gate),
        ("checkpoints", _post),
        ("legs", _leg),
    ):
        for place in data[section].values():
            for field, value in fields(make, data).items():
                if make.rng.random() < likely:
                    place[field] = value
    for flow in data["flows"].values():
        if make.rng.random() < likely:
            flow["release_hours"] = _hours(make)
        if make.rng.random() < likely:
            flow["release_times"] = make.some(["00:30", "02:30", "06:00", "13:00"], 0.5)


def _hours(make):
    return make.pick("06:00 to 18:00", "20:00 to 02:30", "00:00 to 03:00")


def _when(make, data):
    return moment(make, data) if make.rng.random() < 0.2 else make.moment(0, 600)


def _gate(make, data):
    def releases():
        every = make.pick("10 min", "30 min", "7 min to 40 min")
        return {"vehicles": make.pick(1, 2, 3), "every": every}

    changes = {_when(make, data): {"releases": releases()} for _ in range(2)}
    return {"hours": _hours(make), "releases": releases(), "changes": changes}


def _post(make, data):
    change = make.pick(
        {"lanes": make.pick(1, 2, 3)},
        {"inspection": make.duration()},
        {"lanes": make.pick(1, 2), "inspection": make.duration()},
    )
    return {"hours": _hours(make), "changes": {_when(make, data): change}}


def _leg(make, data):
    change = make.pick(
        {"holds": make.pick(1, 2, 3)}, {"vehicles_per_hour": make.pick(1, 2, 7)}
    )
    return {
        "hours": _hours(make),
        "vehicles_per_hour": make.pick(1, 2, 6, 7, 700),
        "holds": make.pick(1, 2, 3),
        "changes": {_when(make, data): change},
    }


def chances(make, data):
    """Let what is drawn vary by run, day and convoy, and convoys in size."""
    for flow in data["flows"].values():
        for field in ("boarding", "unloading", "headway"):
            if field in flow and make.rng.random() < 0.4:
                flow[field] = _by_level(make, make.pick("10 min", "5 min to 40 min"))
        for fleet, load in flow.get("load", {}).items():
            if make.rng.random() < 0.5:
                flow["load"][fleet] = _by_level(make, load)
        for fleet in flow["convoy"]:
            if make.rng.random() < 0.4:
                size = make.pick("1 to 3", "2 to 5", "1")
                flow["convoy"][fleet] = _by_level(make, size)
    for place in (*data["legs"].values(), *data["checkpoints"].values()):
        for field in ("time", "speed", "inspection"):
            if field in place and make.rng.random() < 0.3:
                each = make.pick("10 min", "5 min to 40 min")
                if field == "speed":
                    each = "20 km/h to 50 km/h"
                place[field] = _by_level(make, each)


def _by_level(make, each):
    levels = make.some(["run", "day", "convoy"], 0.5)
    factors = [f"by {level} times or divided by 1.5" for level in levels]
    return "; ".join([each, *factors])


TOPICS = (moments, paces, roads, chances)
"""In their order, behind the plain scenarios; then several at once."""
LATER = {
    10: (tempos,),
    11: (in_parts,),
    12: (paces, dates_over_phases),
    13: (in_parts, searches),
}
"""Those of the tenth hundred thousand and after, by its number."""
EACH = 100_000
"""From this number on all has the first of them, from twice that the second, ..."""


def enrich(make, data, seed):
    """Let scenario data say more, by the hundred thousands of its number."""
    topic = seed // EACH
    if 0 < topic <= len(TOPICS) + 1 or topic in LATER:
        known = LATER.get(topic) or TOPICS[topic - 1 : topic]
        for more in known or make.some([tempos, in_parts, *TOPICS], 0.6):
            more(make, data)
