"""Two versions compared in sentences; two people's edits go together or are told."""

import csv
import io

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import EvidenceError, RunError
from sim.evidence.row import COLUMNS
from sim.revisions import differences, merged_files
from sim.revisions.data import ABSENT, changes, merged
from sim.revisions.lines import merged_texts
from sim.scenario import load, resolved_yaml, scenario_hash
from sim.words import Words
from tests.builders import operation
from tests.commands import call, flat
from tests.small_case import FIGURES, figure, written

WORDS = Words()
BASE = """\
operation: Test  # the title
zone: UTC
starts: 2020-01-01T00:00
ends: 2020-01-11T00:00

# Where people are
sites:
  pocket:
    groups: {civilians: {people: 100, stay: 10}}
  refuge: {}
fleets:
  buses:
    kind: bus
    seats: 50  # standing included
    joins:
      2020-01-01T00:00: 1
legs:
  road: {time: 60 min}
routes:
  out: {origin: pocket, destination: refuge, through: [road], back: [road]}
flows:
  evacuation:
    route: out
    groups: [civilians]
    convoy: {buses: 1}
    boarding: 10 min
    unloading: 5 min
"""


def scenario(folder, name, text):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def said_of(one, other):
    return [WORDS.of(said) for said in differences(str(one), str(other))]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seats: 50", "seats: 60", "The fleet buses has 60 seats instead of 50."),
        (
            "people: 100",
            "people: 1200",
            "The site pocket: groups.civilians.people is 1,200 people instead of 100.",
        ),
        (
            "60 min",
            "2 h",
            "The leg road: time is 2 h instead of 1 h.",
        ),
        (
            "    boarding: 10 min\n",
            "    boarding: 10 min\n    headway: 1 h\n",
            "The flow evacuation: headway is given now, as 1 h.",
        ),
        ("  refuge: {}", "  refuge: {}\n  camp: {}", "The site camp is new."),
        (
            "ends: 2020-01-11T00:00",
            "ends: 2020-01-12T00:00",
            "The operation: ends is 2020-01-12T00:00 instead of 2020-01-11T00:00.",
        ),
    ],
)
def test_a_change_is_said_in_a_sentence(tmp_path, old, new, said):
    one = scenario(tmp_path, "a.yaml", BASE)
    other = scenario(tmp_path, "b.yaml", BASE.replace(old, new))

    assert said_of(one, other) == [said]


def test_what_is_gone_is_said_with_its_title(tmp_path):
    more = BASE.replace("  refuge: {}", "  refuge: {}\n  camp: {title: The camp}")
    one, other = (
        scenario(tmp_path, "a.yaml", more),
        scenario(tmp_path, "b.yaml", BASE),
    )

    assert said_of(one, other) == ["The site camp (The camp) is not there any more."]


def test_order_and_spelling_make_no_difference(tmp_path):
    lines = BASE.replace("60 min", "1 h").replace(
        "{people: 100, stay: 10}", "{stay: 10, people: 100}"
    )
    legs = "legs:\n  road: {time: 1 h}\n"
    one = scenario(tmp_path, "a.yaml", BASE)
    other = scenario(tmp_path, "b.yaml", lines.replace(legs, "") + legs)

    assert said_of(one, other) == []
    done = call("diff", one, other, "--exit-code")
    assert (done.exit_code, done.stdout) == (0, "Nothing differs.\n")


def test_an_order_that_means_something_is_told(tmp_path):
    fleet = "  buses:\n    kind: bus\n    seats: 50  # standing included\n    joins:\n"
    fleet += "      2020-01-01T00:00: 1\n"
    vans = "  vans: {kind: bus, seats: 9, joins: {2020-01-01T00:00: 1}}\n"
    text = BASE.replace("{buses: 1}", "{buses: 1, vans: 1}")
    one = scenario(tmp_path, "a.yaml", text.replace(fleet, fleet + vans))
    other = scenario(tmp_path, "b.yaml", text.replace(fleet, vans + fleet))

    (said,) = said_of(one, other)
    assert said.startswith("Only the order of names differs")


FLEET = """  buses:
    kind: bus
    seats: 50  # standing included
    joins:
      2020-01-01T00:00: 1
"""
VANS, CARS = (
    f"  {name}: {{kind: bus, seats: {seats}, joins: {{2020-01-01T00:00: 1}}}}\n"
    for name, seats in (("vans", 9), ("cars", 4))
)


def fleets(*parts):
    text = BASE.replace("{buses: 1}", "{buses: 1, vans: 1, cars: 1}")
    return text.replace(FLEET, "".join(parts))


def test_an_order_is_told_beside_what_else_differs(tmp_path):
    one = scenario(tmp_path, "a.yaml", fleets(FLEET, VANS, CARS))
    text = fleets(VANS, FLEET, CARS).replace("seats: 50", "seats: 60")
    _, said = said_of(one, scenario(tmp_path, "b.yaml", text))

    assert said.startswith("The order of names differs too")


def test_the_status_says_that_something_differs_only_if_asked(tmp_path):
    one = scenario(tmp_path, "a.yaml", BASE)
    other = scenario(tmp_path, "b.yaml", BASE.replace("seats: 50", "seats: 60"))

    assert call("diff", one, other).exit_code == 0
    assert call("diff", one, other, "--exit-code").exit_code == 1


def table(folder, name, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return scenario(folder, name, text.getvalue())


ROWS = [figure(*each) for each in FIGURES]


def test_rows_of_evidence_are_compared_by_id(tmp_path):
    changed = [
        ROWS[3],
        {**ROWS[0], "best": "360", "note": "seen again"},
        ROWS[1],
        figure("new-1", "UN", "2020-01-03T12:00", 1_100),
    ]
    one = table(tmp_path, "a.csv", ROWS)
    other = table(tmp_path, "b.csv", changed)

    assert said_of(one, other) == [
        "The row un-1: best is 360 instead of 350.",
        "The row un-1: note is filled in now, with seen again.",
        "The row icrc-1 is not there any more.",
        "The row new-1 is new.",
    ]


def test_a_table_and_a_scenario_are_not_compared(tmp_path):
    one = table(tmp_path, "a.csv", ROWS)
    other = scenario(tmp_path, "b.yaml", BASE)

    with pytest.raises(RunError, match="Give two of a kind"):
        said_of(one, other)


def test_two_rows_of_one_id_are_refused(tmp_path):
    one = table(tmp_path, "a.csv", [*ROWS, ROWS[0]])

    with pytest.raises(EvidenceError, match="comes twice"):
        said_of(one, one)


VALUES = st.recursive(
    st.sampled_from(["1", "2", "3 h", "a"])
    | st.lists(st.sampled_from("ab"), max_size=2),
    lambda inside: st.dictionaries(st.sampled_from("pqrs"), inside, max_size=3),
    max_leaves=8,
)
VERSIONS = st.dictionaries(st.sampled_from("pqrstu"), VALUES, max_size=4)


@given(VERSIONS, VERSIONS)
def test_who_changes_nothing_changes_nothing(base, other):
    assert merged(base, base, other) == (other, [])
    assert merged(base, other, base) == (other, [])
    assert merged(base, other, other) == (other, [])


@given(VERSIONS, VERSIONS, VERSIONS)
def test_it_makes_no_difference_who_is_who(base, mine, theirs):
    one, conflicts = merged(base, mine, theirs)
    other, others = merged(base, theirs, mine)

    assert {c.path for c in conflicts} == {c.path for c in others}
    if not conflicts:
        assert one == other
    assert (
        merged(base, mine, theirs, prefer="theirs")[0]
        == merged(base, theirs, mine, prefer="mine")[0]
    )


def leaves(data, path=()):
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, data


def at(data, path):
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return ABSENT
        data = data[key]
    return data


@given(VERSIONS, VERSIONS, VERSIONS)
def test_nothing_is_lost_and_no_conflict_is_settled_in_silence(base, mine, theirs):
    """What one of them changed is in the result, unless it is told as a conflict."""
    whole, conflicts = merged(base, mine, theirs)
    told = [conflict.path for conflict in conflicts]

    for version in (mine, theirs):
        for change in changes(base, version):
            value = at(whole, change.path)
            excused = any(
                change.path[: len(path)] == path
                or path[: len(change.path)] == change.path
                for path in told
            )
            grown = isinstance(value, dict) and isinstance(change.after, dict)
            assert value == change.after or excused or grown, change
            if grown:
                for path, leaf in leaves(change.after):
                    assert at(value, path) == leaf or excused or leaf == {}


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.data())
def test_lines_of_who_alone_changed_something_are_taken(lines, data):
    base = "".join(f"{line}\n" for line in lines)
    other = data.draw(st.lists(st.sampled_from("abcdef"), max_size=8))
    text = "".join(f"{line}\n" for line in other)

    assert next(merged_texts(base, base, text), None) == text
    assert next(merged_texts(base, text, base), None) == text
    assert next(merged_texts(base, text, text), None) == text


def merge(folder, mine, theirs, *options, base=BASE):
    paths = [
        scenario(folder, f"{name}.yaml", text)
        for name, text in (("base", base), ("mine", mine), ("theirs", theirs))
    ]
    return call("merge", *paths, "-o", folder / "whole.yaml", *options)


def test_edits_of_two_people_go_together_with_their_comments(tmp_path):
    mine = BASE.replace("people: 100", "people: 120").replace(
        "seats: 50  # standing included", "seats: 60  # counted at the gate"
    )
    theirs = BASE.replace("stay: 10", "stay: 20").replace(
        "    boarding: 10 min\n",
        "    headway: 1 h  # they said\n    boarding: 10 min\n",
    )
    done = merge(tmp_path, mine, theirs)

    assert done.exit_code == 0, done.output
    whole = (tmp_path / "whole.yaml").read_text("utf-8")
    assert "{people: 120, stay: 20}" in whole
    assert "seats: 60  # counted at the gate" in whole
    assert "headway: 1 h  # they said" in whole
    assert "# Where people are" in whole
    assert "2 changes that only theirs.yaml has." in done.stdout


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_who_alone_changed_something_gets_his_file(tmp_path, who):
    texts = {"mine": BASE, "theirs": BASE, who: BASE.replace("50", "55") + "# mine\n"}
    done = merge(tmp_path, texts["mine"], texts["theirs"])

    assert done.exit_code == 0, done.output
    assert (tmp_path / "whole.yaml").read_text("utf-8") == texts[who]


def test_a_conflict_is_told_with_both_values_and_where(tmp_path):
    mine = BASE.replace("seats: 50", "seats: 60")
    theirs = BASE.replace("seats: 50", "seats: 70").replace("legs:", "# more\nlegs:")
    done = merge(tmp_path, mine, theirs)

    assert done.exit_code == 1
    assert (
        "fleets.buses.seats: mine.yaml says 60 (mine.yaml, line 14), theirs.yaml says "
        "70 (theirs.yaml, line 14); it was 50."
    ) in flat(done.stderr)
    assert not (tmp_path / "whole.yaml").exists()


def test_what_one_changed_and_the_other_removed_is_a_conflict(tmp_path):
    fleet = "  vans: {kind: bus, seats: 9, joins: {2020-01-01T00:00: 1}}\n"
    base = BASE.replace("legs:", f"{fleet}legs:")
    done = merge(tmp_path, base.replace("seats: 9", "seats: 8"), BASE, base=base)

    assert done.exit_code == 1
    assert "fleets.vans: mine.yaml says" in flat(done.stderr)
    assert "theirs.yaml says nothing" in flat(done.stderr)


def test_a_side_that_is_preferred_is_named(tmp_path):
    mine = BASE.replace("seats: 50", "seats: 60").replace("10 min", "15 min")
    theirs = BASE.replace("seats: 50", "seats: 70").replace("5 min", "6 min")
    done = merge(tmp_path, mine, theirs, "--prefer", "theirs")

    assert done.exit_code == 0, done.output
    said = "fleets.buses.seats: both changed it; 70 is taken, from theirs.yaml."
    assert said in flat(done.stdout)
    whole = load(tmp_path / "whole.yaml")
    assert whole.fleets["buses"].seats == 70
    assert whole.flows["evacuation"].boarding.high == 900
    assert whole.flows["evacuation"].unloading.high == 360


@pytest.mark.parametrize(("who", "seats"), [("mine", 60), ("theirs", 70)])
def test_comments_stay_where_a_side_is_preferred(tmp_path, who, seats):
    """Both add a line at one place, of which only one may stay."""
    base = BASE.replace("    seats: 50  # standing included\n", "")
    mine, theirs = (
        base.replace("    kind: bus\n", f"    kind: bus\n    seats: {n}  # of {side}\n")
        for n, side in ((60, "mine"), (70, "theirs"))
    )
    done = merge(tmp_path, mine, theirs, "--prefer", who, base=base)
    text = (tmp_path / "whole.yaml").read_text("utf-8")

    assert done.exit_code == 0, done.output
    assert "could not be kept" not in done.output
    assert f"seats: {seats}  # of {who}" in text
    assert "# Where people are" in text


def test_scenarios_are_merged_by_the_names_that_diff_takes(tmp_path):
    there = tmp_path / "whole.yaml"
    done = call("merge", "two-towns", "two-towns", "two-towns", "-o", there)

    assert done.exit_code == 0, done.output
    assert scenario_hash(load(there)) == scenario_hash(load("two-towns"))


def test_what_lines_cannot_say_is_written_anew(tmp_path):
    """One moves a part to the end, the other changes it: lines would double it."""
    leg = "legs:\n  road: {time: 60 min}\n"
    mine = BASE.replace(leg, "") + leg
    theirs = BASE.replace("60 min", "90 min")
    done = merge(tmp_path, mine, theirs)

    assert done.exit_code == 0, done.output
    whole = load(tmp_path / "whole.yaml")
    assert whole.legs["road"].time.high == 5_400
    assert scenario_hash(whole) == scenario_hash(
        load(scenario(tmp_path, "c.yaml", theirs))
    )


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_an_order_that_one_changed_is_kept(tmp_path, who):
    base = fleets(FLEET, VANS, CARS)
    moved = fleets(CARS, FLEET, VANS)
    other = base.replace("60 min", "90 min")
    mine, theirs = (moved, other) if who == "mine" else (other, moved)
    done = merge(tmp_path, mine, theirs, base=base)

    assert done.exit_code == 0, done.output
    whole = load(tmp_path / "whole.yaml")
    assert [*whole.fleets] == ["cars", "buses", "vans"]
    assert whole.legs["road"].time.high == 5_400


def test_orders_that_both_changed_are_a_conflict(tmp_path):
    base = fleets(FLEET, VANS, CARS)
    versions = fleets(CARS, FLEET, VANS), fleets(VANS, FLEET, CARS)
    done = merge(tmp_path, *versions, base=base)

    assert done.exit_code == 1
    assert "fleets, order of names: mine.yaml says" in flat(done.stderr)
    assert not (tmp_path / "whole.yaml").exists()
    merge(tmp_path, *versions, "--prefer", "theirs", base=base)
    assert [*load(tmp_path / "whole.yaml").fleets] == ["vans", "buses", "cars"]


def test_orders_without_a_meaning_are_no_conflict(tmp_path):
    """Sections, fields and moments may stand in any order."""
    leg = "legs:\n  road: {time: 60 min}\n"
    mine = leg + BASE.replace(leg, "")
    theirs = BASE.replace(leg, "") + leg

    assert merge(tmp_path, mine, theirs).exit_code == 0


def test_a_whole_that_is_refused_is_written_and_told(tmp_path):
    """Each edit alone is fine: more people stay than there are only together."""
    mine = BASE.replace("people: 100", "people: 30")
    theirs = BASE.replace("stay: 10", "stay: 60")
    done = merge(tmp_path, mine, theirs)

    assert done.exit_code == 1
    assert "whole.yaml" in done.stderr
    assert "{people: 30, stay: 60}" in (tmp_path / "whole.yaml").read_text("utf-8")


def test_nothing_is_written_over_another_file(tmp_path):
    scenario(tmp_path, "whole.yaml", "mine")

    assert "is there already" in flat(merge(tmp_path, BASE, BASE).stderr)
    assert (tmp_path / "whole.yaml").read_text("utf-8") == "mine"


@given(
    st.dictionaries(
        st.sampled_from(["seats", "people", "stay", "load"]), st.integers(20, 90)
    ),
    st.dictionaries(
        st.sampled_from(["seats", "people", "stay", "load"]), st.integers(20, 90)
    ),
)
def test_files_say_together_what_their_data_say(tmp_path_factory, mine, theirs):
    """Whatever way a file is written, what it says is the merge of the data."""

    def text(edit):
        return (
            BASE.replace("seats: 50", f"seats: {edit.get('seats', 50)}")
            .replace("people: 100", f"people: {1_000 + edit.get('people', 0)}")
            .replace("stay: 10", f"stay: {edit.get('stay', 10)}")
            .replace("  # standing", f"  # {edit.get('load', 'standing')}")
        )

    folder = tmp_path_factory.mktemp("merge")
    paths = [
        scenario(folder, name, text(edit))
        for name, edit in (("b.yaml", {}), ("m.yaml", mine), ("t.yaml", theirs))
    ]
    whole, conflicts = merged(*(yaml.safe_load(path.read_text()) for path in paths))
    target = folder / "w.yaml"
    try:
        [*merged_files(*paths, target, None)]
    except RunError:
        assert conflicts
    else:
        assert yaml.safe_load(target.read_text()) == whole
        assert not conflicts


def test_tables_of_two_people_go_together(tmp_path):
    base = table(tmp_path, "base.csv", ROWS)
    mine = table(
        tmp_path, "mine.csv", [{**ROWS[0], "best": "360", "note": "x, y"}, *ROWS[1:]]
    )
    more = figure("new-1", "UN", "2020-01-03T12:00", 1_100)
    theirs = table(
        tmp_path, "theirs.csv", [{**ROWS[0], "family": "OCHA"}, *ROWS[2:], more]
    )
    done = call("merge", base, mine, theirs)

    assert done.exit_code == 0, done.output
    assert said_of(mine, tmp_path / "mine.merged.csv") == [
        "The row un-1: family is OCHA instead of UN.",
        "The row un-2 is not there any more.",
        "The row new-1 is new.",
    ]


def test_cells_that_both_changed_are_told(tmp_path):
    base = table(tmp_path, "base.csv", ROWS)
    mine = table(tmp_path, "mine.csv", [{**ROWS[0], "best": "360"}, *ROWS[1:]])
    theirs = table(tmp_path, "theirs.csv", [{**ROWS[0], "best": "370"}, *ROWS[1:]])
    done = call("merge", base, mine, theirs)

    assert done.exit_code == 1
    assert "un-1.best: mine.csv says 360" in flat(done.stderr)
    assert "theirs.csv says 370" in flat(done.stderr)


def test_variants_are_merged_as_they_are_written(tmp_path):
    """What a variant extends is not drawn into it."""
    written(tmp_path)
    variant = "operation: V\nextends: small.yaml\nchange:\n  fleets.buses.seats: 40\n"
    done = merge(
        tmp_path,
        variant + "  legs.road.time: 30 min\n",
        variant.replace("seats: 40", "seats: 45"),
        base=variant,
    )

    assert done.exit_code == 0, done.output
    assert (tmp_path / "whole.yaml").read_text("utf-8") == (
        variant.replace("seats: 40", "seats: 45") + "  legs.road.time: 30 min\n"
    )


def test_a_resolved_scenario_can_be_merged_too(tmp_path):
    text = resolved_yaml(operation())
    done = merge(tmp_path, text, text.replace("seats: 50", "seats: 51"), base=text)

    assert done.exit_code == 0, done.output
