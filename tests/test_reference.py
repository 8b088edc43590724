"""The model against a second, naive program, on scenarios made up from numbers."""

from collections import defaultdict

import pytest

from sim.scenario import from_data
from tests.reference import simulate
from tests.reference.besides import EACH, LATER, TOPICS
from tests.reference.compare import differences
from tests.reference.further import FURTHER
from tests.reference.scenarios import scenario

CHUNK, CHUNKS, FEW = 50, 6, 20
ONCE_DIFFERED = (
    *(25999, 32734, 41818, 44396, 84001, 2528, 25908, 11215),
    *(87043, 91847, 93385, 97271),
    *(100093, 100118, 100191, 100591, 101233, 101298),
    *(201333, 201367, 300121, 300146, 300171, 300249),
    *(203137, 203240, 300263, 300549, 302178, 400137, 400397),
    *(1100049, 1100053, 1100277, 1101268),
    *(1401021, 1401047, 1401278, 1401325, 1403011),
    *(250086, 550299, 650244),
    *(700187, 700362, 700505, 700597, 700725, 700733, 800046, 900011, 900253),
)
"""Scenarios that came out of longer comparisons."""


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_model_and_reference_agree(chunk):
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        assert differences(from_data(scenario(seed)), seed) == [], f"seed {seed}"


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.__name__)
def test_model_and_reference_agree_on_the_forms_that_came_later(topic):
    first = EACH * (1 + TOPICS.index(topic))
    for seed in range(first, first + CHUNK):
        assert differences(from_data(scenario(seed)), seed) == [], f"seed {seed}"


@pytest.mark.slow
@pytest.mark.parametrize("topic", [6, *FURTHER, *LATER])
def test_model_and_reference_agree_on_what_agreements_and_demand_do_further(topic):
    for seed in range(topic * EACH, topic * EACH + FEW):
        assert differences(from_data(scenario(seed)), seed) == [], f"seed {seed}"


@pytest.mark.parametrize("seed", ONCE_DIFFERED)
def test_model_and_reference_agree_where_they_once_did_not(seed):
    assert differences(from_data(scenario(seed)), seed) == []


@pytest.mark.slow
def test_nobody_is_forgotten_and_nobody_appears():
    for seed in range(200):
        data = from_data(scenario(seed))
        outcome = simulate(data, seed)
        spent = defaultdict(int)
        for (site, group, _), seconds in outcome.person_seconds.items():
            spent[site, group] += seconds
        people = {
            (site, name): group.people - group.stay
            for site, plan in data.sites.items()
            for name, group in plan.groups.items()
        }
        origin = {f: data.routes[p.route].origin for f, p in data.flows.items()}
        for time_s, convoy, group, number in outcome.arrivals + outcome.unaccounted:
            spent[origin[convoy[:-4]], group] += number * (data.horizon_s - time_s)
        assert {who: n for who, n in spent.items() if n} == {
            who: n * data.horizon_s for who, n in people.items() if n
        }, f"seed {seed}"
