"""What must not matter does not, and what must come out as much later or more does.

No answer is known here: two scenarios are related, and so are their runs (Chen, Cheung
and Yiu, Metamorphic Testing, 1998). All relations of this file are exact, run by run;
those in expectation stand in `test_relations_in_expectation`.
"""

from itertools import pairwise

import pytest

from sim.model import simulate
from sim.scenario import from_data, resolved_yaml
from sim.studies.cases import Changed, opened
from tests.builders import (
    at,
    changed,
    column,
    halt,
    operation,
    two_sides,
    two_sides_data,
    with_gate,
    with_post,
)
from tests.reference.scenarios import scenario
from tests.relations import ANY, SECTIONS, certain, curves, names_of, renamed, told

SIDES = ("north", "south")
EVERYWHERE = (0, 100_000, 200_000)
"""Where certain scenarios begin: plain ones, those with moments, those with phases."""


def last_s(world):
    return max((row[0] for row in simulate(world, seed=1).rows), default=0)


def with_change(world, folder, *changes):
    path = folder / "base.yaml"
    path.write_text(resolved_yaml(world), encoding="utf-8")
    return opened(Changed(path, changes)).operation


# Names and the order in which things are written


@pytest.mark.parametrize(
    "what",
    ["sites", "groups", "gates", "legs", "fleets", "flows", "agreements", "stoppages"],
)
@pytest.mark.parametrize("since", EVERYWHERE)
def test_other_names_change_nothing(what, since) -> None:
    """Where nothing is left to chance: luck goes by names."""
    for data in certain(since):
        names = {name: f"new-{name}" for name in names_of(data, what)}
        other = {new: old for old, new in names.items()}
        found = told(from_data(renamed(data, names)))

        assert renamed(found, other) == told(from_data(data))


@pytest.mark.parametrize("number", ANY)
def test_the_order_in_which_places_are_written_changes_nothing(number) -> None:
    data = scenario(number)
    places = ("sites", "gates", "checkpoints", "legs", "routes")
    other = data | {
        section: dict(reversed(data[section].items())) for section in places
    }

    assert told(from_data(other)) == told(from_data(data))


def test_two_sides_that_change_places_change_what_they_get() -> None:
    """The south has two buses, or the north."""
    one, other = (told(two_sides(*buses)) for buses in ((1, 2), (2, 1)))
    pairs = (("north", "south"), ("south", "north"))
    swap = {side + end: place + end for side, place in pairs for end in ("", "-buses")}

    assert renamed(other, swap) == one
    assert other != one


# What nobody uses


@pytest.mark.parametrize("number", ANY)
def test_a_stoppage_after_everything_has_happened_changes_nothing(number) -> None:
    data = scenario(number)
    world = from_data(data)
    late = max(last_s(world), world.ends) + 86_400
    gates = {*data["gates"], *data["checkpoints"]}
    used = (place for route in data["routes"].values() for place in route["through"])
    stoppage = {
        "cause": "a halt",
        "closes": [next(place for place in used if place in gates)],
        "starts": world.clock.text(late),
        "lasts": "1 h",
    }
    ends = {"ends": world.clock.text(late + 86_400)}
    idle = changed(data, stoppages__late=stoppage) | ends
    until = world.ends - 1

    assert curves(from_data(idle), until=until) == curves(world, until=until)


@pytest.mark.parametrize("caught", ["hold", "detain"])
def test_a_gate_that_is_closed_while_nobody_stands_there_changes_nothing(
    caught,
) -> None:
    """It is passed at minutes 70 and 265 of the run."""
    settings = {} if caught == "hold" else {"caught": "detain", "detained_for": "1 h"}
    spells = ((0, 70), (71, 265), (266, 900))
    stoppages = {
        f"no-{number}": halt("gate", since, until, **settings)
        for number, (since, until) in enumerate(spells)
    }

    assert curves(with_gate(stoppages)) == curves(with_gate())
    met = {"met": halt("gate", 70, 71, **settings)}
    assert curves(with_gate(met)) != curves(with_gate())


def test_vehicles_that_come_when_all_are_out_change_nothing() -> None:
    more = operation(fleets__buses__joins={at(0): 1, at(211): 7})

    assert curves(more) == curves(operation())


def test_a_lane_that_no_vehicle_needs_changes_nothing() -> None:
    assert curves(with_post(lanes=2)) == curves(with_post(lanes=9))
    assert curves(with_post(lanes=1)) != curves(with_post(lanes=2))


@pytest.mark.parametrize("number", ANY)
def test_a_later_end_changes_nothing_of_what_came_before(number) -> None:
    data = scenario(number)
    world = from_data(data)
    later = from_data(data | {"ends": world.clock.text(world.ends + 86_400)})
    until = world.ends - 1

    assert curves(later, until=until) == curves(world, until=until)


# Two operations in one file


@pytest.mark.parametrize(("one", "other"), [*pairwise(range(0, 18, 2))])
def test_two_operations_that_share_nothing_are_each_as_alone(one, other) -> None:
    """Also with chance: luck goes by names, and those stay."""
    first, second = apart(scenario(one), "a-"), apart(scenario(other), "b-")
    common = {
        "zone": first["zone"],
        "starts": min(first["starts"], second["starts"]),
        "ends": max(first["ends"], second["ends"]),
    }
    worlds = [from_data(data | common) for data in (first, second)]
    both = {section: first[section] | second[section] for section in SECTIONS}

    together = from_data(first | both | common)
    assert curves(together) == curves(worlds[0]) | curves(worlds[1])


def apart(data, letter):
    """Return scenario data all names of which begin with a letter."""
    for weather in data["weather"].values():
        weather.setdefault("legs", [*data["legs"]])
    names = names_of(data, *SECTIONS, "groups")
    return renamed(data, {name: letter + name for name in names})


# More of everything


@pytest.mark.parametrize(
    "world",
    [
        lambda n: with_gate(
            {"closed": halt("gate", 60, 100, unaccounted=3 * n)},
            sites__pocket__groups__civilians__people=130 * n,
            fleets__buses__seats=50 * n,
        ),
        lambda n: with_post(
            sites__pocket__groups__civilians__people=230 * n,
            fleets__buses__seats=50 * n,
            sites__refuge={"holds": 500 * n},
        ),
        lambda n: two_sides(
            terms={
                "unit": "people",
                "rule": "lockstep",
                "tranches": [{"north": 50 * n, "south": 50 * n}] * 2,
            },
            **{f"sites__{side}__groups__civilians__people": 100 * n for side in SIDES},
            **{f"fleets__{side}_D_buses__seats": 50 * n for side in SIDES},
        ),
    ],
    ids=["a gate", "a checkpoint", "an agreement"],
)
def test_twice_the_people_in_twice_the_seats_take_as_long(world) -> None:
    once, twice = curves(world(1)), curves(world(2))

    doubled = {
        site: [(second, 2 * people) for second, people in steps]
        for site, steps in once.items()
    }
    assert twice == doubled
    assert told(world(2))["waiting/all"] == 2 * told(world(1))["waiting/all"]


def test_a_fleet_split_in_two_equal_ones_changes_nothing() -> None:
    half = {"kind": "bus", "seats": 50, "joins": {at(0): 1}}
    convoys = {"flows__evacuation__convoy": {"buses": 1, "others": 1}}
    split = with_post(fleets={"buses": half, "others": half}, **convoys)
    whole = with_post(flows__evacuation__convoy={"buses": 2})

    assert curves(split) == curves(whole)


@pytest.mark.parametrize("some", [1, 30, 50, 99])
def test_a_group_split_in_two_changes_nothing_for_the_site(some) -> None:
    world = with_post(
        sites__pocket__groups={
            "civilians": {"people": some},
            "others": {"people": 100 - some},
        },
        flows__evacuation__groups=["civilians", "others"],
    )

    assert curves(world) == curves(with_post())


def test_a_car_of_one_is_one_of_many_however_they_are_counted() -> None:
    """Forty cars in one convoy, or in forty of one car each."""
    whole = from_data(column(40, flows__evacuation__convoy={"buses": 40}))
    each = from_data(column(40))

    assert curves(whole) == curves(each)


# Roads and gates in other parts


@pytest.mark.parametrize("first", [0, 1, 30, 59, 60])
def test_a_road_in_two_parts_is_as_long(first) -> None:
    """Also on the way back."""
    parts = operation(
        legs={"one": {"time": f"{first} min"}, "two": {"time": f"{60 - first} min"}},
        routes__out__through=["one", "two"],
        routes__out__back=["two", "one"],
    )

    assert curves(parts) == curves(operation())


def test_a_checkpoint_without_inspection_is_a_gate() -> None:
    post = with_post(inspection="0 min")
    gate = with_gate(fleets__buses__joins={at(0): 2}, flows__evacuation__at_once=2)

    assert curves(post) == curves(gate)


@pytest.mark.parametrize(
    ("first", "second"), [((60, 85), (80, 100)), ((60, 100), (70, 80))]
)
def test_two_stoppages_that_overlap_hold_as_long_as_one_over_both(
    first, second
) -> None:
    both = {"one": halt("gate", *first), "two": halt("gate", *second)}
    whole = {"whole": halt("gate", 60, 100)}

    assert curves(with_gate(both)) == curves(with_gate(whole))
    assert curves(with_gate(whole)) != curves(with_gate())


# Times


@pytest.mark.parametrize("times", [2, 3])
def test_if_everything_takes_twice_as_long_all_comes_twice_as_late(times) -> None:
    def slow(n):
        data = two_sides_data(south_road=f"{90 * n} min")
        data = changed(
            data,
            stoppages={"closed": halt("north-gate", 60 * n, 100 * n)},
            legs__road__time=f"{60 * n} min",
            **{f"flows__{side}__boarding": f"{10 * n} min" for side in SIDES},
            **{f"flows__{side}__unloading": f"{5 * n} min" for side in SIDES},
        )
        return curves(from_data(data))

    assert slow(times) == {
        site: [(times * second, people) for second, people in steps]
        for site, steps in slow(1).items()
    }


@pytest.mark.parametrize("number", ANY)
def test_a_shift_of_everything_by_a_day_shifts_everything_by_a_day(
    number, tmp_path
) -> None:
    """Seconds after the start stay; where no clock is put forward or back."""
    data = scenario(number)
    if data["zone"] != "UTC":
        return
    world = from_data(data)
    moved = with_change(world, tmp_path, "shift=1 d")

    assert moved.clock.text(0) == world.clock.text(86_400)
    assert curves(moved) == curves(world)


@pytest.mark.parametrize("by", ["1 d", "6 h", "90 min"])
def test_a_shift_and_back_leaves_the_scenario_as_it_was(by, tmp_path) -> None:
    world = with_gate({"closed": halt("gate", 60, 100)})
    there = with_change(world, tmp_path, f"shift={by}")
    again = with_change(there, tmp_path, f"shift=-{by}")

    plain = {"update": {"operation": ""}}
    assert again.model_copy(**plain) == world.model_copy(**plain)


@pytest.mark.parametrize(
    "change",
    [
        f"half-the-fleet=north-buses from {at(900)}",
        f"other-side-stops=south of deal from {at(900)} for 1 d",
        "curfew=00:00 to 23:59",
    ],
)
def test_a_change_of_what_is_over_changes_nothing(change, tmp_path) -> None:
    """The last have arrived at minute 330."""
    world = two_sides(2, 2, fleets__north_D_buses__joins={at(0): 2})
    assert curves(with_change(world, tmp_path, change)) == curves(world)
    assert last_s(world) < 900 * 60


def test_changes_of_things_apart_may_come_in_any_order(tmp_path) -> None:
    changes = (
        "curfew=06:00 to 18:00",
        "fleets.north-buses.seats=60",
        f"other-side-stops=south of deal from {at(0)} for 1 d",
    )
    one, other = (
        with_change(two_sides(), tmp_path, *each) for each in (changes, changes[::-1])
    )

    assert told(one) == told(other)
