"""Makes the scenario of a difference smaller, as long as the difference remains."""

from copy import deepcopy

from sim.errors import ScenarioError
from sim.scenario import from_data
from tests.reference.compare import differences

SECTIONS = ("stoppages", "agreements", "weather", "flows", "fleets", "routes", "sites")


def differs(data, seed):
    """Return whether model and reference differ about scenario data, or one fails."""
    try:
        operation = from_data(data)
    except ScenarioError:
        return False
    try:
        return bool(differences(operation, seed))
    except Exception:  # noqa: BLE001
        return True


def smaller(data, seed, still=differs):
    """Return the data without all that the difference does not need."""
    before = None
    while data != before:
        before = data
        for path in list(_paths(data)):
            try:
                tried = without(data, path)
            except (KeyError, IndexError):  # it went with something larger
                continue
            if still(tried, seed):
                data = tried
    return data


def without(data, path):
    """Return a copy of the data without one part; flows are forgotten everywhere."""
    data = deepcopy(data)
    *parents, last = path
    node = data
    for key in parents:
        node = node[key]
    del node[last]
    if path[0] in {"flows", "agreements"} and len(path) == 2:
        _forget(data, path[1])
    return data


def _paths(data):
    """Yield what may be left out: whole parts first, then their fields."""
    for section in (*SECTIONS, "gates", "checkpoints", "legs"):
        for name in list(data.get(section, {})):
            yield section, name
    for section in ("stoppages", "agreements", "flows", "fleets", "routes", "sites"):
        for name, part in data.get(section, {}).items():
            yield from ((section, name, *path) for path in _inner(part))


def _inner(part):
    fields = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in fields:
        yield (key,)
        if isinstance(value, dict | list):
            yield from ((key, *path) for path in _inner(value))


def _forget(data, name):
    for fleet in data["fleets"].values():
        for by_flow in ("reserve", "priority"):
            fleet.get(by_flow, {}).pop(name, None)
    for deal in data.get("agreements", {}).values():
        for party in deal["parties"].values():
            party["flows"] = [flow for flow in party["flows"] if flow != name]
        for way in deal.get("requires", {}).values():
            way.get("arrived", {}).pop(name, None)
    for stoppage in data.get("stoppages", {}).values():
        for field in ("suspends", "breaches"):
            stoppage[field] = [deal for deal in stoppage.get(field, []) if deal != name]
