"""An operation that lasts for ever, or in which a stoppage comes all the time."""

import re
from datetime import datetime, timedelta

import pytest

from sim.errors import ScenarioError
from sim.events import Kind
from sim.model import simulate
from sim.scenario import amended, from_text, load, resolved_yaml
from sim.scenario.starts import LONGEST_DAYS

WORLD = load("two-towns")
TEXT = resolved_yaml(WORLD)
STARTS = datetime.fromisoformat(WORLD.starts)


def lasting(days):
    return re.sub(
        r"^ends: .*$",
        f"ends: {STARTS + timedelta(days):%Y-%m-%dT%H:%M}",
        TEXT,
        flags=re.MULTILINE,
    )


def stopping(every, lasts, *more):
    lines = [f"every: {every}", f"lasts: {lasts}", *more]
    plan = "\n".join(f"    {line}" for line in lines)
    halt = f"\n  again:\n    cause: Test\n    closes: [bridge]\n{plan}"
    return re.sub(r"^stoppages:", f"stoppages:{halt}", TEXT, flags=re.MULTILINE)


def complaint(text):
    with pytest.raises(ScenarioError) as refusal:
        from_text(text)
    return str(refusal.value)


def test_an_operation_may_last_so_long_and_no_longer():
    summer_s = 3600  # an hour that the clocks skip
    assert from_text(lasting(LONGEST_DAYS)).ends == LONGEST_DAYS * 86_400 - summer_s
    said = complaint(lasting(LONGEST_DAYS + 1))
    assert "the operation lasts 1,001 days, and 1,000 are the most" in said
    assert "Check the year" in said


def test_a_wrong_century_is_told_at_once():
    assert "ends" in complaint(lasting(365 * 1_000))


@pytest.mark.parametrize(
    ("every", "lasts"),
    [
        ("1 s", "1 s"),
        ("on average 10 s, memoryless", "1 s to 20 s"),
        ("0 s to 20 s, mostly 1 s", "1 s to 30 s, mostly 2 s"),
        ("about 5 s, times or divided by 2", "1 s"),
    ],
)
def test_a_stoppage_that_would_come_all_the_time_is_refused(every, lasts):
    said = complaint(stopping(every, lasts))
    assert "stoppages.again.every" in said
    assert "times before the operation ends, and 10,000 are the most" in said


def test_the_limit_is_of_those_that_come_after_since():
    """Every 20 s and for 20 s makes 8,640 in four days, every 17 s and for 17 s 10,165.

    From noon of the first day on, the latter are 8,894.
    """
    assert from_text(stopping("20 s", "20 s"))
    assert "about 10,165 times" in complaint(stopping("17 s", "17 s"))
    noon = f"since: {STARTS + timedelta(hours=12):%Y-%m-%dT%H:%M}"
    assert from_text(stopping("17 s", "17 s", noon))


def test_a_stoppage_as_often_as_allowed_ends():
    log = simulate(from_text(stopping("20 s", "20 s")), seed=1)
    begun = [each for each in log.events if each.kind is Kind.STOPPAGE_BEGAN]
    assert len(begun) > 8_000


def test_a_changed_number_is_held_to_it_too():
    world = from_text(stopping("1 h", "1 h"))
    with pytest.raises(ScenarioError, match="10,000 are the most"):
        amended(world, {"stoppages.again.every": "1 s", "stoppages.again.lasts": "1 s"})
