"""What agreements of made-up scenarios say besides, and dates that outlast phases."""

from tests.reference.pressures import agreements


def tempos(make, data):
    """Let tranches repeat and open day by day, and sides move so much a day."""
    _last_for_days(make, data)
    for sides, terms in _all_terms(data):
        numbered = [t for t in terms["tranches"] if "rest" not in t.values()]
        for tranche in numbered:
            if make.rng.random() < 0.35:
                tranche["times"] = make.pick(2, 2, 3)
        several = len(terms["tranches"]) > 1 or "times" in terms["tranches"][0]
        if several and make.rng.random() < 0.45:
            terms["each"] = make.pick("day", "day", "day", "week")
        if make.rng.random() < 0.65:
            _let_pace(make, sides, terms)


def in_parts(make, data):
    """Let convoys of several vehicles cross in parts."""
    _last_for_days(make, data)
    for flow in data["flows"].values():
        for fleet in flow["convoy"]:
            flow["convoy"][fleet] = make.pick(1, 2, 3, 4)
    for fleet in data["fleets"].values():
        fleet["seats"] = make.pick(5, 5, 10)
        fleet["joins"][next(iter(fleet["joins"]))] = make.pick(3, 4, 6)
    for sides, terms in _all_terms(data):
        if terms["unit"] == "convoys":
            terms["unit"] = "vehicles"
        if make.rng.random() < 0.75:
            terms["parts"] = True
        if make.rng.random() < 0.4:
            _let_pace(make, sides, terms)
        if make.rng.random() < 0.2 and len(terms["tranches"]) > 1:
            terms["each"] = "day"


def _last_for_days(make, data):
    """Let agreements be what keeps people, for days."""
    if make.rng.random() < 0.7:
        data["ends"] = make.clock.text(make.pick(2, 3, 4) * 86_400)
    for _ in range(5):
        data["agreements"] = data["agreements"] or agreements(make, data)
    if make.rng.random() < 0.5:
        data["stoppages"] = dict([*data["stoppages"].items()][:1])


def _all_terms(data):
    for deal in data["agreements"].values():
        for terms in (deal, *deal.get("amendments", {}).values()):
            yield list(deal["parties"]), terms


def _let_pace(make, sides, terms):
    sizes = {"people": (4, 10, 25), "vehicles": (1, 2, 3), "convoys": (1, 1, 2)}
    terms["at_most"] = {}
    for side in make.some(sides, 0.7) or sides[:1]:
        unit = make.pick(*sizes)
        period = make.pick("day", "day", "day", "week")
        terms["at_most"][side] = f"{make.pick(*sizes[unit])} {unit} a {period}"


def dates_over_phases(make, data):
    """Let departures hang on what comes when another phase of the flow has begun."""
    for name, flow in data["flows"].items():
        flow.pop("dispatch_times", None)
        after = f"{make.pick(name, *data['flows'])} begins"
        dates = [make.moment(0, 120)] if make.rng.random() < 0.7 else []
        dates += [
            f"{make.pick(60, 150, 300, 600)} min after when {after}"
            for _ in range(make.pick(1, 1, 2))
        ]
        flow["dispatch_dates"] = list(dict.fromkeys(dates))
        if make.rng.random() < 0.6:
            flow["if_missed"] = make.pick("late", "next", "drop")
        for phase in flow.get("phases", {}).values():
            phase.pop("dispatch_times", None)


def searches(make, data):
    """Let stoppages detain who comes to the gate of a side, and at what follows it."""
    for stoppage in data["stoppages"].values():
        deal = make.pick(*data["agreements"].values())
        party = make.pick(*deal["parties"].values())
        route = data["flows"][party["flows"][0]]["route"]
        through = data["routes"][route]["through"]
        behind = through[through.index(party["gate"]) :]
        gates = [p for p in behind if p in data["gates"] or p in data["checkpoints"]]
        for field in ("unaccounted", "loses", "catches", "until_agreement"):
            stoppage.pop(field, None)
        stoppage["closes"] = gates
        stoppage["caught"], stoppage["afterwards"] = "detain", "release"
        stoppage["detained_for"] = make.duration(longest=120)
        if "until" not in stoppage:
            stoppage["lasts"] = make.pick("4 h", "30 h", "60 h")
