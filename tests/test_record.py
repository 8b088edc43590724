"""From evidence rows to claims, and the six rules against counting twice."""

from datetime import datetime
from pathlib import Path

import pytest

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.inference.claims import Scales
from sim.inference.double_counting import (
    a_source_counts_once,
    given_facts_are_no_targets,
    one_claim_enters_once,
    parts_are_not_added,
    refuse_double_counting,
    relays_belong_to_their_origin,
    sums_do_not_enter,
)
from sim.inference.prior import Prior
from sim.inference.record import entries_of, given_facts, record_of
from sim.scenario import find, load, settled

ROOT = Path(__file__).parent.parent
OPERATION = load(find("aleppo-2016", ROOT))
FIGURES = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
DAY = "2016-12-{:02d}T{:02d}:00"


def figure(name, best, day, hour=0, **changes):
    """Return 'about `best` people had arrived from East Aleppo by then, ICRC'."""
    return Figure.model_validate(
        {
            "id": name,
            "origin": "east-aleppo",
            "metric": "cumulative_arrivals",
            "from": DAY.format(day, hour),
            "low": best - 500.0,
            "best": float(best),
            "high": best + 500.0,
            "bound": "about",
            "unit": "people",
            "attributed_to": "ICRC",
            "family": "ICRC",
            "source": "S4",
            "role": "fit",
        }
        | changes
    )


def entries(*figures):
    return entries_of(figures, OPERATION, Scales())


def since(day, hour=0):
    return {"since": DAY.format(day, hour), "metric": "arrivals_between"}


def test_totals_of_one_family_are_one_counter_as_they_were_told():
    first, second = entries(figure("a", 3_000, 15, 20), figure("b", 10_000, 16, 8))

    assert first.claim.reported == (2_500, 3_500)
    assert second.claim.reported == (9_500, 10_500)
    assert second.claim.counter == first.claim.counter
    assert first.claim.window < second.claim.window


def test_totals_of_two_families_or_of_two_beginnings_are_counters_of_their_own():
    rows = entries(
        figure("a", 3_000, 15, 20),
        figure("b", 8_500, 16, 8, family="SOHR", attributed_to="SOHR"),
        figure("c", 5_000, 19, 12, **since(18, 22)),
    )

    assert len({row.claim.counter for row in rows}) == 3


def test_totals_since_the_same_moment_are_one_counter():
    noon, night = entries(
        figure("b", 15_000, 20, 0, **since(18, 22)),
        figure("a", 5_000, 19, 12, **since(18, 22)),
    )

    assert (noon.claim.best, night.claim.best) == (5_000, 15_000)
    assert noon.claim.counter == night.claim.counter


def test_a_register_is_a_counter_of_its_own_with_a_bias_of_its_own():
    listed, told = entries(
        figure("b", 36_086, 23, 0, method="registered"),
        figure("a", 19_000, 20, 9),
    )

    assert told.claim.counter != listed.claim.counter
    assert told.claim.bias != listed.claim.bias
    assert listed.claim.spread < told.claim.spread


def test_a_count_errs_as_its_source_does_and_a_load_as_the_model_does_too():
    (count,) = entries(figure("a", 3_000, 15, 20))
    (load,) = entries(
        figure("b", 1_000, 15, 20, metric="convoy_people", select="convoy=1")
    )

    assert count.claim.spread == Scales().rounded
    assert load.claim.spread > Scales().discrepancy


def test_that_nobody_came_may_be_said_of_any_hours():
    nobody = figure("none", 0, 17, 0, bound="exact", low=None, high=None)
    nobody = nobody.model_copy(
        update={"metric": "arrivals_between", "since": nobody.from_}
    )
    later = nobody.model_copy(
        update={"from_": datetime.fromisoformat(DAY.format(18, 0))}
    )

    assert not problems(
        a_source_counts_once, figure("a", 10_000, 16, 8), figure("b", 25_000, 20), later
    )


def test_nobody_is_an_interval_around_zero():
    (entry,) = entries(
        figure("a", 0, 18, **since(17), bound="exact", low=None, high=None)
    )

    assert entry.claim.low < 0 < entry.claim.high
    assert entry.claim.grain == pytest.approx(2 * entry.claim.high)


def test_a_bound_has_one_end():
    least, most = entries(
        figure("a", 1_000, 20, bound="at_least", low=1_000.0, high=None),
        figure("b", 900, 20, bound="at_most", family="UN", low=None, high=900.0),
    )

    assert (least.claim.wording, least.claim.low) == ("at_least", 1_000)
    assert (most.claim.wording, most.claim.high) == ("at_most", 900)


def test_what_the_run_is_given_is_left_out_with_the_reason():
    record = record_of(FIGURES, OPERATION)

    assert "EA16-075" not in {entry.figure.id for entry in record.entries}
    assert "suspension-16-18-dec" in record.left_out["EA16-075"]


def test_what_is_published_later_is_not_known_yet():
    morning = datetime.fromisoformat("2016-12-19T08:00")

    record = record_of(FIGURES, OPERATION, published_by=morning)

    assert {"EA16-057", "S4-16"} <= {entry.figure.id for entry in record.entries}
    assert record.left_out["EA16-106"] == "was published later"


def test_the_shipped_record_counts_nothing_twice():
    record = record_of(FIGURES, OPERATION)

    refuse_double_counting(record.entries, given_facts(OPERATION))

    assert len(record.entries) >= 18


def test_ranges_rest_on_rows_that_are_not_fitted():
    """A range drawn around the figures of the fit leaves the fit nothing to learn."""
    fitted = [row for row in FIGURES if row.role == "fit"]
    fitted_rows = {row.id for row in fitted}
    fitted_rows |= {base for row in fitted for base in row.bases}
    groups = {row.claim_group for row in fitted if row.claim_group}
    rows = {row.id: row for row in FIGURES}

    for path, plan in OPERATION.uncertain.items():
        for name in plan.evidence:
            assert name not in fitted_rows, (path, name)
            assert rows[name].claim_group not in groups, (path, name)
        assert plan.evidence or "udgement" in (plan.note or ""), path


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_ends_of_all_ranges_together_are_a_scenario(share):
    """Or a calibration would stop at some point of the prior."""
    prior = Prior.of(OPERATION)

    settled(OPERATION, prior.values([share] * prior.size))


def problems(rule, *figures, **given):
    return list(rule(entries(*figures), **given))


def test_rule_1_a_planted_duplicate_is_refused():
    copy = next(row for row in FIGURES if row.id == "EA16-106")
    planted = copy.model_copy(update={"id": "planted", "claim_group": "other"})
    record = record_of([*FIGURES, planted], OPERATION)

    with pytest.raises(EvidenceError, match="planted: says the same as EA16-106"):
        refuse_double_counting(record.entries, {})


def test_rule_1_one_claim_in_two_rows_is_refused():
    same = {"claim_group": "nearly-a-thousand"}

    assert problems(
        one_claim_enters_once,
        figure("a", 1_000, 15, 20, **same),
        figure("b", 1_005, 15, 21, **same, family="press", attributed_to="AP"),
    )


@pytest.mark.parametrize(("begins", "refused"), [(10, True), (11, False)])
def test_rule_2_windows_are_read_by_their_middles(begins, refused):
    """The first ends between 10:00 and 12:00, so what begins at 11:00 follows it."""
    ended = since(18, 22) | {"to": DAY.format(19, 12)}
    found = problems(
        a_source_counts_once,
        figure("a", 5_000, 19, 10, **ended),
        figure("b", 4_000, 20, 0, **since(19, begins)),
    )

    assert bool(found) == refused


def test_rule_2_counts_that_contain_each_other_are_refused():
    """The second begins before the first has ended, and from another moment."""
    assert problems(
        a_source_counts_once,
        figure("a", 5_000, 19, 12, **since(18, 22)),
        figure("b", 4_000, 20, 0, **since(19, 6)),
    )
    assert not problems(
        a_source_counts_once,
        figure("a", 5_000, 19, 12, **since(18, 22)),
        figure("b", 4_000, 20, 0, **since(19, 12)),
    )


def test_rule_3_a_total_beside_its_parts_is_refused():
    """ICRC: 10,000, then 15,000 since the restart, then "bringing the total to"."""
    parts = (
        figure("first", 10_000, 16, 8),
        figure("restart", 15_000, 20, 0, **since(18, 22)),
    )
    assert not problems(sums_do_not_enter, *parts)

    found = problems(sums_do_not_enter, *parts, figure("total", 25_000, 20, 1))

    assert len(found) == 1
    assert found[0].startswith("total: is a total of what restart")


def test_rule_4_some_people_beside_all_are_refused():
    wounded = figure("wounded", 600, 15, 21, select="group=wounded")

    assert problems(parts_are_not_added, figure("all", 3_000, 15, 20), wounded)
    assert not problems(parts_are_not_added, wounded)


def test_rule_5_what_the_run_is_given_is_refused():
    assert problems(
        given_facts_are_no_targets,
        figure("a", 3_000, 15, 20),
        given={"a": "stoppages.x"},
    )
    assert not problems(
        given_facts_are_no_targets, figure("a", 3_000, 15, 20), given={}
    )


def test_rule_5_what_rests_on_it_is_refused():
    assert problems(
        given_facts_are_no_targets,
        figure("a", 3_000, 15, 20, rests_on="b; c"),
        given={"c": "stoppages.x"},
    )


def test_what_rests_on_a_given_row_is_left_out_with_the_reason():
    """That no one arrived on a day is no news where the gate is closed by the file."""
    record = record_of(FIGURES, OPERATION)

    assert record.left_out["FK16-d20"].startswith("rests on FK16-019")
    assert "held-at-rashideen" in record.left_out["FK16-d20"]


def test_rule_6_a_relay_belongs_to_the_family_of_its_origin():
    own = figure("own", 3_000, 15, 20)

    assert problems(
        relays_belong_to_their_origin,
        own,
        figure("relay", 10_000, 16, 8, family="press"),
    )
    assert not problems(
        relays_belong_to_their_origin, own, figure("relay", 10_000, 16, 8)
    )
