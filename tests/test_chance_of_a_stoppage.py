"""A stoppage that comes with a chance: the runs are those with it and without it."""

from math import sqrt

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from sim.errors import ScenarioError
from sim.events import Kind
from sim.model import simulate
from sim.model.luck import stoppage_comes
from sim.model.streams import Streams
from sim.scenario import amended, from_data, notes
from sim.scenario.load import deadlocks
from sim.scenario.measures import CHANCE
from sim.scenario.written import data_of
from tests.builders import (
    at,
    changed,
    halt,
    shuttle,
    terms,
    times,
    two_sides_data,
    with_gate,
)
from tests.logs import run, waiting
from tests.strategies import operation_data, wide_operations

HALT = halt("gate", 60, 200)
SEEDS = range(30)


def feared(chance=None, seed=1, **changes):
    """Return a run of one bus that comes to a gate at minute 70."""
    plan = HALT if chance is None else {**HALT, "chance": chance}
    return run(with_gate({"halt": plan}, **changes), seed)


def crosses(log):
    return times(log, Kind.CROSSED, place="gate")[0]


def has_come(log, name="halt"):
    return times(log, Kind.STOPPAGE_BEGAN, place=name) != []


def told(log):
    """Return all that a run says, to the bit."""
    return log.rows, log.trips, log.steps


# By hand


def test_what_is_certain_comes_in_every_run_and_what_has_no_chance_in_none():
    """Held from 70 to 200 if it comes; on time if it does not."""
    assert {crosses(feared("100 %", seed)) for seed in SEEDS} == {200}
    assert {crosses(feared(0, seed)) for seed in SEEDS} == {70}


def test_a_run_has_it_all_or_nothing_of_it():
    assert {(crosses(log), has_come(log)) for log in _runs("1 in 2")} == {
        (200, True),
        (70, False),
    }


def _runs(chance):
    return [feared(chance, seed) for seed in SEEDS]


# The luck


@pytest.mark.parametrize("chance", [0.05, 1 / 3, 0.8])
def test_it_comes_as_often_as_its_chance_says(chance):
    """Of 4000 runs as many as a binomial gives but once in a million.

    A chance that is off by a seventh would be found: the planted ones are.
    """
    runs = 4000
    came = sum(stoppage_comes(Streams(1, n), chance, "halt") for n in range(runs))

    assert _is_likely(came, runs, chance)
    for wrong in (chance / 2, (1 + chance) / 2):
        assert not _is_likely(came, runs, wrong)


def test_in_runs_it_comes_as_often_as_its_chance_says():
    """The same of whole runs, 300 of them, and a chance of .6 is told from a third."""
    world = with_gate({"halt": {**HALT, "chance": "1 in 3"}})
    logs = [simulate(world, seed=1, replication=n) for n in range(300)]
    came = sum(map(has_come, logs))

    assert _is_likely(came, 300, 1 / 3)
    assert not _is_likely(came, 300, 0.6)


def _is_likely(came, runs, chance):
    low, high = binom.interval(1 - 1e-6, runs, chance)
    return low <= came <= high


def test_two_stoppages_have_luck_of_their_own():
    """Both come in a quarter of the runs; with one luck they would in half of them."""
    runs = 1000
    both = sum(
        all(stoppage_comes(Streams(1, n), 0.5, name) for name in ("halt", "other"))
        for n in range(runs)
    )

    assert abs(both / runs - 0.25) < 4 * sqrt(0.25 * 0.75 / runs)
    assert abs(both / runs - 0.5) > 4 * sqrt(0.5 * 0.5 / runs)


def test_a_greater_chance_takes_it_from_no_run_in_which_it_came():
    small, great = ([has_come(log) for log in _runs(c)] for c in ("30 %", "1 in 2"))

    assert all(great[n] for n, came in enumerate(small) if came)
    assert 0 < sum(small) < sum(great) < len(SEEDS)


def test_what_else_there_is_changes_nothing_of_whether_it_comes():
    other = {"halt": {**HALT, "chance": 0.5}, "wait": halt("gate", 500, 600, chance=1)}
    alone = [has_come(log) for log in _runs(0.5)]

    assert alone == [has_come(run(with_gate(other), seed)) for seed in SEEDS]


# With it and without it, to the bit


def _sides(**changes):
    return two_sides_data(2, 2, terms("credit", 1, 1, ahead=1), **changes)


def _other_way(**changes):
    """A second way to a place that has room for some only."""
    return _sides(
        sites__shelter={"holds": 60},
        routes__detour={
            "origin": "north",
            "destination": "shelter",
            "through": ["slow-road", "north-gate", "road"],
        },
        **changes,
    )


CASES = {
    "holds": (_sides(), halt("north-gate", 50, 300)),
    "holds those who board": (
        _sides(flows__north__boards_at="north-gate"),
        halt("north-gate", 5, 90),
    ),
    "turns back": (_sides(), halt("north-gate", 50, 300, caught="turn_back")),
    "detains some": (
        _sides(flows__north__boarding="5 min to 40 min"),
        halt("north-gate", 50, 300, caught="detain", detained_for="1 h", catches=1),
    ),
    "meets some": (
        _sides(),
        halt("north-gate", 60, 300, meets={"first": 2}, lives_lost=3),
    ),
    "suspends and breaks": (
        _sides(),
        halt("north-gate", 60, 300, suspends=["deal"], breaches=["deal"]),
    ),
    "diverts": (
        _other_way(),
        halt("north-gate", 60, 300, caught="divert", to="detour"),
    ),
    "begins with a convoy": (
        _sides(),
        {
            "cause": "a halt",
            "closes": ["north-gate"],
            "starts_with": {"flow": "north", "convoy": 1, "at": "north-gate"},
            "lasts": "1 h to 9 h",
            "flows": ["north"],
        },
    ),
    "hangs on what happens": (
        _sides(),
        halt("north-gate", 0, 1)
        | {"starts": "when south begins", "until": "2 h to 5 h after south begins"},
    ),
    "beside another": (
        _sides(stoppages__searches=halt("south-gate", 0, 1) | {"lasts": "3 h"}),
        halt(["north-gate", "south-gate"], 60, 300),
    ),
}
del CASES["beside another"][0]["stoppages"]["searches"]["until"]


@pytest.mark.parametrize("case", CASES)
def test_a_run_is_that_with_the_stoppage_or_that_without_it(case):
    """Not a bit else, whatever it does: rows, vehicles and the number of events."""
    data, plan = CASES[case]
    before = data.get("stoppages", {})
    may, must, never = (
        from_data(changed(data, stoppages=stoppages), derived=True)
        for stoppages in (
            {"halt": {**plan, "chance": "1 in 2"}, **before},
            {"halt": plan, **before},
            before,
        )
    )
    seen = set()
    for seed in range(12):
        with_it, without_it = simulate(must, seed=seed), simulate(never, seed=seed)
        log = simulate(may, seed=seed, audit=True)
        came = stoppage_comes(Streams(seed, 0), 0.5, "halt")
        assert log.rows == (with_it if came else without_it).rows
        assert told(simulate(may, seed=seed)) == told(with_it if came else without_it)
        assert with_it.rows != without_it.rows
        seen.add(came)
    assert seen == {True, False}


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
@given(operation_data(), st.integers(0, 5), st.data())
def test_made_up_operations_run_with_what_comes_and_without_what_does_not(
    data, seed, draw
):
    once = [name for name, plan in data["stoppages"].items() if "every" not in plan]
    assume(once)
    chances = {name: draw.draw(st.sampled_from([0, 0.5, 1])) for name in once}
    may = {
        name: plan | ({"chance": chances[name]} if name in chances else {})
        for name, plan in data["stoppages"].items()
    }
    streams = Streams(seed, 0)
    there = {
        name: plan
        for name, plan in data["stoppages"].items()
        if name not in chances or stoppage_comes(streams, chances[name], name)
    }
    one, other = (
        simulate(from_data({**data, "stoppages": each}, derived=True), seed=seed)
        for each in (may, there)
    )

    assert told(one) == told(other)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(wide_operations())
def test_one_run_with_every_check_keeps_everybody(world):
    may = {
        name: plan if plan.every else plan.model_copy(update={"chance": 0.5})
        for name, plan in world.stoppages.items()
    }
    run(world.model_copy(update={"stoppages": may}))


# Moments that hang on it

HANGING = [
    "when halt begins",
    "when halt ends",
    "2 h after halt ends",
    "next 06:00 after halt ends",
    "all of (when halt ends; 2020-01-01T03:00)",
]


@pytest.mark.parametrize("moment", HANGING)
def test_a_moment_of_what_does_not_come_never_comes(moment):
    log = feared(0, flows__evacuation__opens=moment)

    assert times(log, Kind.CAME) == []
    assert times(log, Kind.FORMED) == []
    assert waiting(log, "pocket") == [(0, "not begun", "")]


@pytest.mark.parametrize("moment", HANGING)
def test_a_moment_of_what_comes_is_as_without_a_chance(moment):
    sure = feared(flows__evacuation__opens=moment)

    assert told(feared(1, flows__evacuation__opens=moment)) == told(sure)
    assert times(sure, Kind.FORMED) != []


def test_the_first_of_several_comes_all_the_same():
    opens = f"any of (when halt ends; {at(300)})"

    assert times(feared(0, flows__evacuation__opens=opens), Kind.FORMED)[0] == 300
    assert times(feared(1, flows__evacuation__opens=opens), Kind.FORMED)[0] == 200


def test_another_stoppage_may_hang_on_it():
    """A search an hour after it: without the one there is no other."""
    search = halt("gate", 0, 1) | {"starts": "1 h after halt ends", "lasts": "5 h"}
    del search["until"]
    logs = [
        run(with_gate({"halt": {**HALT, "chance": 0.5}, "search": search}), seed)
        for seed in SEEDS
    ]

    assert {(has_come(log), has_come(log, "search")) for log in logs} == {
        (True, True),
        (False, False),
    }


# What is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 in 3", 1 / 3),
        ("2 in 6", 1 / 3),
        ("33 %", 0.33),
        ("33%", 0.33),
        ("0.33", 0.33),
        ("0 in 5", 0),
        ("7 in 7", 1),
    ],
)
def test_a_chance_is_read_and_written_back(text, value):
    assert CHANCE.read(text) == value
    assert CHANCE.read(CHANCE.write(value)) == value


def test_a_third_is_written_as_it_is_said():
    assert CHANCE.write(1 / 3) == "1 in 3"
    assert CHANCE.write(2 / 7) == "2 in 7"
    assert CHANCE.write(0.25) == "0.25"


@given(st.floats(1e-11, 1))
def test_every_chance_is_written_so_that_it_reads_the_same(value):
    assert CHANCE.read(CHANCE.write(value)) == value


def test_a_file_keeps_its_chance():
    world = with_gate({"halt": {**HALT, "chance": "1 in 3"}})

    assert world.stoppages["halt"].chance == 1 / 3
    assert data_of(world)["stoppages"]["halt"]["chance"] == "1 in 3"
    assert from_data(data_of(world)) == world


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (-1, "'-1' is negative"),
        (2, "'2' is more than 100 %"),
        (33, "'33' is more than 100 %"),
        ("140 %", "'140 %' is more than 100 %"),
        ("nan", "'nan' is not a number"),
        (".inf", "'.inf' is not a number"),
        ("1 in 0", "'1 in 0' is a share of nothing"),
        ("0 in 0", "'0 in 0' is a share of nothing"),
        ("3 in 2", "'3 in 2' is more than 100 %"),
        ("-1 in 3", "'-1 in 3' is negative"),
        ("1 in", "'in' in '1 in' is not a unit of a chance"),
        ("1in3", "Did you mean '1 in 3'?"),
        ("ten", "'ten' is not a chance. Write for example 60 %, 0.6 or '1 in 3'"),
        ("one in three", "Did you mean '1 in 3'?"),
        ("One out of three", "Did you mean '1 in 3'?"),
        ("1/3", "Did you mean '1 in 3'?"),
        ("1 of 3", "Did you mean '1 in 3'?"),
        ("33 percent", "Did you mean '33 %'?"),
        ("33 per cent", "Did you mean '33 %'?"),
        ("\u0663\u0663 %", "Did you mean '33 %'?"),
        ("\u0663\u0663\u066a", "Did you mean '33%'?"),
        ("\u0661 in \u0663", "Did you mean '1 in 3'?"),
        ("\u0661 \u0645\u0646 \u0663", "Did you mean '1 in 3'?"),
        ("50/50", "'50/50' is not a chance. Write for example"),
        ("20 % to 40 %", "Write one value here, and the range under 'uncertain'"),
        ("1 in 5 to 1 in 3", "Write one value here, and the range under 'uncertain'"),
        (["1 in 3"], "more than one value stands where there should be one"),
    ],
)
def test_what_is_no_chance_is_refused(chance, said):
    with pytest.raises(ScenarioError) as refused:
        with_gate({"halt": {**HALT, "chance": chance}})

    assert "stoppages.halt.chance" in str(refused.value)
    assert said in str(refused.value)


def test_it_has_no_meaning_beside_a_rhythm():
    again = {"cause": "a halt", "closes": ["gate"], "every": "9 h", "lasts": "1 h"}
    with pytest.raises(ScenarioError) as refused:
        with_gate({"halt": {**again, "chance": 0.5}})

    assert "a random stoppage has its chance in its rhythm already" in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0, "it never comes"), (1, "it comes in every run"), (0.5, None)],
)
def test_a_chance_that_leaves_nothing_open_is_named_and_not_refused(chance, said):
    """A sweep may end there, and a change may ask what would be if it came."""
    found = [
        each.sentence
        for each in notes(with_gate({"halt": {**HALT, "chance": chance}}))
        if "stoppages.halt.chance" in each.sentence
    ]

    assert [said in each for each in found] == ([] if said is None else [True])


# What is certain without it


def test_agreements_do_not_wait_on_themselves_for_what_may_not_come():
    """It puts an agreement on hold until that is in force."""
    lasting = {
        "cause": "a halt",
        "closes": ["north-gate"],
        "starts": at(0),
        "until_agreement": "deal",
        "suspends": ["deal"],
    }
    data = two_sides_data(1, 1, stoppages={"halt": lasting})
    for sure in (data, changed(data, stoppages__halt__chance=1)):
        with pytest.raises(ScenarioError, match="waits on itself"):
            from_data(sure)

    assert from_data(changed(data, stoppages__halt__chance="1 in 3"))


def test_what_holds_people_for_ever_in_some_runs_does_not_in_every_run():
    """The north waits for an agreement that waits for people of the north."""
    pledge = {
        "parties": {"south": {"flows": ["south"], "gate": "south-gate"}},
        "tranches": [{"south": "rest"}],
        "requires": {"the-first": {"arrived": {"north": 10}}},
    }
    lasting = {
        "cause": "a halt",
        "closes": ["north-gate"],
        "starts": at(0),
        "until_agreement": "pledge",
    }
    data = two_sides_data(stoppages={"halt": lasting}, agreements={"pledge": pledge})
    may = from_data(changed(data, stoppages__halt__chance="1 in 3"))
    logs = [simulate(may, seed=seed) for seed in range(10)]
    stuck = [times(log, Kind.ARRIVED) == [] for log in logs]

    assert len(deadlocks(from_data(data))) == 1
    assert len(deadlocks(from_data(changed(data, stoppages__halt__chance=1)))) == 1
    assert deadlocks(may) == ()
    assert stuck == [has_come(log) for log in logs]
    assert set(stuck) == {True, False}


# What is not known, and changes


def test_the_chance_may_be_unknown():
    """A range of chances, as of an agreement: each draw is a world with its own."""
    data = data_of(with_gate({"halt": {**HALT, "chance": 0.5}}))
    data["uncertain"] = {"stoppages.halt.chance": {"spread": "1 in 5 to 80 %"}}

    assert from_data(data).uncertain["stoppages.halt.chance"].spread == "1 in 5 to 80 %"


def test_a_change_gives_a_chance_to_what_had_none():
    may = amended(with_gate({"halt": HALT}), {"stoppages.halt.chance": "1 in 3"})

    assert may == with_gate({"halt": {**HALT, "chance": "2 in 6"}})


def test_other_numbers_are_not_so_many_in_so_many():
    with pytest.raises(ScenarioError, match="1 in 3"):
        from_data(shuttle(fleets__buses__seats="1 in 3"))
