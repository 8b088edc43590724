"""`calibrate`: what a user sees of a fit, and that a stopped one ends the same."""

import csv
import json
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import posix
from small_case import written
from under_way import Blow, ended

from sim.cli import main
from sim.inference.calibration.posterior_draws import load_draws
from sim.studies.unfinished import all_unfinished

ROOT = Path(__file__).parent.parent
QUICK = ("--particles", 30, "--moves", 2, "--pool", 500)


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def calibrate(folder, *words):
    done = call("calibrate", *words, "--results", folder, "--workers", 1)
    assert done.exit_code == 0, done.output
    return done.stdout


def folder_in(results):
    (folder,) = results.glob("*calibrate*")
    return folder


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(results):
    """Return all tables and draws of the one calibration, to be compared."""
    folder = folder_in(results)
    draws = load_draws(folder / "fit.npz")
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.csv")}
    return texts, draws.about, draws.values.tolist(), draws.luck.tolist()


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return written(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def fitted(case, tmp_path_factory):
    results = tmp_path_factory.mktemp("fitted")
    return calibrate(results, case, *QUICK), results


@pytest.mark.slow
def test_the_folder_holds_draws_tables_and_pictures(fitted):
    folder = folder_in(fitted[1])

    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{ending}"
        for name in ("figures", "parameters", "sources", "ridge")
        for ending in ("png", "svg")
    }
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert (facts["seeds"], facts["reference"], facts["draws"]) == (
        [1, 2],
        "pooled",
        60,
    )
    assert facts["band"] == "calibrated"
    assert not list(fitted[1].glob("*.unfinished"))


def test_each_figure_has_a_row_with_its_prediction(fitted):
    rows = {row["figure"]: row for row in table(folder_in(fitted[1]), "figures")}

    assert set(rows) == {"un-1", "un-2", "icrc-1", "icrc-2"}
    for row in rows.values():
        assert float(row["p5"]) < float(row["median"]) < float(row["p95"])
        assert row["inside_90"] in {"yes", "no"}
        assert row["band"] == "calibrated"
    total = rows["un-2"]
    assert (total["low"], total["best"], total["high"]) == ("900", "1000", "1100")


def test_draws_say_where_they_come_from(case, fitted):
    draws = load_draws(folder_in(fitted[1]) / "fit.npz")

    assert draws.about.seeds == (1, 2)
    assert draws.about.names == (
        "sites.pocket.groups.civilians.people",
        "legs.road.time",
    )
    assert draws.values[:, 0].min() > 800
    assert draws.values[:, 0].max() < 2_000


def test_what_the_record_says_is_learned(fitted):
    rows = table(folder_in(fitted[1]), "parameters")

    road = rows[1]
    assert (road["parameter"], road["unit"]) == ("legs.road.time", "min")
    assert road["says"] == "learned from the record"
    before = float(road["prior_p95"]) - float(road["prior_p5"])
    assert float(road["p95"]) - float(road["p5"]) < 0.6 * before


def test_the_summary_says_what_was_reached_and_that_no_source_is_judged(fitted):
    words = " ".join(fitted[0].split())

    assert "No source is judged right" in words
    assert "The bare prior covers too" in words
    assert "eached: ARD" in words
    assert "standard deviations apart" in words


@pytest.mark.slow
def test_the_same_seed_gives_the_same_with_more_workers(case, fitted, tmp_path):
    done = call(
        *("calibrate", case, *QUICK, "--no-figures"),
        *("--results", tmp_path, "--workers", 2),
    )

    assert done.exit_code == 0, done.output
    assert tables(tmp_path) == tables(fitted[1])


@pytest.mark.slow
def test_a_pool_is_drawn_once(case, tmp_path):
    words = ("--screen", "--particles", 50, "--pool", 500, "--no-figures")
    calibrate(tmp_path, case, *words)
    (pool,) = (tmp_path / "pools").iterdir()
    first = pool.stat().st_mtime_ns

    calibrate(tmp_path, case, *words, "--reference", "UN")

    assert (tmp_path / "pools" / pool.name).stat().st_mtime_ns == first
    assert len(list((tmp_path / "pools").iterdir())) == 1


@pytest.mark.slow
def test_a_screen_says_that_it_is_one_and_whom_it_takes_at_its_word(case, tmp_path):
    said = calibrate(
        *(tmp_path, case, "--screen", "--particles", 200, "--pool", 500),
        *("--reference", "ICRC", "--no-figures"),
    )

    assert "A screen: 200 draws from 500 runs." in said
    assert "ICRC taken at its word, by your choice." in said
    pinned = {r["family_and_unit"]: r for r in table(folder_in(tmp_path), "sources")}
    assert pinned["ICRC: people"]["taken_at_its_word"] == "yes"
    assert float(pinned["ICRC: people"]["factor_p95"]) == 1
    assert pinned["UN: people"]["taken_at_its_word"] == "no"
    assert table(folder_in(tmp_path), "seeds") == []


def test_a_family_without_figures_is_refused_with_those_that_have(case, tmp_path):
    done = call("calibrate", case, "--reference", "UNO", "--results", tmp_path)

    assert done.exit_code == 2
    assert "There are: ICRC, UN." in done.output
    assert not list(tmp_path.iterdir())


def test_without_figures_or_unknowns_there_is_nothing_to_calibrate(tmp_path):
    done = call("calibrate", "two-towns", "--results", tmp_path)
    assert done.exit_code == 2
    assert "no documented figures with the role 'fit'" in done.output


@pytest.mark.slow
@posix
@pytest.mark.parametrize(
    ("kind", "seed"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGKILL, 2)]
)
def test_a_fit_that_was_stopped_goes_on_and_ends_the_same(
    kind, seed, case, fitted, tmp_path
):
    words = ("calibrate", case, *QUICK, "--no-figures", "--workers", 1)
    blow = Blow("strikes it", kind, file=f"seed-{seed}-*.npz")
    stopped = ended([*words, "--results", tmp_path], blow)
    (folder,) = all_unfinished(tmp_path)
    if kind == signal.SIGKILL:
        assert stopped.returncode == -kind
    else:
        assert stopped.returncode == 130
        assert f"python run.py resume {folder}" in stopped.stderr

    done = call("resume", folder, "--workers", 1)

    assert done.exit_code == 0, done.output
    assert tables(tmp_path) == tables(fitted[1])
    assert not all_unfinished(tmp_path)


@pytest.mark.slow
def test_one_that_was_stopped_before_anything_was_fitted_goes_on_too(
    case, tmp_path, monkeypatch
):
    def stopped(*_):
        raise KeyboardInterrupt

    words = ("--screen", "--particles", 50, "--pool", 500, "--no-figures")
    with monkeypatch.context() as patch:
        patch.setattr("sim.studies.calibration.pool_at", stopped)
        done = call("calibrate", case, *words, "--results", tmp_path)
    (folder,) = all_unfinished(tmp_path)

    assert done.exit_code == 130
    assert "What was fitted is kept, step by step." in done.stderr
    assert f"python run.py resume {folder}" in done.stderr
    assert call("resume", folder, "--workers", 1).exit_code == 0
    assert not all_unfinished(tmp_path)
