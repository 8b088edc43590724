"""Ready-made changes: a shift, a side that stops, half of a fleet, a curfew."""

import pytest

from sim.errors import ScenarioError
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import from_text, load, resolved_yaml
from sim.studies.cases import Changed, opened
from sim.words import Words
from tests.builders import at, halt, operation, two_sides, with_gate
from tests.commands import call


@pytest.fixture
def variant(tmp_path):
    """Return what makes a variant of an operation, with some changes."""
    folder = tmp_path / "scenarios" / "case"
    folder.mkdir(parents=True)

    def made(base, *changes):
        (folder / "scenario.yaml").write_text(resolved_yaml(base), encoding="utf-8")
        text = "operation: variant\nextends: scenario.yaml\nchange:\n"
        text += "".join(f"  {change}\n" for change in changes)
        return from_text(text, "variant.yaml", folder)

    return made


def hours(world, name):
    return summary(simulate(world, seed=1))[name]


def refusal(variant, base, change):
    with pytest.raises(ScenarioError) as caught:
        variant(base, change)
    return str(caught.value)


@pytest.mark.parametrize("by", ["24 h", "-6 h", "+ 90 min", "2 d"])
def test_a_shift_of_everything_shifts_nothing_between(variant, by) -> None:
    base = with_gate({"closed": halt("gate", 60, 100)})
    moved = variant(base, f"shift: {by}")

    assert moved.clock.starts != base.clock.starts
    before, after = (summary(simulate(world, seed=1)) for world in (base, moved))
    nights = {name for name in before if name.startswith("busiest_")}
    assert all(after[name] == before[name] for name in before.keys() - nights)


def test_a_shift_from_a_moment_moves_later_dates_only(variant) -> None:
    base = with_gate({"early": halt("gate", 20, 30), "late": halt("gate", 60, 100)})
    moved = variant(base, f"shift: 1 h from {at(60)}")

    assert moved.stoppages["early"] == base.stoppages["early"]
    assert moved.stoppages["late"].starts == 120 * 60
    assert moved.stoppages["late"].until == 160 * 60
    assert moved.clock.starts == base.clock.starts


def test_a_shift_may_begin_with_a_part_that_has_a_date(variant) -> None:
    base = with_gate({"early": halt("gate", 20, 30), "late": halt("gate", 60, 100)})

    assert variant(base, f"shift: 1 h from {at(60)}") == variant(
        base, "shift: 1 h from late"
    )


def test_dates_in_prose_stay(variant) -> None:
    base = operation(about=f"Reported at {at(60)}.")

    assert variant(base, "shift: 1 h").about == f"Reported at {at(60)}."


def test_dates_in_keys_and_ranges_move_too(variant) -> None:
    base = operation(
        fleets__buses__joins={at(0): 1, at(60): 2},
        uncertain={f"fleets.buses.joins.{at(60)}": {"spread": "1 to 3"}},
    )
    moved = variant(base, f"shift: 1 h from {at(30)}")

    assert moved.fleets["buses"].joins == {0: 1, 120 * 60: 2}
    assert list(moved.uncertain) == [f"fleets.buses.joins.{at(120)}"]


def test_a_side_that_stops_moves_nobody_for_that_time(variant) -> None:
    """In lockstep the other side waits with it."""
    base = two_sides()
    moved = variant(base, f"other-side-stops: south of deal from {at(0)} for 1 d")

    assert list(moved.stoppages) == ["south-stops"]
    assert moved.stoppages["south-stops"].flows == ("south",)
    for site in ("north", "south"):
        assert hours(moved, f"t100/{site}") > 24 > hours(base, f"t100/{site}")


def test_a_second_stop_of_a_side_gets_a_name_of_its_own(variant) -> None:
    stopped = variant(
        two_sides(), f"other-side-stops: south of deal from {at(0)} for 1 h"
    )
    again = variant(stopped, f"other-side-stops: south of deal from {at(99)} for 1 h")

    assert list(again.stoppages) == ["south-stops", "south-stops-2"]


@pytest.mark.parametrize(
    ("fleet", "since", "leaves"),
    [
        ({"joins": {at(0): 4, at(60): 1}}, 70, {70: 2}),
        ({"joins": {at(0): 4, at(60): 10}}, 50, {50: 2}),
        ({"joins": {at(0): 9}, "leaves": {at(10): 5}}, 50, {10: 5, 50: 2}),
        ({"joins": {at(0): 9}, "leaves": {at(50): 3}}, 50, {50: 6}),
        ({"joins": {at(0): 9}, "leaves": {at(60): 3}}, 50, {50: 4, 60: 3}),
    ],
    ids=["of all", "not later ones", "not those gone", "those too", "later ones too"],
)
def test_half_of_the_vehicles_leave_that_are_there(
    variant, fleet, since, leaves
) -> None:
    base = operation(**{f"fleets__buses__{field}": of for field, of in fleet.items()})
    moved = variant(base, f"half-the-fleet: buses from {at(since)}")

    assert moved.fleets["buses"].leaves == {60 * at: n for at, n in leaves.items()}


def test_half_of_what_nobody_can_count_is_refused(variant) -> None:
    """Whether the second joins before the halt ends differs between runs."""
    base = with_gate(
        {"halt": halt("gate", 60, 100)}, fleets__buses__joins={at(0): 4, at(70): 2}
    )
    change = "half-the-fleet: buses from when halt ends"

    assert "nobody can tell" in refusal(variant, base, change)


def test_under_a_curfew_nobody_sets_out_at_other_hours(variant) -> None:
    """The first trip boards until 00:10, and sets out at 06:00."""
    moved = variant(operation(), "curfew: 06:00 to 18:00")

    assert hours(moved, "first_arrival/pocket") == 6 + 65 / 60


@pytest.mark.parametrize(
    ("own", "curfew", "common"),
    [
        ("08:00 to 16:00", "06:00 to 18:00", "08:00 to 16:00"),
        ("05:00 to 16:00", "06:00 to 18:00", "06:00 to 16:00"),
        ("20:00 to 04:00", "22:00 to 06:00", "22:00 to 04:00"),
        ("00:00 to 24:00", "22:00 to 06:00", "22:00 to 06:00"),
        ("20:00 to 24:00", "22:00 to 06:00", "22:00 to 24:00"),
    ],
)
def test_a_curfew_never_opens_a_road_that_was_closed(
    variant, own, curfew, common
) -> None:
    narrow = variant(operation(legs__road__hours=own), f"curfew: {curfew}")

    assert narrow.legs == operation(legs__road__hours=common).legs


@pytest.mark.parametrize(
    ("own", "leaves"),
    [
        ("18:00 to 20:00", "of which 06:00 to 18:00 leaves nothing"),
        ("16:00 to 08:00", "two spans, 06:00 to 08:00 and 16:00 to 18:00"),
    ],
)
def test_hours_that_are_no_one_span_are_refused(variant, own, leaves) -> None:
    base = operation(legs__road__hours=own)

    assert leaves in refusal(variant, base, "curfew: 06:00 to 18:00")


def test_changes_stand_one_after_the_other(variant) -> None:
    moved = variant(
        operation(),
        "curfew: 06:00 to 18:00",
        "shift: 1 h",
        "fleets.buses.seats: 60",
    )
    assert moved.clock.starts == at(60)
    assert moved.fleets["buses"].seats == 60
    assert moved.legs["road"].hours is not None


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("shift: soon", "does not say by how much"),
        ("shift: 5 fortnights", "fortnights"),
        ("shift: 1 h from yesterday", "neither a date nor a stoppage or agreement"),
        ("shift: {by: 1 h}", "takes one text"),
        ("other-side-stops: south", "does not name a side"),
        ("other-side-stops: south of dal from 2020-01-01T01:00 for 1 h", "'deal'"),
        ("other-side-stops: sout of deal from 2020-01-01T01:00 for 1 h", "'south'"),
        ("other-side-stops: south of deal from soon for 1 h", "soon"),
        ("other-side-stops: south of deal from 2020-01-01T01:00 for ever", "ever"),
        ("half-the-fleet: south-buses", "does not name a fleet and a moment"),
        ("half-the-fleet: buses from 2020-01-01T01:00", "there is no fleet"),
        ("half-the-fleet: south-buses from 2020-01-01T01:00", "no half"),
        ("curfew: at night", "at night"),
        ("curfews: 06:00 to 18:00", "curfews"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(variant, change, part) -> None:
    assert part in refusal(variant, two_sides(), change)


def test_a_part_that_hangs_on_something_has_no_date_to_shift_from(variant) -> None:
    base = with_gate(
        {
            "first": halt("gate", 20, 30),
            "second": {
                "cause": "a halt",
                "closes": ["gate"],
                "starts": "1 h after first ends",
                "lasts": "10 min",
            },
        }
    )
    assert "hangs on something" in refusal(variant, base, "shift: 1 h from second")


def test_the_replay_runs_alike_a_week_later(variant) -> None:
    """No clock is put back between, and days of the week make no difference."""
    base = load("aleppo-2016")
    moved = variant(base, "shift: 7 d")
    before, after = (summary(simulate(world, seed=1)) for world in (base, moved))

    assert after == pytest.approx(before, nan_ok=True)


# Beside a scenario, on the command line


def test_a_change_beside_a_scenario_is_that_of_a_variant() -> None:
    changed = opened(Changed("two-towns", ("curfew=06:00 to 18:00",)))
    plain = opened("two-towns")

    assert changed.name == "two-towns-changed"
    assert changed.operation.operation == "Two towns (curfew=06:00 to 18:00)"
    assert all(leg.hours is not None for leg in changed.operation.legs.values())
    assert all(leg.hours is None for leg in plain.operation.legs.values())


def test_operators_of_variants_may_stand_beside_a_scenario() -> None:
    twice = ("fleets.buses.joins={multiply_by: 2}",)
    changed = opened(Changed("two-towns", twice)).operation

    assert list(changed.fleets["buses"].joins.values()) == [40, 20]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("shift", "is not a change. Write WHAT=VALUE"),
        ("=24 h", "is not a change"),
        ("fleets.buses.seets=60", "Did you mean 'seats'?"),
        ("shift=soon", "does not say by how much"),
        ("fleets.buses.seats={times: 2}", "'times'"),
        ("fleets.buses.seats={multiply_by: {a: 2}}", "{multiply_by: {a: 2}}"),
    ],
)
def test_a_change_beside_a_scenario_that_cannot_be_made_is_refused(
    change, part
) -> None:
    with pytest.raises(ScenarioError) as caught:
        opened(Changed("two-towns", (change,)))
    assert part in str(caught.value)
    assert "--change:1:1" in str(caught.value)


def test_what_is_changed_is_not_drawn_any_more(tmp_path) -> None:
    """A draw would undo the change; what else is drawn still is."""
    road, people = "legs.road.time", "sites.pocket.groups.civilians.people"
    ranges = {road: {"spread": "30 min to 90 min"}, people: {"spread": "90 to 110"}}
    path = tmp_path / "scenario.yaml"
    path.write_text(resolved_yaml(operation(uncertain=ranges)), encoding="utf-8")
    told = []
    changed = opened(Changed(str(path), (f"{road}=45 min",)), told.append).operation

    assert list(changed.uncertain) == [people]
    assert f"What --change says of {road} holds in every run" in str(
        Words().of(told[0].text)
    )
    again = opened(Changed(str(path), (f"uncertain.{road}.spread=1 h to 2 h",)))
    assert list(again.operation.uncertain) == [road, people]


def test_one_field_is_not_changed_twice() -> None:
    with pytest.raises(ScenarioError, match="changed twice"):
        opened(Changed("two-towns", ("shift=1 h", "shift=2 h")))


def test_a_comparison_with_a_change_needs_no_file(tmp_path) -> None:
    result = call(
        *("compare", "two-towns", "--change", "curfew=06:00 to 18:00", "-n", "4"),
        *("--results", tmp_path, "--no-figures", "--workers", "1"),
    )
    assert result.exit_code == 0
    assert "two-towns-changed" in result.output


def test_a_comparison_of_nothing_is_wrong_use(tmp_path) -> None:
    result = call("compare", "two-towns", "--results", tmp_path)

    assert result.exit_code == 2
    assert "Name a VARIANT, or a --change" in result.output


def test_a_change_beside_a_scenario_may_be_a_whole_part_or_a_list() -> None:
    """Each is written as in a cell of a workbook."""
    changes = (
        "fleets.trucks={kind: bus, seats: 20, joins: {2016-12-15T06:00: 3}}",
        "stoppages.searches=drop",
        "flows.north-families.groups=families, wounded",
        "flows.north-families.convoy=buses: 4, ambulances: 1",
        "flows.north-wounded=drop",
    )
    changed = opened(Changed("two-towns", changes)).operation
    flow = changed.flows["north-families"]

    assert changed.fleets["trucks"].ever_joining == 3
    assert list(changed.stoppages) == ["shots-at-the-crossing"]
    assert flow.groups == ("families", "wounded")
    assert list(flow.convoy) == ["buses", "ambulances"]


def test_a_part_that_cannot_be_read_is_told_at_its_change() -> None:
    changes = ("shift=24 h", "fleets.trucks={kind: truck, seats")
    with pytest.raises(ScenarioError) as caught:
        opened(Changed("two-towns", changes))

    assert all(
        "--change:2:1: fleets.trucks" in each.sentence for each in caught.value.args[0]
    )


def test_a_change_may_mend_what_is_wrong_without_it(tmp_path) -> None:
    """What it sets is not drawn, either, though there is nothing to compare it with."""
    road = "legs.road.time"
    text = resolved_yaml(operation(uncertain={road: {"spread": "30 min to 90 min"}}))
    path = tmp_path / "scenario.yaml"
    path.write_text(text.replace("time: 1 h", "time: x"), encoding="utf-8")
    assert "time: x" in path.read_text("utf-8")
    with pytest.raises(ScenarioError):
        opened(path)

    told = []
    mended = opened(Changed(str(path), (f"{road}=45 min",)), told.append).operation

    assert list(mended.uncertain) == []
    assert len(told) == 1
