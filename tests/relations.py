"""Scenarios that are related, and what runs of them say, for tests of relations."""

import re
from functools import cache, partial
from itertools import count, islice
from math import isnan

from sim.metrics.account import Account
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import from_data
from tests.reference.scenarios import scenario

NAMED = ("sites", "gates", "checkpoints", "legs", "fleets", "routes", "flows")
SECTIONS = (*NAMED, "agreements", "stoppages", "weather")
"""Of a scenario, with parts that have names."""
ANY = (*range(6), 100_000, 100_001, 200_000, 200_001)
"""Numbers of made-up scenarios, of which many leave something to chance."""
_LUCK = range(1, 5)


@cache
def certain(since, several=6):
    """Return the first made-up scenarios in which all goes alike whatever the luck.

    Parameters
    ----------
    since : number from which to look.
    several : how many to find.
    """
    numbers = count(since, 2)
    return [*islice(filter(_alike, map(scenario, numbers)), several)]


def _alike(data):
    world = from_data(data)
    first, *others = (simulate(world, seed=luck).rows for luck in _LUCK)
    return all(first == other for other in others)


def names_of(data, *sections):
    """Return the names of the parts, and of the groups of sites if those are asked."""
    found = [name for section in sections for name in data.get(section, {})]
    if "groups" in sections:
        found += [
            group for site in data["sites"].values() for group in site.get("groups", {})
        ]
    return list(dict.fromkeys(found))


def renamed(data, names):
    """Return scenario data in which parts have other names, wherever they stand.

    Parameters
    ----------
    data : of a scenario.
    names : new ones by old ones.
    """
    if not names:
        return data
    longest_first = sorted(names, key=len, reverse=True)
    any_name = "|".join(map(re.escape, longest_first))
    word = re.compile(rf"(?<![\w-])({any_name})(?![\w-])")
    other = partial(word.sub, lambda found: names[found[0]])

    def anew(value):
        if isinstance(value, dict):
            return {other(key): anew(each) for key, each in value.items()}
        if isinstance(value, list):
            return [anew(each) for each in value]
        return other(value) if isinstance(value, str) else value

    return anew(data)


def told(world, seed=1):
    """Return every number of a run by name; None where it has none.

    Without the wait of the wounded, who are known by the name of their group.
    """
    numbers = summary(simulate(world, seed=seed)).items()
    return {
        name: None if isnan(number) else number
        for name, number in numbers
        if not name.startswith("wounded_wait/")
    }


def curves(world, seed=1, until=None):
    """Return when how many people of each site had arrived, up to a second."""
    run = Account(simulate(world, seed=seed))
    return {
        site: [
            (second, people)
            for second, people in zip(curve.times_s, curve.totals, strict=True)
            if until is None or second <= until
        ]
        for site, curve in run.arrivals.items()
    }
