"""Forecasts of a followed operation: quick, in full, and undone to the last sign."""

import csv
import json
import shutil
from datetime import UTC, datetime, timedelta
from math import inf
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import EvidenceError, OptionError, RunError, StoppedError
from sim.inference import keeper
from sim.report import since_last as report
from sim.report.contents import Enumeration
from sim.report.following import FEW, how_quick
from sim.report.since_last import ExpectedMoments, SinceLast, since_last
from sim.studies import finish, present
from sim.studies.finish import finished
from sim.studies.following.entries import ForecastMade
from sim.studies.following.followed import FollowedOperation
from sim.studies.following.forecast import planned
from sim.studies.following.lifecycle import begin
from sim.studies.told import Caller
from sim.studies.unfinished import begun, found
from sim.words import Words
from tests.commands import call, flat
from tests.foreseen import MOMENT, written

LATER = datetime.fromisoformat("2020-01-03T08:00")
SAID = {
    "attributed_to": "UN",
    "origin": "pocket",
    "low": "400",
    "best": "440",
    "high": "480",
    "from": "2020-01-03T00:00",
    "published": "2020-01-03T06:00",
}
QUIETLY = Caller(pictures=False)
SAME = ("forecast.csv", "figures.csv", "forgotten.csv", "scenario.yaml")


@pytest.fixture
def followed(tmp_path):
    (tmp_path / "case").mkdir()
    return begin(tmp_path / "op", written(tmp_path / "case"), MOMENT)


@pytest.fixture(scope="module")
def forecast_once(tmp_path_factory):
    """Return the folder of one of which a first forecast was made."""
    place = tmp_path_factory.mktemp("once")
    (place / "case").mkdir()
    found = begin(place / "op", written(place / "case"), MOMENT)
    made(found, MOMENT)
    return found


@pytest.fixture
def forecast(forecast_once, tmp_path):
    """One of which a first forecast was made."""
    shutil.copytree(forecast_once.path, tmp_path / "op")
    return FollowedOperation(tmp_path / "op")


def first_of(followed):
    (folder,) = followed.forecasts.iterdir()
    return folder


def plan(followed, moment=LATER, **options):
    return planned(followed.path, moment, pool=200, draws=20, caller=QUIETLY, **options)


def made(followed, moment=LATER, **options):
    return finished(begun(plan(followed, moment, **options), followed.forecasts))


def numbers(done):
    return {name: (done.folder / name).read_bytes() for name in SAME}


def facts(done):
    return json.loads((done.folder / "run.json").read_text("utf-8"))


def told(done, name):
    section = next(each for each in done.report.sections if each.name == name)
    words, texts = Words(), []
    for part in section.parts:
        texts += part.texts if isinstance(part, Enumeration) else [part]
    return [words.of(text) for text in texts]


@pytest.mark.slow
def test_undo_gives_the_forecast_of_before_to_the_last_sign(forecast):
    followed = forecast
    before = made(followed)
    followed.enter(SAID)
    between = made(followed)
    made(followed, full=True)  # knows what is taken back, and must not be rested on
    followed.undo()
    after = made(followed)
    followed.redo()

    assert not facts(between)["in_full"]
    assert numbers(before) == numbers(after)
    assert numbers(before) != numbers(between)
    assert numbers(made(followed)) != numbers(before)
    kept = followed.standing().of_kind(ForecastMade)
    assert [each.full for each in kept] == [True, False, False, True, False, False]


def test_what_came_and_what_moved_is_told(forecast):
    followed = forecast
    page = (first_of(followed) / "report.html").read_text("utf-8")
    assert "This is the first forecast of this operation." in page

    followed.enter(SAID)
    came, figure, *moved = told(made(followed), "since")
    assert came == "Since the forecast as of 2020-01-02 08:00, 1 figure came."
    assert figure.startswith("UN: cumulative arrivals, pocket: 440 (400 to 480)")
    assert sum(each.startswith("pocket: ") for each in moved) == 2

    followed.undo()
    gone, figure, *_ = told(made(followed), "since")
    assert gone.endswith("0 figures came. 1 figure was taken back.")
    assert figure.startswith("No longer: UN: ")


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (timedelta(hours=30), "1 d 6 h later."),
        (timedelta(days=-2), "2 d earlier."),
        (timedelta(0), "as before."),
        (timedelta(hours=3), "3 h 00 min later. ."),
    ],
)
def test_how_far_it_moved_and_whether_draws_alone_could_do_so(
    before, says, followed, monkeypatch
):
    """Of 100 draws from 0 to 99 h the median lies from 40 to 59 h in 95 percent."""
    operation = followed.known().operation
    at = operation.clock.local(50 * 3600)
    now = ExpectedMoments("pocket", (at, at, at), (None, None, None))
    then = tuple(end - before for end in now.nearly)
    monkeypatch.setattr(report, "expected_of", lambda made: (now,))
    forecast = SimpleNamespace(
        then=SimpleNamespace(operation=operation),
        effective=100.0,
        done_h=lambda site, nearly: np.arange(100.0) if nearly else np.full(100, inf),
    )
    since = SinceLast(MOMENT, (ExpectedMoments("pocket", then, (at, at, at)),))
    _, moved = since_last(forecast, since).parts
    nearly, *noise, every = map(Words().of, moved.texts)

    assert nearly.endswith(f": {says.removesuffix(' .')}")
    alone = ["Other draws of the same forecast could differ as much."]
    assert noise == (alone if says.endswith(" .") else [])
    assert every.endswith(": no longer expected within the days that are run.")


def test_few_draws_are_called_few():
    few, enough = (Words().of(how_quick(300, float(FEW + more))) for more in (-1, 0))
    assert "49 equally weighted draws" in few
    assert "make it in full" in few
    assert "make it in full" not in enough


@pytest.mark.slow
def test_the_log_holds_each_forecast_once_and_what_it_knew(followed, monkeypatch):
    kept, save = iter(range(100)), keeper.save_arrays

    def stopped(path, about, arrays):
        if next(kept) == 3:
            raise KeyboardInterrupt
        save(path, about, arrays)

    study = begun(plan(followed, MOMENT), followed.forecasts)
    with monkeypatch.context() as patch:
        patch.setattr(keeper, "save_arrays", stopped)
        with pytest.raises(StoppedError) as stop:
            finished(study)
    followed.enter(SAID)
    done = finished(found(stop.value.args[0]))

    (entry,) = followed.standing().of_kind(ForecastMade)
    assert entry.figures == ("day-2",)
    assert entry.rests == (1,)
    assert entry.study == facts(done)["study_sha256"]


@pytest.mark.slow
def test_one_killed_after_its_line_was_written_is_not_in_the_log_twice(
    followed, monkeypatch
):
    study = begun(plan(followed, MOMENT), followed.forecasts)

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(finish, "write_json", killed)
        with pytest.raises(SystemExit):
            finished(study)
    assert len(followed.standing().of_kind(ForecastMade)) == 1
    finished(found(study.path))
    assert len(followed.standing().of_kind(ForecastMade)) == 1


def test_without_the_draws_that_are_kept_it_is_made_in_full(forecast):
    """Whether they are gone, or nobody can read them any more."""
    (kept,) = (forecast.path / "draws").iterdir()
    assert plan(forecast).options["basis"] == 2

    kept.write_bytes(kept.read_bytes()[:-99])
    assert plan(forecast).options["basis"] is None
    kept.unlink()
    assert plan(forecast).options["basis"] is None


def test_dates_that_lie_ahead_take_consent(followed, monkeypatch):
    soon = datetime(2020, 1, 4, tzinfo=UTC)
    monkeypatch.setattr(present, "now", lambda: soon)

    with pytest.raises(OptionError, match="--consent"):
        plan(followed)


@pytest.mark.slow
def test_what_is_shown_of_dates_that_lie_ahead_carries_its_banner(
    followed, monkeypatch
):
    monkeypatch.setattr(present, "now", lambda: datetime(2020, 1, 4, tzinfo=UTC))

    done = made(followed, MOMENT, consent=True)
    assert done.report.banner is not None
    assert "lie ahead" in (done.folder / "brief.html").read_text("utf-8")


def test_the_moment_is_now_if_none_is_named(followed, monkeypatch):
    monkeypatch.setattr(
        present, "now", lambda: datetime(2020, 1, 3, 8, 7, 9, tzinfo=UTC)
    )

    made = plan(followed, None, consent=True)
    assert made.options["as_of"] == "2020-01-03T08:07"


def test_a_moment_at_which_nothing_was_known_is_refused(followed):
    with pytest.raises((EvidenceError, OptionError)):
        plan(followed, datetime(2019, 1, 1))


def test_a_forecast_of_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(RunError, match="not the folder"):
        planned(tmp_path, LATER)


@pytest.mark.slow
def test_all_of_it_by_commands(tmp_path):
    (tmp_path / "case").mkdir()
    scenario, folder = written(tmp_path / "case"), tmp_path / "op"
    moment = "2020-01-02T08:00"
    amount = ["--pool", 200, "--draws", 20, "--no-figures", "--workers", 1]

    def done(command, *words):
        result = call("follow", command, *words)
        assert result.exit_code == 0, result.stderr
        return flat(result.stdout)

    done("begin", scenario, folder, "--published-by", moment)
    first = done("forecast", folder, "--as-of", moment, *amount)
    assert "the first forecast of this operation" in first
    words = ["--who", "UN", "--site", "pocket", "--best", 440, "--by"]
    words += ["2020-01-03T00:00", "--published", "2020-01-03T06:00"]
    assert "Entry 3 is kept" in done("enter", folder, *words, "--set", "note=told")
    assert "quick forecast" in done(
        "forecast", folder, "--as-of", "2020-01-03T08:00", *amount
    )
    assert "Entry 3 no longer stands" in done("undo", folder)
    assert "Entry 3 stands again" in done("redo", folder, 3)
    assert "entry 3 undone" in done("log", folder)
    rows = list(csv.DictReader(call("follow", "table", folder).stdout.splitlines()))
    assert [row["id"] for row in rows] == ["day-2", "entered-3"]
    wrong = call(
        "follow", "enter", folder, "--who", "UN", "--site", "pockt", "--best", 9
    )
    assert wrong.exit_code == 1
    assert "origin: 'pockt' is not a site" in wrong.stderr
    done("delete", folder, "--yes")
    assert not folder.exists()
