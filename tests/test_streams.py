"""Random numbers by name: what they depend on, and what they leave alone."""

import pytest

from benchmarks.inputs import OPERATION
from sim.distributions import Distribution
from sim.model import Streams, simulate
from sim.model.luck import Draws, Luck
from sim.model.sheet import CONVOYS, VEHICLES
from sim.scenario import Clock, load

TURN = Distribution.triangular(60, 120, 600)
DRIVE = Distribution.uniform(600, 6000)
CLOCK = Clock("UTC", "2020-01-01T00:00")
MANY = range(1, 5 * CONVOYS)


def luck(streams, *, vehicles=20, flow="flow", posts=("post",)):
    """Return the luck of a flow with checkpoints and a road."""
    draws = Draws()
    for post in posts:
        draws.each_vehicle(post, post, TURN, vehicles)
    draws.whole_convoy("road", "road", DRIVE)
    return Luck(streams, flow, draws, CLOCK)


def test_one_vehicle_more_leaves_every_other_draw_as_it_was():
    few, more = (
        luck(Streams(1, 0), vehicles=number) for number in (VEHICLES, VEHICLES + 1)
    )

    for convoy in MANY:
        assert few.of(convoy)["post"] == more.of(convoy)["post"][:VEHICLES]
        assert few.of(convoy)["road"] == more.of(convoy)["road"]


def test_one_checkpoint_more_on_the_way_changes_no_draw_elsewhere():
    one, two = (
        luck(Streams(1, 0), posts=posts) for posts in (("post",), ("new", "post"))
    )

    assert all(one.of(n)["post"] == two.of(n)["post"] for n in MANY)
    assert all(two.of(n)["new"] != two.of(n)["post"] for n in MANY)


def test_draws_do_not_depend_on_the_order_in_which_convoys_ask():
    forward, backward = luck(Streams(1, 0)), luck(Streams(1, 0))
    there = [forward.of(number) for number in MANY]
    back = [backward.of(number) for number in reversed(MANY)]

    assert there == back[::-1]


def test_every_convoy_and_vehicle_has_draws_of_its_own():
    streams = Streams(1, 0)
    wide = Distribution.uniform(0, 1e12)
    values = []
    draws = Draws()
    draws.each_vehicle("post", "post", wide, 3 * VEHICLES)
    draws.each_vehicle("bridge", "bridge", wide, 3 * VEHICLES)
    for flow in ("a", "b"):
        made = Luck(streams, flow, draws, CLOCK)
        for number in MANY:
            values += made.of(number)["post"] + made.of(number)["bridge"]

    assert len(set(values)) >= len(values) - 1


@pytest.mark.parametrize(
    "draw",
    [
        TURN,
        DRIVE,
        Distribution.triangular(10, 10, 50),
        Distribution.triangular(10, 50, 50),
        Distribution.lognormal(120, 1.5),
        Distribution.exponential(120),
    ],
)
def test_values_drawn_together_are_those_of_the_distribution(draw):
    """The first vehicles of a block have its first numbers; a road has its own."""
    streams = Streams(7, 3)
    draws = Draws()
    draws.each_vehicle("post", "post", draw, 5)
    draws.whole_convoy("road", "road", draw)
    draws.whole_convoy("slow road", "slow road", draw, length=20_000)
    first = Luck(streams, "flow", draws, CLOCK).of(1)

    numbers = streams.numbers("post", "flow\x000\x000", 5)
    assert first["post"][:5] == draw.whole_values(numbers)
    numbers = streams.numbers("road", "flow\x000\x000", 1)
    assert first["road"] == draw.whole_values(numbers)
    [speed] = draw.values(streams.numbers("slow road", "flow\x000\x000", 1))
    assert first["slow road"] == [round(20_000 / speed)]


def test_what_is_fixed_takes_no_number():
    draws = Draws()
    draws.each_vehicle("post", "post", Distribution.fixed(90), 3)
    draws.whole_convoy("road", "road", Distribution.fixed(5), length=1000)
    made = Luck(Streams(1, 0), "flow", draws, CLOCK)

    assert made.of(1) == made.of(99) == {"post": [90, 90, 90], "road": [200]}


def test_one_part_of_luck_is_the_same_as_a_plain_number():
    operation = load(OPERATION)

    plain = simulate(operation, seed=3, replication=5)
    assert simulate(operation, seed=3, replication=(5,)).rows == plain.rows
    assert simulate(operation, seed=3, replication=(6,)).rows != plain.rows


def test_a_new_part_of_luck_leaves_the_blocks_of_all_others_as_they_were():
    """All that eight convoys of a flow draw shares one part; so does a lone name."""
    old, new = Streams(1, (10, 20, 30)), Streams(1, (10, 99, 30))
    luck_before, luck_after = luck(old), luck(new)
    renewed = set()
    for number in MANY:
        before, after = luck_before.of(number), luck_after.of(number)
        part = old.part_of(f"flow\0{(number - 1) // CONVOYS}")
        changed = {place for place in before if before[place] != after[place]}
        assert changed == ({"post", "road"} if part == 1 else set())
        renewed.add(part)
    assert renewed == {0, 1, 2}

    for who in map(str, range(20)):
        kept = old.numbers("gap", who, 3) == new.numbers("gap", who, 3)
        assert kept == (old.part_of(f"gap\0{who}") != 1)


def test_parts_of_luck_are_used_about_equally():
    streams = Streams(1, range(4))
    parts = [streams.part_of(f"name {number}") for number in range(4000)]

    # Five standard deviations of a binomial count with a mean of a thousand.
    assert all(abs(parts.count(part) - 1000) < 140 for part in range(4))


def test_a_run_with_parts_of_luck_tells_the_same_story_again():
    operation = load(OPERATION)
    first, again = (
        simulate(operation, seed=3, replication=(1, 2, 3)) for _ in range(2)
    )

    assert first.events == again.events
    assert first.rows != simulate(operation, seed=3, replication=(1, 2, 4)).rows
