"""Points of a sweep: what is written is what is tried, with its units."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.experiment.designs import design
from sim.scenario import amended, load, resolved_yaml
from sim.scenario.quantity import Quantity
from sim.scenario.shapes import shape_at
from tests.builders import START, operation

CLOCK = operation().clock
SEATS, ROAD = "fleets.buses.seats", "legs.road.time"
OPENS = "flows.evacuation.opens"
TIMES, HOURS = "flows.evacuation.dispatch_times", "flows.evacuation.hours"


def values(*vary, **kind):
    """Return the values of the first field that varies."""
    found = design(vary, CLOCK, **kind)
    return [point[found.paths[0]] for point in found.points]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{SEATS}=40, 60, 80", "40|60|80"),
        (f"{SEATS}=40 to 120 by 20", "40|60|80|100|120"),
        (f"{ROAD}=2 h to 4 h by 1 h", "2 h|3 h|4 h"),
        (f"{ROAD} = 2 to 3 h  by 0.5 ", "2 h|2.5 h|3 h"),
        (f"{ROAD}=30 min to 90 min by 30 min, 4 h", "30 min|60 min|90 min|4 h"),
        (f"{ROAD}=30 min to 2 h by 45 min", "30 min|1 h 15 min|2 h"),
        (f"{ROAD}=1 h to 4 h, mostly 2 h", "1 h to 4 h, mostly 2 h"),
        (
            f"{ROAD}=about 2 h, times or divided by 1.3, on average 1 h, memoryless",
            "about 2 h, times or divided by 1.3|on average 1 h, memoryless",
        ),
        (f"{ROAD}=1 h to 4 h, 2 h to 6 h", "1 h to 4 h|2 h to 6 h"),
        (
            f"{OPENS}=2020-01-01T22:00 to 2020-01-02T02:00 by 2 h",
            "2020-01-01T22:00|2020-01-02T00:00|2020-01-02T02:00",
        ),
        (
            f"{OPENS}=2020-01-01 05:00, 2020-01-02T05:00",
            "2020-01-01 05:00|2020-01-02T05:00",
        ),
        (f"{TIMES}.0=06:00 to 07:00 by 30 min", "06:00|06:30|07:00"),
        (f"{HOURS}=06:00 to 20:00, 07:00 to 18:00", "06:00 to 20:00|07:00 to 18:00"),
        (f"{HOURS}=06:00 to 20:00", "06:00 to 20:00"),
        ("legs.road.speed=20 to 30 km/h by 5 km/h", "20 km/h|25 km/h|30 km/h"),
        ("weather.rain.speed_factor=50 % to 70 % by 10 %", "50 %|60 %|70 %"),
        ("weather.rain.speed_factor=0.1 to 0.4 by 0.1", "0.1|0.2|0.3|0.4"),
        ("flows.evacuation.returns=yes, no", "yes|no"),
        ("agreements.deal.rule=lockstep, credit", "lockstep|credit"),
    ],
)
def test_what_is_written_is_what_is_tried(text, wanted):
    assert values(text) == wanted.split("|")


def test_a_grid_tries_everything_with_everything():
    found = design([f"{SEATS}=40, 60", f"{ROAD}=1 h to 3 h by 1 h"], CLOCK)
    assert found.kind == "grid"
    assert found.paths == (SEATS, ROAD)
    assert [tuple(point.values()) for point in found.points] == [
        ("40", "1 h"), ("40", "2 h"), ("40", "3 h"),
        ("60", "1 h"), ("60", "2 h"), ("60", "3 h"),
    ]  # fmt: skip


def test_steps_that_do_not_meet_the_end_are_told():
    found = design([f"{SEATS}=40 to 120 by 30, 130"], CLOCK)
    assert [point[SEATS] for point in found.points] == ["40", "70", "100", "130"]
    assert found.notes == (f"{SEATS}: '40 to 120 by 30' stops at 100.",)


@pytest.mark.slow
@given(st.integers(1, 500), st.integers(1, 50), st.integers(1, 40), st.booleans())
def test_steps_are_exact(low, step, count, durations):
    path, unit, size = (ROAD, "min", 60) if durations else (SEATS, "", 1)
    high = low + count * step
    found = design([f"{path}={low} {unit} to {high} {unit} by {step} {unit}"], CLOCK)
    assert found.notes == ()
    for place, point in enumerate(found.points):
        world = amended(operation(), point)
        seats, road = world.fleets["buses"].seats, world.legs["road"].time
        seen = road.best if durations else seats
        assert seen == size * (low + place * step)


def test_a_point_is_a_change_of_a_variant(tmp_path):
    """Handed to `amended` or written under `change:`, it makes the same operation."""
    start = "2020-01-01T05:00"
    vary = [
        f"{SEATS}=20 to 60",
        f"{ROAD}=1 h to 3 h",
        f"{OPENS}={start} to 2020-01-02T05:00",
        "sites.pocket.groups.civilians.people=100, 200",
        "flows.evacuation.boarding=10 min to 20 min, mostly 12 min, 30 min",
    ]
    base = operation(flows__evacuation__opens=START)
    (tmp_path / "scenario.yaml").write_text(resolved_yaml(base), encoding="utf-8")
    for point in design(vary, base.clock, points=8, seed=3).points:
        lines = [f"  {path}: {value}" for path, value in point.items()]
        variant = ["operation: test", "extends: scenario.yaml", "change:", *lines]
        file = tmp_path / "variant.yaml"
        file.write_text("\n".join(variant), encoding="utf-8")
        changed = load(file)
        assert changed == amended(base, point)
        assert 20 <= changed.fleets["buses"].seats <= 60
        assert 3600 <= changed.legs["road"].time.best <= 3 * 3600
        opens = changed.flows["evacuation"].opens
        assert 5 * 3600 <= opens <= 29 * 3600


@pytest.mark.parametrize("kind", ["latin hypercube", "sobol"])
@given(seed=st.integers(0, 1_000), power=st.integers(0, 6))
def test_each_equal_share_of_an_interval_holds_one_point(kind, seed, power):
    """Exact for both designs, in each field; a sample of chance alone would not do."""
    n = 2**power
    vary = [
        "flows.evacuation.load.buses=44 to 66",
        "legs.road.speed=10 km/h to 90 km/h",
    ]
    found = design(vary, CLOCK, kind=kind, points=n, seed=seed)
    for path, low, width in zip(found.paths, (44, 10), (22, 80), strict=True):
        numbers = [float(point[path].split()[0]) for point in found.points]
        shares = sorted((number - low) / width * n for number in numbers)
        # Rounding to a millionth of the width may move a point across an edge.
        assert all(k - 1e-4 < share < k + 1 + 1e-4 for k, share in enumerate(shares))


def test_points_drawn_by_chance_alone_would_be_caught():
    """Negative control: they leave shares empty."""
    shares = np.sort(np.random.default_rng(1).random(64) * 64)
    assert not all(k - 1e-4 < share < k + 1 + 1e-4 for k, share in enumerate(shares))


def test_whole_numbers_are_equally_likely_and_told():
    found = design([f"{SEATS}=3 to 6"], CLOCK, kind="sobol", points=64, seed=1)
    drawn = [point[SEATS] for point in found.points]
    assert {number: drawn.count(number) for number in drawn} == dict.fromkeys(
        "3456", 16
    )
    whole, repeated = found.notes
    assert whole == (
        f"{SEATS} takes whole numbers: each from 3 to 6, both included, is equally "
        "likely."
    )
    assert repeated == "60 of 64 points repeat another one."


def test_a_sampled_design_takes_values_of_a_list_equally_often():
    vary = [f"{SEATS}=40, 50, 60, 70", f"{ROAD}=2 h to 6 h"]
    drawn = values(*vary, points=40)
    assert {number: drawn.count(number) for number in drawn} == dict.fromkeys(
        ("40", "50", "60", "70"), 10
    )


def test_the_seed_decides():
    ask = {"kind": "sobol", "points": 16}
    first, again, other = (
        values(f"{ROAD}=2 h to 6 h", seed=s, **ask) for s in (1, 1, 2)
    )
    assert first == again
    assert not set(first) & set(other)


def test_durations_are_sampled_to_the_second():
    drawn = values(f"{ROAD}=0 to 3 s", kind="sobol", points=64)
    assert {text: drawn.count(text) for text in sorted(drawn)} == dict.fromkeys(
        ("0 s", "1 s", "2 s", "3 s"), 16
    )
    drawn = values(f"{ROAD}=2 to 3 h", points=9)
    assert all(text.startswith("2 h ") for text in drawn)


def test_dates_are_sampled_to_the_second():
    drawn = values(f"{OPENS}=2020-01-01T22:00 to 2020-01-02T02:00", points=50)
    seconds = sorted(map(CLOCK.seconds, drawn))
    assert seconds[0] >= 22 * 3600
    assert seconds[-1] <= 26 * 3600
    assert all(a < b for a, b in pairwise(seconds))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("seats", "a path and its values are needed. Write PATH=VALUES"),
        (f"{SEATS}=", "a path and its values are needed"),
        ("=40", "a path and its values are needed"),
        (f"{SEATS}=1,000", "'1,000' has a comma in a number, or no space"),
        (f"{SEATS}=40,50,60", "Write '40, 50, 60'."),
        (f"{SEATS}=1,000", "Write '1000' for one number, '1, 000' for several."),
        (f"{SEATS}=40, , 50", "a value is missing in '40, , 50'"),
        (f"{SEATS}=40, 50,", "a value is missing"),
        (f"{SEATS}=40, 40", "'40' is the same as '40'"),
        (f"{ROAD}=1 h, 60 min", "'60 min' is the same as '1 h'"),
        (f"{SEATS}=40 to 30 by 5", "'40 to 30' does not end above its beginning"),
        (f"{SEATS}=40 to 40", "'40 to 40' does not end above its beginning"),
        (f"{SEATS}=40 to 50 by 0", "a step of '0' leads nowhere"),
        (f"{SEATS}=40 to 50 by 2.5", "a step of '2.5' leads off the whole numbers"),
        (f"{SEATS}=40.5 to 50", "'40.5' is not a whole number"),
        (f"{SEATS}=0 to 50", "0 is too small. Write a whole number of 1 or more"),
        (f"{SEATS}=many", "'many' is not a count"),
        (f"{ROAD}=2 to 6", "'2' has no unit. Write '2 min' or '2 h'"),
        (f"{ROAD}=2 h to 6 mn by 1 h", "Did you mean '6 min'?"),
        (f"{ROAD}=1 h 30 min to 6 h by 1", "'1' has no unit"),
        (f"{ROAD}=about 2 h to 6 h", "is none of the forms of a range"),
        (f"{OPENS}=2020-01-01T05:00 to 2020-01-02T05:00 by 3", "'3' has no unit"),
        (f"{OPENS}=2020-02-01T05:00", "after the operation ends"),
        ("legs.road.speed=20 km/h to 8 m/s by 1 km/h", "are not numbers of one unit"),
        (f"{SEATS}=1 to 20000 by 1", "has 20,000 values, more than 10,000"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(text, answer):
    with pytest.raises(ScenarioError) as refused:
        design([text], CLOCK)
    told = str(refused.value)
    assert answer in told
    path = text.partition("=")[0]
    assert told.startswith(f"{path}: " if path else "")


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(ScenarioError) as refused:
        design([f"{SEATS}=0, 1", f"{ROAD}=2", f"{OPENS}=never", "x"], CLOCK)
    assert len(refused.value.args[0]) == 4


@pytest.mark.parametrize(
    ("vary", "ask", "answer"),
    [
        ([], {}, "nothing is varied"),
        ([f"{SEATS}=1, 2", f"{SEATS}=3"], {}, f"{SEATS}: it is varied twice"),
        ([f"{ROAD}=2 h to 6 h"], {}, "'2 h to 6 h' is an interval, and a grid needs"),
        ([f"{SEATS}=1, 2"], {"kind": "grid", "points": 5}, "as its values make, not 5"),
        ([f"{SEATS}=1, 2"], {"kind": "sobol"}, "how many points the design has"),
        ([f"{SEATS}=1, 2"], {"kind": "sobol", "points": 0}, "how many points"),
        ([f"{SEATS}=1, 2"], {"kind": "sobol", "points": 100}, "Ask for 64 or 128"),
        ([f"{SEATS}=1, 2"], {"points": 10_001}, "10,001 points, more than 10,000"),
        (
            [f"{SEATS}=1 to 101 by 1", f"{ROAD}=1 min to 100 min by 1 min"],
            {},
            "101 times 100 values make 10,100 points, more than 10,000",
        ),
    ],
)
def test_what_does_not_fit_the_design_is_told(vary, ask, answer):
    with pytest.raises(ScenarioError) as refused:
        design(vary, CLOCK, **ask)
    assert answer in str(refused.value)


def test_a_path_that_leads_nowhere_is_found_when_it_is_changed():
    (point,) = design(["fleets.busses.seats=40"], CLOCK).points
    with pytest.raises(ScenarioError, match="does not exist"):
        amended(operation(), point)


@given(
    st.decimals(1, 999, places=3), st.decimals("0.001", 9, places=3), st.integers(0, 99)
)
def test_fractions_do_not_drift(low, step, count):
    """0.1 three times is 0.3, which it is not in binary numbers."""
    high = low + (count + 1) * step
    drawn = values(f"flows.evacuation.load.buses={low} to {high} by {step}")
    assert [Decimal(text) for text in drawn] == [
        low + k * step for k in range(count + 2)
    ]


PATHS = st.sampled_from([
    SEATS, ROAD, OPENS, HOURS, f"{TIMES}.0", "legs.road.speed", "legs.road.length",
    "weather.rain.speed_factor", "flows.evacuation.load.buses", "zone", "x", "",
])  # fmt: skip
WORDS = st.sampled_from([
    "1", "0", "20", "999999999999999", "0.000001", "2.5", "h", "min", "s", "d", "%",
    "km/h", "km", "to", "by", ",", "mostly", "about", "2020-01-01T05:00", "06:00",
    "24:00", "=", "-", "\u0663", "e", "times or divided by", "yes",
])  # fmt: skip


@given(PATHS, st.lists(WORDS, max_size=9), st.sampled_from([None, 1, 8]))
@settings(max_examples=500)
def test_any_text_is_either_a_design_or_told(path, words, points):
    """And every value of a design is one that the field takes."""
    try:
        found = design([f"{path}={' '.join(words)}"], CLOCK, points=points)
    except ScenarioError:
        return
    quantity = shape_at(path.split("."))
    for point in found.points:
        if isinstance(quantity, Quantity):
            quantity.accept(point[path], CLOCK)
