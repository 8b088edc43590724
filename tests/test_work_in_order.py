"""Jobs over a pool: answers in order, and done again if a worker is lost."""

from concurrent.futures import BrokenExecutor, Future

import numpy as np
import pytest

from sim.experiment.pool import Here
from sim.experiment.work import in_order


class Fragile:
    """Loses its workers at some calls, with all that was under way."""

    size = 2

    def __init__(self, breaks):
        self.breaks, self.calls, self.renewed = set(breaks), 0, 0
        self.open = []

    def submit(self, work, *given):
        self.calls += 1
        future = Future()
        if self.calls in self.breaks:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(work(*given))
        return future

    def renew(self):
        self.renewed += 1


def answers(pool, jobs=20):
    return [int(answer) for answer in in_order(pool, np.array, range(jobs))]


def test_answers_come_in_order():
    assert answers(Here()) == list(range(20))


@pytest.mark.parametrize("breaks", [[1], [3, 4], [2, 9, 20]])
def test_nothing_is_lost_or_doubled_when_workers_are_lost(breaks):
    pool = Fragile(breaks)

    assert answers(pool) == list(range(20))
    assert pool.renewed > 0


def test_workers_that_are_lost_again_and_again_end_it():
    with pytest.raises(BrokenExecutor):
        answers(Fragile(range(1, 1_000)))


def test_what_a_run_raises_is_raised():
    def bad(job):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(in_order(Here(), bad, [[]]))
