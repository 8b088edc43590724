"""A pace is written in plain words, and counts by the days and weeks of a calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.clock import Clock
from sim.scenario.pace import PACE, Pace
from sim.scenario.problems import RefusedError

HOUR = 3_600


@given(
    st.builds(
        Pace,
        st.integers(1, 10_000_000),
        st.sampled_from(("people", "vehicles", "convoys")),
        st.sampled_from(("day", "week")),
    )
)
def test_what_is_written_is_read_as_the_same(pace: Pace) -> None:
    assert PACE.accept(PACE.write(pace, None), None) == pace


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("5 convoys a day", Pace(5, "convoys", "day")),
        ("1 convoy a week", Pace(1, "convoys", "week")),
        ("1,250 people a day", Pace(1250, "people", "day")),
        ("1250 people a day", Pace(1250, "people", "day")),
        ("20  vehicles a week", Pace(20, "vehicles", "week")),
    ],
)
def test_plain_words_are_read(text: str, pace: Pace) -> None:
    assert PACE.accept(text, None) == pace


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("5", "5 convoys a day"),
        ("5 convoys", "5 convoys a day"),
        ("0 convoys a day", "1 or more"),
        ("1,25 people a day", "5 convoys a day"),
        ("5 buses a day", "Known: people, vehicles, convoys."),
        ("5 convoi a day", "Did you mean 'convoys'?"),
        ("5 convoys a month", "Known: day, week."),
        ("99999999999 people a day", "Check the digits."),
    ],
)
def test_what_is_no_pace_is_refused_with_what_to_write(text: str, remedy: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        PACE.accept(text, None)
    assert remedy in str(refusal.value)


def test_days_begin_at_local_midnight_and_weeks_on_mondays() -> None:
    """2016-12-15 was a Thursday; the first Monday after it is the 19th."""
    clock = Clock("Asia/Damascus", "2016-12-15T06:00")
    horizon = 15 * 24 * HOUR
    days = Pace(1, "convoys", "day").starts(clock, horizon)
    assert days[:3] == (0, 18 * HOUR, 42 * HOUR)
    weeks = Pace(1, "convoys", "week").starts(clock, horizon)
    assert weeks == (0, (18 + 3 * 24) * HOUR, (18 + 10 * 24) * HOUR)


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    """In Damascus clocks went forward on 2016-03-25 at midnight: 23 hours."""
    clock = Clock("Asia/Damascus", "2016-03-24T00:00")
    days = Pace(1, "convoys", "day").starts(clock, 3 * 24 * HOUR)
    assert days == (0, 24 * HOUR, 47 * HOUR, 71 * HOUR)
