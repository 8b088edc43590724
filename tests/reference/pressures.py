"""Agreements, stoppages and weather of made-up scenarios."""

RULES = ("lockstep", "simultaneous", "credit", "prior")


def terms(make, sides):
    """Return terms for some sides."""
    unit = make.pick("people", "vehicles", "convoys", "convoys")
    sizes = {"people": (5, 10, 10, 20), "vehicles": (1, 2, 3), "convoys": (1, 1, 2)}
    rule = make.pick(*RULES)
    number = make.pick(1, 2, 2, 3)
    tranches = [
        {side: make.pick(*sizes[unit]) for side in sides} for _ in range(number)
    ]
    if make.rng.random() < 0.5:
        tranches.append(dict.fromkeys(sides, "rest"))
    if make.maybe(0.15) and len(sides) > 1:
        del tranches[0][make.pick(*sides)]
    found = {"unit": unit, "rule": rule, "tranches": tranches}
    if make.rng.random() < 0.3:
        found["counted_at"] = "arrival"
    if rule == "credit":
        found["ahead"] = make.pick(1, 2)
    if rule == "prior":
        found["first"] = make.pick(*sides)
    return found


def agreements(make, data):
    """Return agreements between the sites, or among the flows of one."""
    found = {}
    number = make.pick(0, 1, 2, 3) if make.wide else make.pick(0, 1, 1, 1, 2)
    for name in ("deal", "pledge", "accord")[:number]:
        parties = _parties(make, data)
        if parties:
            found[name] = {"parties": parties, **terms(make, list(parties))}
            _dates(make, found[name], list(parties))
            _requires(make, data, found, name)
    return found


def _parties(make, data):
    parties = {}
    for side in (site for site in data["sites"] if site != "refuge"):
        if make.maybe(0.1):
            continue
        flows = {
            flow: data["routes"][plan["route"]]["through"]
            for flow, plan in data["flows"].items()
            if data["routes"][plan["route"]]["origin"] == side
        }
        if not flows:
            continue
        chosen = make.some(list(flows), 0.85) or list(flows)
        places = {*data["gates"], *data["checkpoints"]}
        gates = set.intersection(places, *(set(flows[flow]) for flow in chosen))
        gate = f"{side}-gate" if make.rng.random() < 0.7 else make.pick(*sorted(gates))
        parties[side] = {"flows": chosen, "gate": gate}
        if make.maybe(0.2):
            parties[side]["gives_up_after"] = make.duration()
    return parties


def _dates(make, deal, sides):
    if make.maybe(0.25):
        deal["proposed"] = make.moment(0, 120)
    if make.maybe(0.2):
        deal["in_force"] = make.moment(120, 240)
    if make.maybe(0.25):
        deal["deadline"] = make.moment(240, 900)
        deal["after_deadline"] = make.pick("breach", "lapse")
    if make.maybe(0.35):
        deal["amendments"] = {}
        for _ in range(make.pick(1, 1, 2)):
            amendment = terms(make, sides)
            if make.maybe(0.3):
                amendment["deadline"] = make.moment(900, 1200)
            deal["amendments"][make.moment(0, 900)] = amendment


def _requires(make, data, deals, name):
    if not make.maybe(0.3):
        return
    flow = make.pick(*data["flows"])
    ways = [
        {"on": make.moment(0, 400)},
        {"after": make.duration()},
        {"arrived": {flow: make.pick(1, 5, 10, 20)}},
        {"arrived": {flow: make.pick(1, 5, 10, 20)}},
    ]
    others = [other for other in deals if other != name]
    if others:
        ways += [{"agreement": make.pick(*others)}] * 3
    if make.maybe(0.05):
        ways = [{"never": True}]
    deals[name]["requires"] = {"first": make.pick(*ways)}
    if make.maybe(0.3):
        deals[name]["requires"]["second"] = make.pick(*ways)


def stoppages(make, data):
    number = make.pick(0, 1, 2, 3, 5) if make.wide else make.pick(0, 1, 1, 2, 2, 3)
    used = {gate for route in data["routes"].values() for gate in _places(route)}
    gates = sorted(used & {*data["gates"], *data["checkpoints"]})
    favourite = make.pick(*gates)
    return {f"halt-{n}": _stoppage(make, data, gates, favourite) for n in range(number)}


def _places(route):
    return [*route["inbound"], *route["through"], *route["back"]]


def _stoppage(make, data, gates, favourite):
    closes = {favourite} if make.rng.random() < 0.6 else {make.pick(*gates)}
    if make.rng.random() < 0.25:
        closes.add(make.pick(*gates))
    caught = make.pick("hold", "turn_back", "detain")
    stoppage = {"cause": "a halt", "closes": sorted(closes), "caught": caught}
    stoppage |= _spell(make, data)
    if caught == "detain":
        stoppage["detained_for"] = make.duration(longest=120)
        stoppage["afterwards"] = make.pick("release", "release", "turn_back")
    if caught != "hold" and make.rng.random() < 0.4:
        stoppage["catches"] = make.pick(1, 1, 2)
    if make.rng.random() < 0.3:
        stoppage["unaccounted"] = make.pick(1, 4, 10, 15, 40)
    if make.rng.random() < 0.3:
        fleets = list(data["fleets"])
        stoppage["loses"] = {make.pick(*fleets): make.pick(1, 1, 2)}
    if make.rng.random() < 0.2:
        stoppage["deters"] = make.pick(True, False)
    deals = list(data["agreements"])
    if deals and make.rng.random() < 0.25:
        stoppage["suspends"] = [make.pick(*deals)]
    if deals and make.maybe(0.15):
        stoppage["breaches"] = [make.pick(*deals)]
    return stoppage


def _spell(make, data):
    spell = {"lasts": make.duration(zero=False, longest=240)}
    if make.maybe(0.3):
        spell["every"] = make.duration(zero=False, longest=240)
        if make.maybe(0.4):
            spell["since"] = make.moment(0, 300)
    else:
        spell["starts"] = make.moment(0, 360)
        if make.rng.random() < 0.3:
            spell = {"starts": make.moment(0, 180), "until": make.moment(180, 720)}
    if data["agreements"] and make.maybe(0.15) and "until" not in spell:
        del spell["lasts"]
        spell["until_agreement"] = make.pick(*data["agreements"])
    return spell


def weather(make, data):
    if not make.maybe(0.25):
        return {}
    snow = {
        "starts": make.moment(0, 180),
        "until": make.moment(240, 900),
        "speed_factor": make.pick("0.5", "0.5", "0.7", "0.4 to 0.9"),
    }
    if make.maybe(0.4):
        snow["legs"] = [make.pick("road", "way")]
    return {"snow": snow}
