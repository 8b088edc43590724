"""A stage of a journey is added by one file and one registration, nowhere else."""

import pickle

import pytest
import yaml

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.experiment import run_study
from sim.experiment.factors import read_factors
from sim.metrics.timelines import explain_convoy
from sim.metrics.waiting import by_cause, by_place, charges
from sim.model import simulate
from sim.parts.stages import STAGES, StageKind
from sim.plots.journeys import places
from sim.scenario import (
    amended,
    from_data,
    json_schema,
    load,
    notes,
    resolved_yaml,
    scenario_hash,
    uncertain_fields,
)
from sim.scenario.plans import StagePlan
from sim.scenario.schema import reference
from sim.scenario.titles import of_place
from tests.builders import START, halt, shuttle, times
from tests.commands import call, flat
from tests.logs import arrivals, returns, run

FERRY = STAGES["ferry"]


@pytest.fixture
def ferry():
    return "ferry"


@pytest.fixture
def without():
    """Takes back what is registered."""
    kinds = dict(STAGES)
    for name in kinds:
        STAGES.forget(name)
    yield
    for name, kind in kinds.items():
        STAGES.register(name, kind)


@pytest.fixture
def kind():
    """Registers kinds that a test makes for itself."""
    registered = []

    def register(begin, plan=StagePlan, **more):
        name = f"kind-{len(registered)}"
        STAGES.register(name, StageKind(plan, begin, **more))
        registered.append(name)
        return name

    yield register
    for name in registered:
        STAGES.forget(name)


def river(crossing="20 min", places=1, through=("road", "river", "road"), **changes):
    """Two buses of fifty that come to a ferry together at minute 70."""
    stages = {"ferry": {"river": {"places": places, "crossing": crossing}}}
    return shuttle(
        **{
            "stages": stages,
            "routes__out__through": list(through),
            "fleets__buses__joins": {START: 2},
            "flows__evacuation__at_once": 2,
            **changes,
        }
    )


def by(begin, **changes):
    """Return what `river` is with a kind of its own in the place of the ferry."""
    return from_data(river(stages={begin: {"river": {}}}, **changes))


def refusal(data):
    with pytest.raises(ScenarioError) as refused:
        from_data(data)
    return str(refused.value)


def written(folder, data, name="scenario.yaml"):
    """Return the file of a scenario."""
    path = folder / name
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def rows(log, place="river", convoy="evacuation-002"):
    return [
        (event.time_s / 60, str(event.kind), event.cause)
        for event in log.events
        if event.place == place and event.convoy == convoy and event.people
    ]


def drives(log, place):
    """Return how long each convoy with people was under way at a place [s]."""
    begun = [e for e in log.events if e.kind is Kind.DEPARTED and e.place == place]
    ends = {}
    for event in reversed(log.events):
        ends.setdefault(event.convoy, []).append(event.time_s)
    return [
        min(end for end in ends[event.convoy] if end > event.time_s) - event.time_s
        for event in begun
        if event.people
    ]


# It runs


def test_who_finds_the_boat_away_waits_for_it_in_the_queue(ferry):
    """The first crosses from 70 to 90; the boat is back for the second at 110."""
    log = run(from_data(river()))

    assert rows(log, convoy="evacuation-001") == [
        (70, "departed", "road"),
        (90, "cleared", "road"),
    ]
    assert rows(log) == [
        (70, "queued", Cause.QUEUE),
        (110, "departed", "road"),
        (130, "cleared", "road"),
    ]
    assert arrivals(log) == [(155, 50), (195, 50)]


def test_the_wait_is_charged_to_its_cause_and_its_place(ferry):
    booked = charges(run(from_data(river())))

    assert by_cause(booked)[Cause.QUEUE] == pytest.approx(50 * 40 / 60)
    assert by_place(booked)["river"] == pytest.approx(50 * (40 + 20 + 20) / 60)


def test_an_explanation_names_the_stage(ferry):
    lines = explain_convoy(run(from_data(river())), "evacuation-002")

    assert (4200, 6600, "river", Cause.QUEUE) in [
        (line.since_s, line.until_s, line.place, line.cause) for line in lines
    ]


def test_empty_vehicles_pass_it_on_their_way_too(ferry):
    log = run(from_data(river(routes__out__back=["road", "river"])))

    assert len(times(log, "cleared", place="river")) == 4


def test_who_is_turned_back_later_crosses_once_more(ferry):
    """60 there, 20 across, then 80 back; from the third, people are at the site."""
    way = "road", "river", "gate"
    shut = {"raid": halt("gate", 0, 3000, caught="turn_back", deters="no")}
    log = run(from_data(river(through=way, gates={"gate": {}}, stoppages=shut)))

    assert returns(log)[0] == (90 + 80, 50)


def test_pictures_show_it_as_a_place_under_its_title(ferry):
    world = from_data(river(stages__ferry__river__title="Tigris"))
    names = [name for name, _ in places(world, world.routes["out"], run(world))]

    assert names == ["pocket", "river", "refuge"]
    assert of_place(world, "river") == "Tigris"


def test_commands_take_it_like_any_stage(ferry, tmp_path):
    file = written(tmp_path, river())
    told = call("explain", file, "evacuation-002").output

    assert call("check", file).exit_code == 0
    assert "river" in told
    assert "queue" in told


# What it may do


def test_it_knows_the_convoy_and_the_time(kind):
    seen = []

    class Watch:
        def __init__(self, plan):
            pass

        def pass_through(self, convoy):
            seen.append(
                (convoy.now_s, convoy.name, convoy.flow, convoy.vehicles, convoy.people)
            )
            return ()

    run(by(kind(Watch)))

    assert seen[0] == (4200, "evacuation-001", "evacuation", 1, 50)


def doing(act):
    """Return a stage that does one thing with every convoy."""

    class Doing:
        def __init__(self, plan):
            pass

        def pass_through(self, convoy):
            yield act(convoy)

    return Doing


@pytest.mark.parametrize("cause", [Cause.INSPECTION, Cause.OUTSIDE_HOURS, "headway"])
def test_it_charges_any_cause_that_there_is(kind, cause):
    log = run(by(kind(doing(lambda convoy: convoy.wait(600, cause)))))

    assert by_cause(charges(log))[cause] == pytest.approx(100 / 6)


def test_it_charges_no_cause_that_there_is_not(kind):
    with pytest.raises(ValueError, match="'tide' is not a valid Cause"):
        run(by(kind(doing(lambda convoy: convoy.wait(600, "tide")))))


@pytest.mark.parametrize("way", ["wait", "drive"])
def test_time_does_not_go_back(kind, way):
    more = (Cause.QUEUE,) if way == "wait" else ()
    stage = kind(doing(lambda convoy: getattr(convoy, way)(-1, *more)))
    with pytest.raises(ValueError, match="river: -1 s is a negative time"):
        run(by(stage))


def test_seconds_are_whole(kind):
    with pytest.raises(TypeError):
        run(by(kind(doing(lambda convoy: convoy.drive(0.5)))))


def test_of_a_field_per_vehicle_it_has_a_value_for_each_that_is_left(ferry):
    """A bus is destroyed at the gate before it, where they are held until 10.

    Then they are on the far bank, and the boat comes for them: 20 there, 2 to board,
    20 back.
    """
    alone = river(
        stages__ferry__river__places=2,
        stages__ferry__river__boarding="1 min",
        gates={"gate": {}},
        routes__out__inbound=["gate", "river"],
        sites__pocket__groups__civilians__people=150,
        fleets__buses__joins={START: 3},
        flows__evacuation__convoy__buses=3,
        stoppages={"raid": halt("gate", 0, 10, loses={"buses": 1}, deters="no")},
    )
    log = run(from_data(alone))

    assert times(log, "cleared", place="river")[0] == 10 + 20 + 2 + 20


# What is wrong with it is told


def test_a_bad_field_is_refused_with_its_place(ferry, tmp_path):
    file = written(tmp_path, river(places=0, stages__ferry__river__boarding="fast"))
    line = file.read_text().splitlines().index("      places: 0") + 1
    said = flat(call("check", file).output)

    assert f"{file.name}:{line}:15: stages.ferry.river.places: 0 is too small" in said
    assert "stages.ferry.river.boarding: 'fast' is not a duration" in said


def test_an_unknown_field_is_refused_with_the_nearest(ferry):
    said = refusal(river(stages__ferry__river__palces=3))

    assert "stages.ferry.river.palces: 'palces' is not a known key here" in said
    assert "Did you mean 'places'?" in said


def test_a_missing_field_is_told_with_its_meaning(ferry):
    said = refusal(river(stages={"ferry": {"river": {"crossing": "20 min"}}}))

    assert said == (
        "stages.ferry.river: 'places' is missing. Add 'places:' (vehicles that fit on "
        "it)."
    )


def test_an_unknown_kind_is_refused_with_the_nearest(ferry):
    said = refusal(river(stages={"fery": {"river": {"places": 1}}}))

    assert said == (
        "stages.fery: 'fery' is not a known key here. Did you mean 'ferry'?"
    )


def test_where_no_kind_is_registered_that_is_said(without):
    assert refusal(river()) == (
        "stages.ferry: 'ferry' is not a known key here. None is known: load what adds "
        "it first."
    )


def test_an_unknown_name_in_a_route_is_refused_with_the_nearest(ferry):
    said = refusal(river(through=["road", "rivr", "road"]))

    assert "'rivr' is not a leg or gate or checkpoint or stage or site" in said
    assert "Did you mean 'river'?" in said


def test_a_stage_that_was_dropped_may_not_be_on_a_route(ferry, tmp_path):
    written(tmp_path, river())
    said = call("check", variant(tmp_path, {"stages.ferry.river": "drop"})).output

    assert "'river' is dropped, but routes.out.through.1" in flat(said)


def test_no_stoppage_closes_it(ferry):
    said = refusal(river(stoppages={"halt": halt("river", 0, 60)}))

    assert "'river' is not a gate or checkpoint, but a stage" in said


def test_no_two_stages_have_one_name(ferry):
    assert "'river' is the name of a leg already" in refusal(
        river(legs__river__time="5 min")
    )


def test_what_it_checks_itself_is_told_with_its_place(ferry):
    said = refusal(river(stages__ferry__river__boarding="0 min"))

    assert said == (
        "stages.ferry.river.boarding: it takes no time. Write more, or leave it out."
    )


def test_one_on_no_route_is_named(ferry):
    world = from_data(river(through=["road"]))

    assert [note.sentence for note in notes(world)] == [
        "stages.ferry.river: 'river' is on no route. Name it in a route, or leave it "
        "out."
    ]


def test_a_route_over_it_alone_leads_somewhere(ferry):
    world = from_data(
        river(through=["river"], routes__out__back=["river"], legs__road=None)
    )

    assert notes(world) == ()
    assert len(arrivals(run(world))) == 2


# Chance


def chancy(**changes):
    roads = {"legs__road__time": "1 h to 2 h", "fleets__buses__joins": {START: 1}}
    return river("10 min to 30 min", **{**roads, **changes})


def test_a_variant_shares_what_chance_decides_at_it(ferry):
    base = drives(simulate(from_data(chancy()), seed=5), "river")
    longer = chancy(legs__road__time="3 h to 4 h", flows__evacuation__boarding="1 h")

    assert len(set(base)) > 1
    assert drives(simulate(from_data(longer), seed=5), "river") == base


def test_it_leaves_what_chance_decides_elsewhere_as_it_was(ferry):
    without = chancy(stages=None, through=["road", "road"])
    with_it, without = (
        drives(simulate(from_data(data), seed=5), "road")
        for data in (chancy(), without)
    )

    assert with_it == without


# Variants, what is uncertain, sweeps


def variant(folder, change, **parts):
    data = {"extends": "scenario.yaml", "change": change, **parts}
    return written(folder, data, "variant.yaml")


def test_a_variant_changes_a_field_and_adds_a_stage(ferry, tmp_path):
    written(tmp_path, river())
    added = {"ferry": {"lake": {"places": 1, "crossing": "1 h"}}}
    file = variant(
        tmp_path,
        {
            "stages.ferry.river.crossing": {"multiply_by": 2},
            "stages.ferry.river.places": 9,
            "routes.out.through": ["road", "river", "lake"],
        },
        stages=added,
    )
    stages = load(file).stages["ferry"]

    assert (stages["river"].places, stages["river"].crossing.best) == (9, 2400)
    assert stages["lake"].places == 1
    again = variant(tmp_path, {}, stages={"ferry": {"river": added["ferry"]["lake"]}})
    assert "stages.ferry.river: 'river' is in the base already" in flat(
        call("check", again).output
    )


def test_a_variant_adds_a_stage_to_a_base_without_any(ferry, tmp_path):
    base = river()
    stages = base.pop("stages")
    base["routes"]["out"]["through"] = ["road"]
    written(tmp_path, base)
    onto_it = {"routes.out.through": ["road", "river"]}

    assert load(variant(tmp_path, onto_it, stages=stages)).stages.keys() == {"ferry"}
    whole = {**onto_it, "stages.ferry": stages["ferry"]}
    assert load(variant(tmp_path, whole)).stages.keys() == {"ferry"}
    assert (
        "stands where keys"
        in call("check", variant(tmp_path, onto_it, stages={"ferry": 3})).output
    )


def test_a_field_may_be_uncertain(ferry):
    path = "stages.ferry.river.crossing"
    world = from_data(river(uncertain={path: {"spread": "20 min to 40 min"}}))
    study = run_study(world, seed=1, replications=4, band="knowledge")

    assert uncertain_fields(world)[path].high == 2400
    assert len(set(study.parameter(path))) == 4
    assert (
        "'stages.ferry.river.plces' does not exist. Did you mean 'places'?"
        in refusal(river(uncertain={"stages.ferry.river.plces": {"spread": "1 to 2"}}))
    )


def test_a_sweep_varies_a_field_and_checks_it_again(ferry):
    world = from_data(river(stages__ferry__river__boarding="5 min"))
    (factor,) = read_factors(
        ["stages.ferry.river.crossing=10 min to 30 min by 10 min"], world.clock
    )
    points = [amended(world, {factor.path: value}) for value in factor.values]

    ends = [point.stages["ferry"]["river"].crossing.best for point in points]
    assert ends == [600, 1200, 1800]
    with pytest.raises(ScenarioError, match="it takes no time"):
        amended(world, {factor.path: "0 min"})


# As data


def test_it_is_written_and_read_as_it_is(ferry, tmp_path):
    world = from_data(river())
    (tmp_path / "scenario.yaml").write_text(resolved_yaml(world))

    assert load(tmp_path) == world
    assert pickle.loads(pickle.dumps(world)) == world
    assert scenario_hash(world) != scenario_hash(from_data(river(places=5)))


def test_a_scenario_without_any_is_written_as_before():
    assert "stages" not in resolved_yaml(from_data(shuttle()))


def test_it_is_in_the_schema_and_the_reference(ferry):
    stages = json_schema()["properties"]["stages"]

    assert list(stages["properties"]) == [ferry]
    assert set(json_schema()["$defs"]["FerryPlan"]["required"]) == {
        "places",
        "crossing",
    }
    assert "| `ferry` | by name: [ferry](#ferry) |" in reference()
    assert "Vehicles that fit on it." in reference()


def test_it_can_be_taken_back(ferry):
    STAGES.forget(ferry)
    try:
        assert "'ferry' is not a known key here" in refusal(river())
        assert json_schema()["properties"]["stages"]["properties"] == {}
        assert "ferry" not in reference()
    finally:
        STAGES.register(ferry, FERRY)


def test_no_kind_is_taken_twice(ferry):
    with pytest.raises(ValueError, match="'ferry' is a stage already"):
        STAGES.register(ferry, FERRY)
