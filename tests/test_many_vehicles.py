"""Columns of thousands of cars: a run takes time that grows with them, not faster.

The bound is several times what a run takes, so that a busy machine breaks no test.
"""

from time import process_time

import pytest

from sim.events import Kind
from sim.model import simulate
from sim.scenario import from_data
from tests.builders import column

CARS = 8000
MOST_S = 10

BOAT = {"places": 2, "crossing": "1 min", "boarding": "1 s"}
WAYS = {
    "room at the destination": {"sites__refuge": {"holds": CARS}},
    "a ferry": {
        "stages": {"ferry": {"boat": BOAT}},
        "routes__out__through": ["road", "boat", "road"],
    },
}


@pytest.mark.parametrize("changes", WAYS.values(), ids=WAYS)
def test_a_long_column_is_no_burden(changes):
    operation = from_data(column(CARS, **changes))
    began = process_time()
    log = simulate(operation, seed=1)
    assert process_time() - began < MOST_S
    assert sum(e.people for e in log.events if e.kind is Kind.ARRIVED) == CARS
