"""Stoppages, routes and weather that meet nobody: refused, or noted."""

import pytest

from tests.villages import HALT, Change, added, changed, noted, place, refused, said


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["detained_for: 1 h"], "'detained_for' has no meaning for 'caught: hold'"),
        (["afterwards: turn_back"], "'afterwards' has no meaning for 'caught: hold'"),
        (["catches: 2"], "'catches' has no meaning for 'caught: hold'"),
        (
            ["caught: turn_back", "detained_for: 1 h"],
            "'detained_for' has no meaning for 'caught: turn_back'. Write 'caught: de",
        ),
        (
            ["caught: turn_back", "afterwards: turn_back"],
            "'afterwards' has no meaning for 'caught: turn_back'",
        ),
    ],
)
def test_a_stoppage_has_no_fields_of_another_fate(lines: list[str], fault: str) -> None:
    assert fault in said(refused(added(HALT, *lines)))


@pytest.mark.parametrize(
    "lines",
    [
        ["deters: yes"],
        ["unaccounted: 3"],
        ["caught: turn_back", "catches: 2"],
        ["caught: detain", "detained_for: 1 h", "afterwards: turn_back", "catches: 1"],
        ["caught: detain", "detained_for: 1 h", "deters: no"],
    ],
)
def test_a_stoppage_has_the_fields_of_its_fate(lines: list[str]) -> None:
    assert not noted(added(HALT, *lines))


CLOSES = "    closes: [post]"


@pytest.mark.parametrize(
    ("closes", "line", "fault"),
    [
        (
            "post",
            "loses: {coaches: 1}",
            "loses.coaches: no flow with vehicles of 'coach",
        ),
        (
            "return-gate",
            "unaccounted: 3",
            "unaccounted: nobody goes through 'return-gat",
        ),
        (
            "approach",
            "unaccounted: 3",
            "unaccounted: nobody goes through 'approach' wit",
        ),
        (
            "yard",
            "unaccounted: 3",
            "unaccounted: nobody goes through 'yard' with people",
        ),
        ("return-gate", "deters: yes", "deters: nobody who sets out has 'return-gate'"),
    ],
)
def test_a_stoppage_does_nothing_to_those_who_do_not_come_by(
    closes: str, line: str, fault: str
) -> None:
    assert fault in said(refused((CLOSES, f"    closes: [{closes}]\n    {line}")))


@pytest.mark.parametrize(
    ("closes", "line"),
    [
        ("approach", "loses: {buses: 1}"),
        ("return-gate", "loses: {cars: 1}"),
        ("yard", "loses: {coaches: 1}"),
        ("approach, post", "unaccounted: 3"),
        ("approach", "deters: yes"),
        ("approach", "caught: turn_back"),
        ("yard", "caught: turn_back"),
    ],
)
def test_a_stoppage_acts_on_those_who_come_by(closes: str, line: str) -> None:
    assert not noted((CLOSES, f"    closes: [{closes}]\n    {line}"))


DEAD_END = added("  yard: {}", "dead-end: {}")


def test_a_stoppage_of_gates_on_nobodys_way_is_refused() -> None:
    close = (CLOSES, "    closes: [dead-end]")
    (found,) = refused(DEAD_END, close)
    assert found.problem == "it stops nobody: no flow goes through 'dead-end'"
    assert (found.line, found.column) == place(changed(DEAD_END, close), "closes: [d")
    (note,) = noted(DEAD_END, (CLOSES, "    closes: [dead-end, post]"))
    assert note.path == "gates.dead-end"


def test_a_stoppage_of_such_gates_may_suspend_an_agreement() -> None:
    suspends = (CLOSES, "    closes: [dead-end]\n    suspends: [swap]")
    assert "it stops nobody" not in said(noted(DEAD_END, suspends))


@pytest.mark.parametrize(
    ("closes", "lines", "fault"),
    [
        ("return-gate", ["caught: turn_back"], "caught: vehicles go through 'return-g"),
        (
            "yard",
            ["caught: detain", "detained_for: 1 h"],
            "so nobody is detained; empt",
        ),
        ("approach", ["caught: detain", "detained_for: 1 h"], "so nobody is detained;"),
        ("post", ["loses: {buses: 1}"], "'buses' go through 'post' with people aboard"),
        (
            "north-gate",
            ["loses: {cars: 1}"],
            "go through 'north-gate' with people aboa",
        ),
    ],
)
def test_a_stoppage_that_only_holds_those_who_come_by_is_noted(
    closes: str, lines: list[str], fault: str
) -> None:
    below = "\n    ".join([f"    closes: [{closes}]", *lines])
    assert fault in said(noted((CLOSES, below)))


@pytest.mark.parametrize(
    ("below", "line", "fault"),
    [
        ("  yard: {}", "tunnel: {}", "gates.tunnel: 'tunnel' is on no route"),
        ("  lane: {time: 20 min}", "dam: {time: 1 h}", "legs.dam: 'dam' is on no rou"),
        ("  camp: {}", "port: {}", "sites.port: 'port' is on no route"),
        (
            "  post: {lanes: 1, inspection: 5 min}",
            "ford: {lanes: 1, inspection: 5 min}",
            "checkpoints.ford: 'ford' is on no route",
        ),
    ],
)
def test_a_part_on_no_route_is_noted(below: str, line: str, fault: str) -> None:
    (found,) = noted(added(below, line))
    assert fault in found.sentence


def test_a_route_that_no_flow_takes_is_noted() -> None:
    route = "{origin: south, destination: camp, through: [road]}"
    (found,) = noted(("  from-south:\n", f"  spare: {route}\n  from-south:\n"))
    assert found.problem == "no flow takes the route 'spare'"


def test_weather_slows_legs_on_which_somebody_drives() -> None:
    dam = added("  lane: {time: 20 min}", "dam: {time: 1 h}")
    rain = "    speed_factor: 80 %"
    assert (
        "legs: nobody drives on 'dam'. Legs on the way of a flow: lane, road"
        in said(refused(dam, added(rain, "legs: [dam]")))
    )
    assert "weather" not in said(noted(dam, added(rain, "legs: [dam, lane]")))


NO_BACK = ("    through: [south-gate, road]\n    back: [way-back]\n", "{}")


@pytest.mark.parametrize(
    "way", ["", "    back: [return-gate]\n", "    inbound: [return-gate]\n"]
)
def test_a_way_back_in_no_time_is_noted(way: str) -> None:
    change = (NO_BACK[0], f"    through: [south-gate, road]\n{way}")
    (found,) = noted(change)
    assert found.problem == (
        "vehicles of 'south' are back at 'south' in the second in which they are "
        "unloaded"
    )
    assert (found.line, found.column) == place(changed(change), "from-south:")


@pytest.mark.parametrize(
    "also",
    [
        ("boards_at: yard", "boards_at: yard\n    returns: no"),
        ("south: {groups: {families: {people: 600}}}", "south: {groups: {families: "
         "{people: 250}}}"),
        ("    back: [way-back, return-gate]", "    back: [way-back]"),
    ],
)  # fmt: skip
def test_a_way_back_in_no_time_is_fine_if_nobody_goes_twice(also: Change) -> None:
    inbound = "    inbound: [lane]\n" if "return-gate" in also[0] else ""
    change = (NO_BACK[0], f"{inbound}    through: [south-gate, road]\n")
    assert "in the second in which" not in said(noted(change, also))


def test_two_flows_can_need_a_second_trip_that_one_would_not() -> None:
    few = ("south: {groups: {families: {people: 600}}}", "south: {groups: {families: "
           "{people: 150}, old: {people: 120}}}")  # fmt: skip
    old = (
        "agreements:\n",
        "  old: {route: from-south, groups: [old], convoy: {coaches: 1}, boarding: "
        "5 min, unloading: 5 min}\nagreements:\n",
    )
    way = (NO_BACK[0], "    through: [south-gate, road]\n")
    assert "vehicles of 'south' and 'old' are back" in said(noted(few, old, way))


PROPOSED = ("  swap:", "  swap:\n    proposed: 2018-03-02T10:00")


def test_a_draft_that_a_stoppage_is_to_break_is_noted() -> None:
    breaks = added(HALT, "breaches: [swap]")
    assert not noted(breaks)
    assert "a draft is not breached" in said(noted(breaks, PROPOSED))


def test_a_stoppage_until_an_agreement_that_is_in_force_is_noted() -> None:
    until = ("    lasts: 2 h\n", "    until_agreement: swap\n")
    assert "it is over at once, and meets nobody" in said(noted(until))
    assert not noted(until, PROPOSED)


@pytest.mark.parametrize(
    ("gate", "lines", "fault"),
    [
        ("approach", ["caught: turn_back", "deters: no"], True),
        ("approach", ["caught: turn_back"], False),
        ("post", ["caught: turn_back", "deters: no"], False),
    ],
)
def test_deterring_all_the_same_is_noted(
    gate: str, lines: list[str], fault: bool
) -> None:
    found = noted((CLOSES, f"    closes: [{gate}]"), added(HALT, *lines))
    assert ("turned back as it sets out" in said(found)) == fault


NARROW = "  road: {time: 1 h}", "  road: {time: 1 h, vehicles_per_hour: 1}"


def test_a_convoy_is_no_larger_than_its_fleet_on_a_road_and_at_a_gate() -> None:
    """Ten buses are through in nine hours; so are those of which 400 may be sent."""
    many = "convoy: {buses: 5}", "convoy: {buses: 5 to 400}"
    slow = "  north-gate: {}", "  north-gate: {releases: {vehicles: 1, every: 1 h}}"
    assert "it never arrives" not in said(noted(NARROW, many))
    assert "it never arrives" not in said(noted(slow, many))


def test_a_convoy_that_the_operation_is_too_short_for_is_noted() -> None:
    more = "2018-03-01T06:00: 6", "2018-03-01T06:00: 300"
    many = "convoy: {buses: 5}", "convoy: {buses: 1 to 200}"
    found = said(noted(NARROW, more, many))
    assert "a full convoy of 'north' takes 199 h to pass" in found
