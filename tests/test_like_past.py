"""`like past operations`: ordinary ranges, and nothing that the class does not have."""

import pytest

from sim.distributions import Level, MultilevelDistribution
from sim.errors import ScenarioError
from sim.past.like import UnknownWordError, in_words, read_like
from sim.past.reference_class import ReferenceClass
from sim.scenario import (
    amended,
    from_data,
    from_text,
    resolved_yaml,
    settled,
    uncertain_fields,
)
from tests.builders import shuttle

LIKE = "like past operations"
LOAD, SIZE = "flows.evacuation.load.buses", "flows.evacuation.convoy.buses"
ROAD, PEOPLE = "legs.road.time", "sites.pocket.groups.civilians.people"
HALT = {"cause": "a halt", "closes": ["post"], "starts": "2020-01-02T00:00"}


def unknown(path, words=LIKE, **changes):
    """Return an operation of which one field is not known."""
    return from_data(shuttle(uncertain={path: {"spread": words}}, **changes))


def refused(path, words=LIKE, **changes):
    with pytest.raises(ScenarioError) as error:
        unknown(path, words, **changes)
    return str(error.value)


def ends(spread):
    low, middle, high = spread.values([0.05, 0.5, 0.95])
    return low, middle, high


def test_a_range_has_the_middle_and_the_width_of_the_class():
    """As a ratio: from 5 to 95 percent, to three digits."""
    load = {"flows__evacuation__load": {"buses": 40}, "fleets__buses__seats": 150}
    found = uncertain_fields(unknown(LOAD, **load))
    of_class = (
        ReferenceClass().spread("people on a bus").middle.quantiles((0.05, 0.5, 0.95))
    )
    low, middle, high = ends(found[LOAD])

    assert middle == pytest.approx(of_class[1], rel=0.005)
    assert high / low == pytest.approx(of_class[2] / of_class[0], rel=0.05)


def test_it_says_what_it_rests_on():
    plan = unknown(SIZE).uncertain[SIZE]

    assert plan.note == (
        "Like past operations: buses of a batch, 56 values of 23 operations."
    )


def test_a_note_of_the_file_stays():
    data = shuttle(uncertain={SIZE: {"spread": LIKE, "note": "Few buses."}})

    note = from_data(data).uncertain[SIZE].note
    assert note.startswith("Few buses. Like past operations: ")


def test_what_is_resolved_reads_the_same_again():
    """So that it means the same when more operations are known."""
    first = unknown(SIZE, flows__evacuation__load={"buses": LIKE})
    text = resolved_yaml(first)

    assert LIKE not in text.replace("Like past operations:", "")
    assert resolved_yaml(from_text(text)) == text


def test_in_a_field_batches_differ_and_the_rest_is_not_known():
    it = unknown(LOAD, flows__evacuation__load={"buses": LIKE})
    load = it.flows["evacuation"].load["buses"]
    of_class = ReferenceClass().spread("people on a bus")

    assert isinstance(load, MultilevelDistribution)
    assert load.spreads[Level.CONVOY] == pytest.approx(of_class.within[1], rel=0.005)
    drawn = settled(it, {LOAD: 60.0}).flows["evacuation"].load["buses"]
    assert drawn.best == 60.0
    assert drawn.spreads == load.spreads
    assert "people on a bus, 55 values of 23 operations" in it.about


def test_a_war_and_what_is_left_out_are_heard():
    words = f"{LIKE}, weekly, in syria, without BARZ17 and DARA18"
    it = unknown("flows.evacuation.headway", words, flows__evacuation__headway="5 d")

    known = ReferenceClass(frozenset({"BARZ17", "DARA18"}))
    spread = known.spread("days between batches", "weekly", "syria")
    (found,) = uncertain_fields(it).values()
    assert found.best == pytest.approx(86_400 * in_words(spread.middle)[0], rel=0.005)
    assert "9 values of 1 operation" in str(it.uncertain)


def test_of_people_the_number_announced_is_multiplied():
    found = uncertain_fields(unknown(PEOPLE, f"{LIKE}, deal"))[PEOPLE]
    share = ReferenceClass().spread("left over announced", "deal").middle

    assert found.best == pytest.approx(100 * share.quantile(0.5), abs=0.51)


def test_a_total_takes_nothing_from_the_number_in_the_file():
    found = uncertain_fields(unknown(PEOPLE, f"{LIKE}, total, daily"))[PEOPLE]
    left = ReferenceClass().spread("people who left", "daily").value

    assert found.best == pytest.approx(left.quantile(0.5), rel=0.01)


@pytest.mark.parametrize(
    ("lasts", "which"), [("5 h", "value"), ("2 h to 9 h", "middle")]
)
def test_one_halt_is_a_value_and_many_have_a_middle(lasts, which):
    """A halt that varies by itself has its own chance; only its middle is not known."""
    halt = {**HALT, "lasts": lasts}
    path = "stoppages.halt.lasts"
    it = unknown(
        path,
        gates={"post": {}},
        routes__out__through=["post", "road"],
        stoppages={"halt": halt},
    )
    spread = getattr(ReferenceClass().spread("hours of a halt"), which)
    low, _, high = ends(uncertain_fields(it)[path])
    of_class = spread.quantiles((0.05, 0.95))

    assert high / low == pytest.approx(of_class[1] / of_class[0], rel=0.05)


def test_several_fields_of_one_kind_share_a_draw():
    data = shuttle()
    data["flows"]["other"] = dict(data["flows"]["evacuation"])
    sets = [SIZE, "flows.other.convoy.buses"]
    data["uncertain"] = {"size": {"sets": sets, "spread": LIKE}}

    drawn = settled(from_data(data), {"size": 7.0})
    assert [flow.convoy["buses"] for flow in drawn.flows.values()] == [7, 7]


def test_a_program_may_say_it_too():
    it = amended(unknown(SIZE), {f"uncertain.{SIZE}.spread": f"{LIKE}, in syria"})

    assert it.uncertain[SIZE].spread.startswith("about ")


@pytest.mark.parametrize(
    ("path", "words", "sentence"),
    [
        ("flows.evacuation.boarding", LIKE, "say nothing of 'flows.evacuation.board"),
        ("fleets.buses.seats", LIKE, "They do of load, convoy, headway"),
        (f"{ROAD}.width", LIKE, "say nothing of 'legs.road.time.width'"),
        (PEOPLE, LIKE, "one of these after it: list, deal"),
        (PEOPLE, f"{LIKE}, weekly", "no class 'weekly' of left over announced"),
        (SIZE, f"{LIKE}, often", "'often' means nothing"),
        (SIZE, f"{LIKE}, in rome", "'rome' means nothing"),
        (SIZE, f"{LIKE}, without WAER18", "'WAER18' means nothing"),
        (SIZE, f"{LIKE}, release", "'release' is nothing of"),
        (SIZE, "like past operations weekly", "means nothing"),
    ],
)
def test_what_the_class_does_not_have_is_refused(path, words, sentence):
    assert sentence in refused(path, words)


def test_a_class_with_too_few_values_is_refused():
    words = f"{LIKE}, weekly, without WAER17 and BARZ17 and DARA18"

    found = refused("flows.evacuation.headway", words, flows__evacuation__headway="5 d")
    assert "have only 0 values. Write a range of your own." in found


def test_only_buses_are_like_past_buses():
    found = refused(SIZE, fleets__buses__kind="private")

    assert "say nothing of 'buses', only of buses" in found


def test_fields_of_two_kinds_have_no_class_together():
    data = shuttle()
    sets = [SIZE, ROAD]
    data["uncertain"] = {"both": {"sets": sets, "spread": LIKE}}

    with pytest.raises(ScenarioError, match="past operations say nothing of"):
        from_data(data)


def test_how_people_vary_within_one_operation_is_refused():
    with pytest.raises(ScenarioError, match="does not say which past operations"):
        from_data(shuttle(sites__pocket__groups__civilians__people=LIKE))
    with pytest.raises(ScenarioError, match="is not what varies within one operation"):
        from_data(shuttle(sites__pocket__groups__civilians__people=f"{LIKE}, list"))


def test_words_may_come_in_any_order():
    one = read_like("Like past  operations, without waer17, in Syria, weekly")

    assert one == read_like("like past operations, weekly, in syria, without WAER17")


def test_two_classes_at_once_are_refused():
    with pytest.raises(UnknownWordError, match="weekly, daily"):
        read_like(f"{LIKE}, weekly, daily")
