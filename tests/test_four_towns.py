"""The second shipped case: what is worked out there is what was documented."""

from functools import cache
from pathlib import Path

import pytest

from sim.evidence.score import score
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.inference.double_counting import refuse_double_counting
from sim.inference.record import given_facts, record_of
from sim.scenario import amended, find, load

ROOT = Path(__file__).parent.parent
OPERATION = load(find("four-towns-2017", ROOT))
FIGURES = load_figures(ROOT / "scenarios/four-towns-2017/evidence.csv")
AS_IT_IS: tuple[tuple[str, object], ...] = ()
ONE_BY_ONE = (
    ("flows.foua-first.convoy.foua-buses", 1),
    ("flows.foua-first.at_once", 100),
    ("flows.madaya-first.convoy.madaya-buses", 1),
    ("flows.madaya-first.at_once", 100),
)
PLANTS = {
    "nobody is held on 14 April": (
        (("stoppages.dispute-14-15-april", "drop"),),
        {"FT17-011", "FT17-012"},
    ),
    "no prisoners are asked for": (
        (("stoppages.prisoners-19-21-april.lasts", "1 h"),),
        {"FT17-024", "FT17-025b"},
    ),
    "one bus at a time": (ONE_BY_ONE, {"FT17-016"}),
}


@cache
def outside(changes=AS_IT_IS):
    """Return the ids of figures that lie outside the band of 40 runs."""
    operation = amended(OPERATION, dict(changes))
    study = run_study(operation, FIGURES, seed=1, replications=40)
    seconds = operation.clock.seconds
    rows = score(FIGURES, study.readings_of, "all", "chance", seconds)
    return {row.figure.id for row in rows if not row.inside}


def test_every_figure_that_is_compared_is_inside():
    assert outside() == set()


@pytest.mark.parametrize(("changes", "missed"), PLANTS.values(), ids=PLANTS)
def test_a_planted_mistake_is_noticed(changes, missed):
    """Negative control: figures of the hours are outside that were inside."""
    assert missed <= outside(changes)


def test_the_record_counts_nothing_twice():
    record = record_of(FIGURES, OPERATION)

    refuse_double_counting(record.entries, given_facts(OPERATION))


def test_ranges_rest_on_rows_that_are_not_fitted():
    fitted = [row for row in FIGURES if row.role == "fit"]
    used = {row.id for row in fitted} | {base for row in fitted for base in row.bases}

    for path, plan in OPERATION.uncertain.items():
        assert not used & set(plan.evidence), path
        assert plan.evidence or "udgement" in (plan.note or ""), path
