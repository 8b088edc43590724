"""Weak numbers of the class are what facts say: change one, and its number changes."""

import csv
import re
from dataclasses import fields
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from sim.inference.class_numbers import ClassNumbers, class_numbers, memoryless_mean
from sim.past.facts import FACTS, FOLDER, read_facts
from sim.past.reference_class import ReferenceClass

LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9]
DECISION = Path(__file__).parents[1] / "docs/decisions/0017-comparators-and-a-pool.md"


@pytest.fixture
def with_fact(tmp_path):
    """Return the numbers after one fact was given another value."""

    def changed(fact, best):
        folder = copytree(FOLDER, tmp_path / "past", dirs_exist_ok=True)
        with (FOLDER / FACTS).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        (row,) = (row for row in rows if row["id"] == fact)
        row["low"], row["best"], row["high"] = "", best, ""
        with (folder / FACTS).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return ClassNumbers.of(read_facts(folder))

    return changed


def fact(quantity, **of):
    """Return the first fact with a middle of its kind that enters."""
    return min(
        (
            row
            for row in ReferenceClass().known.facts
            if row.quantity == quantity
            and row.confidence != "C"
            and all(getattr(row, name) == value for name, value in of.items())
        ),
        key=lambda row: (row.value is None, row.value),
    )


@pytest.mark.parametrize(
    ("row", "best", "number"),
    [
        (fact("people_per_vehicle", kind="bus", pooled="yes"), "66", "on_a_bus"),
        (fact("people_of_batch", kind="batch", pooled="yes"), "5600", "batch"),
        (fact("batches_per_period", kind="weekly"), "1.9", "batches_a_day"),
        (fact("left_over_announced", kind="list"), "0.3", "left_of_list"),
        (fact("left_over_announced", kind="deal"), "0.9", "left_of_deal"),
        (fact("halt"), "60", "halts"),
        (fact("days_without_departure", operation="WAER17"), "3", "halts"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
def test_a_fact_that_is_changed_changes_its_number_and_no_other(
    with_fact, row, best, number
):
    before, after = class_numbers(), with_fact(row.id, best)
    names = [field.name for field in fields(ClassNumbers)]

    assert [n for n in names if getattr(before, n) != getattr(after, n)] == [number]


def test_the_tenths_of_a_bus_are_those_of_the_values_of_the_class():
    values = [each.value for each in ReferenceClass().values("people on a bus")]
    low, high = class_numbers().on_a_bus

    assert np.mean(np.array(values) < low) == pytest.approx(0.1, abs=0.02)
    assert np.mean(np.array(values) > high) == pytest.approx(0.1, abs=0.02)


def test_the_mean_of_what_is_memoryless_is_found():
    exact = -28.0 * np.log1p(-(np.arange(4_000) + 0.5) / 4_000)

    assert memoryless_mean(exact) == pytest.approx(28.0, rel=0.01)
    assert memoryless_mean([*exact, *[9_000.0] * 40]) == pytest.approx(28, rel=0.04)


def test_halts_are_as_the_decision_says():
    """Its levels are read from the page, and those of the memoryless mean beside."""
    text = " ".join(DECISION.read_text(encoding="utf-8").split())
    told = re.search(
        r"Of (\d+) halts of (\d+) operations 10, 25, 50, 75 and 90 percent lasted "
        r"([\d, and]+) h; a memoryless distribution with a mean of ([\d.]+) h has "
        r"([\d, and]+) h",
        text,
    )
    values = ReferenceClass().values("hours of a halt")
    halt_h = class_numbers().halts.halt_h
    lasted, memoryless = (
        [float(each) for each in re.findall(r"\d+", told[at])] for at in (3, 5)
    )

    assert int(told[1]) == len(values)
    assert int(told[2]) == len({each.operation for each in values})
    assert lasted == pytest.approx(
        np.quantile([each.value for each in values], LEVELS), abs=0.5
    )
    assert float(told[4]) == pytest.approx(halt_h, abs=0.05)
    assert memoryless == pytest.approx(-halt_h * np.log1p(-np.array(LEVELS)), abs=0.5)
