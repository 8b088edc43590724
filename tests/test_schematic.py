"""Where places are drawn, and where convoys were: what their log says, no more."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest

from sim.events import Kind
from sim.metrics.arrivals import arrivals_by_group, still_inside
from sim.model import simulate
from sim.report.moving import boxes_of, scene_of
from sim.report.still import Still
from sim.scenario import load
from sim.schematic import Network, laid_out, tracks
from sim.schematic.tracks import at_moment
from tests.builders import halt, operation, two_sides, with_gate

ROOT = Path(__file__).parents[1] / "scenarios"
CASES = ("two-towns", "aleppo-2016", "four-towns-2017")
AT_A_PLACE = {Kind.AT_SITE, Kind.HELD, Kind.INSPECTED, Kind.CLEARED, Kind.REACHED}


@pytest.fixture(scope="module", params=CASES)
def shown(request):
    world = load(ROOT / request.param / "scenario.yaml")
    log = simulate(world, seed=1)
    return world, log, scene_of(world, log)


def of_convoys(log):
    events = {}
    for event in log.events:
        if event.convoy:
            events.setdefault(event.convoy, []).append(event)
    return events


def test_every_place_of_a_route_is_drawn_once(shown):
    world, _, scene = shown
    places = {
        stage
        for route in world.routes.values()
        for stage in (route.origin, *route.inbound, *route.through, *route.back)
        if stage not in world.legs
    }

    assert places <= scene.layout.keys()
    assert len({*scene.layout.values()}) == len(scene.layout)


def test_no_label_covers_another(shown):
    _, _, scene = shown
    boxes = boxes_of(scene.places)

    for one, other in combinations(scene.layout, 2):
        (ax, ay), (bx, by) = scene.layout[one], scene.layout[other]
        beside = abs(ax - bx) >= boxes[one][0] + boxes[other][0]
        (above, high), (below, low) = sorted([(ay, one), (by, other)])
        assert beside or above + boxes[high][2] <= below - boxes[low][1], (one, other)


def test_all_is_within_the_drawing(shown):
    _, _, scene = shown
    boxes = boxes_of(scene.places)

    for name, (x, y) in scene.layout.items():
        half, up, down = boxes[name]
        assert half <= x <= scene.layout.width - half
        assert up <= y <= scene.layout.height - down


def test_a_scenario_is_laid_out_the_same_again(shown):
    world, log, scene = shown

    assert scene_of(world, log).layout == scene.layout


def test_north_is_up_and_east_is_right():
    world = load(ROOT / "aleppo-2016/scenario.yaml")
    network = Network.of(world)
    at = laid_out(network, world, dict.fromkeys(network.nodes, (1.0, 1.0, 1.0)))

    assert at.is_map
    assert at["madaya-zabadani"][1] > at["idlib"][1] > at["foua-kafraya"][1]
    assert at["foua-kafraya"][1] > at["east-aleppo"][1]
    assert at["madaya-zabadani"][0] < at["foua-kafraya"][0] < at["east-aleppo"][0]


def test_without_positions_routes_run_from_left_to_right():
    world = load(ROOT / "two-towns/scenario.yaml")
    at = scene_of(world, simulate(world, seed=1)).layout

    assert not at.is_map
    across = [at[name][0] for name in ("northtown", "north-crossing", "bridge")]
    assert across == sorted(across)
    assert at["harbour"][0] == max(x for x, _ in at.values())
    assert at["northtown"][0] == at["southtown"][0] == min(x for x, _ in at.values())


def test_a_place_without_a_position_is_between_its_neighbours():
    world = load(ROOT / "aleppo-2016/scenario.yaml")
    network = Network.of(world)
    at = laid_out(network, world, dict.fromkeys(network.nodes, (1.0, 1.0, 1.0)))

    for middle, one, other in (
        ("dahiya", "ramouseh", "rural-west-aleppo"),
        ("villages", "foua-kafraya", "rashideen-east"),
    ):
        left, right = sorted([at[one][0], at[other][0]])
        assert left < at[middle][0] < right


def test_a_convoy_stands_where_its_log_says(shown):
    _world, log, scene = shown
    found = {track.convoy: track for track in scene.tracks}
    checked = 0
    for convoy, events in of_convoys(log).items():
        for event, after in pairwise(events):
            if event.kind not in AT_A_PLACE or after.time_s == event.time_s:
                continue
            stand = at_moment(found[convoy], event.time_s)
            place = scene.network.boarding.get(event.place, event.place)
            assert stand.path == (place,)
            assert stand.vehicles == event.vehicles
            checked += 1
    assert checked > 10


def test_a_convoy_on_a_leg_is_between_the_places_of_its_route(shown):
    _world, log, scene = shown
    found = {track.convoy: track for track in scene.tracks}
    checked = 0
    for convoy, events in of_convoys(log).items():
        for before, event, after in zip(events, events[1:], events[2:], strict=False):
            if event.kind is not Kind.DEPARTED or after.time_s == event.time_s:
                continue
            stand = at_moment(found[convoy], event.time_s)
            assert len(stand.path) > 1
            if before.kind is Kind.CROSSED:
                assert before.place in stand.path[:-1]
            if after.kind in AT_A_PLACE:
                assert after.place == stand.path[-1]
            checked += 1
    assert checked > 10


def test_each_stand_begins_where_the_one_before_ends(shown):
    _world, _, scene = shown
    near = {(way.begin, way.end) for way in scene.network.ways if not way.legs}
    near |= {(end, begin) for begin, end in near}
    for track in scene.tracks:
        for one, other in pairwise(track.stands):
            if one.path and other.path and one.path[-1] != other.path[0]:
                assert (one.path[-1], other.path[0]) in near


def test_nobody_is_aboard_whom_the_sites_do_not_miss(shown):
    """People at their site, aboard, arrived and lost are all that there were."""
    _, log, scene = shown
    inside, arrived = still_inside(log), arrivals_by_group(log)
    lost = [
        event
        for event in log.events
        if event.kind in {Kind.UNACCOUNTED, Kind.LIVES_LOST}
    ]
    everybody = sum(curve.at(0) for curve in inside.values())
    tenths = (log.horizon_s * tenth // 10 for tenth in range(11))
    for time_s in {*tenths, *(event.time_s for event in lost)}:
        stands = [at_moment(track, time_s) for track in scene.tracks]
        aboard = sum(stand.people for stand in stands if stand and stand.path)
        gone = sum(event.people for event in lost if event.time_s <= time_s)
        there = sum(curve.at(time_s) for curve in (*inside.values(), *arrived.values()))
        assert there + aboard + gone == everybody


def test_a_convoy_that_is_turned_back_drives_to_where_it_boarded():
    world = with_gate({"halt": halt("gate", 0, 90, caught="turn_back", deters=False)})
    log = simulate(world, seed=1)
    turned = next(e for e in log.events if e.kind is Kind.TURNED_BACK)
    [track] = [
        each
        for each in tracks(log, world, Network.of(world))
        if each.convoy == turned.convoy
    ]
    stand = at_moment(track, turned.time_s)

    assert stand.path[0] == "gate"
    assert stand.path[-1] == next(
        e.place for e in log.events if e.kind is Kind.RETURNED
    )


def test_empty_vehicles_come_from_a_yard_where_nothing_else_is_said():
    network = Network.of(load(ROOT / "aleppo-2016/scenario.yaml"))

    assert network.nodes["yard:out-of-the-villages"].sort == "yard"
    empty = {way.legs for way in network.ways if way.only_empty}
    assert ("to-the-villages",) in empty
    assert ("way-back",) in empty


def test_a_run_in_which_nothing_moves_has_no_tracks():
    world = operation()
    log = simulate(world, seed=1)
    silent = type(log)(rows=(), trips=(), horizon_s=1, origins={}, kinds={}, steps=0)

    assert tracks(log, world, Network.of(world))
    assert not tracks(silent, world, Network.of(world))


def test_sides_of_an_agreement_share_the_drawing():
    world = two_sides()
    scene = scene_of(world, simulate(world, seed=1))

    assert scene.deals[0].sides[0].people.last > 0
    assert Still(scene).aboard == 100
