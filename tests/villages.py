"""Two villages in which everything that is said has an effect; changed as text."""

import pytest

from sim.errors import ScenarioError
from sim.scenario import Problem, from_text
from sim.scenario.files import read_text
from sim.scenario.load import checked
from sim.scenario.load import notes as placed_notes

TEXT = """\
operation: Two villages
zone: Asia/Damascus
starts: 2018-03-01T00:00
ends: 2018-03-06T00:00
sites:
  north: {groups: {families: {people: 600}, wounded: {people: 20}}}
  south: {groups: {families: {people: 600}}}
  camp: {}
fleets:
  buses:
    kind: bus
    seats: 50
    joins: {2018-03-01T06:00: 6, 2018-03-02T06:00: 4}
  cars: {kind: ambulance, seats: 4, joins: {2018-03-01T00:00: 2}, carries: [wounded]}
  coaches: {kind: bus, seats: 50, joins: {2018-03-01T00:00: 5}}
gates:
  north-gate: {}
  south-gate: {}
  approach: {}
  return-gate: {}
  yard: {}
checkpoints:
  post: {lanes: 1, inspection: 5 min}
legs:
  lane: {time: 20 min}
  road: {time: 1 h}
  way-back: {time: 90 min}
routes:
  from-north:
    origin: north
    destination: camp
    inbound: [approach, lane]
    through: [north-gate, road, post]
    back: [way-back, return-gate]
  from-south:
    origin: south
    destination: camp
    through: [south-gate, road]
    back: [way-back]
flows:
  north:
    route: from-north
    groups: [families]
    convoy: {buses: 5}
    boarding: 10 min
    unloading: 5 min
  wounded:
    route: from-north
    groups: [wounded]
    convoy: {cars: 2}
    boarding: 10 min
    unloading: 5 min
  south:
    route: from-south
    groups: [families]
    convoy: {coaches: 5}
    boards_at: yard
    boarding: 10 min
    unloading: 5 min
agreements:
  swap:
    parties:
      north: {flows: [north], gate: north-gate}
      south: {flows: [south], gate: south-gate}
    unit: vehicles
    tranches:
      - {north: 5, south: 5}
      - {north: rest, south: rest}
    amendments:
      2018-03-02T12:00:
        unit: vehicles
        tranches: [{north: rest, south: rest}]
stoppages:
  halt:
    cause: A halt
    closes: [post]
    starts: 2018-03-02T08:00
    lasts: 2 h
weather:
  rain:
    starts: 2018-03-01T00:00
    until: 2018-03-02T00:00
    speed_factor: 80 %
"""
Change = tuple[str, str]


def changed(*changes: Change) -> str:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def added(below: str, *lines: str) -> Change:
    """Return the change that writes lines below one, as deep as that is."""
    indent = " " * (len(below) - len(below.lstrip()))
    return below, "\n".join([below, *(f"{indent}{line}" for line in lines)])


def refused(*changes: Change) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        from_text(changed(*changes))
    (found,) = caught.value.args
    return list(found)


def noted(*changes: Change) -> list[Problem]:
    tree, found = read_text(changed(*changes), "scenario.yaml", None)
    return list(placed_notes(checked(tree, found), tree))


def said(found: list[Problem]) -> str:
    return "\n".join(problem.sentence for problem in found)


def place(text: str, needle: str) -> tuple[int, int]:
    before = text[: text.index(needle)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


NORTH = "    convoy: {buses: 5}"
HALT = "    cause: A halt"
BUSES = "    kind: bus"
SHARED = ("convoy: {coaches: 5}", "convoy: {coaches: 4, buses: 1}")
