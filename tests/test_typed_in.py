"""What a scenario gives is counted, and what of it says when something happened."""

import csv
import io
from collections import Counter

import pytest

from sim import report_on, run_study
from sim.report.typed_in import report_on_typed_in
from sim.scenario import from_data, load
from sim.scenario.quantities import MOMENTS
from sim.scenario.shapes import OPERATION, Fields, ListShape, Named, values
from sim.scenario.timing import hanging_in
from sim.scenario.typed_in import Given, StandsFor, typed_in
from tests.builders import START, at, halt, in_words, operation, shuttle
from tests.commands import call


def stands(world):
    """Return what each value stands for, by path; of an unknown after a star."""
    return {
        ("*" if each.kind is Given.UNKNOWN else "") + each.path: each.standing
        for each in typed_in(world)
    }


def kinds(world, within=""):
    return Counter(
        each.kind for each in typed_in(world) if each.path.startswith(within)
    )


def test_every_value_of_a_small_file_is_counted_by_hand():
    """Dates: starts, ends, joins. Numbers: people, seats, how many join, buses of a
    convoy, and four times that do not vary."""
    world = operation()

    assert kinds(world) == {Given.DATE: 3, Given.NUMBER: 7}
    assert [each.path for each in typed_in(world)] == [
        "starts",
        "ends",
        "sites.pocket.groups.civilians.people",
        "fleets.buses.seats",
        f"fleets.buses.joins.{START}",
        f"fleets.buses.joins.{START}",
        "legs.road.time",
        "flows.evacuation.convoy.buses",
        "flows.evacuation.boarding",
        "flows.evacuation.unloading",
    ]


def test_what_varies_is_a_range_and_hours_are_times_of_day():
    world = operation(
        legs__road__time="1 h to 2 h",
        flows__evacuation__hours="06:00 to 20:00",
        flows__evacuation__dispatch_times=["08:00", "16:00"],
    )

    assert kinds(world, "legs.") == {Given.RANGE: 1}
    assert kinds(world, "flows.")[Given.TIME_OF_DAY] == 3


def test_what_is_written_as_it_would_be_unwritten_does_not_count():
    plain, written = operation(), operation(flows__evacuation__at_once=1)

    assert kinds(plain) == kinds(written)
    assert kinds(operation(flows__evacuation__at_once=2))[Given.NUMBER] == 8


def test_an_unknown_counts_beside_its_field_and_documents_it():
    path = "fleets.buses.seats"
    unknown = {path: {"spread": "40 to 60", "evidence": ["a-1"]}}
    found = [
        each for each in typed_in(operation(uncertain=unknown)) if each.path == path
    ]

    assert [(each.kind, each.documented) for each in found] == [
        (Given.NUMBER, True),
        (Given.UNKNOWN, True),
    ]


def gated(**stoppage):
    return operation(
        gates={"gate": {}},
        routes__out__through=["gate", "road"],
        stoppages={"halt": halt("gate", 0, 60, **stoppage)},
    )


def test_dates_of_a_stoppage_are_an_outside_event_only_if_a_source_says_so():
    sourced, bare = stands(gated(evidence=["a-1"])), stands(gated())

    assert {sourced[f"stoppages.halt.{end}"] for end in ("starts", "until")} == {
        StandsFor.ORDER
    }
    assert {bare[f"stoppages.halt.{end}"] for end in ("starts", "until")} == {
        StandsFor.OUTCOME
    }


def test_whom_a_stoppage_befell_is_an_outcome_though_a_source_says_so():
    world = stands(
        gated(
            evidence=["a-1"],
            unaccounted=3,
            lives_lost=2,
            loses={"buses": 1},
            loses_loaded={"buses": 1},
            caught="hold",
        )
    )

    for field in ("unaccounted", "lives_lost", "loses.buses", "loses_loaded.buses"):
        assert world[f"stoppages.halt.{field}"] is StandsFor.OUTCOME


def test_dates_of_flows_and_fleets_are_outcomes_whatever_supports_them():
    path = "flows.evacuation.opens"
    world = operation(
        flows__evacuation__opens=at(60),
        flows__evacuation__closes=at(600),
        fleets__buses__leaves={at(900): 1},
        uncertain={path: {"spread": f"{at(30)} to {at(90)}", "evidence": ["a-1"]}},
    )
    dates = {
        each.path: each.standing for each in typed_in(world) if each.kind is Given.DATE
    }

    assert dates == {
        "starts": StandsFor.FRAME,
        "ends": StandsFor.FRAME,
        f"fleets.buses.joins.{START}": StandsFor.OUTCOME,
        f"fleets.buses.leaves.{at(900)}": StandsFor.OUTCOME,
        path: StandsFor.OUTCOME,
        "flows.evacuation.closes": StandsFor.OUTCOME,
    }
    assert stands(world)[f"*{path}"] is StandsFor.OUTCOME


def pact(**more):
    return operation(
        gates={"gate": {}},
        routes__out__through=["gate", "road"],
        agreements={
            "pact": {
                "parties": {
                    "town": {
                        "flows": ["evacuation"],
                        "gate": "gate",
                        "gives_up_after": "2 h",
                    }
                },
                "tranches": [{"town": 60}, {"town": "rest"}],
                "in_force": at(30),
                "requires": {"list": {"after": "10 min to 20 min"}},
                **more,
            }
        },
    )


def test_terms_of_an_agreement_are_orders_but_not_how_a_side_behaves():
    found = stands(pact(evidence=["a-1"]))

    assert found["agreements.pact.in_force"] is StandsFor.ORDER
    assert found["agreements.pact.tranches.0.town"] is StandsFor.ORDER
    assert found["agreements.pact.parties.town.gives_up_after"] is StandsFor.ASSUMPTION
    assert found["agreements.pact.requires.list.after"] is StandsFor.ASSUMPTION
    assert "agreements.pact.tranches.1.town" not in found  # `rest` is a word


def test_without_a_source_an_agreement_has_no_orders():
    assert StandsFor.ORDER not in stands(pact()).values()


def test_no_date_is_left_out_and_none_stands_for_an_assumption():
    """Against a walk of what the file itself says, for every date that it writes."""
    world = load("scenarios/aleppo-2016/scenario.yaml")
    found = list(typed_in(world))
    dates = [each for each in found if each.kind is Given.DATE]

    assert {each.standing for each in dates} <= {
        StandsFor.FRAME,
        StandsFor.ORDER,
        StandsFor.OUTCOME,
    }
    hanging = [each for each in found if each.kind is Given.HANGING]
    written = sum(shape in MOMENTS for _, shape, _ in values(world))
    assert len(dates) - 1 + len(hanging) == written
    assert len(hanging) == len(hanging_in(world))


def quantities(shape, path=()):
    """Yield where a scenario may write a moment, without going round in circles."""
    match shape:
        case Fields():
            for name in shape.names:
                yield from quantities(shape.field(name), (*path, name))
        case Named():
            if shape.key in MOMENTS:
                yield (*path, "<key>")
            yield from quantities(shape.value, (*path, "?"))
        case ListShape():
            yield from quantities(shape.item, (*path, "0"))
        case _ if shape in MOMENTS:
            yield path


def test_every_place_for_a_date_has_been_thought_of():
    """Whoever adds a date to the plans decides here what it stands for."""
    assert {path[0] for path in quantities(OPERATION)} == {
        "ends",
        "moments",
        "sites",
        "legs",
        "gates",
        "checkpoints",
        "fleets",
        "flows",
        "agreements",
        "stoppages",
        "weather",
    }


def test_the_table_adds_up_to_what_is_said():
    report = report_on_typed_in(load("scenarios/aleppo-2016/scenario.yaml"))
    (table,) = report.tables("terminal")
    *parts, whole = ([cell.value for cell in row[1:]] for row in table.rows)

    assert [sum(column) for column in zip(*parts, strict=True)] == whole
    assert f"gives {whole[0]} dates, " in in_words(report.answer)


def test_the_command_prints_the_table_and_every_value():
    told = call("typed-in", "aleppo-2016").output
    rows = list(
        csv.DictReader(io.StringIO(call("typed-in", "aleppo-2016", "--csv").output))
    )

    assert "outcomes typed in" in " ".join(told.split())
    assert len(rows) == len(list(typed_in(load("scenarios/aleppo-2016/scenario.yaml"))))
    assert rows[0] == {
        "path": "starts",
        "part": "operation",
        "kind": "date",
        "value": "2016-12-13T18:00",
        "documented": "no",
        "stands_for": "frame",
    }


def test_a_report_of_runs_has_it_too():
    report = report_on(run_study(from_data(shuttle()), replications=2))

    assert "typed-in" in [section.name for section in report.sections]
    assert len(report.data["typed_in"].rows) == 10


@pytest.mark.parametrize("scenario", ["nowhere", "two-town"])
def test_a_scenario_that_is_not_there_is_told(scenario):
    assert call("typed-in", scenario).exit_code == 1
