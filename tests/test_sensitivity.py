"""How much inputs matter: against functions whose indices are known in full.

Ishigami's function has indices in closed form (Ishigami and Homma, 1990); so has the
g-function of Sobol.
"""

import numpy as np
import pytest

from sim.answers.sensitivity import RUNS, job_at
from sim.answers.sensitivity import planned as inputs_of
from sim.errors import OptionError, ScenarioError
from sim.experiment import Runner
from sim.experiment.pool import Here
from sim.experiment.store import Memory
from sim.scenario import resolved_yaml
from sim.statistics.sensitivity import Paths, Samples, crossed
from sim.studies.ask.sensitivity import outcome, planned
from sim.studies.options import Amount, Where
from sim.studies.told import nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from tests.builders import operation
from tests.commands import call, flat, rows

A, B = 7.0, 0.1
UNCERTAIN = {
    "legs.road.time": {"spread": "30 min to 90 min"},
    "sites.pocket.groups.civilians.people": {"spread": "99 to 101"},
}


def ishigami(points):
    x, y, z = (np.pi * (2 * column - 1) for column in points.T)
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def known_of_ishigami():
    """Return first and total indices in closed form."""
    of_x = (1 + B * np.pi**4 / 5) ** 2 / 2
    of_y, of_xz = A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = of_x + of_y + of_xz
    first = np.array([of_x, of_y, 0.0]) / whole
    total = np.array([of_x + of_xz, of_y, of_xz]) / whole
    return first, total


def g_function(points, weights):
    return np.prod((np.abs(4 * points - 2) + weights) / (1 + weights), axis=1)


def known_of_g(weights):
    parts = 1 / (3 * (1 + weights) ** 2)
    whole = np.prod(1 + parts) - 1
    rest = np.array([np.prod(np.delete(1 + parts, n)) for n in range(len(weights))])
    return parts / whole, parts * rest / whole


def indices_of(function, inputs, points=1024, seed=1):
    samples = Samples.drawn(inputs, points, seed)
    found = samples.indices(function(samples.rows))
    return (
        [each.first for each in found],
        [each.total for each in found],
    )


def test_intervals_hang_on_nothing_but_the_seed() -> None:
    samples = Samples.drawn(3, 16, 1)
    values = ishigami(samples.rows)

    assert samples.indices(values, seed=4) == samples.indices(values, seed=4)
    assert samples.indices(values, seed=4) != samples.indices(values, seed=5)


WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


@pytest.mark.parametrize(
    ("function", "known"),
    [
        (ishigami, known_of_ishigami()),
        (lambda points: g_function(points, WEIGHTS), known_of_g(WEIGHTS)),
    ],
    ids=["Ishigami", "g"],
)
def test_shares_of_the_variance_are_those_of_the_formula(function, known) -> None:
    first, total = indices_of(function, len(known[0]))
    for estimates, truths in ((first, known[0]), (total, known[1])):
        for estimate, truth in zip(estimates, truths, strict=True):
            # Three times the half width of a 95 percent interval, and some rounding.
            reach = 1.5 * (estimate.high - estimate.low) + 0.01
            assert abs(estimate.share - truth) < reach
            assert estimate.share == pytest.approx(truth, abs=0.06)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truths = known_of_ishigami()[1]
    inside = sum(
        each.low <= truth <= each.high
        for seed in range(20)
        for each, truth in zip(
            indices_of(ishigami, 3, 256, seed)[1], truths, strict=True
        )
    )
    # Of sixty at 95 percent, 52 or fewer come in one of a thousand cases.
    assert inside >= 52


def test_a_first_share_taken_for_a_total_one_would_be_caught() -> None:
    """Control: the third input of Ishigami matters only together with the first."""
    first, total = indices_of(ishigami, 3)

    assert abs(first[2].share) < 0.06
    assert total[2].share > 0.2


def test_a_function_that_does_not_vary_has_no_shares() -> None:
    first, _ = indices_of(lambda points: np.ones(len(points)), 2, 16)

    assert all(np.isnan(each.share) for each in first)


def components(of_points, of_luck, mixed, tables=400, points=12, runs=4):
    """Return the average over many tables of the variances that are found."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(tables):
        table = (
            of_points * rng.standard_normal((points, 1))
            + of_luck * rng.standard_normal(runs)
            + mixed * rng.standard_normal((points, runs))
        )
        found.append(crossed(table))
    return np.mean(found, axis=0)


@pytest.mark.parametrize(
    ("of_points", "of_luck", "mixed"), [(2, 0, 1), (2, 3, 0), (2, 3, 1)]
)
def test_chance_that_all_points_share_is_not_taken_from_what_is_between_them(
    of_points, of_luck, mixed
) -> None:
    """Tolerance: of 400 tables, four standard errors of either variance."""
    between, within = components(of_points, of_luck, mixed)

    assert between == pytest.approx(4, abs=4 * 0.1)
    assert within == pytest.approx(of_luck**2 + mixed**2, abs=4 * 0.4)


def test_points_that_do_nothing_differ_by_nothing() -> None:
    luck = np.array([1.0, 5.0, 9.0])

    assert crossed(np.tile(luck, (4, 1))) == (0.0, 16.0)


def test_screening_finds_the_slopes_of_a_plane() -> None:
    """A step is two thirds of the range, so effects are two thirds of the slopes."""
    slopes = np.array([3.0, -6.0, 0.0])
    paths = Paths.drawn(3, 8, 1)
    effects = paths.effects(paths.rows @ slopes)

    assert [each.size for each in effects] == pytest.approx([2.0, 4.0, 0.0])
    assert [each.mean for each in effects] == pytest.approx([2.0, -4.0, 0.0])
    assert [each.spread for each in effects] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_screening_shows_where_an_effect_is_not_the_same_everywhere() -> None:
    paths = Paths.drawn(3, 60, 1)
    x, y, _ = paths.effects(ishigami(paths.rows))

    assert x.spread > 0
    assert abs(y.mean) < y.size


@pytest.mark.parametrize("inputs", [1, 2, 7])
def test_a_path_changes_every_input_once_and_stays_in_the_cube(inputs) -> None:
    paths = Paths.drawn(inputs, 5, 3)
    moved = np.diff(paths.points, axis=1)

    assert ((paths.points >= 0) & (paths.points <= 1)).all()
    assert (np.count_nonzero(moved, axis=2) == 1).all()
    assert (np.sort(paths.order, axis=1) == np.arange(inputs)).all()
    assert np.abs(moved).max(axis=(1, 2)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("inputs", "points"), [(0, 8), (2, 12), (2, 1)])
def test_samples_that_cannot_be_drawn_are_refused(inputs, points) -> None:
    with pytest.raises(ValueError, match="power of 2"):
        Samples.drawn(inputs, points, 1)
    with pytest.raises(ValueError, match="two paths"):
        Paths.drawn(inputs, 1, 1)


# Of operations


def study_at(world, points, names):
    plan = inputs_of(world, [])
    job = job_at(plan, np.array(points), names, 1)
    return Runner([job], [Memory()], Here()).upto(len(points) * RUNS)[0]


def test_a_point_is_the_quantile_of_each_range() -> None:
    """The road takes 30 to 90 minutes: at a quarter 45, and 75 at three quarters."""
    world = operation(uncertain=UNCERTAIN)
    study = study_at(world, [[0.25], [0.75]], ["legs.road.time"])
    first = study.metric("first_arrival/pocket").reshape(2, RUNS) * 60

    assert (first == [[60] * RUNS, [90] * RUNS]).all()


def test_what_is_left_out_of_a_design_is_in_the_middle() -> None:
    world = operation(uncertain=UNCERTAIN)
    study = study_at(world, [[0.5]], ["sites.pocket.groups.civilians.people"])

    assert (study.metric("first_arrival/pocket") * 60 == 75).all()


def test_all_points_share_their_luck() -> None:
    world = operation(
        legs__road__time="30 min to 90 min",
        uncertain={"sites.pocket.groups.civilians.people": {"spread": "40 to 50"}},
    )
    study = study_at(world, [[0.1], [0.9]], ["sites.pocket.groups.civilians.people"])
    first = study.metric("first_arrival/pocket").reshape(2, RUNS)

    assert (first[0] == first[1]).all()
    assert len(set(first[0])) == RUNS


def test_a_choice_is_an_input_like_any_other() -> None:
    plan = inputs_of(operation(), [("fleets.buses.seats", "25 to 100")])

    assert plan.names == plan.choices == ("fleets.buses.seats",)


def test_the_road_matters_for_the_last_arrival_and_a_person_does_not(tmp_path) -> None:
    """Three legs of the same length hang on the one range: it is all that matters."""
    path = tmp_path / "scenario.yaml"
    path.write_text(resolved_yaml(operation(uncertain=UNCERTAIN)), encoding="utf-8")
    result = call(
        *("ask", "sensitivity", path, "--metric", "first_arrival/pocket"),
        *("--points", "16", "-n", "2", "--no-figures"),
        *("--results", tmp_path / "results"),
    )
    (folder,) = (tmp_path / "results").iterdir()
    shares = {row["input"]: float(row["total"]) for row in rows(folder / "shares.csv")}

    assert result.exit_code == 0
    assert "At most 188 runs, which would take one processor" in flat(result.output)
    assert "most hangs on legs.road.time" in flat(result.output)
    assert max(shares, key=shares.get) == "legs.road.time"


def test_a_mistake_of_our_own_is_not_taken_for_a_failed_run(
    tmp_path, monkeypatch
) -> None:
    def mistaken(*_):
        raise ValueError("of our own")

    monkeypatch.setattr("sim.studies.ask.sensitivity.screened", mistaken)
    plan = planned(operation(uncertain=UNCERTAIN), Amount(2), points=8)
    with (
        working(Where(), 1, nobody) as work,
        pytest.raises(ValueError, match="of our own"),
    ):
        outcome(Underway(tmp_path, plan), work)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"points": 12}, "power of 2"),
        ({"amount": Amount(1)}, "at least 2 runs"),
        ({"vary": ["fleets.buses.seats"]}, "not a path and a range"),
        ({"vary": ["fleets.buses.sets=40 to 80"]}, "seats"),
        ({}, "nothing is not known"),
        ({"metrics": ["t101"]}, "there is no metric"),
    ],
)
def test_what_cannot_be_analysed_is_refused(asked, part) -> None:
    with pytest.raises((OptionError, ScenarioError)) as caught:
        planned(operation(), **{"amount": Amount(), **asked})
    assert part in str(caught.value.args[-1])
