"""`sweep`, as a planner types it: what it says, what it keeps, and how it ends."""

import json

import numpy as np
import pytest
from matplotlib.text import Text

from sim.experiment import Job, replicate, run_study
from sim.experiment import sweep as sweeps
from sim.experiment.designs import design
from sim.experiment.scales import scale_of
from sim.experiment.store import Folder
from sim.experiment.sweep import swept
from sim.plots import PICTURES
from sim.report.sweep import report_on_sweep
from sim.scenario import amended, load, resolved_yaml
from sim.statistics.intervals import mean_interval
from sim.studies.unfinished import all_unfinished
from sim.studies.unfinished import found as found_study
from tests.builders import START, operation
from tests.commands import call, contents, flat, rows
from tests.test_compare import LIVELY

PEOPLE = "sites.pocket.groups.civilians.people"
ROAD = "legs.road.time"
BASE = operation(operation="base", **LIVELY)
RUNS = 8


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenarios") / "base.yaml"
    path.write_text(resolved_yaml(BASE), "utf-8")
    return path


def sweep(folder, scenario, *words):
    options = ("-n", RUNS, "--results", folder, "--workers", 1, "--no-figures")
    return call("sweep", scenario, *options, *words)


def found(vary, metrics, *, base=BASE, runs=RUNS, **ask):
    """Return a sweep without a command."""
    made = design(vary, base.clock, **ask)
    points = [amended(base, point) for point in made.points]
    studies = [run_study(point, seed=1, replications=runs) for point in points]
    return swept(Job(base, (), 1), made, studies, metrics), studies


VARY = ("--vary", f"{ROAD}=50 min, 2 h", "--vary", "fleets.buses.seats=50, 60")
CHOSEN = ("--metric", "t90", "--metric", "waiting/pocket")


@pytest.fixture(scope="module")
def done(scenario, tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    result = sweep(results, scenario, *VARY, *CHOSEN)
    assert result.exit_code == 0, result.stderr
    (folder,) = results.iterdir()
    return result, folder


def test_a_sweep_of_one_run_says_so(scenario, tmp_path):
    result = sweep(tmp_path, scenario, "--vary", "fleets.buses.seats=50", "-n", "1")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == "1 point, 1 run of each: 1 run.\n"


def test_a_sweep_says_how_many_runs_it_is_and_what_came_out(done):
    result, folder = done
    assert result.stderr == "4 points, 8 runs of each: 32 runs.\n"
    for words in (
        "Base: base",
        "4 points (grid), 8 runs of each, seed 1",
        "varied: legs.road.time [min], fleets.buses.seats",
        "bands show chance only",
        "90 % arrived, h",
        "best",
        "worst",
        "in this model only",
    ):
        assert words in flat(result.stdout)
    assert result.stdout.splitlines()[-1] == f"Results: {folder}"
    assert max(map(len, result.stdout.splitlines()[:-1])) <= 100


def test_its_tables_are_what_the_runs_say(done):
    _, folder = done
    table = rows(folder / "sweep.csv")
    assert len(table) == 4 * 2
    for row in table:
        changes = {
            ROAD: f"{row['legs.road.time [min]']} min",
            "fleets.buses.seats": row["fleets.buses.seats"],
        }
        study = run_study(amended(BASE, changes), seed=1, replications=RUNS)
        numbers = study.metric(row["metric"])
        interval = mean_interval(numbers)
        wanted = {
            "mean": numbers.mean(),
            "low": interval.low,
            "high": interval.high,
            "p5": np.quantile(numbers, 0.05),
            "median": np.median(numbers),
            "p95": np.quantile(numbers, 0.95),
            "n": RUNS,
            "runs": RUNS,
            "came_share": 1,
        }
        assert {name: float(row[name]) for name in wanted} == pytest.approx(wanted)
        assert row["band"] == "chance"
        own = [
            float(run[f"{row['metric']} [{row['unit']}]"])
            for run in rows(folder / "runs.csv")
            if run["point"] == row["point"]
        ]
        assert own == pytest.approx(numbers.tolist())


def test_its_points_can_be_run_again(done):
    _, folder = done
    assert {path.name for path in folder.iterdir()} == {
        *("sweep.csv", "points.csv", "runs.csv", "scenario.yaml", "run.json"),
        *("results.xlsx", "report.html"),
    }
    points = rows(folder / "points.csv")
    assert [row["legs.road.time [min]"] for row in points] == ["50", "50", "120", "120"]
    assert [row["fleets.buses.seats"] for row in points] == ["50", "60", "50", "60"]
    assert {(row["runs"], row["failed"]) for row in points} == {("8", "0")}
    assert load(folder / "scenario.yaml") == BASE
    facts = json.loads((folder / "run.json").read_text("utf-8"))
    assert (facts["scenario"], facts["seed"], facts["replications"]) == ("base", 1, 8)
    assert facts["swept"]["varied"][0] == {
        "path": ROAD,
        "unit": "min",
        "values": ["50 min", "2 h"],
    }
    assert facts["limits_of_use"]


def test_the_best_and_the_worst_are_those_of_the_means(done):
    result, folder = done
    means = {
        row["point"]: float(row["mean"])
        for row in rows(folder / "sweep.csv")
        if row["metric"] == "t90/pocket"
    }
    line = next(
        line
        for line in result.stdout.splitlines()
        if line.startswith("90 % arrived (pocket)")
    )
    best, worst = line.split()[4].strip(","), line.split()[-1]
    assert means[best] == min(means.values())
    assert means[worst] == max(means.values())


def test_points_that_do_not_differ_are_both_best_and_no_run_tells_them_apart():
    vary = [f"{ROAD}=1 h, 2 h", "flows.evacuation.smallest=1"]
    # A bus more than ever goes at once changes nothing.
    vary.append(f"fleets.buses.joins.{START}=1, 2")
    one, _ = found(vary, ["t90/pocket", "fleet_use/buses"])
    assert one.extremes["t90/pocket"].best == (0, 1)
    assert one.extremes["t90/pocket"].worst == (2, 3)
    assert one.extremes["t90/pocket"].alike == ()
    assert "fleet_use/buses" not in one.extremes  # nobody says what is better


def test_a_point_that_differs_by_chance_alone_is_as_good_as_the_best():
    vary = [f"{ROAD}=1 h, 50 min to 70 min, 4 h"]
    one, _ = found(vary, ["waiting/pocket"], runs=20)
    ends = one.extremes["waiting/pocket"]
    assert {*ends.best, *ends.alike} == {0, 1}
    assert ends.worst == (2,)


@pytest.mark.parametrize(("p", "told_apart"), [(0.016, True), (0.017, False)])
def test_a_point_is_told_from_the_best_among_all_pairs(monkeypatch, p, told_apart):
    """Three points make three pairs: a p-value below 0.05 / 3 tells one."""
    compared = sweeps.paired
    monkeypatch.setattr(sweeps, "paired", lambda *two: compared(*two)._replace(p=p))
    vary = [f"{ROAD}=1 h, 50 min to 70 min, 4 h"]
    one, _ = found(vary, ["waiting/pocket"], runs=20)
    ends = one.extremes["waiting/pocket"]
    assert (2 not in ends.alike) == told_apart


def test_what_did_not_come_in_every_run_is_neither_best_nor_worst(tmp_path, scenario):
    late = operation(
        operation="late", ends="2020-01-01T09:00", flows__evacuation__at_once=1, **{
            name: value for name, value in LIVELY.items() if "people" not in name
        }, sites__pocket__groups__civilians__people=200,
    )  # fmt: skip
    one, studies = found([f"{ROAD}=30 min, 57 min, 4 h"], ["t100/pocket"], base=late)
    numbers = [study.metric("t100/pocket") for study in studies]
    came = [int((~np.isnan(column)).sum()) for column in numbers]
    assert came[0] == RUNS
    assert 0 < came[1] < RUNS
    assert came[2] == 0
    estimates = one.estimates["t100/pocket"]
    assert [estimate.came for estimate in estimates] == came
    assert estimates[1].mean == pytest.approx(np.nanmean(numbers[1]))
    assert estimates[1].band.p95 == np.inf
    assert one.extremes == {}

    path = tmp_path / "late.yaml"
    path.write_text(resolved_yaml(late), "utf-8")
    words = ("--vary", f"{ROAD}=30 min, 57 min, 4 h", "--metric", "t100")
    result = sweep(tmp_path / "results", path, *words)
    assert result.exit_code == 0
    assert f"in {came[1] / RUNS:.0%}" in result.stdout
    assert "in no run" in result.stdout
    assert "did not happen in every run of 2 points" in flat(result.stdout)
    (folder,) = (tmp_path / "results").iterdir()
    table = rows(folder / "sweep.csv")
    assert [row["p95"] == "" for row in table] == [False, True, True]
    assert [float(row["came_share"]) for row in table] == [n / RUNS for n in came]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--vary", "legs.raod.time=1 h"], "Did you mean 'road'?"),
        (["--vary", "legs.road.tim=1 h, 2 h"], "Did you mean 'time'?"),
        (["--vary", "fleets.buses.seats=60, -1"], "'-1' is negative"),
        (["--vary", "fleets.buses.seats=50 to 60"], "is an interval"),
        (["--vary", "fleets.buses.seats"], "a path and its values are needed"),
        (["--vary", f"{ROAD}=1 h to 2 h", "--points", "6", "--design", "sobol"],
         "Ask for 4 or 8 points"),
        (["--vary", f"{ROAD}=1 h to 2 h", "--design", "lhs"], "a number of points"),
        (["--vary", f"{ROAD}=1 h", "--metric", "t91"], "Did you mean"),
        (["--vary", f"{ROAD}=1 h", "--metric", "t90/pockt"], "'t90/pocket'"),
        (["--vary", f"{ROAD}=1 h", "--design", "cube"], "'grid', 'lhs', 'sobol'"),
        ([], "Missing option '--vary'"),
    ],
)  # fmt: skip
def test_wrong_words_are_answered_before_anything_runs(
    words, says, scenario, tmp_path, monkeypatch
):
    ran = []
    monkeypatch.setattr(Folder, "add", lambda store, rows: ran.append(rows))
    result = sweep(tmp_path, scenario, *words)
    assert result.exit_code == 2, result.stdout
    assert says in flat(result.stderr)
    assert ran == []
    assert list(tmp_path.iterdir()) == []


def test_everything_wrong_is_told_once(scenario, tmp_path):
    words = ("--vary", "legs.raod.time=1 h, 2 h", "--vary", "fleets.bus.seats=1, 2")
    result = sweep(tmp_path, scenario, *words)
    assert result.stderr.count("'legs.raod' does not exist") == 1
    assert result.stderr.count("'fleets.bus' does not exist") == 1


def test_what_is_varied_is_not_drawn(tmp_path):
    """Though one of its values is that of the file, and nothing seems changed."""
    world = operation(
        uncertain={
            PEOPLE: {"spread": "50 to 150"},
            "legs.road.time": {"spread": "30 min to 3 h"},
        }
    )
    path = tmp_path / "base.yaml"
    path.write_text(resolved_yaml(world), "utf-8")
    words = ("--vary", f"{PEOPLE}=100, 140", "--metric", "arrived", "--knowledge")
    result = sweep(tmp_path / "results", path, *words)
    assert result.exit_code == 0
    said = f"{PEOPLE} is varied, so no run draws it from its range."
    assert said in flat(result.stdout)
    (folder,) = (tmp_path / "results").iterdir()
    arrived = [
        (row["point"], row["arrived/pocket [people]"])
        for row in rows(folder / "runs.csv")
    ]
    assert set(arrived) == {("1", "100"), ("2", "140")}
    assert set(load(folder / "scenario.yaml").uncertain) == {ROAD}
    (first, _) = rows(folder / "sweep.csv")
    assert first["band"] == "knowledge and chance"

    quiet = sweep(tmp_path / "quiet", path, *words[:-1])
    assert "draws it" not in quiet.stdout


def test_points_share_what_is_drawn(tmp_path):
    world = operation(uncertain={PEOPLE: {"spread": "50 to 150"}})
    path = tmp_path / "base.yaml"
    path.write_text(resolved_yaml(world), "utf-8")
    words = ("--vary", f"{ROAD}=1 h, 2 h", "--metric", "arrived", "--knowledge")
    assert sweep(tmp_path / "results", path, *words).exit_code == 0
    (folder,) = (tmp_path / "results").iterdir()
    table = rows(folder / "runs.csv")
    first, second = (
        [row["arrived/pocket [people]"] for row in table if row["point"] == point]
        for point in "12"
    )
    assert first == second
    assert len(set(first)) > 1


def stopped_after(monkeypatch, chunks):
    whole, kept = Folder.add, []

    def add(store, rows):
        if len(kept) == chunks:
            raise KeyboardInterrupt
        kept.append(rows)
        whole(store, rows)

    monkeypatch.setattr(Folder, "add", add)


def test_a_stopped_sweep_goes_on_and_ends_as_if_undisturbed(
    scenario, tmp_path, monkeypatch
):
    words = (*VARY, *CHOSEN)
    assert sweep(tmp_path / "whole", scenario, *words).exit_code == 0
    with monkeypatch.context() as patch:
        stopped_after(patch, 5)
        result = sweep(tmp_path / "torn", scenario, *words)
    assert result.exit_code == 130
    assert "of 32 runs are kept" in result.stderr
    (folder,) = all_unfinished(tmp_path / "torn")
    study = found_study(folder)
    assert study.plan.base.operation == BASE
    assert len(list((folder / "scenarios").iterdir())) == 1
    result = call("resume", folder, "--workers", 2)
    assert result.exit_code == 0, result.stderr
    assert contents(tmp_path / "torn") == contents(tmp_path / "whole")


def test_any_number_of_workers_says_the_same(scenario, tmp_path):
    said = {}
    for workers in (1, 2):
        results = tmp_path / str(workers)
        result = sweep(results, scenario, *VARY, "--workers", workers)
        assert result.exit_code == 0
        said[workers] = result.stdout.splitlines()[:-1], contents(results)
    assert said[1] == said[2]


def test_failed_runs_are_rows_even_if_a_point_has_no_others(
    scenario, tmp_path, monkeypatch
):
    whole = replicate.simulate

    def failing(world, *, seed, replication):
        seats = world.fleets["buses"].seats
        if seats == 70 or (seats == 60 and replication == 3):
            raise ValueError("no")
        return whole(world, seed=seed, replication=replication)

    monkeypatch.setattr(replicate, "simulate", failing)
    words = ("--vary", "fleets.buses.seats=50, 60, 70", "--metric", "t90")
    result = sweep(tmp_path, scenario, *words)
    assert result.exit_code == 1
    assert "9 of 24 runs failed; why is in failures.csv." in result.stderr
    assert "1 run of point 2 failed" in flat(result.stdout)
    (folder,) = tmp_path.iterdir()
    failures = rows(folder / "failures.csv")
    assert [row["replication"] for row in failures] == ["3", *map(str, range(RUNS))]
    assert "scenarios/point-2.yaml" in failures[0]["repeat"]
    assert load(folder / failures[0]["scenario"]).fleets["buses"].seats == 60
    runs = [(row["runs"], row["failed"]) for row in rows(folder / "points.csv")]
    assert runs == [("8", "0"), ("7", "1"), ("0", "8")]
    last = rows(folder / "sweep.csv")[-1]
    assert (last["mean"], last["n"], last["came_share"]) == ("", "0", "")


@pytest.mark.parametrize(
    ("path", "texts", "unit", "numbers"),
    [
        (ROAD, ["2 h", "1 h"], "h", [2, 1]),
        (ROAD, ["90 min", "2 h"], "min", [90, 120]),
        (ROAD, ["1 h 30 min", "6 h"], "min", [90, 360]),
        (ROAD, ["1 h 30 min 18 s", "6 h"], "h", [1.505, 6]),
        (ROAD, ["1 h to 2 h", "1 h"], "", []),
        ("fleets.buses.seats", ["40", "50"], "", [40, 50]),
        (f"fleets.buses.joins.{START}", ["1", "2"], "", [1, 2]),
        ("flows.evacuation.opens", ["2020-01-01T02:00"], "local time", [7200]),
        ("flows.evacuation.hours", ["06:00 to 20:00"], "", []),
    ],
)
def test_numbers_have_one_unit(path, texts, unit, numbers):
    scale = scale_of(path, texts, BASE.clock)
    assert scale.unit == unit
    assert [scale.numbers[text] for text in texts if scale.numbers] == (
        pytest.approx(numbers)
    )


def drawn(vary, metrics, **ask):
    one, _ = found(vary, metrics, **ask)
    report = report_on_sweep(one, command="")
    return one, {
        picture.name: PICTURES[picture.drawing](*picture.arguments)
        for picture in report.pictures()
    }


def texts_of(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_of_one_field_each_metric_is_drawn_against_it():
    one, shown = drawn([f"{ROAD}=1 h to 3 h by 1 h"], ["t90/pocket", "waiting/pocket"])
    (figure,) = shown.values()
    assert list(shown) == ["sweep-pocket"]
    time, waiting = figure.axes
    assert waiting.get_xlabel() == "legs.road.time [h]"
    assert time.get_title(loc="left") == (
        "90 % arrived [local time (UTC), 2020], less is better"
    )
    assert waiting.get_title(loc="left") == "waiting [person-hours], less is better"
    labels = [label.get_text() for label in time.get_yticklabels()]
    assert labels == ["2 Jan", "2 Jan 12:00", "3 Jan", "3 Jan 12:00"]
    estimates = one.estimates["waiting/pocket"]
    (bars,) = waiting.containers
    line, _, _ = bars
    assert line.get_xdata().tolist() == [1, 2, 3]
    assert line.get_ydata().tolist() == [estimate.mean for estimate in estimates]
    segments = bars[2][0].get_segments()
    assert [segment[1][1] - segment[0][1] for segment in segments] == pytest.approx(
        [estimate.interval.high - estimate.interval.low for estimate in estimates]
    )
    (band,) = [c for c in waiting.collections if c.get_gid() == "band"]
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.tolist()}
    for x, estimate in zip((1, 2, 3), estimates, strict=True):
        assert {(x, estimate.band.p5), (x, estimate.band.p95)} <= corners
    assert any("(chance)" in text for text in texts_of(figure))


def test_dates_are_drawn_as_local_time():
    _, shown = drawn(
        ["flows.evacuation.opens=2020-01-01T06:00 to 2020-01-01T12:00 by 3 h"],
        ["t90/pocket"],
    )
    (ax,) = shown["sweep-pocket"].axes
    label = "flows.evacuation.opens [local time (UTC), 2020]"
    assert ax.get_xlabel() == label
    assert "1 Jan\n06:00" in [tick.get_text() for tick in ax.get_xticklabels()]


def test_of_two_fields_a_map_shows_the_numbers():
    vary = [f"{ROAD}=1 h, 2 h, 3 h", "fleets.buses.seats=50, 60"]
    one, shown = drawn(vary, ["waiting/pocket"])
    (ax,) = shown["sweep-pocket"].axes
    assert ax.get_xlabel() == "legs.road.time [h]"
    # The map is lower than the name beside it is long.
    assert ax.get_ylabel() == "fleets.\nbuses.\nseats"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "2", "3"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["50", "60"]
    (mesh,) = [c for c in ax.collections if c.get_gid() == "waiting/pocket"]
    means = [estimate.mean for estimate in one.estimates["waiting/pocket"]]
    assert mesh.get_array().T.ravel().tolist() == means
    written = {text.get_text() for text in ax.texts}
    assert written == {f"{mean:,.0f}" for mean in means}


def test_of_more_fields_each_has_a_panel_with_all_points():
    vary = [
        *(f"{ROAD}=1 h to 3 h", "fleets.buses.seats=50 to 60"),
        "flows.evacuation.unloading=5 min, 10 min",
    ]
    one, shown = drawn(vary, ["waiting/pocket", "t90/pocket"], points=8)
    (figure,) = shown.values()
    assert len(figure.axes) == 2 * 3
    assert [ax.get_xlabel() for ax in figure.axes[3:]] == [
        scale.column for scale in one.scales
    ]
    means = [estimate.mean for estimate in one.estimates["waiting/pocket"]]
    for ax in figure.axes[:3]:
        (bars,) = ax.containers
        assert bars[0].get_ydata().tolist() == means


@pytest.mark.parametrize(
    ("vary", "ask"),
    [
        (["legs.road.time=1 h, 1 h to 4 h, mostly 2 h"], {}),
        (["legs.road.time=1 h to 12 h by 1 h", "fleets.buses.seats=50 to 60 by 5"], {}),
        (
            [
                "legs.road.time=1 h to 3 h",
                "fleets.buses.seats=50 to 60",
                "flows.evacuation.boarding=5 min to 20 min",
                "flows.evacuation.unloading=5 min to 20 min",
            ],
            {"points": 4},
        ),
    ],
)
def test_text_can_be_read_and_stays_on_the_page(vary, ask):
    metrics = [f"{name}/pocket" for name in ("t50", "t90", "waiting")]
    long = operation(
        **LIVELY,
        sites__pocket__title="A town with a long name " * 9,
        operation="An operation " * 30,
    )
    _, shown = drawn(vary, metrics, base=long, runs=2, **ask)
    for figure in shown.values():
        sizes = [text.get_fontsize() for text in figure.findobj(Text)]
        box = figure.get_tightbbox()
        assert min(sizes) >= 7
        assert (box.min >= 0).all()
        assert (box.max <= figure.get_size_inches()).all()


def test_pictures_are_kept(scenario, tmp_path):
    words = ("--vary", f"{ROAD}=1 h, 2 h", "-n", 2, "--results", tmp_path)
    result = call("sweep", scenario, *words, "--workers", 1)
    assert result.exit_code == 0, result.stderr
    (folder,) = tmp_path.iterdir()
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {"sweep-pocket.png", "sweep-pocket.svg"}
