"""Forecasts without a terminal: told before they run, resumed to the same files."""

import json
import signal
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from sim.errors import EvidenceError, OptionError, StoppedError
from sim.inference import keeper
from sim.report.limits import NOT_FOR
from sim.studies import forecast
from sim.studies.finish import finished
from sim.studies.told import Caller
from sim.studies.unfinished import begun, found
from sim.words import Words
from tests.commands import call, contents, posix
from tests.foreseen import MOMENT, written
from tests.under_way import Blow, ended

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
CHUNKS = 22
"""Answers that a forecast takes at least, each of 16 runs: a pool, its draws, chance
alone."""

QUIETLY = Caller(pictures=False)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return str(written(tmp_path_factory.mktemp("case")))


def plan(scenario, moment=MOMENT):
    return forecast.planned(scenario, moment, pool=200, draws=20, caller=QUIETLY)


@pytest.fixture(scope="module")
def whole(scenario, tmp_path_factory):
    """Return the files of undisturbed studies, by their moment."""
    found = {}
    for moment in (MOMENT, None):
        results = tmp_path_factory.mktemp("whole")
        finished(begun(plan(scenario, moment), results))
        found[moment] = contents(results)
    return found


@pytest.mark.parametrize(
    ("moment", "after"),
    [(MOMENT, 1), (MOMENT, 13), (MOMENT, 16), (None, CHUNKS), (None, 3 * CHUNKS)],
)
def test_a_forecast_that_is_stopped_goes_on_and_ends_as_if_undisturbed(
    moment, after, scenario, whole, tmp_path, monkeypatch
):
    kept, save = count(), keeper.save_arrays

    def stopped(path, about, arrays):
        if next(kept) == after:
            raise KeyboardInterrupt
        save(path, about, arrays)

    study = begun(plan(scenario, moment), tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(keeper, "save_arrays", stopped)
        with pytest.raises(StoppedError) as stop:
            finished(study)
    folder, kept = stop.value.args
    assert 0 < int(kept.split()[0]) <= 16 * after

    finished(found(folder))
    assert contents(tmp_path) == whole[moment]


@posix
def test_a_forecast_that_is_killed_goes_on_and_ends_as_if_undisturbed(
    scenario, tmp_path
):
    moment = MOMENT.isoformat(timespec="minutes")
    words = ["forecast", scenario, "--as-of", moment, "--pool", "200", "--no-figures"]
    words += ["--workers", "1"]
    for name in ("whole", "torn"):
        (tmp_path / name).mkdir()
    assert ended(words, cwd=tmp_path / "whole").returncode == 0
    killed = Blow("strikes it", signal.SIGKILL, after=15)
    assert ended(words, killed, cwd=tmp_path / "torn").returncode == -signal.SIGKILL
    (folder,) = (tmp_path / "torn" / "results").iterdir()
    assert len(list((folder / "answers").glob("*.npz"))) == 15

    result = call("resume", folder, "--workers", 2)
    assert result.exit_code == 0, result.stderr
    torn, whole = (tmp_path / name / "results" for name in ("torn", "whole"))
    assert contents(torn) == contents(whole)


def test_a_forecast_that_never_ran_leaves_nothing(scenario, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeper, "save_arrays", stopped)
    with pytest.raises(StoppedError):
        finished(begun(plan(scenario), tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_forecast_is_told_before_anything_is_run(scenario):
    with pytest.raises(EvidenceError, match="nothing that moves anybody was known"):
        plan("aleppo-2016", datetime.fromisoformat("2016-12-14T08:00"))
    with pytest.raises(OptionError) as caught:
        plan("two-towns", None)
    assert caught.value.args[0] == "rolling"


@pytest.mark.parametrize("few", [{"pool": 199}, {"draws": 19}])
def test_a_forecast_needs_enough_runs(few, scenario):
    with pytest.raises(OptionError, match="at least"):
        forecast.planned(scenario, MOMENT, **few)


def test_a_forecast_says_what_it_is_not_for(scenario, tmp_path):
    done = finished(begun(plan(scenario), tmp_path))
    facts = json.loads((done.folder / "run.json").read_text("utf-8"))

    assert Words().of(done.report.answer).endswith(NOT_FOR.one)
    assert facts["limits_of_use"].startswith(NOT_FOR.one)
    assert facts["as_of"] == "2020-01-02T08:00"
    assert (done.folder / "report.html").exists()
