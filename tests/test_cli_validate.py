"""`validate`: what a user sees of it, and that a stopped one ends the same."""

import json
import signal
from pathlib import Path

import pytest
from commands import call, posix, rows
from small_case import written
from under_way import Blow, ended

from sim.studies.unfinished import all_unfinished

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
QUICK = ("--pool", 500, "--sets", 60, "--draws", 60)
TEMPERED = (*QUICK, "--tempered", "--particles", 30, "--moves", 2)


def validate(results, *words):
    done = call("validate", *words, "--results", results, "--workers", 1)
    assert done.exit_code == 0, done.output
    return done.stdout


def folder_in(results):
    (folder,) = results.glob("*_validate-*")
    return folder


def tables(results):
    folder = folder_in(results)
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return written(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def done(case, tmp_path_factory):
    results = tmp_path_factory.mktemp("validated")
    return validate(results, case, *QUICK), results


@pytest.fixture(scope="module")
def tempered(case, tmp_path_factory):
    results = tmp_path_factory.mktemp("tempered")
    validate(results, case, *TEMPERED, "--no-figures")
    return results


@pytest.mark.slow
def test_the_folder_holds_tables_pictures_and_how_to_repeat_it(done):
    folder = folder_in(done[1])

    assert {path.name for path in folder.iterdir()} == {
        *("left-out.csv", "inside.csv", "scores.csv", "by-chance.csv", "coverage.csv"),
        *("taken-away.csv", "without-convoys.csv", "own-totals.csv"),
        *("end-totals.csv", "families.csv"),
        *("references.csv", "evidence.csv", "figures", "scenario.yaml", "run.json"),
        *("results.xlsx", "report.html"),
    }
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{ending}"
        for name in ("left-out", "coverage")
        for ending in ("png", "svg")
    }
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert (facts["method"], facts["made_up_records"]) == ("screen", 60)
    assert "limits_of_use" in facts
    assert not list(done[1].glob("*.unfinished"))


@pytest.mark.slow
def test_each_figure_is_foretold_without_its_family_and_the_last_ones_once_more(done):
    found = [
        (row["fit"], row["figure"]) for row in rows(folder_in(done[1]) / "left-out.csv")
    ]

    assert found == [
        *(("without ICRC", f"icrc-{at}") for at in (1, 2)),
        *(("without UN", f"un-{at}") for at in (1, 2)),
        ("until 2020-01-03 00:00", "icrc-2"),
    ]


def test_the_tables_say_what_was_reached(done):
    folder = folder_in(done[1])

    inside = {row["left_out"]: row for row in rows(folder / "inside.csv")}
    assert set(inside) == {"each family in turn", "the last days", "all"}
    assert inside["all"]["figures"] == "5"
    assert {row["score"] for row in rows(folder / "scores.csv")} == {
        "ARD",
        "CRPS, logarithm",
    }
    assert {row["taken_at_its_word"] for row in rows(folder / "references.csv")} == {
        *("pooled", "ICRC", "UN"),
    }
    own = rows(folder / "own-totals.csv")
    assert [(row["figure"], row["rests_on_draws"]) for row in own] == [
        ("icrc-2", ""),
        ("un-2", ""),
    ]
    assert rows(folder / "end-totals.csv") == []
    families = rows(folder / "families.csv")
    assert [(row["family"], row["figures"]) for row in families] == [
        ("ICRC", "2"),
        ("UN", "2"),
    ]
    alone = rows(folder / "without-convoys.csv")
    assert [row["who"] for row in alone] == [
        "as shipped",
        *(f"{number} phases" for number in (1, 2, 3, 4)),
    ]
    luck = rows(folder / "by-chance.csv")
    assert [row["record"] for row in luck] == [str(at) for at in range(len(luck))]
    assert 30 < len(luck) <= 61
    coverage = rows(folder / "coverage.csv")
    assert [row["derived"] for row in coverage] == ["no", "no", "yes", "yes"]


def test_the_summary_says_that_no_source_is_judged_and_what_is_known_beforehand(done):
    words = " ".join(done[0].split())

    assert "Screens of 60 draws, 500 runs." in words
    assert "No verdict: the figures cannot say which source is right." in words
    assert "when gates were closed is known to every fit" in words
    assert "eached: without each family in turn, " in words
    assert "records made up on runs, about which the model is right, a fit is" in words
    assert "eached: on 60 made-up records the 90 % intervals hold the truth" in words


def test_the_pool_is_that_of_calibrate(case, done, tmp_path):
    (pool,) = (done[1] / "pools").iterdir()
    words = ("--screen", "--particles", 50, "--pool", 500, "--no-figures")

    call("calibrate", case, *words, "--results", tmp_path, "--workers", 1)

    assert [path.name for path in (tmp_path / "pools").iterdir()] == [pool.name]


@pytest.mark.slow
def test_a_tempered_fit_is_compared_with(case, tmp_path):
    quick = ("--particles", 30, "--moves", 2, "--pool", 500, "--no-figures")
    call("calibrate", case, *quick, "--results", tmp_path, "--workers", 1)
    (fit,) = tmp_path.glob("*_calibrate-*/fit.npz")

    said = validate(tmp_path, case, *QUICK, "--fit", fit, "--no-figures")

    found = rows(folder_in(tmp_path) / "agreement.csv")
    assert [row["parameter"] for row in found] == [
        "sites.pocket.groups.civilians.people",
        "legs.road.time",
    ]
    words = " ".join(said.split())
    assert "standard deviations from those of the tempered fit" in words
    assert "The draws of the fit were weighed anew for each source" in words
    ends = rows(folder_in(tmp_path) / "end-totals.csv")
    assert [(row["reading"], row["families"]) for row in ends] == [
        ("all pooled", ""),
        *(("left out", family) for family in ("ICRC", "UN")),
        *(("taken at their word", family) for family in ("ICRC", "UN")),
    ]
    assert all(1 <= float(row["rests_on_draws"]) <= 100 for row in ends)
    own = rows(folder_in(tmp_path) / "own-totals.csv")
    assert all(1 <= float(row["rests_on_draws"]) <= 60 for row in own)


def test_a_fit_of_another_scenario_is_refused(case, tmp_path):
    shipped = ROOT / "scenarios/aleppo-2016/fit.npz"

    done = call("validate", case, "--fit", shipped, "--results", tmp_path)

    assert done.exit_code == 2
    assert "is not a tempered fit of this scenario" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "2020-01-01"), "no fitted figure ends by 2020-01-01 00:00"),
        (("--until", "2020-01-04"), "every fitted figure ends by 2020-01-04 00:00"),
        (("--pool", 500, "--sets", 250), "fewer than half of the pool of 500 runs"),
        (("--reference", "UNO"), "There are: ICRC, UN."),
    ],
)
def test_what_cannot_be_tried_is_refused_before_anything_is_run(
    case, tmp_path, words, said
):
    done = call("validate", case, *words, "--results", tmp_path)

    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", "").split())
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@posix
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_one_that_was_stopped_goes_on_and_ends_the_same(case, tempered, tmp_path, kind):
    words = ("validate", case, *TEMPERED, "--no-figures", "--workers", 1)
    blow = Blow("strikes it", kind, file="seed-*.npz")
    assert ended([*words, "--results", tmp_path], blow).returncode in {130, -9}
    (folder,) = all_unfinished(tmp_path)

    done = call("resume", folder, "--workers", 1)

    assert done.exit_code == 0, done.output
    assert tables(tmp_path) == tables(tempered)
    assert not all_unfinished(tmp_path)
