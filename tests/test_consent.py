"""What follows single convoys where dates lie ahead needs consent, and a banner."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sim.errors import OptionError
from sim.experiment import run_study
from sim.programs import ask, report_on
from sim.report.ahead import Ahead, ahead, end_of, may_follow
from sim.report.forms.files import written
from sim.report.forms.html import as_html
from sim.report.forms.workbook import as_workbook
from sim.report.run import report_on_run
from sim.scenario import resolved_yaml
from sim.studies import explanation, forecast, present, run
from sim.studies.finish import finished
from sim.studies.options import Amount
from sim.studies.told import Caller
from sim.studies.unfinished import begun, found
from sim.words import Words
from tests.builders import operation
from tests.commands import call, flat, rows
from tests.foreseen import MOMENT
from tests.foreseen import written as foreseen
from tests.forms import on_a_terminal

WORLD = operation()
ENDS = end_of(WORLD)
SOON = ENDS - timedelta(days=1)
LATER = ENDS + timedelta(days=400)
FOLLOWING = {"events", "vehicles", "movements"}
"""Data that follow single convoys."""


@pytest.fixture
def judged_soon(monkeypatch):
    """Let every study begin a day before the operation ends."""
    monkeypatch.setattr(present, "now", lambda: SOON)


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(resolved_yaml(WORLD), "utf-8")
    return path


@pytest.fixture(scope="module")
def study():
    return run_study(WORLD, seed=1, replications=3)


def reported(study, dates):
    log = study.log_of(study.typical)
    return report_on_run(study, log, name="test", command="run", ahead=dates)


def facts_in(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("days", "lies_ahead"), [(-365, True), (0, True), (29, True), (30, False)]
)
def test_dates_lie_ahead_until_they_are_thirty_days_back(days, lies_ahead):
    dates = ahead(ENDS, ENDS + timedelta(days=days))

    assert (dates is not None) is lies_ahead


def test_the_day_is_that_of_the_operation_and_not_of_the_machine():
    """Half an hour before midnight in Damascus it is another day in Auckland."""
    last = datetime(2020, 1, 1, tzinfo=UTC)
    dates = ahead(last, datetime.fromisoformat("2020-01-31T11:30+13:00"))

    assert dates is not None
    assert str(dates.judged) == "2020-01-30"


def test_only_who_has_agreed_may_follow_convoys():
    asked, agreed = (Ahead(SOON.date(), ENDS.date(), each) for each in (False, True))

    assert [may_follow(each) for each in (None, asked, agreed)] == [True, False, True]


def test_without_consent_a_run_gives_everything_else_and_says_what_is_left_out(study):
    historical, without = (
        reported(study, each) for each in (None, Ahead(SOON.date(), ENDS.date()))
    )

    assert set(historical.data) - set(without.data) == FOLLOWING & set(historical.data)
    assert "timespace" in {each.name for each in historical.pictures()}
    assert "timespace" not in {each.name for each in without.pictures()}
    said = Words().of(Ahead(SOON.date(), ENDS.date()).left_out)
    assert "--consent" in said
    assert flat(said) in flat(on_a_terminal(without))
    assert Words().of(without.answer) == Words().of(historical.answer)


def test_with_consent_a_run_gives_all_that_a_historical_one_gives(study):
    historical, agreed = (
        reported(study, each) for each in (None, Ahead(SOON.date(), ENDS.date(), True))
    )

    assert set(agreed.data) == set(historical.data)
    assert [each.name for each in agreed.pictures()] == [
        each.name for each in historical.pictures()
    ]
    assert "--consent" not in on_a_terminal(agreed)


@pytest.mark.parametrize("consent", [True, False])
def test_the_banner_stands_in_every_form(consent, study, tmp_path):
    report = reported(study, Ahead(SOON.date(), ENDS.date(), consent))
    words = Words()
    brief = words.of(report.banner.brief)
    cannot = words.of(report.banner.texts[1])
    written(report, tmp_path, pictures=False)()

    assert cannot in flat(on_a_terminal(report))
    for data in tmp_path.glob("*.csv"):
        assert {row["limits_of_use"] for row in rows(data)} <= {brief}
    page = as_html(report, words, {})
    assert "@bottom-center" in page
    assert page.index(cannot) < page.index("<h1>")
    with zipfile.ZipFile(io.BytesIO(as_workbook(report, words))) as book:
        sheets = [
            name for name in book.namelist() if name.startswith("xl/worksheets/s")
        ]
        assert sheets
        assert all(brief in book.read(sheet).decode() for sheet in sheets)
        assert cannot in book.read("xl/sharedStrings.xml").decode()


def test_a_historical_case_has_no_banner_in_any_form(study, tmp_path):
    report = reported(study, None)
    written(report, tmp_path, pictures=False)()

    assert report.banner is None
    assert "routing" not in on_a_terminal(report)
    assert "limits_of_use" not in (tmp_path / "summary.csv").read_text("utf-8")
    assert "<aside" not in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_a_picture_carries_it_too(study, tmp_path):
    """A picture is pasted elsewhere, without the page around it."""
    report = reported(study, Ahead(SOON.date(), ENDS.date(), True))
    sizes = {}
    for name, each in (("ahead", report), ("historical", reported(study, None))):
        (tmp_path / name).mkdir()
        written(each, tmp_path / name)()
        sizes[name] = (tmp_path / name / "figures" / "throughput.svg").stat().st_size

    assert sizes["ahead"] != sizes["historical"]


@pytest.mark.usefixtures("judged_soon")
@pytest.mark.parametrize("consent", [True, False])
def test_a_study_that_is_resumed_keeps_the_consent_it_was_begun_with(
    consent, scenario, tmp_path, monkeypatch
):
    plan = run.planned(
        str(scenario), Amount(2), consent=consent, caller=Caller(pictures=False)
    )
    study = begun(plan, tmp_path / "results")
    monkeypatch.setattr(present, "now", lambda: LATER)
    done = finished(found(study.path))

    assert facts_in(done.folder)["dates_ahead"]["consent"] is consent
    assert facts_in(done.folder)["dates_ahead"]["judged_on"] == str(SOON.date())
    assert (done.folder / "events.csv").exists() is consent


def test_numbers_do_not_depend_on_the_day(scenario, tmp_path, monkeypatch):
    found = []
    for now in (SOON, LATER):
        monkeypatch.setattr(present, "now", lambda now=now: now)
        plan = run.planned(str(scenario), Amount(2), caller=Caller(pictures=False))
        folder = finished(begun(plan, tmp_path / str(now.year))).folder
        found.append([row["median"] for row in rows(folder / "summary.csv")])
        assert ("dates_ahead" in facts_in(folder)) is (now == SOON)

    assert found[0] == found[1]


def test_consent_that_makes_no_difference_is_said_to_make_none(scenario):
    heard = []
    run.planned(
        str(scenario), Amount(1), consent=True, caller=Caller(tell=heard.append)
    )

    assert any("makes no difference" in Words().of(each.said) for each in heard)


def test_a_forecast_that_looks_ahead_is_refused_without_consent(tmp_path, monkeypatch):
    path = str(foreseen(tmp_path))
    monkeypatch.setattr(present, "now", lambda: MOMENT.replace(tzinfo=UTC))

    with pytest.raises(OptionError, match="must not be used to route or time") as why:
        forecast.planned(path, MOMENT, pool=200, draws=20)
    assert why.value.args[0] == "consent"
    plan = forecast.planned(path, MOMENT, pool=200, draws=20, consent=True)
    assert plan.options["consent"]


def test_a_forecast_looks_further_than_its_scenario(tmp_path, monkeypatch):
    path = str(foreseen(tmp_path))
    plan = forecast.planned(path, MOMENT, pool=200, draws=20)
    until = datetime.fromisoformat(plan.options["shows_until"])
    monkeypatch.setattr(present, "now", lambda: until + timedelta(days=29))

    assert end_of(plan.arms[0].operation) < until
    with pytest.raises(OptionError):
        forecast.planned(path, MOMENT, pool=200, draws=20)


@pytest.mark.usefixtures("judged_soon")
def test_an_account_of_one_convoy_needs_consent_and_carries_the_banner(scenario):
    with pytest.raises(OptionError):
        explanation.explained(str(scenario), Amount(1))

    report = explanation.explained(str(scenario), Amount(1), consent=True)
    assert report.banner is not None


@pytest.mark.usefixtures("judged_soon")
def test_a_program_is_told_the_same(study):
    assert "events" not in report_on(study).data
    assert "events" in report_on(study, consent=True).data


@pytest.mark.usefixtures("judged_soon")
def test_a_program_that_asks_a_question_sees_the_banner():
    asked = ask("bound", WORLD, replications=2)

    assert report_on(asked).banner is not None


@pytest.mark.usefixtures("judged_soon")
def test_the_command_asks_for_it_by_its_name(scenario, tmp_path):
    results = tmp_path / "results"
    told = call("run", scenario, "-n", 1, "--no-figures", "--results", results)

    assert told.exit_code == 0
    assert "--consent" in flat(told.output)
    assert not [*Path(results).rglob("events.csv")]

    refused = call("explain", scenario)
    assert refused.exit_code == 2
    assert "--consent" in refused.output
