"""What moved when: the typical run as a picture that moves, and people over time."""

from collections.abc import Iterator, Mapping

from sim.events import RunLog
from sim.experiment import Study
from sim.metrics.arrivals import every_arrival, still_inside, total
from sim.metrics.curves import Curve
from sim.metrics.exchange import moved
from sim.metrics.periods import Period, agreement_states, closures, stoppages
from sim.report.contents import HTML, Column, MovingPicture, Section, Table, table
from sim.report.happenings import happenings, with_cause
from sim.report.scene import (
    NOBODY,
    Scene,
    SceneDeal,
    SceneMoved,
    ScenePlace,
    While,
    lines_of,
)
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_flow, of_place, of_side
from sim.schematic import Box, Network, Track, laid_out, tracks
from sim.words import Number, Text, joined, moment, say
from sim.words.reasons import CAUSES, STATES, said

NAME = "moving"
_TABLE_EVERY_S = 43_200
_CHARACTER, _LINE = 7.0, 15.0
_ICON = 15.0


def moving(study: Study, log: RunLog) -> Section:
    """Return the section that shows what moved when; empty if nothing ever moves."""
    title = say("What moved when")
    scene = scene_of(study.operation, log)
    if not scene.tracks:
        return Section(NAME, title, (), HTML)
    picture = MovingPicture(
        NAME,
        say("Convoys, gates and people of the typical run over time"),
        say(
            "A schematic map of {places} places with the convoys of one run, the "
            "typical one, as they move along their ways, from {since} to {until}: how "
            "many people are at each site, which gates are closed, and what each side "
            "of an agreement has moved.",
            places=Number(sum(1 for each in scene.places.values() if each.title)),
            since=moment(scene.clock, 0),
            until=moment(scene.clock, scene.horizon_s),
        ),
        scene,
        _people(scene),
    )
    about = joined(
        [
            say("North is up; distances are not to scale.")
            if scene.layout.is_map
            else say(
                "Places stand in the order of the routes; the scenario does not say "
                "where they are."
            ),
            say(
                "Between two events of the run a convoy is drawn as if it drove evenly."
            ),
        ]
    )
    return Section(NAME, title, (about, picture), HTML)


def scene_of(operation: Operation, log: RunLog) -> Scene:
    """Return what a moving picture shows of a run."""
    network = Network.of(operation)
    places = _places(operation, log, network)
    found = tracks(log, operation, network)
    return Scene(
        operation.clock,
        log.horizon_s,
        network,
        laid_out(network, operation, boxes_of(places)),
        places,
        {name: of_flow(operation, name) for name in operation.flows},
        found,
        dict(_why(operation, found)),
        tuple(
            _while(log, each, with_cause(operation, each)) for each in stoppages(log)
        ),
        tuple(_deals(operation, log)),
        tuple(happenings(operation, log)),
    )


def boxes_of(places: Mapping[str, ScenePlace]) -> dict[str, Box]:
    """Return how much room each place takes in the drawing."""
    return {name: _box(place) for name, place in places.items()}


def _box(place: ScenePlace) -> Box:
    """Return how much room a place takes, with its label below it."""
    if not place.title:
        return 8.0, 8.0, 8.0
    lines = lines_of(str(place.title))
    numbers = (place.inside is not NOBODY) + (place.arrived is not NOBODY)
    letter = _CHARACTER * (1.15 if numbers else 1.0)  # what has numbers is bold
    half = max(len(line) for line in lines) * letter / 2
    return (
        max(half, 50.0 * bool(numbers), _ICON),
        34.0,
        20 + _LINE * (len(lines) + numbers),
    )


def _places(
    operation: Operation, log: RunLog, network: Network
) -> dict[str, ScenePlace]:
    inside: dict[str, list[Curve]] = {}
    for (site, group), curve in still_inside(log).items():
        if (site, group) not in log.apart:
            inside.setdefault(site, []).append(curve)
    arrived: dict[str, list[tuple[int, int]]] = {site: [] for site in log.destinations}
    for each in every_arrival(log):
        arrived.setdefault(each.place, []).append((each.time_s, each.people))
    shut: dict[str, list[While]] = {}
    for period in closures(log):
        shut.setdefault(period.name, []).append(
            _while(log, period, said(period.reason, operation))
        )
    return {
        name: ScenePlace(
            name,
            "" if node.sort in {"joint", "yard"} else of_place(operation, name),
            total(inside[name]) if name in inside else NOBODY,
            Curve.of_changes(arrived[name]) if name in arrived else NOBODY,
            tuple(shut.get(name, ())),
        )
        for name, node in network.nodes.items()
    }


def _while(log: RunLog, period: Period, text: Text) -> While:
    """Return a period; one that the end of the run cuts off is so at the end too."""
    cut_off = period.until_s >= log.horizon_s
    return While(period.since_s, period.until_s + cut_off, text)


def _why(
    operation: Operation, found: tuple[Track, ...]
) -> Iterator[tuple[tuple[str, int], Text]]:
    """Yield what the stands of convoys wait for, where they wait for something."""
    for track in found:
        for stand in track.stands:
            if not stand.waits:
                continue
            cause = CAUSES.get(stand.cause) if stand.cause else None
            behind = said(stand.reason, operation)
            both = cause and behind
            yield (
                (track.convoy, stand.time_s),
                say("{cause} ({reason})", cause=cause, reason=behind)
                if both
                else cause or behind or say("waits"),
            )


def _deals(operation: Operation, log: RunLog) -> Iterator[SceneDeal]:
    states: dict[str, list[While]] = {}
    for period in agreement_states(log, operation.agreements):
        text = _while(log, period, STATES[period.what])
        states.setdefault(period.name, []).append(text)
    for name, plan in operation.agreements.items():
        people = moved(log, name, plan.parties)
        convoys = moved(log, name, plan.parties, "convoys")
        yield SceneDeal(
            of_agreement(operation, name),
            tuple(states.get(name, ())),
            tuple(
                SceneMoved(of_side(operation, plan, side), people[side], convoys[side])
                for side in plan.parties
            ),
        )


def _people(scene: Scene) -> Table:
    """Return people at each site at moments half a day apart."""
    inside = {n: p for n, p in scene.places.items() if p.inside is not NOBODY}
    arrived = {n: p for n, p in scene.places.items() if p.arrived is not NOBODY}
    moments = [*range(0, scene.horizon_s, _TABLE_EVERY_S), scene.horizon_s]
    return table(
        "Moving",
        say(
            "People at each site in the typical run, every {hours} hours",
            hours=Number(12),
        ),
        (
            Column(say("moment"), whole=True),
            *(
                Column(say("still at {site}", site=place.title), number=True)
                for place in inside.values()
            ),
            *(
                Column(say("arrived at {site}", site=place.title), number=True)
                for place in arrived.values()
            ),
        ),
        (
            (
                moment(scene.clock, time_s),
                *(Number(place.inside.at(time_s)) for place in inside.values()),
                *(Number(place.arrived.at(time_s)) for place in arrived.values()),
            )
            for time_s in moments
        ),
        forms=HTML,
    )
