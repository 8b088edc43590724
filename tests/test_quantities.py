"""Quantities: what a text means, what is refused, that writing undoes reading."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.distributions import Distribution
from sim.scenario.clock import Clock
from sim.scenario.clock import Hours as DailyHours
from sim.scenario.quantities import (
    Count,
    CountPerVehicle,
    DurationDistribution,
    FactorDistribution,
    Hours,
    Length,
    Moment,
    PositiveCount,
    SpeedPerConvoy,
    TimeOfDay,
    YesNo,
)

CLOCK = Clock("Asia/Damascus", "2016-12-15T00:00", 30 * 86_400)
CONTEXT = {"clock": CLOCK}


def read(kind: Any, text: object, context: Any = CONTEXT) -> Any:
    return TypeAdapter(kind).validate_python(text, context=context)


def write(kind: Any, value: object, context: Any = CONTEXT) -> Any:
    return TypeAdapter(kind).dump_python(value, mode="json", context=context)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DurationDistribution, "45 min", Distribution.fixed(2_700)),
        (DurationDistribution, "45min", Distribution.fixed(2_700)),
        (DurationDistribution, "1 h 30 min", Distribution.fixed(5_400)),
        (DurationDistribution, "1.5 h", Distribution.fixed(5_400)),
        (DurationDistribution, "0 s", Distribution.fixed(0)),
        (DurationDistribution, "2 d", Distribution.fixed(172_800)),
        (DurationDistribution, "1 h to 4 h", Distribution.uniform(3_600, 14_400)),
        (DurationDistribution, "1 to 4 h", Distribution.uniform(3_600, 14_400)),
        (
            DurationDistribution,
            "1 h to 4 h, mostly 2 h",
            Distribution.triangular(3_600, 7_200, 14_400),
        ),
        (
            DurationDistribution,
            "1 to 4, mostly 2 h",
            Distribution.triangular(3_600, 7_200, 14_400),
        ),
        (
            DurationDistribution,
            "30 min to 2 h,\n  mostly 1 h",
            Distribution.triangular(1_800, 3_600, 7_200),
        ),
        (
            DurationDistribution,
            "About 2 h, times or divided by 1.3",
            Distribution.lognormal(7_200, 1.3),
        ),
        (
            DurationDistribution,
            "on average 30 min, memoryless",
            Distribution.exponential(1_800),
        ),
        (SpeedPerConvoy, "36 km/h", Distribution.fixed(10)),
        (SpeedPerConvoy, "18 to 36 km/h", Distribution.uniform(5, 10)),
        (CountPerVehicle, "45 to 86, mostly 57", Distribution.triangular(45, 57, 86)),
        (CountPerVehicle, 50, Distribution.fixed(50)),
        (FactorDistribution, "0.5 to 0.8", Distribution.uniform(0.5, 0.8)),
        (FactorDistribution, "60 %", Distribution.fixed(0.6)),
        (FactorDistribution, "50 to 80 %", Distribution.uniform(0.5, 0.8)),
        (Length, "12.3 km", 12_300.0),
        (Length, "800 m", 800.0),
        (Count, "0", 0),
        (Count, 7, 7),
        (PositiveCount, "10000000", 10_000_000),
        (TimeOfDay, "06:00", 21_600),
        (TimeOfDay, "6:00", 21_600),
        (Hours, "06:00 to 20:00", DailyHours(21_600, 72_000)),
        (Hours, "22:00 to 04:00", DailyHours(79_200, 14_400)),
        (Hours, "00:00 to 24:00", DailyHours(0, 86_400)),
        (Moment, "2016-12-15T14:30", 52_200),
        (Moment, "2016-12-15 14:30:05", 52_205),
        (Moment, "2016-12-15T14:30+02:00", 52_200),
        (YesNo, "no", False),
        (YesNo, True, True),
    ],
)
def test_a_text_means(kind: Any, text: object, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (DurationDistribution, "90", "'90' has no unit. Write '90 min' or '90 h'"),
        (DurationDistribution, "1:30", "Write '1 h 30 min' or '1 min 30 s'"),
        (DurationDistribution, "1,5 h", "Write '1.5 h'"),
        (DurationDistribution, "2 hours", "Did you mean '2 h'"),
        (DurationDistribution, "2 m", "Did you mean '2 min'"),
        (DurationDistribution, "30 min 1 h", "from the larger unit to the smaller"),
        (DurationDistribution, "1 h 1 h", "from the larger unit to the smaller"),
        (DurationDistribution, "1 h 30", "has no unit"),
        (DurationDistribution, "0.2 s", "less than a second"),
        (DurationDistribution, "-5 min", "is negative"),
        (DurationDistribution, "11000 d", "more than 10 years"),
        (DurationDistribution, "1e3 s", "'e' in '1e3 s' is not a unit"),
        (DurationDistribution, "1e400 s", "is not a unit of a duration"),
        (DurationDistribution, "nan", "is not a number"),
        (DurationDistribution, ".inf", "is not a number"),
        (DurationDistribution, "٤٥ min", "is not a duration"),
        (DurationDistribution, "9**9**7 s", "is not a duration"),
        (DurationDistribution, "P1D", "is not a duration"),
        (DurationDistribution, "PT1H", "is not a duration"),
        (DurationDistribution, "1 h - 4 h", "is none of the forms of a range"),
        (DurationDistribution, "1-4 h", "is none of the forms of a range"),
        (DurationDistribution, "mostly 2 h", "is none of the forms of a range"),
        (DurationDistribution, "4 h to 1 h", "begins above its end"),
        (DurationDistribution, "1 h to 60 min", "both ends"),
        (DurationDistribution, "1 h to 4 h, mostly 5 h", "outside the range"),
        (DurationDistribution, "1 h to 4", "'4' has no unit"),
        (DurationDistribution, "about 2 h, times or divided by 1", "above 1"),
        (DurationDistribution, "about 2 h, times or divided by 1e9", "above 1"),
        (DurationDistribution, "about 0 s, times or divided by 2", "median"),
        (DurationDistribution, "on average 0 s, memoryless", "average"),
        (DurationDistribution, 90, "'90' has no unit"),
        (SpeedPerConvoy, "30", "has no unit"),
        (SpeedPerConvoy, "30 km", "Did you mean '30 km/h'"),
        (SpeedPerConvoy, "0 km/h", "too small"),
        (SpeedPerConvoy, "3000 km/h", "more than 300 km/h"),
        (SpeedPerConvoy, "on average 30 km/h, memoryless", "only a duration"),
        (CountPerVehicle, "45 people", "has a unit, but a count has none"),
        (CountPerVehicle, "-1 to 5", "is negative"),
        (FactorDistribution, "0", "too small"),
        (Length, "12", "has no unit"),
        (Length, "1 km 200 m", "is not a length"),
        (Length, "0 m", "too small"),
        (Length, "30000 km", "more than 20000 km"),
        (Count, "1_000", "Write '1000'"),
        (Count, "1,200", "Write '1200' or '1.200'"),
        (Count, "20.0", "is not a whole number"),
        (Count, "-3", "is negative"),
        (Count, "NaN", "is not a number"),
        (Count, "inf", "is not a number"),
        (Count, "٣", "is not a count"),
        (Count, "³", "is not a count"),
        (Count, "0x10", "is not a count"),
        (Count, "9" * 150, "is not a count"),
        (Count, "9" * 9_000, "too long"),
        (Count, "10000001", "more than 10 million"),
        (PositiveCount, "0", "1 or more"),
        (TimeOfDay, "24:00", "is not a time of day"),
        (TimeOfDay, "06:60", "is not a time of day"),
        (TimeOfDay, "6", "is not a time of day"),
        (Hours, "06:00-20:00", "not hours of the day"),
        (Hours, "06:00 to 06:00", "never opens"),
        (Hours, "24:00 to 06:00", "is not a time of day"),
        (Moment, "2016", "is not a local date and time"),
        (Moment, "2016-12-15", "is not a local date and time"),
        (Moment, "15.12.2016 14:30", "is not a local date and time"),
        (Moment, "2016-02-30T00:00", "not in the calendar"),
        (Moment, "2016-12-15T24:00", "not in the calendar"),
        (Moment, "2016-12-15T14:30Z", "is not a local date and time"),
        (Moment, "2016-12-15T14:30+03:00", "which is +02:00 then"),
        (Moment, "2016-12-14T23:59", "before the operation starts"),
        (Moment, "2017-02-01T00:00", "after the operation ends"),
        (YesNo, "on", "neither yes nor no"),
        (YesNo, "1", "neither yes nor no"),
    ],
)
def test_a_text_is_refused(kind: Any, text: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(kind, text)
    assert said in str(caught.value)


def test_an_hour_that_does_not_exist_is_refused_with_the_jump() -> None:
    clock = Clock("Asia/Damascus", "2016-03-01T00:00")
    with pytest.raises(ValidationError, match="clocks jump from 00:00 to 01:00"):
        read(Moment, "2016-03-25T00:30", {"clock": clock})


def test_an_hour_that_comes_twice_is_refused_until_it_has_its_offset() -> None:
    clock = Clock("Asia/Damascus", "2016-10-01T00:00")
    said = r"2016-10-27T23:30\+03:00 for the first or 2016-10-27T23:30\+02:00"
    with pytest.raises(ValidationError, match=said):
        read(Moment, "2016-10-27T23:30", {"clock": clock})
    first = read(Moment, "2016-10-27T23:30+03:00", {"clock": clock})
    second = read(Moment, "2016-10-27T23:30+02:00", {"clock": clock})
    assert second - first == 3_600


def test_a_moment_needs_its_clock() -> None:
    with pytest.raises(ValidationError, match="without the operation's zone"):
        read(Moment, "2016-10-27T23:30", None)


def test_moments_are_keys_too() -> None:
    kind = dict[Moment, PositiveCount]
    value = read(kind, {"2016-12-15T05:00": "3"})
    assert value == {18_000: 3}
    assert write(kind, value) == {"2016-12-15T05:00": 3}


SECONDS = st.integers(0, 10**7)
COUNTS = st.floats(0, 1e6).map(lambda number: round(number, 9))


def spreads(numbers: st.SearchStrategy[float], memoryless: bool) -> Any:
    positive = numbers.filter(lambda number: number > 0)
    factors = st.floats(1.000001, 10)
    ends = st.tuples(numbers, numbers, numbers).map(sorted)
    kinds = [
        numbers.map(Distribution.fixed),
        ends.filter(lambda e: e[0] < e[2]).map(
            lambda e: Distribution.uniform(e[0], e[2])
        ),
        ends.filter(lambda e: e[0] < e[2]).map(lambda e: Distribution.triangular(*e)),
        st.builds(Distribution.lognormal, positive, factors),
    ]
    return st.one_of(*kinds, *([positive.map(Distribution.exponential)] * memoryless))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Count, st.integers(0, 10**7)),
        (Length, st.floats(0.001, 1e7)),
        (TimeOfDay, st.integers(0, 86_399)),
        (Moment, st.integers(0, 30 * 86_400)),
        (
            Hours,
            st.builds(
                DailyHours, st.integers(0, 86_399), st.integers(0, 86_400)
            ).filter(lambda hours: hours.opens != hours.closes),
        ),
        (DurationDistribution, spreads(SECONDS.map(float), memoryless=True)),
        (SpeedPerConvoy, spreads(st.floats(0.001, 83), memoryless=False)),
        (CountPerVehicle, spreads(COUNTS, memoryless=False)),
        (FactorDistribution, spreads(st.floats(1e-6, 1e3), memoryless=False)),
    ],
    ids=["count", "length", "time", "moment", "hours", *"dscf"],
)
def test_what_is_written_reads_the_same(kind: Any, values: Any) -> None:
    @given(values)
    def check(value: object) -> None:
        assert read(kind, write(kind, value)) == value

    check()


ZONES = ("Asia/Damascus", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo")


@given(st.sampled_from(ZONES), st.integers(0, 400 * 86_400))
def test_every_second_of_a_zone_is_written_so_that_it_reads_the_same(
    zone: str, second: int
) -> None:
    """Also in the hour that comes twice, where the text has its offset."""
    clock = Clock(zone, "2016-03-01T00:00")
    assert clock.seconds(clock.text(second)) == second


@given(st.sampled_from(ZONES), st.integers(1, 400 * 86_400))
def test_local_days_follow_each_other(zone: str, horizon: int) -> None:
    clock = Clock(zone, "2016-03-01T12:00")
    starts = clock.day_starts(horizon)
    days = [clock.local(start).date() for start in starts]
    assert all(b - a == timedelta(days=1) for a, b in pairwise(days))
    assert all(clock.local(s - 1).date() < clock.local(s).date() for s in starts)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 86_399),
    st.integers(0, 86_400),
    st.integers(1, 40 * 86_400),
)
def test_windows_are_in_order_and_within_the_run(
    zone: str, opens: int, closes: int, horizon: int
) -> None:
    clock = Clock(zone, "2016-10-10T12:00")
    windows = clock.windows(DailyHours(opens, closes), horizon)
    flat = [second for window in windows for second in window]
    assert flat == sorted(set(flat))
    assert all(0 <= second <= horizon for second in flat)


def test_windows_keep_to_the_local_clock_when_it_changes() -> None:
    clock = Clock("Asia/Damascus", "2016-10-27T00:00")
    windows = clock.windows(DailyHours(6 * 3_600, 20 * 3_600), 2 * 86_400)
    assert [(clock.text(o), clock.text(c)) for o, c in windows] == [
        ("2016-10-27T06:00", "2016-10-27T20:00"),
        ("2016-10-28T06:00", "2016-10-28T20:00"),
    ]
    assert windows[1][0] - windows[0][0] == 25 * 3_600


def test_hours_over_midnight_are_open_when_the_clock_starts() -> None:
    clock = Clock("UTC", "2016-01-01T00:00")
    night = DailyHours(22 * 3_600, 4 * 3_600)
    assert clock.windows(night, 86_400) == ((0, 14_400), (79_200, 86_400))
    assert clock.windows(DailyHours(0, 86_400), 86_400 * 3) == ((0, 86_400 * 3),)


def test_a_day_that_begins_at_one_o_clock_begins_there() -> None:
    clock = Clock("Asia/Damascus", "2016-03-24T00:00")
    assert clock.day_starts(2 * 86_400) == [0, 86_400, (24 + 23) * 3_600]
    assert clock.text(86_400) == "2016-03-25T01:00"
