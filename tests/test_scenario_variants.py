"""Variants: what changes, what stays, and where errors in them point."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.messages import in_plain
from sim.scenario import Operation, Problem, load
from sim.scenario.clock import Clock
from sim.studies.cases import Changed, opened

BASE = (
    Path(__file__).parents[1] / "scenarios" / "two-towns" / "scenario.yaml"
).read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "scenarios" / "towns"
    path.mkdir(parents=True)
    (path / "scenario.yaml").write_text(BASE, encoding="utf-8")
    return path


def variant(folder: Path, text: str, base: str = "scenario.yaml") -> Operation:
    path = folder / "variant.yaml"
    path.write_text(f"operation: Changed\nextends: {base}\n{text}", encoding="utf-8")
    return load(path)


def refused(folder: Path, text: str, base: str = "scenario.yaml") -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        variant(folder, text, base)
    return list(caught.value.args[0])


def change(*lines: str) -> str:
    return "change:\n" + "".join(f"  {line}\n" for line in lines)


def moment(text: str) -> int:
    return Clock("Asia/Damascus", "2016-12-15T00:00").seconds(text)


def test_a_variant_is_its_base_but_for_its_changes(folder: Path) -> None:
    base = load(folder)
    changed = variant(folder, change("fleets.buses.seats: 60"))
    assert changed.operation == "Changed"
    assert changed.fleets["buses"].seats == 60
    assert changed.model_copy(
        update={"operation": base.operation, "fleets": base.fleets}
    ) == base  # fmt: skip


def test_a_part_is_dropped_added_and_replaced(folder: Path) -> None:
    changed = variant(
        folder,
        change(
            "stoppages.searches: drop",
            "uncertain.checkpoints.bridge.inspection: drop",
            "uncertain.sites.northtown.groups.families.people.note: Nobody counted.",
            "fleets.buses.joins.2016-12-17T05:00: 5",
            "fleets.buses.joins.2016-12-16 05:00: 7",
            "flows.south-families.load.south-buses: 40",
            "weather.rain: {starts: 2016-12-15T05:00, until: 2016-12-16T05:00, "
            "speed_factor: 60 %}",
            "agreements.exchange.tranches.0.north: 2",
        )
        + "gates:\n  new-gate: {}\n",
    )
    assert list(changed.stoppages) == ["shots-at-the-crossing"]
    assert list(changed.uncertain) == ["sites.northtown.groups.families.people"]
    assert list(changed.fleets["buses"].joins.values()) == [20, 7, 5]
    assert changed.flows["south-families"].load["south-buses"].best == 40
    assert "rain" in changed.weather
    assert changed.agreements["exchange"].tranches[0]["north"] == 2
    assert "new-gate" in changed.gates


def test_dates_are_shifted_keys_too(folder: Path) -> None:
    changed = variant(
        folder,
        change(
            "fleets.buses: {shift_by: 2 h}",
            "stoppages.shots-at-the-crossing.starts: {shift_by: -90 min}",
        ),
    )
    assert list(changed.fleets["buses"].joins) == [
        moment("2016-12-15T07:00"),
        moment("2016-12-16T07:00"),
    ]
    shots = changed.stoppages["shots-at-the-crossing"]
    assert shots.starts == moment("2016-12-15T11:30")


def test_durations_and_ends_are_made_longer_and_shorter(folder: Path) -> None:
    changed = variant(
        folder,
        change(
            "stoppages.shots-at-the-crossing: {shorten_by: 2 h}",
            "stoppages.searches.lasts: {lengthen_by: 30 min}",
            "weather.rain: {starts: 2016-12-15T05:00, until: 2016-12-16T05:00, "
            "speed_factor: 0.6}",
            "weather.rain.until: {shorten_by: 24 h}",
            "weather.rain.starts: {shift_by: -1 h}",
        ),
    )
    assert changed.stoppages["shots-at-the-crossing"].lasts.best == 3 * 3_600  # type: ignore[union-attr]
    searches = changed.stoppages["searches"].lasts
    assert searches is not None
    assert (searches.low, searches.high) == (3_600, 9_000)
    assert changed.weather["rain"].until == moment("2016-12-15T05:00")


def test_numbers_are_multiplied_and_counts_stay_whole(folder: Path) -> None:
    changed = variant(
        folder,
        change(
            "fleets.buses.joins: {multiply_by: 0.33}",
            "legs.coast-road.time: {multiply_by: 2}",
            "legs.south-road.length: {multiply_by: 150 %}",
            "agreements.exchange.tranches: {multiply_by: 3}",
            "flows.north-families.load: {multiply_by: 0.5}",
        ),
    )
    assert list(changed.fleets["buses"].joins.values()) == [7, 3]
    coast = changed.legs["coast-road"].time
    assert coast is not None
    assert (coast.best, coast.spread) == (14_400, 1.2)
    assert changed.legs["south-road"].length == 52_500
    assert changed.agreements["exchange"].tranches[2]["south"] == "rest"
    assert changed.agreements["exchange"].tranches[1]["south"] == 3
    assert changed.flows["north-families"].load["buses"].best == 25


def test_a_variant_may_extend_a_variant_and_a_neighbour(folder: Path) -> None:
    variant(folder, change("fleets.buses.seats: 60"))
    other = folder.parent / "other"
    other.mkdir()
    changed = variant(
        other, change("fleets.ambulances.seats: 5"), "../towns/variant.yaml"
    )
    assert changed.fleets["buses"].seats == 60
    assert changed.fleets["ambulances"].seats == 5


REFUSED = [
    (
        "fleets.busses.seats: 60",
        3,
        "'fleets.busses' does not exist. Did you mean 'buses'",
    ),
    ("fleets.buses.setas: 60", 3, "Did you mean 'seats'?"),
    ("fleetz.buses.seats: 60", 3, "Did you mean 'fleets'?"),
    ("fleets.buses.seats: 6O", 27, "'6O' has a unit, but a count has none"),
    ("fleets.buses.seats.more: 60", 3, "does not exist"),
    ("fleets.trucks: drop", 3, "'fleets.trucks' does not exist"),
    ("fleets.buses.seats: drop", 3, "'seats' is missing"),
    ("legs.coast-road: drop", 3, "is dropped, but routes.north-to-harbour.through"),
    ("fleets.buses.seats: {shift_by: 1 h}", 3, "there is no date to shift"),
    ("fleets.buses.seats: {add: 1}", 3, "is not a way to change a value"),
    ("fleets.buses: {multiply_by: 2}", 3, "more than one kind of number"),
    ("fleets.buses.kind: {multiply_by: 2}", 3, "there is no number to multiply"),
    ("fleets.buses.joins: {multiply_by: 0.001}", 35, "0 is too small"),
    ("fleets.buses.joins: {multiply_by: 2, shift_by: 1 h}", 3, "more than one change"),
    ("fleets.buses: {shorten_by: 2 h}", 3, "no single end or duration"),
    ("stoppages.searches.lasts: {shorten_by: 31 min}", 3, "it lasts only 30 min"),
    ("legs.coast-road: {shorten_by: 1 h}", 3, "without a greatest value"),
    ("fleets.buses: {shift_by: -6 h}", 28, "is before the operation starts"),
    ("fleets.buses: {shift_by: 6}", 3, "'6' has no unit"),
    ("agreements.exchange.tranches.7.north: 2", 3, "The list has 3 entries"),
    ("zone: Asia/Damaskus", 9, "is not a time zone"),
]


@pytest.mark.parametrize(("line", "column", "said"), REFUSED)
def test_an_error_of_a_change_points_at_the_change(
    folder: Path, line: str, column: int, said: str
) -> None:
    found = [p for p in refused(folder, change(line)) if said in str(p)]
    assert [(p.file.rpartition("/")[2], p.line) for p in found[:1]] == [
        ("variant.yaml", 4)
    ]


def test_an_error_in_the_base_points_at_the_base(folder: Path) -> None:
    text = BASE.replace("seats: 55", "seats: many")
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    found = refused(folder, change("fleets.ambulances.seats: 0"))
    assert [Path(p.file).name for p in found] == ["scenario.yaml", "variant.yaml"]


def test_a_variant_says_what_differs_under_change_only(folder: Path) -> None:
    (zone, part) = refused(folder, "zone: UTC\ngates:\n  south-crossing: {}\n")
    assert "Write it under 'change:', as 'zone: ...'" in str(zone)
    assert "'south-crossing' is in the base already" in str(part)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("variant.yaml", "extend each other: variant.yaml -> variant.yaml"),
        ("scenari.yaml", "Did you mean 'scenario.yaml'?"),
        ("/etc/passwd", "is not a file beside this one"),
        ("C:\\base.yaml", "is not a file beside this one"),
        ("../../outside.yaml", "lies outside the folder 'scenarios'"),
        ("link.yaml", "lies outside the folder 'scenarios'"),
        ("loop.yaml", "cannot be read"),
        ("..", "there is no file"),
        ("[a, b]", "is not a file beside this one"),
        ('"a\\0b"', "control character"),
        ("x" * 5_000, "cannot be read"),
    ],
)
def test_extends_stays_among_the_scenarios(folder: Path, base: str, said: str) -> None:
    outside = folder.parents[1] / "outside.yaml"
    outside.write_text(BASE, encoding="utf-8")
    (folder / "link.yaml").symlink_to(outside)
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (problem,) = refused(folder, "", base)
    assert said in str(problem)
    assert (problem.line, problem.column) == (2, 10)


def test_a_chain_of_variants_has_an_end(folder: Path) -> None:
    for number in range(12):
        text = f"extends: v{number + 1}.yaml\n"
        (folder / f"v{number}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="more than 8 files extend one another"):
        load(folder / "v0.yaml")


def test_a_circle_of_variants_is_named(folder: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (folder / f"{one}.yaml").write_text(f"extends: {other}.yaml", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a.yaml -> b.yaml -> a.yaml"):
        load(folder / "a.yaml")


def test_evidence_that_is_not_in_the_table_is_named(folder: Path) -> None:
    (folder / "evidence.csv").write_text("id,best\nT-001,5\n", encoding="utf-8")
    base = BASE.replace("zone:", "evidence: evidence.csv\nzone:")
    (folder / "scenario.yaml").write_text(base, encoding="utf-8")
    path = "stoppages.searches.evidence"
    assert variant(folder, change(f"{path}: [T-001]")).evidence == "evidence.csv"
    (problem,) = refused(folder, change(f"{path}: [T-002]"))
    assert "'T-002' is not an id in the evidence table. Did you mean 'T-001'" in str(
        problem
    )


def beside(*changes: str) -> Operation:
    return opened(Changed("two-towns", changes)).operation


def refused_beside(*changes: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        beside(*changes)
    return [f"{each.path}: {in_plain(each.said)}" for each in caught.value.args[0]]


TWICE = (
    "fleets.buses.joins={2016-12-15T05:00: 3, 2016-12-15 05:00: 4}",
    "fleets.buses.joins=2016-12-15T05:00: 3, 2016-12-15 05:00: 4",
)


@pytest.mark.parametrize("text", TWICE)
def test_one_moment_in_two_spellings_is_given_twice_in_a_change_too(text: str) -> None:
    """All that a change says has one place, by which keys were told apart."""
    (told,) = refused_beside(text)

    assert told.startswith("fleets.buses.joins.2016-12-15 05:00: ")
    assert "is given twice" in told


def test_two_changes_of_one_moment_in_two_spellings_are_refused() -> None:
    (told,) = refused_beside(
        "fleets.buses.joins.2016-12-15T05:00=3", "fleets.buses.joins.2016-12-15 05:00=4"
    )

    assert told.endswith("is changed twice")


@pytest.mark.parametrize("between", [", ", "\n", ",\n"])
def test_tables_of_a_list_may_stand_beside_each_other_in_brackets(between: str) -> None:
    tables = ["{north: 2, south: 1}", "{north: rest, south: rest}"]
    path = "agreements.exchange.tranches"
    bare = beside(f"{path}={between.join(tables)}")
    whole = beside(f"{path}=[{', '.join(tables)}]")

    assert bare.agreements == whole.agreements


def test_a_control_character_in_a_change_is_refused() -> None:
    """A field that has one could not be shown by the page any more."""
    (told,) = refused_beside("about=a\x07b")

    assert told == "about: a control character ('\\x07') is not allowed"


def test_a_change_to_another_table_of_evidence_is_refused() -> None:
    """It was as if there were no evidence at all, and nobody said so."""
    (told,) = refused_beside("evidence=other.csv")

    assert told == "evidence: a change cannot name another table of evidence"


def test_as_many_changes_as_anybody_likes_leave_the_title_short() -> None:
    more = "={kind: bus, seats: 40, joins: {2016-12-15T05:00: 1}}"
    changed = beside(*(f"fleets.more-{number}{more}" for number in range(200)))

    assert len(changed.fleets) == 203
    assert len(changed.operation) < 400
