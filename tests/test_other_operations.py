"""Calibration of operations of any size and of any sources: nothing is Aleppo's."""

import re
from dataclasses import replace
from math import isfinite
from zipfile import ZipFile

import numpy as np
import pytest
from builders import operation
from commands import call, flat, rows
from small_case import FIGURES, figure, written

from sim.errors import EvidenceError
from sim.evidence.figures import Figure
from sim.evidence.table import load_figures
from sim.inference.calibration.fit import Calibrator
from sim.inference.calibration.goodness_of_fit import (
    COUNTS,
    fit_scores,
    goals,
    goodness_of_fit,
)
from sim.inference.calibration.options import FitOptions, FitTask, SmcSettings
from sim.inference.calibration.pool import occurring, pool_at
from sim.inference.claims import NODES
from sim.inference.likelihood import ObservationModel
from sim.inference.magnitudes import Magnitudes
from sim.inference.problem import prepared
from sim.plots.calibration import parameters_of
from sim.report.calibration import report_on_calibration
from sim.scenario import load
from sim.scenario.units import field_unit
from sim.studies import calibration
from sim.studies.kinds import KINDS
from sim.studies.stopwatch import Stopwatch
from sim.studies.told import Step
from sim.studies.unfinished import Underway
from sim.studies.work import Where, working

SCREEN = ("--screen", "--particles", 60, "--pool", 500, "--workers", 1)
TEMPERED = ("--particles", 30, "--moves", 2, "--pool", 500, "--workers", 1)
VALIDATE = ("--pool", 500, "--sets", 60, "--draws", 60, "--workers", 1)
OPTIONS = FitOptions("screen", (1,), SmcSettings(60), 500)
FAMILIES = ("Clinics", "Monitors", "Radio")
STRANGERS = (
    ("m-1", "Monitors", "2020-01-01T12:00", 350),
    ("m-2", "Monitors", "2020-01-02T12:00", 1_000),
    ("r-1", "Radio", "2020-01-01T18:00", 500),
    ("r-2", "Radio", "2020-01-04T00:00", 1_200),
    ("c-1", "Clinics", "2020-01-01T15:00", 420),
    ("c-2", "Clinics", "2020-01-02T00:00", 700),
)
FOREIGN = re.compile(r"\b(ICRC|UN|SARC|OCHA|Aleppo|aleppo|Idlib|Foua)\b")
NAN = re.compile(r"\bnan\b", re.IGNORECASE)
MARKUP = re.compile(r"<(style|script|svg).*?</\1>|<[^>]*>|data:\S*", re.DOTALL)
SAID = re.compile(r"0\.7\b|1\.2 times|0\.4 times|nine tenths")
"""What was asked of the fit of one operation."""


def texts_of(results):
    """Return everything that a study left that anybody can read, by file."""
    (folder,) = (path for path in results.iterdir() if path.name != "pools")
    found = {}
    for path in folder.rglob("*"):
        if path.suffix in {".csv", ".html", ".json", ".yaml", ".txt", ".md"}:
            found[path.name] = path.read_text("utf-8")
        elif path.suffix == ".xlsx":
            with ZipFile(path) as book:
                names = [name for name in book.namelist() if name.endswith(".xml")]
                found[path.name] = " ".join(book.read(n).decode() for n in names)
    return found


def without_markup(text):
    return re.sub(
        r"<(style|script|svg).*?</\1>|<[^>]*>|data:\S*", " ", text, flags=re.S
    )


def study(command, case, results, *words):
    """Run a command; return what it printed, and all that it left."""
    done = call(command, case, *words, "--results", results)
    assert done.exit_code == 0, done.output
    return done.output, texts_of(results)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """Return an operation with three families of invented sources."""
    return written(tmp_path_factory.mktemp("strangers"), STRANGERS)


STUDIES = {
    "a screen": ("calibrate", SCREEN),
    "a tempered fit": ("calibrate", TEMPERED),
    "a validation": ("validate", VALIDATE),
}


@pytest.mark.slow
@pytest.mark.parametrize(("command", "words"), STUDIES.values(), ids=STUDIES)
def test_a_study_speaks_of_the_families_of_its_table_only(
    command, words, strangers, tmp_path
):
    said, left = study(command, strangers, tmp_path, *words)

    for family in FAMILIES:
        assert family in said
    for name, text in {"the terminal": said, **left}.items():
        plain = without_markup(text)
        assert not FOREIGN.search(plain), (name, FOREIGN.search(plain))
        assert not NAN.search(plain), (name, NAN.search(plain))
    assert not SAID.search(flat(said))


@pytest.mark.parametrize("command", ["calibrate", "validate"])
@pytest.mark.parametrize(
    ("word", "near"),
    [("Radoi", "Radio"), ("monitors", "Monitors"), ("CLINIC", "Clinics"), ("UN", "")],
)
def test_a_reference_is_a_family_of_the_table(command, word, near, strangers, tmp_path):
    done = call(command, strangers, "--reference", word, "--results", tmp_path)

    assert done.exit_code == 2
    assert f"'{word}'" in done.output
    assert ("Did you mean" in done.output) is bool(near)
    assert f"Did you mean '{near}'?" in flat(done.output) or not near
    assert "There are: Clinics, Monitors, Radio." in flat(done.output)


# What happens in no run.

RADIO = figure("x", "Radio", "", 200)
NEVER = {
    "a convoy that never comes": RADIO
    | {"metric": "convoy_people", "select": "convoy=99", "since": "2020-01-01T00:00"},
    "vehicles of such a convoy": RADIO
    | {"metric": "convoy_vehicles", "select": "convoy=99", "since": "2020-01-01T00:00"}
    | {"unit": "vehicles"},
    "a trip of such a convoy": RADIO
    | {"metric": "trip_time", "select": "convoy=99", "unit": "min"},
    "a first arrival after the last": RADIO
    | {"metric": "first_arrival", "since": "2020-01-04T23:58", "unit": "time"}
    | {"low": "2020-01-04T23:58", "best": "", "high": "2020-01-04T23:59"}
    | {"bound": "interval"},
}


@pytest.mark.slow
def test_of_figures_that_happen_in_no_run_each_is_left_out(tmp_path):
    """All kinds at once, each in a table of its own; the others stay as they were."""
    for name, row in NEVER.items():
        path = written(tmp_path / name.replace(" ", "-"), STRANGERS, [row])
        ready = prepared(load(path), load_figures(path.parent / "evidence.csv"))
        pool = pool_at(tmp_path / name / "pool.npz", ready, OPTIONS)
        left, about = occurring(ready, pool)

        assert [claim.name for claim in ready.claims].count("x") == 1, name
        assert "x" not in [claim.name for claim in left.claims]
        assert len(left.claims) == len(STRANGERS) == about.quantities.shape[1]
        assert about.origin.questions == left.questions
        assert not np.isnan(about.quantities).any()
        assert "none of 500 runs" in left.record.left_out["x"]


def test_what_happens_in_a_single_run_stays(strangers):
    ready = prepared(load(strangers), load_figures(strangers.parent / "evidence.csv"))
    pool = pool_at(strangers.parent / "pool.npz", ready, OPTIONS)
    seldom = pool.quantities.copy()
    seldom[:, 2] = np.nan
    seldom[7, 2, 1] = 500.0

    assert occurring(ready, replace(pool, quantities=seldom))[0] is ready
    seldom[7, 2, 1] = np.nan
    left, _ = occurring(ready, replace(pool, quantities=seldom))
    assert list(left.record.left_out) == [ready.claims[2].name]


def test_without_any_figure_that_happens_there_is_nothing_to_fit(tmp_path):
    row = NEVER["a convoy that never comes"]
    path = written(tmp_path / "case", (), [row])

    for words in (SCREEN, TEMPERED):
        done = call("calibrate", path, *words, "--results", tmp_path / "results")

        assert done.exit_code != 0
        assert "in none of 500 runs" in flat(done.output)
        assert "there is nothing to fit" in flat(done.output)
        assert not NAN.search(done.output)
        assert not isinstance(done.exception, EvidenceError)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "words"), STUDIES.values(), ids=STUDIES)
def test_a_study_names_what_happens_in_no_run_and_prints_no_nan(
    command, words, tmp_path
):
    row = NEVER["a convoy that never comes"]
    path = written(tmp_path / "case", STRANGERS, [row])
    said, left = study(command, path, tmp_path / "results", *words)

    for name, text in {"the terminal": said, **left}.items():
        assert not NAN.search(without_markup(text)), name
    if command == "calibrate":
        assert "x is left out: it happens in none of 500 runs" in flat(said)
        (folder,) = (tmp_path / "results").glob("*calibrate*")
        (told,) = (r for r in rows(folder / "figures.csv") if r["figure"] == "x")
        assert told["enters"] == "no"
        assert "none of 500 runs" in told["why_not"]


def test_a_family_of_which_no_figure_happens_cannot_be_the_reference(tmp_path):
    row = NEVER["a convoy that never comes"] | {
        "family": "Heralds",
        "attributed_to": "H",
    }
    path = written(tmp_path / "case", STRANGERS, [row])
    done = call(
        *("calibrate", path, *SCREEN, "--reference", "Heralds"),
        *("--results", tmp_path / "results"),
    )

    assert done.exit_code == 2
    assert "no fitted figure is of a family 'Heralds'" in flat(done.output)


def test_figures_of_moments_alone_have_no_factor(tmp_path):
    last = RADIO | {"metric": "last_arrival", "unit": "time"}
    last |= {"low": "2020-01-03T00:00", "best": "2020-01-03T06:00"}
    moments = [last | {"high": "2020-01-03T12:00"}]
    path = written(tmp_path / "case", (), moments)
    said, _ = study("calibrate", path, tmp_path / "results", *SCREEN)

    assert "all figures that were fitted are moments" in flat(said)
    assert not NAN.search(said)


# What is asked of a fit.


def good_of(path, folder):
    ready = prepared(load(path), load_figures(path.parent / "evidence.csv"))
    pool = pool_at(folder / "pool.npz", ready, OPTIONS)
    calibrator = Calibrator(ready, OPTIONS, pool, folder)
    return goodness_of_fit(calibrator.fit(FitTask.of_all("fit", ready)))


AGREEING = {
    "one count": (("a", "Radio", "2020-01-02T00:00", 700),),
    "sources that say the same": (
        ("a", "Radio", "2020-01-02T00:00", 700),
        ("b", "Clinics", "2020-01-02T00:00", 700),
        ("c", "Monitors", "2020-01-02T00:00", 700),
    ),
    "a straight line": tuple(
        (f"a{day}", "Radio", f"2020-01-0{day}T00:00", 250 * (day - 1))
        for day in (2, 3, 4)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("figures", AGREEING.values(), ids=AGREEING)
def test_where_sources_agree_nothing_impossible_is_asked(figures, tmp_path):
    """The least that any curve can have is 0 there, and so has the best rate."""
    good = good_of(written(tmp_path / "case", figures), tmp_path)
    row = good.score("ARD", "all sites")

    assert row.floor == pytest.approx(0, abs=1e-9)
    for goal in goals(good):
        assert isfinite(goal.value)
        assert goal.most > 0
        assert not (goal.below and goal.most <= row.floor + 1e-6), goal


def test_what_happens_in_no_draw_of_the_fit_is_not_scored(tmp_path):
    """It is a miss by name; a mean over it would be none."""
    good = good_of(written(tmp_path / "case", STRANGERS), tmp_path)
    reports = good.predictions.fit.copy()
    reports[:, 0] = np.nan
    found = fit_scores(good.fit, replace(good.predictions, fit=reports))
    rows = {row.name: row for row in found if row.of == COUNTS}

    assert rows["CRPS"].figures == len(STRANGERS) - 1
    assert all(isfinite(row.fit) and isfinite(row.prior) for row in rows.values())


@pytest.mark.slow
def test_a_rate_is_asked_for_where_it_had_something_to_fit(tmp_path):
    """A rate through one or two figures of a site is next to those figures."""
    few = good_of(written(tmp_path / "few", FIGURES[:2]), tmp_path / "few")
    many = good_of(written(tmp_path / "many", STRANGERS), tmp_path / "many")

    def of_the_rate(good):
        return [goal for goal in goals(good) if goal.kind.name == "MEDIAN_BELOW_RATE"]

    assert not of_the_rate(few)
    assert of_the_rate(many)[0].most == many.score("ARD", "all sites").line


# Sizes.

HOURS = np.linspace(1, 8, 400)
"""Between convoys, in the operation of 100,000 in `test_one_bad_figure_...`."""


def of_size(people, wild):
    """Return claims of two sources: steady counts each day, and one far above them."""
    world = operation(
        ends="2020-01-11T00:00",
        sites__pocket__groups__civilians__people=people,
        uncertain={"legs.road.time": {"spread": "20 min to 2 h"}},
    )
    daily = people // 20
    counts = [
        ("a", "A", f"2020-01-0{day + 1}T00:00", day * daily) for day in range(1, 6)
    ]
    counts.append(("b", "B", "2020-01-06T00:00", round(wild * people)))
    table = [
        Figure.model_validate(
            {name: cell for name, cell in row.items() if cell != ""}
            | {"low": best - width, "best": best, "high": best + width}
        )
        for place, (name, family, moment, best) in enumerate(counts)
        for row in (figure(f"{name}{place}", family, moment, best),)
        for width in (daily // 20,)
    ]
    return prepared(world, table)


def quartiles(ready, people, most=None):
    """Return those of the hours between convoys of a hundredth of the people."""
    claims = ready.claims
    if most is not None:
        claims = tuple(replace(claim, most=most) for claim in claims)
    steady = 24 / HOURS * people / 100
    totals = [day * steady for day in (1, 2, 3, 4, 5, 5)]
    quantities = np.stack(totals, axis=1)[:, :, None].repeat(NODES, axis=2)
    log_p = ObservationModel(claims).log_likelihood(quantities, ready.reported)
    weights = np.exp(log_p - log_p.max())
    shares = np.cumsum(weights) / weights.sum()
    return [float(HOURS[np.searchsorted(shares, at)]) for at in (0.25, 0.5, 0.75)]


def pulls(one, other):
    """Return by how many hours one fit lies below another, at the worst quartile."""
    return max(there - here for here, there in zip(one, other, strict=True))


@pytest.mark.parametrize("people", [400, 6_000, 100_000, 2_000_000])
def test_a_wilder_report_does_not_pull_harder_in_an_operation_of_any_size(people):
    """It pulls towards fewer hours between convoys, by a little wherever it is.

    So it was below 60,000 only, the most that anybody might report in one operation.
    """
    half, most_of_them = (
        quartiles(of_size(people, wild), people) for wild in (0.55, 0.9)
    )

    assert pulls(most_of_them, half) < 0.05
    assert most_of_them[1] == pytest.approx(half[1], abs=0.35)


@pytest.mark.parametrize("people", [6_000, 100_000, 2_000_000])
def test_the_same_shape_of_figures_says_the_same_at_any_size(people):
    assert quartiles(of_size(people, 0.55), people) == pytest.approx(
        quartiles(of_size(400_000, 0.55), 400_000), abs=0.1
    )


def test_a_most_below_what_was_said_is_noticed():
    """Negative control: the one that was typed in."""
    ready = of_size(100_000, 0.9)

    narrow, right = (quartiles(ready, 100_000, most) for most in (60_000, None))
    assert pulls(narrow, right) > 0.4


def test_sizes_are_those_of_the_operation_with_its_ranges():
    world = operation(
        ends="2020-01-05T00:00", sites__pocket__groups__civilians__people=1_000
    )
    wide = operation(
        sites__pocket__groups__civilians__people=1_000,
        uncertain={
            "sites.pocket.groups.civilians.people": {"spread": "800 to 10800"},
        },
    )

    assert Magnitudes.of(world) == Magnitudes(1_000, 96)
    assert Magnitudes.of(wide).people == pytest.approx(10_700)


@pytest.mark.parametrize(
    ("cells", "most", "grain"),
    [
        ({}, 24_000, 10),
        ({"best": 50_000, "high": 50_000}, 100_000, 10),
        ({"metric": "vehicles_lost", "unit": "vehicles"}, 24_000, 1),
        ({"metric": "convoys_arrived", "unit": "convoys"}, 24_000, 0.5),
        ({"metric": "trip_time", "unit": "h"}, 192, 0.25),
        ({"metric": "trip_time", "unit": "min"}, 11_520, 5),
        (
            {
                **{"metric": "people_per_vehicle", "select": "kind=bus"},
                **{"low": 4, "best": 5, "high": 6},
            },
            24_000,
            0.5,
        ),
    ],
)
def test_each_unit_has_the_size_of_the_operation(cells, most, grain):
    """12,000 people, 96 hours; what was reported itself can be reported."""
    row = {"id": "a", "attributed_to": "A", "family": "A", "source": "S", "role": "fit"}
    row |= {"origin": "pocket", "metric": "cumulative_arrivals", "unit": "people"}
    row |= {"from": "2020-01-02T00:00", "low": 8, "best": 9, "high": 10}
    row |= {"bound": "interval"}
    found = Figure.model_validate(row | cells)
    sizes = Magnitudes(12_000, 96)

    assert (sizes.most(found), sizes.grain(found)) == (most, pytest.approx(grain))


# Units.

UNITS = [
    ("legs.road.time", "20 min to 2 h", "min", 60),
    ("legs.road.time", "1 to 4 h, mostly 2 h", "h", 3_600),
    ("legs.road.time", "about 2 d, times or divided by 1.3", "d", 86_400),
    ("legs.road.time", "45 s to 90 s", "s", 1),
    ("legs.road.length", "800 m to 2 km", "m", 1),
    ("legs.road.length", "5 km to 12 km", "km", 1_000),
    ("legs.road.speed", "20 km/h to 40 km/h", "km/h", 1 / 3.6),
    ("legs.road.speed", "4 m/s to 9 m/s", "m/s", 1),
    ("sites.pocket.groups.civilians.people", "80 to 200", "people", 1),
    ("fleets.buses.seats", "40 to 60", "seats", 1),
    ("flows.evacuation.convoy.buses", "1 to 3", "vehicles", 1),
    ("flows.evacuation.load.buses", "30 to 50", "people", 1),
    ("flows.evacuation.at_once", "1 to 3", "convoys", 1),
    ("flows.evacuation.opens", "2020-01-01T06:00 to 2020-01-01T09:00", "local time", 1),
]


@pytest.mark.parametrize(("path", "spread", "name", "size"), UNITS)
def test_a_parameter_has_the_unit_of_its_range(path, spread, name, size):
    world = operation()
    plan = type("Known", (), {"spread": spread, "sets": None})()
    found = field_unit(world.model_copy(update={"uncertain": {path: plan}}), path)

    assert found.name == name
    assert found.size == pytest.approx(size)


@pytest.mark.slow
def test_tables_and_files_give_parameters_in_the_units_of_the_file(tmp_path):
    uncertain = {
        "legs.road.time": "20 min to 2 h",
        "flows.evacuation.opens": "2020-01-01T00:00 to 2020-01-01T12:00",
    }
    path = written(
        tmp_path / "case",
        STRANGERS,
        uncertain=uncertain,
        flows__evacuation__opens="2020-01-01T01:00",
    )
    said, left = study("calibrate", path, tmp_path / "results", *SCREEN)

    (folder,) = (tmp_path / "results").glob("*calibrate*")
    road, opening = rows(folder / "parameters.csv")
    assert road["unit"] == "min"
    assert 20 <= float(road["p5"]) < float(road["p95"]) <= 120
    assert opening["unit"] == "local time"
    assert "2020-01-01T00:00" <= opening["p5"] < opening["p95"] <= "2020-01-01T12:00"
    assert "legs.road.time [min]" in said
    assert "legs.road.time [s]" not in "".join(left.values())


@pytest.mark.slow
def test_the_picture_of_parameters_gives_their_units(tmp_path):
    good = good_of(written(tmp_path / "case", STRANGERS), tmp_path)
    report = report_on_calibration(good, command="")
    (picture,) = (each for each in report.pictures() if each.name == "parameters")
    (ax,) = parameters_of(*picture.arguments).axes
    people, road = (label.get_text() for label in ax.get_yticklabels())

    assert re.search(r"8\d\d to 1,9\d\d before, [\d,]+ to [\d,]+ people after", people)
    assert re.search(r"2\d(\.\d)? to 11\d before, \S+ to \S+ min after", road)


# How long it takes.


def test_the_pace_is_that_of_what_was_done_since_it_began(monkeypatch):
    clock = iter([100.0, 110.0, 130.0, 130.0])
    monkeypatch.setattr("sim.studies.stopwatch.monotonic", lambda: next(clock))
    pace = Stopwatch()

    assert pace.seconds_left("pool", 1_000, 8_000) is None
    assert pace.seconds_left("pool", 1_500, 8_000) == pytest.approx(130)
    assert pace.seconds_left("pool", 8_000, 8_000) == 0
    assert pace.seconds_left("fit", 16, 60) is None


def test_a_pool_says_how_long_it_will_still_take(strangers, tmp_path):
    plan = calibration.planned(str(strangers), screen=True, particles=60, pool=500)
    told = []
    with working(Where(1), plan.runs, told.append) as work:
        KINDS[plan.kind](Underway(tmp_path, plan), work)
    steps = [each for each in told if isinstance(each, Step)]
    pools = [step for step in steps if step.whole == 500]

    assert pools[0].seconds_left is None
    assert all(step.seconds_left is not None for step in pools[1:])
    assert pools[-1].seconds_left == 0
