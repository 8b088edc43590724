"""Every field of an operation comes out as data for a form."""

from pathlib import Path

import pytest

from sim.scenario import load
from sim.scenario.described import described, fields_of_part
from sim.scenario.files import read_file
from sim.scenario.meanings import every_message
from sim.scenario.shapes import Fields, shape_at, values
from sim.words import Words

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").glob("**/*.yaml")
)
REPLAY_FILE = ROOT / "scenarios/aleppo-2016/scenario.yaml"


@pytest.fixture(scope="module")
def replay():
    return load(REPLAY_FILE)


@pytest.fixture(scope="module")
def fields(replay):
    return {field.path: field for field in described(replay)}


def steps_of(path):
    """Return steps to a value as the fields have them: moments as text."""
    return tuple(step for step in path if isinstance(step, str))


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_field_of_a_scenario_is_missing(name):
    """A value comes out under its own field, or under the mapping or list it is in."""
    operation = load(ROOT / name)
    found = described(operation)
    paths = {steps_of(field.steps) for field in found}

    assert len({field.steps for field in found}) == len(found)
    for path, _, _ in values(operation):
        steps = steps_of(path)
        assert any(steps[:end] in paths for end in range(len(steps), 0, -1)), path


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_part_has_all_fields_of_its_plan(name):
    found = described(load(ROOT / name))
    by_part = {}
    for field in found:
        by_part.setdefault(field.part, []).append(field.steps[-1])

    for part, names in by_part.items():
        shape = shape_at(part)
        assert isinstance(shape, Fields)
        assert tuple(names) == shape.names


def test_whatever_a_file_says_comes_out_as_it_is_written():
    root, problems = read_file(REPLAY_FILE)
    fields = {field.path: field for field in described(root)}

    assert not problems
    assert fields["fleets.green-buses.seats"].value == "100"
    assert fields["flows.east-aleppo.convoy"].value["green-buses"] == "20"
    assert fields["flows.east-aleppo.opens"].value is None


def test_a_field_says_what_it_means_takes_and_is(fields):
    field = fields["flows.east-aleppo.headway"]

    assert str(field.heading) == "Time between convoys"
    assert str(field.meaning) == "Least time between two convoys setting out."
    assert str(field.absent) == "none."
    assert (field.section, field.of, field.required) == ("flows", "flow", False)
    assert field.takes.kind == "duration"
    assert field.takes.varies
    assert field.takes.units == ("d", "h", "min", "s")
    assert (field.takes.least, field.takes.most) == ("0 s", "3652 d 12 h")
    assert field.value == "1 h to 2 h, mostly 1 h 35 min"


def test_what_supports_a_field_is_there(fields):
    (known,) = fields["flows.east-aleppo.headway"].ranges
    of_part = fields["stoppages.buses-sent-back-14-dec.until"].evidence

    assert (known.spread, known.evidence) == ("45 min to 3 h", ("EA16-033", "EA16-050"))
    assert of_part == ("EA16-003", "EA16-004", "EA16-005", "EA16-171")


def test_names_of_other_parts_say_where_they_are_from(fields):
    assert fields["flows.east-aleppo.route"].takes.names_from == ("routes",)
    assert fields["flows.east-aleppo.groups"].takes.item.names_from == ("sites.groups",)
    assert fields["fleets.green-buses.reserve"].takes.key.names_from == ("flows",)


def test_the_fields_of_a_part_that_is_not_there_yet_are_known():
    fields = fields_of_part(("agreements", "truce", "parties", "north"))

    assert [f.steps[-1] for f in fields] == [
        "flows",
        "gate",
        "gives_up_after",
        "policy",
    ]
    assert all(field.value is None for field in fields)
    with pytest.raises(KeyError):
        fields_of_part(("agreements", "truce", "gate"))


def test_a_word_that_stands_for_a_part_is_in_its_first_field():
    root, _ = read_file(REPLAY_FILE)
    party = root.values["agreements"].values["december-14"].values["parties"]
    side = next(iter(party.values))
    party.values[side].put("policy", party.place, root.values["operation"])
    fields = {field.path: field for field in described(root)}

    path = f"agreements.december-14.parties.{side}.policy"
    assert fields[path].value == fields[f"{path}.kind"].value != "plain"


def test_everything_there_is_to_say_of_fields_is_in_arabic():
    in_arabic = Words("ar")
    said = {*every_message()}

    assert len(said) > 300
    assert [str(each) for each in said if in_arabic.of(each) == str(each)] == ["5."]
