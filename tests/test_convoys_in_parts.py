"""A convoy crosses in parts as tranches, days and rooms allow; worked out by hand.

North sends one convoy of four buses of fifty, at its gate at minute 70; who crosses at
once has arrived at 135.
"""

import pytest

from sim.errors import ScenarioError
from sim.events import Cause, Kind
from sim.metrics.account import Account
from sim.metrics.convoys import passages
from sim.metrics.holds import holds
from sim.metrics.waiting import charges
from sim.scenario import from_data
from tests.builders import START, at, halt, times, two_sides, two_sides_data
from tests.logs import arrivals, causes, crossings, ends, formed, held, run, tranches

DAY = 1440
PEOPLE = 200


def column(deal, buses=4, **changes):
    """Return north's one column; south sends single buses, all at once."""
    return {
        "north_buses": buses,
        "south_buses": 4,
        "terms": {"parts": True, "unit": "people"} | deal,
        "sites__north__groups__civilians__people": 50 * buses,
        "sites__south__groups__civilians__people": PEOPLE,
        "flows__north__convoy": {"north-buses": buses},
        "flows__south__at_once": 4,
        **changes,
    }


def column_run(deal, *given, seed=1, **changes):
    return run(two_sides(**column(deal, *given, **changes)), seed)


def alone(deal, *given, **changes):
    """Return a run of the column alone, which may move all but for its pace."""
    changes = {
        "agreements__deal__parties__south": None,
        "flows__south__opens": "2020-01-10T00:00",
        **changes,
    }
    return column_run({"tranches": [{"north": "rest"}], **deal}, *given, **changes)


def crossed(log, place="north-gate"):
    """Return which convoys crossed when, with how many people."""
    return [
        (event.time_s / 60, event.convoy, event.people)
        for event in log.events
        if event.kind is Kind.CROSSED and event.place == place
    ]


def aboard(log, cause):
    """Return what those of the north wait for aboard [person-minutes]."""
    booked = charges(log).items()
    return (
        sum(s for c, s in booked if c.held and (c.cause, c.origin) == (cause, "north"))
        / 60
    )


# By the pace


def test_what_the_day_allows_goes_and_the_rest_follows_at_midnight():
    log = alone({"at_most": {"north": "100 people a day"}})

    assert crossed(log) == [(70, "north-001.1", 100), (DAY, "north-001", 100)]
    assert arrivals(log, "north") == [(135, 100), (DAY + 65, 100)]
    assert held(log, "north") == [(70, "deal: north moves at most 100 people a day")]


def test_a_vehicle_is_never_cut():
    """Of 120 people a day two buses of fifty fit."""
    log = alone({"at_most": {"north": "120 people a day"}})

    assert [people for *_, people in crossed(log)] == [100, 100]


def test_a_vehicle_larger_than_the_whole_pace_is_the_first_of_a_day():
    log = alone({"at_most": {"north": "30 people a day"}})

    assert [(minute, people) for minute, _, people in crossed(log)] == [
        (70, 50),
        (DAY, 50),
        (2 * DAY, 50),
        (3 * DAY, 50),
    ]


def test_without_parts_it_waits_whole():
    log = alone({"at_most": {"north": "150 people a day"}, "parts": False})

    assert crossed(log) == [(70, "north-001", 200)]


def test_the_rest_stands_and_its_time_goes_to_the_agreement():
    """The part is on the road from 70 on; for the rest the agreement is the cause."""
    log = alone({"at_most": {"north": "3 vehicles a day"}})

    assert causes(log, "north-gate", "north-001.1") == [(70, "road", "")]
    assert causes(log, "north-gate", "north-001")[0][:2] == (70, str(Cause.AGREEMENT))
    # Fifty people of the rest, from 70 to midnight, and no one else.
    assert aboard(log, Cause.AGREEMENT) == 50 * (DAY - 70)


# By tranches


def test_each_tranche_takes_its_vehicles_of_the_column():
    """South's buses of fifty stand there too: tranche after tranche at 70."""
    log = column_run({"tranches": [{"north": 100, "south": 100, "times": 2}]})

    assert [people for *_, people in crossed(log)] == [100, 100]
    assert tranches(log, Kind.TRANCHE_COMPLETED, "north") == [(70, 1), (70, 2)]


def test_the_rest_waits_for_the_other_side():
    """South comes at 470: the second hundred of the north goes then."""
    log = column_run(
        {"tranches": [{"north": 100, "south": 100, "times": 2}]},
        flows__south__opens=at(400),
    )

    assert [(minute, people) for minute, _, people in crossed(log)] == [
        (70, 100),
        (470, 100),
    ]
    assert held(log, "north") == [(70, "deal: waits for south")]


def test_the_vehicle_with_which_a_tranche_is_full_crosses_whole():
    """Of 120 the third bus is the one: 150 cross; 30 of them are of the second's."""
    log = column_run(
        {"tranches": [{"north": 120, "south": 100}, {"north": 80, "south": 100}]},
        flows__south__opens=at(400),
    )

    assert [people for *_, people in crossed(log)] == [150, 50]
    assert tranches(log, Kind.TRANCHE_COMPLETED, "north")[0] == (70, 1)


def test_it_is_formed_for_all_tranches_together():
    """Without parts a tranche of 100 people has room for two buses, and no more."""
    deal = {"tranches": [{"north": 100, "south": 100, "times": 2}]}
    whole = column_run({**deal, "parts": False}, flows__north__smallest=1)
    parts = column_run({**deal, "parts": True}, flows__north__smallest=1)

    assert len(formed(parts, "north")) == 1
    assert len(formed(whole, "north")) == 2


def test_no_more_is_sent_than_was_agreed():
    log = column_run({"tranches": [{"north": 50, "south": 50, "times": 3}]})

    assert arrivals(log, "north")[-1][0] < DAY
    assert sum(people for _, people in arrivals(log, "north")) == 150


def test_released_together_in_parts():
    """North's hundred is there at 70, south's two buses at 470."""
    log = column_run(
        {
            "tranches": [{"north": 100, "south": 100, "times": 2}],
            "rule": "simultaneous",
        },
        flows__south__opens=at(400),
    )

    assert [(minute, people) for minute, _, people in crossed(log)] == [
        (470, 100),
        (470, 100),
    ]
    assert crossings(log, "south") == [470] * 4


# What a part is


def test_every_vehicle_keeps_its_identity_and_is_back_for_another_trip():
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        sites__north__groups__civilians__people=400,
    )
    first = [trip for trip in log.trips if trip.convoy.startswith("north-001")]

    assert [(t.convoy, t.vehicles, t.loads) for t in first] == [
        ("north-001", [2, 3], [50, 50]),
        ("north-001.1", [0, 1], [50, 50]),
    ]
    assert all(sum(trip.groups.values()) == 100 for trip in first)
    turns = first[1].station_times["boarding", "north"]
    assert [len(each) for each in turns] == [2, 2]


def test_parts_are_one_convoy_for_the_number_at_once():
    """The part is back long before midnight; no other goes till the rest is, too."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        sites__north__groups__civilians__people=400,
        flows__north__at_once=1,
        flows__north__smallest=1,
    )

    assert formed(log, "north")[:2] == [0, DAY + 60 + 5 + 60]


def test_a_part_does_not_take_the_place_of_another_convoy():
    """Two at once: the second is formed as soon as the part has brought buses back."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        sites__north__groups__civilians__people=400,
        flows__north__at_once=2,
        flows__north__smallest=1,
    )

    assert formed(log, "north")[:2] == [0, 195]


def test_parts_share_the_luck_of_the_road():
    """Drawn once for the convoy: each part takes as long from the gate to the end."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        legs__after={"time": "30 min to 6 h"},
        routes__north__through=["road", "north-gate", "after"],
    )
    came = [minute for minute, _ in arrivals(log, "north")]
    went = [minute for minute, *_ in crossed(log)]
    lasted = [round(60 * (a - b)) for a, b in zip(came, went, strict=True)]

    assert lasted[0] == lasted[1] != 65 * 60


def test_a_part_goes_through_the_lanes_of_a_checkpoint():
    """One lane, ten minutes a bus: two buses from 70 to 90."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        gates={"south-gate": {}},
        checkpoints={"north-gate": {"lanes": 1, "inspection": "10 min"}},
    )

    assert crossed(log) == [(90, "north-001.1", 100), (DAY + 20, "north-001", 100)]


def test_a_part_that_is_turned_back_gives_up_its_own():
    """A second gate is shut from 100 to 200 and turns back: the part comes at 130."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        gates={"north-gate": {}, "south-gate": {}, "far": {}},
        routes__north__through=["road", "north-gate", "road", "far"],
        stoppages={"halt": halt("far", 100, 200, caught="turn_back", deters=False)},
    )

    assert times(log, Kind.TURNED_BACK) == [130]
    counted = [e.units for e in log.events if e.kind is Kind.COUNTED][:2]
    assert counted == [100, -100]
    assert times(log, Kind.RETURNED) == [250]
    assert (DAY + 65, 100) in arrivals(log, "north")


def test_the_rest_keeps_its_patience():
    """It has stood since 70, and gives up at 370, whoever went on before."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        agreements__deal__parties__north__gives_up_after="5 h",
    )

    assert times(log, Kind.TURNED_BACK, "north-001") == [370]
    assert not times(log, Kind.TURNED_BACK, "north-001.1")


def test_the_hold_of_the_rest_begins_anew_with_fewer_people():
    """A bus a day: 150 stand from 70 to midnight, then 100, then 50."""
    log = alone({"at_most": {"north": "1 vehicle a day"}})
    stood = [(h.since_s / 60, h.until_s / 60, h.people) for h in holds(log)]

    assert stood == [(70, DAY, 150), (DAY, 2 * DAY, 100), (2 * DAY, 3 * DAY, 50)]


def test_a_part_on_the_road_keeps_no_other_convoy_from_setting_out():
    """Two at once, a headway of 100: then a part and its rest are under way."""
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        sites__north__groups__civilians__people=400,
        fleets__north_D_buses__joins={START: 8},
        flows__north__headway="100 min",
        flows__north__at_once=2,
    )

    assert formed(log, "north")[:2] == [0, 100]


def test_what_pardoned_the_whole_has_pardoned_its_parts():
    """Detained at the gate from 70 to 100 by what closes a second one as well."""
    both = ["north-gate", "far"]
    detain = {"caught": "detain", "detained_for": "30 min", "deters": False}
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        gates={"north-gate": {}, "south-gate": {}, "far": {}},
        routes__north__through=["road", "north-gate", "road", "far"],
        stoppages={"search": halt(both, 60, 5000, **detain)},
    )

    assert crossed(log)[0] == (100, "north-001.1", 100)
    assert crossed(log, "far")[0] == (160, "north-001.1", 100)


def test_a_closed_gate_lets_no_part_pass():
    log = alone(
        {"at_most": {"north": "100 people a day"}},
        stoppages={"halt": halt("north-gate", 60, 500, deters=False)},
    )

    assert crossed(log)[0] == (500, "north-001.1", 100)


def test_passages_tell_of_each_part():
    log = alone({"at_most": {"north": "150 people a day"}})
    rows = [row for row in passages(log) if row.flow == "north"]
    found = {r.convoy: (r.boarded_s, r.departed_people, r.people) for r in rows}

    assert found == {"north-001": (600, 50, 50), "north-001.1": (600, 150, 150)}
    assert [sum(row.vehicles.values()) for row in rows] == [1, 3]


def test_a_part_has_done_what_its_convoy_had_done_before():
    """Four buses go through a first gate at minute 10, and stand from 70 to 100.

    Then two go on, and two stand until midnight. Of two that went on and two that
    stayed, four have left, been held and come to the gate, and no more people than 200.
    """
    account = Account(
        alone(
            {"at_most": {"north": "100 people a day"}},
            gates__way_D_out={},
            routes__north__through=["way-out", "road", "north-gate", "road"],
            stoppages={"halt": halt("north-gate", 60, 100, deters=False)},
        )
    )
    first, rest = "north-001.1", "north-001"
    rows = {row.convoy: row for row in account.convoys if row.flow == "north"}

    assert account.crossings["way-out"] == {
        name: (600, {("north", "civilians"): 100}) for name in (first, rest)
    }
    assert [
        (rows[name].departed_s, rows[name].gate, rows[name].departed_people)
        for name in (first, rest)
    ] == [(600, "way-out", 100)] * 2
    assert [
        (hold.convoy, hold.since_s // 60, hold.until_s // 60)
        for hold in account.stood["north-gate"]
    ] == [(rest, 70, 100), (first, 70, 100), (rest, 100, DAY)]
    assert account.entered["way-out"] == {first: 600, rest: 600}


def test_a_part_of_a_part_stood_where_both_had_stood():
    """Two of four buses pass a day, then one of the two; each stood at the first gate.

    At north's own gate two go on at minute 70, at the border one of them does.
    """
    account = Account(
        alone(
            {"at_most": {"north": "2 vehicles a day"}, "unit": "vehicles"},
            gates__border={},
            routes__north__through=["road", "north-gate", "road", "border"],
            agreements__border={
                "parties": {"north": {"flows": ["north"], "gate": "border"}},
                "unit": "vehicles",
                "parts": True,
                "at_most": {"north": "1 vehicle a day"},
                "tranches": [{"north": "rest"}],
            },
        )
    )

    assert account.crossings["north-gate"]["north-001.1.1"][0] == 70 * 60
    assert sum(
        people["north", "civilians"]
        for _, people in account.crossings["north-gate"].values()
    ) == sum(people for _, people in arrivals(account.log, "north")) + sum(
        row.aboard["north", "civilians"]
        for row in account.convoys
        if row.flow == "north"
    )


def test_nobody_is_lost_in_ten_parts_of_several_groups():
    log = alone(
        {"at_most": {"north": "1 vehicle a day"}},
        8,
        sites__north__groups={
            "civilians": {"people": 310},
            "wounded": {"people": 75, "priority": 1},
        },
        flows__north__groups=["civilians", "wounded"],
        fleets__north_D_buses__joins={START: 8},
    )

    assert sum(people for _, people in arrivals(log, "north")) == 385
    assert len(crossed(log)) == 8
    assert not ends(log) or all(flow != "north" for _, flow, *_ in ends(log))


# Refusals


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        ({"unit": "convoys", "tranches": [{"north": 1}]}, "'deal' counts convoys"),
        ({"tranches": [{"north": "rest", "south": "rest"}]}, "parts: it has no effect"),
        ({"tranches": [{"north": 1}], "parts": "some"}, "is neither yes nor no"),
    ],
)
def test_what_makes_no_sense_is_refused(deal, said):
    with pytest.raises(ScenarioError) as refused:
        from_data(two_sides_data(1, 1, {"parts": True, **deal}))

    assert said in str(refused.value)


def test_vehicles_that_lost_their_people_keep_nobody_standing():
    """Those of the first bus lose their lives at 70; one bus a day may cross."""
    attack = {"caught": "detain", "detained_for": "1 min", "lives_lost": 50}
    log = alone(
        {"at_most": {"north": "1 vehicles a day"}},
        buses=2,
        gates__post={},
        routes__north__through=["road", "post", "north-gate", "road"],
        stoppages={"attack": halt("post", 60, 80, **attack)},
    )
    assert crossed(log) == [(71, "north-001", 50)]
    assert arrivals(log, "north") == [(136, 50)]
