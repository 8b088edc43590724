"""Amended operations: what calibration draws is checked like what planners write."""

from pathlib import Path

import pytest

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.scenario import (
    amended,
    from_text,
    load,
    resolved_yaml,
    settled,
    uncertain_fields,
)

BASE = load(Path(__file__).parents[1] / "scenarios" / "two-towns")

VALUES: dict[str, object] = {
    "sites.northtown.groups.families.people": 1_500.3,
    "checkpoints.bridge.inspection": 400.4,
    "checkpoints.bridge.lanes": 3,
    "legs.north-road.time": "1 h to 2 h",
    "legs.south-road.length": 30_000,
    "legs.south-road.speed": Distribution.uniform(5, 8),
    "fleets.buses.joins.2016-12-15T05:00": 22,
    "flows.north-families.load.buses": 44.5,
    "flows.north-families.headway": 1_800,
    "flows.north-wounded.opens": "2016-12-15T08:00",
    "stoppages.shots-at-the-crossing.starts": 40_000,
    "agreements.exchange.tranches.0.north": 2,
}


def test_numbers_are_in_base_units_and_text_is_as_in_a_file() -> None:
    changed = amended(BASE, VALUES)
    assert changed.sites["northtown"].groups["families"].people == 1_500
    assert changed.checkpoints["bridge"].inspection == Distribution.fixed(400)
    assert changed.legs["north-road"].time == Distribution.uniform(3_600, 7_200)
    assert changed.legs["south-road"].length == 30_000
    assert changed.fleets["buses"].joins[18_000] == 22
    assert changed.flows["north-families"].headway == Distribution.fixed(1_800)
    assert changed.flows["north-wounded"].opens == 8 * 3_600
    assert changed.stoppages["shots-at-the-crossing"].starts == 40_000
    assert changed.agreements["exchange"].tranches[0]["north"] == 2


def test_the_original_stays_as_it_is() -> None:
    before = resolved_yaml(BASE)
    amended(BASE, VALUES)
    assert resolved_yaml(BASE) == before


def test_an_amended_operation_is_written_and_read_like_any_other() -> None:
    changed = amended(BASE, VALUES)
    assert from_text(resolved_yaml(changed)) == changed


def test_no_change_gives_the_same() -> None:
    assert amended(BASE, {}) == BASE


def test_fields_that_are_no_numbers_go_through_the_loader() -> None:
    changed = amended(
        BASE,
        {
            "flows.north-families.hours": "05:00 to 21:00",
            "agreements.exchange.rule": "simultaneous",
            "flows.north-families.returns": False,
            "fleets.buses.seats": 60,
            "flows.north-families.headway": 600,
            "stoppages.searches": "drop",
        },
    )
    assert changed.agreements["exchange"].rule == "simultaneous"
    assert not changed.flows["north-families"].returns
    assert changed.flows["north-families"].headway == Distribution.fixed(600)
    assert "searches" not in changed.stoppages


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("fleets.buses.seats", -3, "fleets.buses.seats: -3 is too small"),
        ("fleets.buses.seats", "many", "'many' is not a count"),
        ("fleets.buses.seats", float("nan"), "nan is not a whole number"),
        ("fleets.buses.seats", 10**400, "is not a whole number"),
        ("fleets.buses.seats", None, "None is not a whole number"),
        ("fleets.buses.seats", True, "'yes' is not a count"),
        ("legs.north-road.time", float("inf"), "inf is not a duration"),
        ("legs.north-road.time", -60, "'-60"),
        ("legs.north-road.time", "60", "'60' has no unit"),
        ("fleets.buses.setas", 60, "'fleets.buses.setas' does not exist. Did you mean"),
        ("fleets.busses.seats", 60, "Did you mean 'buses'?"),
        ("fleets.buses.joins.2016-12-15T06:00", 2.0, ""),
        ("fleets", 60, "stands where keys and values should"),
        ("", 60, "does not exist"),
        ("...", 60, "does not exist"),
        ("flows.north-families.load.buses", 70, "70 or more people board a vehicle"),
        ("fleets.buses.seats", 30, "40 or more people board a vehicle that has 30"),
        ("flows.north-families.smallest", 11, "the smallest convoy has 11"),
        ("sites.northtown.groups.families.people", 50, "100 stay, but only 50"),
        ("stoppages.shots-at-the-crossing.starts", -1, "before the operation starts"),
        ("stoppages.shots-at-the-crossing.starts", 10**9, "after the operation ends"),
        (
            "flows.north-families.opens",
            "2016-12-18T21:00",
            "no convoy can ever set out",
        ),
        ("agreements.exchange.deadline", 60, "its deadline is over before"),
        ("zone", "Asia/Damaskus", "is not a time zone. Did you mean 'Asia/Damascus'?"),
        ("zone", "Damascus", "is not a time zone. Did you mean 'Asia/Damascus'?"),
        ("zone", "kyiv", "is not a time zone. Did you mean 'Europe/Kyiv'?"),
        ("zone", "Xyzzyx", "is not a time zone. Write a place, as Asia/Damascus."),
        ("ends", "2016-12-15T12:00", "is after the operation ends"),
    ],
)
def test_what_a_file_may_not_say_is_refused(
    path: str, value: object, said: str
) -> None:
    if not said:
        # A moment that is not there yet is added, as a variant would.
        assert len(amended(BASE, {path: 2}).fleets["buses"].joins) == 3
        return
    with pytest.raises(ScenarioError) as caught:
        amended(BASE, {path: value})
    assert said in str(caught.value)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        amended(BASE, {"fleets.buses.seats": 0, "checkpoints.bridge.lanes": "x"})
    assert len(caught.value.args[0]) == 2


def test_more_promised_than_people_is_found_when_people_are_fewer() -> None:
    terms = {
        "agreements.exchange.unit": "people",
        "agreements.exchange.tranches.0.south": 600,
    }
    base = amended(BASE, terms)
    with pytest.raises(
        ScenarioError, match="is to move 601 people, but its flows have"
    ):
        amended(base, {"sites.southtown.groups.families.people": 500})


def test_what_is_uncertain_is_known_as_a_distribution() -> None:
    assert uncertain_fields(BASE) == {
        "sites.northtown.groups.families.people": Distribution.triangular(
            1_200, 1_400, 1_700
        ),
        "checkpoints.bridge.inspection": Distribution.uniform(300, 900),
    }


def test_every_uncertain_field_can_be_settled_with_what_is_drawn() -> None:
    for path, spread in uncertain_fields(BASE).items():
        for value in spread.values((0.001, 0.5, 0.999)):
            settled(BASE, {path: value})
