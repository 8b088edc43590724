"""Lanes and bays: booking in one go gives what serving one by one gives."""

from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.station import Station

CONVOYS = st.lists(
    st.tuples(st.integers(0, 40), st.lists(st.integers(0, 30), min_size=1, max_size=9)),
    max_size=12,
)


@pytest.mark.parametrize(
    ("places", "starts", "last"),
    [(1, [10, 15, 18], 25), (2, [10, 10, 13], 20), (None, [10, 10, 10], 17)],
)
def test_three_vehicles_take_their_turns(places, starts, last):
    assert Station(places).book(10, [5, 3, 7]) == (starts, last)


def test_a_convoy_queues_behind_the_one_before_it():
    station = Station(2)

    assert station.book(0, [10, 4]) == ([0, 0], 10)
    assert station.book(1, [3, 1]) == ([4, 7], 8)
    assert station.book(20, [3]) == ([20], 23)


@given(st.integers(1, 6), CONVOYS)
def test_vehicles_are_served_first_come_first_served(places, convoys):
    """One by one: each takes the place that falls free first."""
    station, free, now = Station(places), [0] * places, 0
    for gap, turns in convoys:
        now += gap
        expected = []
        for turn in turns:
            start = max(heappop(free), now)
            heappush(free, start + turn)
            expected.append((start, start + turn))
        starts, last = station.book(now, turns)
        assert starts == [start for start, _ in expected]
        assert last == max(end for _, end in expected)
