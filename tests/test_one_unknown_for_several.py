"""One unknown that sets several fields: a name of its own and `sets`."""

import pytest

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.experiment.compare import overdrawn
from sim.experiment.designs import design
from sim.experiment.drawn import changed
from sim.experiment.sweep import freed
from sim.experiment.unknowns import draw
from sim.inference.prior import Prior
from sim.scenario import from_data, settled, uncertain_fields
from sim.scenario.units import field_unit, kind_of
from sim.scenario.written import data_of
from tests.builders import operation

BOARDING, UNLOADING = "flows.evacuation.boarding", "flows.evacuation.unloading"
ROAD = "legs.road.time"
PACE = {"sets": [BOARDING, UNLOADING], "spread": "4 min to 12 min"}


def world(**changes):
    return operation(
        **{
            "flows__evacuation__boarding": "10 min to 30 min",
            "flows__evacuation__unloading": "5 min",
            "uncertain": {"pace": PACE},
            **changes,
        }
    )


def said(uncertain):
    with pytest.raises(ScenarioError) as caught:
        world(uncertain=uncertain)
    return str(caught.value)


def test_one_draw_is_the_middle_of_all_its_fields():
    """At 8 min: 10 to 30 about 20 becomes 4 to 12; what was 5 min is 8."""
    flow = settled(world(), {"pace": 480}).flows["evacuation"]

    assert flow.boarding == Distribution.uniform(240, 720)
    assert flow.unloading == Distribution.fixed(480)


def test_it_is_one_parameter_by_its_name():
    there = world()

    assert uncertain_fields(there) == {"pace": Distribution.uniform(240, 720)}
    assert draw(there, 1, 0).keys() == {"pace"}
    assert Prior.of(there).names == ("pace",)
    assert field_unit(there, "pace").name == "min"
    assert from_data(data_of(there)) == there


def test_several_widths_may_be_one_unknown():
    widths = {"sets": [f"{BOARDING}.width", f"{ROAD}.width"], "spread": "1 to 2"}
    there = world(legs__road__time="50 min to 70 min", uncertain={"chaos": widths})
    then = settled(there, {"chaos": 0.5})

    assert then.flows["evacuation"].boarding == Distribution.uniform(900, 1500)
    assert then.legs["road"].time == Distribution.uniform(3300, 3900)


@pytest.mark.parametrize(
    ("uncertain", "problem"),
    [
        ({"pace": {**PACE, "sets": [BOARDING]}}, "sets only one field"),
        ({"pace": {**PACE, "sets": []}}, "Name two fields or more"),
        ({"pace": {"spread": "1 h"}}, "'pace' sets nothing"),
        ({"pace": {**PACE, "sets": [BOARDING, "legs.rod.time"]}}, "'legs.rod'"),
        ({"pace": {**PACE, "sets": [BOARDING, BOARDING]}}, "is set twice"),
        (
            {"pace": PACE, BOARDING: {"spread": "1 h to 2 h"}},
            f"'{BOARDING}' is set twice, by 'pace' already",
        ),
        ({BOARDING: PACE}, "is no plain name"),
        (
            {"pace": {**PACE, "sets": [BOARDING, "fleets.buses.seats"]}},
            "are different quantities",
        ),
        (
            {"pace": {**PACE, "sets": [BOARDING, f"{BOARDING}.width"]}},
            "are different quantities",
        ),
        (
            {
                "size": {
                    "sets": [
                        "fleets.buses.seats",
                        "sites.pocket.groups.civilians.people",
                    ],
                    "spread": "40 to 60",
                }
            },
            "are different quantities",
        ),
    ],
)
def test_what_cannot_be_one_unknown_is_refused(uncertain, problem):
    assert problem in said(uncertain)


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("sites.pocket.groups.civilians.joins.2020-01-01T00:00", "people"),
        ("fleets.buses.joins.2020-01-01T00:00", "vehicles"),
        ("sites.haven.holds", "people"),
        ("legs.road.holds", "vehicles"),
    ],
)
def test_fields_of_one_name_count_what_they_do_where_they_stand(path, counted):
    assert kind_of(path) == counted


def test_two_spellings_of_a_moment_are_one_field():
    one, two = (
        f"fleets.buses.joins.{moment}"
        for moment in ("2020-01-01T00:00", "2020-01-01 00:00")
    )
    told = said({one: {"spread": "2 to 4"}, two: {"spread": "2 to 4"}})

    assert "is set twice" in told


def test_a_contradiction_is_told_by_its_name():
    told = said(
        {
            "many": {
                "sets": [
                    "sites.pocket.groups.civilians.people",
                    "flows.evacuation.load.buses",
                ],
                "spread": "0 to 90",
            }
        }
    )

    assert "uncertain.many" in told


def test_a_sweep_takes_its_field_out_and_leaves_the_others():
    three = {**PACE, "sets": [BOARDING, UNLOADING, ROAD]}
    for uncertain, left in (
        ({"pace": three}, {"pace": (UNLOADING, ROAD)}),
        ({"pace": PACE}, {UNLOADING: None}),
    ):
        there = world(uncertain=uncertain)
        base, dropped = freed(there, design([f"{BOARDING}=1 h, 2 h"], there.clock))

        assert dropped == (BOARDING,)
        assert {name: plan.sets for name, plan in base.uncertain.items()} == left


def test_a_variant_of_one_field_is_named_by_what_undoes_it():
    base, variant = world(), world(flows__evacuation__unloading="9 min")

    assert overdrawn(base, variant) == ("pace",)
    assert changed(base, variant, ("pace",)) == ["pace"]
    assert changed(base, world(), ("pace",)) == []
