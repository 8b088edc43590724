"""Lines copied out of a spreadsheet become sites with what is theirs, or fleets."""

import pytest

from sim.scenario.several.made import several
from sim.scenario.several.pasted import MOST_LINES
from sim.scenario.several.patterns import patterns_in
from sim.studies.cases import Changed, drafted, opened

CASE = "two-towns"
HEAD = "Village\twounded\tfamilies\tready"
UPPER = "Upper Mill\t20\t880\t2016-12-15T06:00"
LOWER = "Lower Mill\t10\t590\t2016-12-16T06:00"


def pattern(name="northtown", section="sites", changes=()):
    tree = drafted(Changed(CASE, tuple(changes)) if changes else CASE).tree
    return next(each for each in patterns_in(tree, section) if each.name == name)


def made(*lines, of="northtown", section="sites"):
    return several(pattern(of, section), "\n".join(lines))


def told(*lines, of="northtown", section="sites"):
    """Return what is wrong, by line."""
    found = made(*lines, of=of, section=section)
    assert found.changes == ()
    numbers = dict.fromkeys(number for number, _ in found.wrong)
    return {
        number: "\n".join(f"{said}" for on, said in found.wrong if on == number)
        for number in numbers
    }


def after(*lines, of="northtown", section="sites"):
    return opened(Changed(CASE, made(*lines, of=of, section=section).changes)).operation


def test_a_line_makes_a_site_its_route_and_its_flows_in_the_shape_of_another():
    operation = after(HEAD, UPPER, LOWER)
    site = operation.sites["upper-mill"]
    flow, like = (
        operation.flows[name] for name in ("upper-mill-families", "north-families")
    )

    assert site.title == "Upper Mill"
    assert site.bays == operation.sites["northtown"].bays
    assert {name: group.people for name, group in site.groups.items()} == {
        "wounded": 20,
        "families": 880,
    }
    assert site.groups["families"].ready == {6 * 3600: 880}
    assert site.groups["wounded"].priority == 1
    assert operation.routes["upper-mill-to-harbour"].origin == "upper-mill"
    assert operation.routes["upper-mill-to-harbour"].through == (
        operation.routes["north-to-harbour"].through
    )
    assert flow == like.model_copy(update={"route": "upper-mill-to-harbour"})
    assert {"lower-mill-families", "lower-mill-wounded"} <= {*operation.flows}


def test_nothing_is_wrong_with_a_case_to_which_they_are_added():
    assert drafted(Changed(CASE, made(UPPER, LOWER).changes)).problems == ()


def test_the_one_they_are_like_can_be_removed_afterwards():
    changes = (
        *made(UPPER, LOWER).changes,
        *("sites.northtown=drop", "routes.north-to-harbour=drop"),
        *("flows.north-families=drop", "flows.north-wounded=drop"),
        *("agreements=drop", "uncertain=drop"),
    )

    assert drafted(Changed(CASE, changes)).problems == ()


@pytest.mark.parametrize(
    "mark", ["\t", ";", ",", ", ", " ; "], ids=["tab", "semicolon", "comma", "b", "c"]
)
@pytest.mark.parametrize("head", [True, False])
def test_cells_are_told_apart_however_they_were_copied(mark, head):
    lines = [HEAD, UPPER, "", LOWER, "\t\t\t"] if head else [UPPER, "", LOWER]

    assert made(*(line.replace("\t", mark) for line in lines)).changes == (
        made(UPPER, LOWER).changes
    )


def test_what_a_spreadsheet_adds_to_a_copy_says_nothing():
    line = '\ufeff"Upper Mill"\t20\t"880"\t2016-12-15T06:00\t\t\r'

    assert made(line, "").changes == made(UPPER).changes


def test_digits_of_any_script_are_digits():
    assert (
        made("Upper Mill\t\u0662\u0660\t\u06f8\u06f8\u06f0").changes
        == made("Upper Mill\t20\t880").changes
    )


def test_named_columns_may_come_in_another_order_with_keys_of_ones_own():
    operation = after("Village;Families;key;WOUNDED", "Upper Mill;880;mill-1;20")

    assert operation.sites["mill-1"].title == "Upper Mill"
    assert operation.sites["mill-1"].groups["families"].people == 880


def test_heads_in_words_of_their_own_are_passed_over_and_that_is_said():
    lines = ("Company\tBuses\tSeats\tFrom", "Red Line\t12\t50\t2016-12-15T08:00")
    found = made(*lines, of="buses", section="fleets")

    assert found.changes == made(lines[1], of="buses", section="fleets").changes
    assert "'Buses' for vehicles, 'From' for joins" in f"{found.notes[0]}"


def test_nobody_in_a_group_makes_no_flow_for_it():
    operation = after("Chapel Hill\t0\t450")

    assert [*operation.sites["chapel-hill"].groups] == ["families"]
    assert "chapel-hill-families" in operation.flows
    assert "chapel-hill-wounded" not in operation.flows


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Château d'Eau", "chateau-d-eau"),
        ("المطحنة العليا", "site-1"),
        ("Мельница 2", "site-1"),
        ("قرية B", "site-1"),
    ],
)
def test_a_key_is_made_of_latin_letters_or_a_number_and_that_is_said(title, key):
    found = made(f"{title}\t0\t10")
    operation = after(f"{title}\t0\t10")

    assert operation.sites[key].title == title
    said = [f"{note}" for note in found.notes if f"'{key}'" in f"{note}"]
    assert bool(said) == key.startswith("site-")


def test_what_is_true_of_the_other_one_alone_is_not_taken_and_that_is_said():
    found = made(UPPER)
    operation = after(UPPER)
    said = "\n".join(f"{note}" for note in found.notes)

    assert operation.sites["northtown"].groups["families"].stay == 100
    assert operation.sites["upper-mill"].groups["families"].stay == 0
    assert operation.agreements["exchange"].parties["north"].flows == (
        "north-families",
    )
    for left in (
        "sites.northtown.groups.families.stay",
        "uncertain.sites.northtown.groups.families.people",
        "agreements.exchange",
        "The new flows stand under no agreement. Add them to a side of 'exchange'",
    ):
        assert left in said
    assert not any(each.startswith("agreements") for each in found.changes)


@pytest.mark.parametrize(
    ("lines", "number", "said"),
    [
        ([UPPER, "Lower Mill\t10\t1,200"], 2, "'1,200' may be read in two ways. Write"),
        (["Lower Mill\t10\t1.200"], 1, "Write 1200, in digits alone."),
        (["Lower Mill\t10\tmany 2"], 1, "families: 'many 2' is not a whole number"),
        (["Lower Mill\t10\t-5"], 1, "'-5' is not a whole number"),
        ([UPPER, "", UPPER], 3, "stands on line 1 already"),
        ([UPPER, "Upper-Mill!\t1\t2"], 2, "stands on line 1 already"),
        (["Northtown\t1\t2"], 1, "with the key 'northtown', is there already"),
        (["Lower Mill\t10"], 1, "nothing is said of families"),
        (["Lower Mill\t10\t20\t\t5"], 1, "5 cells"),
        (["Lower Mill,10,1,200,2016-12-16T06:00"], 1, "was cut in two: write '1200'"),
        (["\t10\t20"], 1, "there is no name"),
        (["Lower Mill\t0\t0"], 1, "there is nobody at 'Lower Mill'"),
        (['Lower "Mill\t"1\t2'], 1, "a quotation mark"),
        (["x" * 10_000 + "\t1\t2"], 1, "10004 letters"),
        ([], 0, "There is no line."),
        (["Village\tfamilies\tinjured", UPPER], 1, "'injured' is not a column here"),
        (["Village\tfamilies", "Upper Mill\t880"], 1, "there is no column 'wounded'"),
        (["Village\tkey\twounded\tfamilies", "A\tA b\t1\t2"], 2, "'A b' is no key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines, number, said):
    assert said in told(*lines)[number]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made():
    assert [*told("A\t1\tx", UPPER, "B\t2", "C\t0\t0")] == [1, 3, 4]


def test_so_many_lines_at_once_are_refused_whole():
    lines = [f"Village {number}\t1\t2" for number in range(MOST_LINES + 2)]

    assert "Paste them in parts." in told(*lines)[0]
    assert len(made(*lines[:MOST_LINES]).changes) == 4 * MOST_LINES


def test_only_sites_that_people_leave_show_how_one_is_left():
    tree = drafted(CASE).tree

    assert [each.name for each in patterns_in(tree, "sites")] == [
        "northtown",
        "southtown",
    ]
    assert patterns_in(tree, "legs") == []


def test_later_phases_take_the_new_route_and_the_groups_that_are_there():
    phase = "flows.north-families.phases.2016-12-16T00:00={route: second, headway: 2 h}"
    second = (
        "routes.second={origin: northtown, destination: harbour, "
        "through: [north-crossing, coast-road]}"
    )
    lines = several(pattern(changes=(second, phase)), UPPER)
    operation = opened(Changed(CASE, (second, phase, *lines.changes))).operation

    (made_phase,) = operation.flows["upper-mill-families"].phases.values()
    assert operation.routes[made_phase.route].origin == "upper-mill"
    assert made_phase.route != operation.flows["upper-mill-families"].route


def test_names_that_others_have_get_a_number():
    taken = "flows.upper-mill-families={route: north-to-harbour, groups: [families], "
    taken += "convoy: {buses: 1}, boarding: 1 min, unloading: 1 min}"
    found = several(pattern(changes=(taken,)), UPPER)

    assert any(
        each.startswith("flows.upper-mill-families-2=") for each in found.changes
    )


def test_a_long_name_makes_names_that_are_allowed():
    operation = after(f"{'Upper Mill of the Seven ' * 10}\t5\t10")

    assert sum(len(name) > 40 for name in operation.flows) == 2


def test_lines_make_fleets_in_the_shape_of_another():
    lines = ("Red Line,12,50,2016-12-15T08:00", "Hill Tours,8,30,2016-12-16T07:00")
    operation = after(*lines, of="buses", section="fleets")
    said = made(*lines, of="buses", section="fleets").notes

    assert operation.fleets["red-line"].joins == {8 * 3600: 12}
    assert operation.fleets["hill-tours"].seats == 30
    assert operation.fleets["hill-tours"].carries == ("families",)
    assert any("No flow sends the new vehicles yet." in f"{each}" for each in said)


def test_a_part_knows_the_line_that_it_is_of():
    found = made(HEAD, UPPER, LOWER)

    assert found.line_of("flows.lower-mill-families.convoy") == 3
    assert found.line_of("sites.upper-mill.groups.families.ready.2016") == 2
    assert found.line_of("sites.northtown") == 0
