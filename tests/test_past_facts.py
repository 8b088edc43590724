"""Facts of past operations: read as they stand, and nothing wrong passes silently."""

import csv
import shutil

import numpy as np
import pytest

from sim.errors import EvidenceError
from sim.past.facts import (
    FACTS,
    FOLDER,
    MEANINGS,
    OPERATIONS,
    SOURCES,
    past_operations,
    read_facts,
)
from sim.past.reference_class import ReferenceClass
from sim.past.reporting import reporting_error


@pytest.fixture
def copy(tmp_path):
    for name in (OPERATIONS, FACTS, SOURCES):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def changed(folder, table, key, **cells):
    """Write other cells into the row of a key."""
    path = folder / table
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [row for row in rows if key in {row.get("id"), row.get("key")}]
    row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def told(folder):
    with pytest.raises(EvidenceError) as error:
        read_facts(folder)
    return str(error.value)


def test_all_facts_are_there():
    known = past_operations()

    assert (len(known.facts), len(known.operations)) == (448, 39)
    assert {row.quantity for row in known.facts} == set(MEANINGS)


def test_a_copy_reads_the_same(copy):
    assert read_facts(copy) == past_operations()


@pytest.mark.parametrize(
    ("key", "cells", "sentence"),
    [
        ("WAER17-001", {"unit": "buses"}, "'buses' does not fit"),
        ("WAER17-001", {"kind": "list"}, "'list' does not fit"),
        ("WAER17-001", {"best": "2000.5"}, "counts are whole"),
        ("WAER17-001", {"best": "-3"}, "not in order, from 0 up"),
        ("WAER17-001", {"best": ""}, "has no value"),
        ("WAER17-001", {"best": "about 2000"}, "'about 2000'"),
        ("WAER17-001", {"quantity": "people"}, "is no quantity"),
        ("WAER17-001", {"operation": "WAER18"}, "WAER18 is in no table"),
        ("WAER17-001", {"source": "NOBODY"}, "NOBODY is in no table"),
        ("WAER17-001", {"confidence": "D"}, "'D'"),
        ("WAER17-001", {"from": "2017-02-30"}, "2017-02-30"),
        ("WAER17-019", {"low": "2800"}, "not in order"),
        ("WAER17-002", {"id": "WAER17-001"}, "WAER17-001 is there twice"),
        ("WAER17-031", {"kind": "inspection"}, "a halt and its cause"),
        ("WAER17-042", {"of": "20"}, "52 of 20 is too many"),
        ("WAER17-042", {"of": ""}, "needs the number of all days"),
        ("WAER17-042", {"to": "2017-03-01"}, "ends before it begins"),
    ],
)
def test_a_defect_is_told(copy, key, cells, sentence):
    changed(copy, FACTS, key, **cells)

    assert sentence in told(copy)


def test_a_source_that_nobody_cites_is_told(copy):
    with (copy / SOURCES).open("a", encoding="utf-8") as file:
        file.write("NEW,A page,-\n")

    assert "the source NEW has no fact" in told(copy)


def test_an_unknown_rhythm_is_told(copy):
    changed(copy, OPERATIONS, "WAER17", rhythm="often")

    assert "'often'" in told(copy)


def test_loads_follow_from_people_and_buses():
    """Where no cars went along, a load lies between the least and the most of both."""
    batches = {}
    for row in past_operations().facts:
        if row.batch and row.value is not None:
            batches.setdefault((row.operation, row.batch), {})[row.quantity] = row
    checked = 0
    for rows in batches.values():
        load = rows.get("people_per_vehicle")
        if load is None or "car" in load.note:
            continue
        people, buses = rows["people_of_batch"], rows["vehicles_of_batch"]
        least = (people.low or people.best) / (buses.high or buses.best)
        most = (people.high or people.best) / (buses.low or buses.best)
        assert least - 0.06 <= load.value <= most + 0.06, load.id
        checked += 1
    assert checked > 50


POOLED = {  # values, operations, 0, 25, 50, 75, 100, 10 and 90 percent
    "people_per_vehicle": (55, 23, 16, 37, 43, 50, 67, 31, 54),
    "vehicles_of_batch": (56, 23, 3, 30, 42, 55, 117, 11, 68),
    "people_of_batch": (56, 23, 120, 1080, 1700, 2280, 5670, 460, 3000),
    "left_over_announced list": (11, 10, 0, 0.74, 1.00, 1.01, 3.6, 0.59, 1.04),
    "left_over_announced deal": (10, 10, 0.40, 0.48, 0.55, 0.86, 1.67, 0.42, 1.07),
    "delay_of_start": (12, 12, 5, 24, 48, 258, 1248, 24, 312),
    "boarding_to_release": (12, 9, 10, 36, 45, 50, 112, 26, 55),
    "on_the_road": (17, 15, 8, 11, 12, 18, 72, 9, 28),
    "halt": (25, 15, 1, 10, 24, 36, 350, 4, 61),
    "days_without_departure": (16, 16, 0, 0.09, 0.38, 0.76, 0.82, 0, 0.81),
}
"""As they were worked out when the facts were collected, rounded to what is shown."""


def pooled(name):
    quantity = name.partition(" ")[0]
    for row in past_operations().facts:
        is_of = row.quantity == quantity and row.kind in _kinds(name)
        if not is_of or row.value is None:
            continue
        if quantity.endswith(("_batch", "_vehicle")):
            if row.pooled == "yes":
                yield row.operation, row.value
        elif quantity == "days_without_departure":
            yield row.operation, row.value / row.of
        elif row.confidence != "C":
            yield row.operation, row.value


def _kinds(name):
    quantity, _, kind = name.partition(" ")
    return (kind,) if kind else MEANINGS[quantity].kinds


@pytest.mark.parametrize("name", POOLED)
def test_pooled_figures_are_those_worked_out_before(name):
    values = list(pooled(name))
    number, operations, *expected = POOLED[name]
    found = np.quantile([v for _, v in values], (0, 0.25, 0.5, 0.75, 1, 0.1, 0.9))

    assert len(values) == number
    assert len({operation for operation, _ in values}) == operations
    for is_, said in zip(found, expected, strict=True):
        digits = 0.005 if said < 4 and name.startswith(("left", "days")) else 0.5
        rounding = max(digits, 5.0 if said > 1000 or name == "people_of_batch" else 0)
        assert abs(is_ - said) <= rounding + 1e-9, (is_, said)


def test_the_class_takes_the_pooled_batches():
    known = ReferenceClass()

    assert len(known.values("people on a bus")) == 55
    assert len(known.values("hours of a halt")) == 25


def test_counts_of_one_batch_differ_by_a_fifth():
    """Two counts of a batch, of the same people: between a tenth and a third apart."""
    assert 0.1 < reporting_error() < 0.33


def test_medians_of_operations_are_those_worked_out_before():
    by_operation = {}
    for operation, value in pooled("people_per_vehicle"):
        by_operation.setdefault(operation, []).append(value)
    medians = [np.median(values) for values in by_operation.values()]
    found = np.quantile(medians, (0, 0.25, 0.5, 0.75, 1, 0.1, 0.9))

    assert np.abs(found - (30, 38, 45, 49, 58, 34, 53)).max() <= 0.5
