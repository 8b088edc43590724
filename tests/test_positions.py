"""Where places are: read, refused, and of no effect on a run."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.model import simulate
from sim.scenario import from_text, resolved_yaml, scenario_hash
from sim.scenario.position import Position
from sim.scenario.schema import json_schema
from sim.scenario.typed_in import typed_in

TEXT = (Path(__file__).parents[1] / "scenarios/two-towns/scenario.yaml").read_text(
    "utf-8"
)
PLACE = "  harbour: {}"


def at(text: str) -> str:
    """Return the example with a position of the harbour."""
    return TEXT.replace(PLACE, f"  harbour:\n    at: {text}\n ")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("36.20, 37.16", (36.2, 37.16)),
        ("36.2 N, 37.2 E", (36.2, 37.2)),
        ("36.2° N 37.2° E", (36.2, 37.2)),
        ("33.9 s, 18.4 w", (-33.9, -18.4)),
        ("-33.9, 18.4", (-33.9, 18.4)),
        ("36, 0", (36, 0)),
    ],
)
def test_a_position_is_latitude_and_longitude(
    text: str, position: tuple[float, float]
) -> None:
    assert from_text(at(text)).sites["harbour"].at == Position(*position)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("37.2 E, 36.2 N", "gives the longitude first. Write '36.2 N, 37.2 E'"),
        ("137, 36", "Latitude comes first: write '36, 137'"),
        ("200, 36", "has a latitude of more than 90 degrees. Check the digits"),
        ("36, 199", "has a longitude of more than 180 degrees"),
        ("36,20, 37,16", "Write points in numbers, not commas"),
        ("36°12'N 37°9'E", "degrees with decimals, not minutes"),
        ("36.2", "Add the longitude; within brackets put both in quotes"),
        ("0, 0", "lies in the ocean"),
        ("-36 S, 5 E", "by a sign and by a letter"),
        ("north", "is not a position. Write latitude and longitude in degrees"),
        (
            "\u0663\u0666\u066b\u0662\u060c \u0663\u0667\u066b\u0662",
            "Did you mean '36.2, 37.2'?",
        ),
    ],
)
def test_what_is_no_position_is_refused_with_what_to_write(
    text: str, says: str
) -> None:
    with pytest.raises(ScenarioError, match=r"sites\.harbour\.at") as refused:
        from_text(at(text))
    assert says in str(refused.value)


def test_places_of_a_route_that_are_half_the_earth_apart_are_refused() -> None:
    """As when latitude and longitude of one of them are swapped."""
    south = "  southtown:\n"
    text = at("36.2, 5").replace(south, f"{south}    at: 5, 36.2\n")
    with pytest.raises(ScenarioError, match="km from 'harbour', which comes next"):
        from_text(text)


def test_a_place_that_is_put_on_the_map_changes_no_hash_and_no_run() -> None:
    """Results and fits are kept under the hash."""
    without, placed = from_text(TEXT), from_text(at("36.2, 37.2"))
    assert scenario_hash(placed) == scenario_hash(without)
    assert simulate(placed, seed=1).events == simulate(without, seed=1).events
    assert list(typed_in(placed)) == list(typed_in(without))


def test_a_stoppage_that_gets_a_title_changes_no_hash_and_no_run() -> None:
    """As a place that is put on the map: nothing depends on it but what is read."""
    searches = "  searches: # random: it comes again and again\n"
    titled = from_text(TEXT.replace(searches, f"{searches}    title: The searches\n"))
    assert titled.stoppages["searches"].title == "The searches"
    assert scenario_hash(titled) == scenario_hash(from_text(TEXT))
    assert from_text(resolved_yaml(titled)) == titled


def test_a_resolved_scenario_keeps_its_positions() -> None:
    placed = from_text(at("36.2 N, 37.2 E"))
    again = from_text(resolved_yaml(placed))
    assert again == placed
    assert again.sites["harbour"].at == Position(36.2, 37.2)


def test_a_gate_a_checkpoint_and_any_other_stage_may_have_one() -> None:
    sections = json_schema()["$defs"]
    plans = ("SitePlan", "GatePlan", "CheckpointPlan", "FerryPlan")
    assert all("at" in sections[plan]["properties"] for plan in plans)
