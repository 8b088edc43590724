"""What stands above pages, pictures and charts: the answer, in a line."""

import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.text import Text

from sim.experiment import run_study
from sim.experiment.designs import design
from sim.plots import draw
from sim.plots.comparison import differences
from sim.plots.pictures import PICTURES
from sim.report.comparison import comparison_data, report_on_comparison
from sim.report.comparison_tables import percent
from sim.report.headlines import of_points
from sim.report.sweep import report_on_sweep
from sim.words import Words, say
from tests.test_reports_of_variants import BASE, T100, WAITING, compared, points

ARRIVED, HELD = "arrived/pocket", "held_aboard/pocket"
words = Words()


@pytest.fixture(scope="module")
def study():
    return run_study(BASE, seed=1, replications=6)


def headline(found):
    return words.of(report_on_comparison(found, command="run").headline)


@pytest.mark.parametrize(
    ("metric", "base", "variant", "said"),
    [
        (T100, [30] * 6, [13, 12, 11, 9, 8, 7],
         "base: pocket out 20.0 h earlier (15.4 to 24.6)"),
        (T100, [10] * 6, [27, 28, 29, 31, 32, 33],
         "base: pocket out 20.0 h later (15.4 to 24.6)"),
        ("t50/pocket", [30] * 6, [13, 12, 11, 9, 8, 7],
         "base: half arrived (pocket) 20.0 h earlier (15.4 to 24.6)"),
        (T100, [30] * 6, [10] * 6, "base: pocket out 20.0 h earlier"),
        (ARRIVED, [100] * 6, [140, 150, 140, 150, 140, 150],
         "base: arrived (pocket) 45 people more (34 to 56)"),
        (WAITING, [900] * 6, [700, 710, 700, 710, 700, 710],
         "base: waiting (pocket) 195 person-h less (184 to 206)"),
        (T100, [10, 20, 10, 20, 10, 20], [20, 10, 20, 10, 20, 11],
         "base: no sure change of all arrived (pocket)"),
    ],
)  # fmt: skip
def test_a_comparison_says_what_the_variant_does(study, metric, base, variant, said):
    """Bounds are those of the change, the smaller first, whichever way it goes."""
    found = compared(
        study, ("v", {metric: variant}), base={metric: base}, metrics=(metric,)
    )

    assert headline(found) == said


def test_a_comparison_without_a_change_has_no_headline(study):
    found = compared(study, ("v", {T100: [10] * 6}))

    assert report_on_comparison(found, command="run").headline is None


@pytest.mark.parametrize(
    ("metric", "base", "variant", "shown"),
    [
        (ARRIVED, 100, 150, 50.0),
        (ARRIVED, 100, 1_000, 900.0),
        (ARRIVED, 100, 1_200, None),  # near zero beside what comes of it
        (HELD, 0.4, 5_000, None),
        (HELD, 0, 5, None),
        (T100, 10, 12, None),  # hours from a start that somebody chose
    ],
)
def test_percents_only_of_a_base_that_is_something(study, metric, base, variant, shown):
    found = compared(
        study,
        ("v", {metric: [variant, variant + 1] * 3}),
        base={metric: [base, base + 1] * 3 if base > 1 else [base] * 6},
        metrics=(metric,),
    )
    row = found.rows[0]
    cell = dict(
        zip(
            comparison_data(found)["comparison"].columns,
            next(iter(comparison_data(found)["comparison"].rows)),
            strict=True,
        )
    )["change_percent"]

    assert (percent(row) == percent(row)) is (shown is not None)
    assert cell == pytest.approx(shown or float("nan"), nan_ok=True, rel=0.02)


def axes_of(figure):
    return [ax for ax in figure.axes if ax.lines]


def test_changes_in_one_unit_have_one_scale(study):
    numbers = {T100: [20, 21, 22, 24, 25, 26], "t50/pocket": [9, 8, 7, 5, 4, 3]}
    numbers[ARRIVED] = [50, 51, 52, 54, 55, 56]
    base = {T100: [30] * 6, "t50/pocket": [10] * 6, ARRIVED: [100] * 6}
    found = compared(study, ("v", numbers), base=base, metrics=tuple(numbers))
    hours, more_hours, people = axes_of(differences(found))

    assert hours.get_xlim() == more_hours.get_xlim()
    low, high = hours.get_xlim()
    assert low < min(row.paired.low for row in found.rows[:2])
    assert high > 0
    assert people.get_xlim() != hours.get_xlim()


@pytest.mark.parametrize(("variant", "faded"), [
    ([20, 21, 22, 24, 25, 26], False),
    ([40, 21, 34, 26, 33, 28], True),
])  # fmt: skip
def test_what_may_be_chance_is_pale_and_hollow(study, variant, faded):
    found = compared(study, ("v", {T100: variant}), base={T100: [30] * len(variant)})
    (ax,) = axes_of(differences(found))
    (bar,) = [each for each in ax.containers if isinstance(each, ErrorbarContainer)]

    assert found.rows[0].significant is not faded
    assert (bar.lines[0].get_alpha() < 0.5) is faded
    assert (bar.lines[0].get_markerfacecolor() == "white") is faded


def test_moments_have_a_date_beside_their_hours(study):
    found = compared(study, ("v", {T100: [10, 11] * 3}), base={T100: [30] * 6})
    report = report_on_comparison(found, command="run")
    name = say("Means {name}", name="v")
    means = next(t for t in report.tables("terminal") if t.name == name)
    _, base, variant, *_ = next(means.rows)

    assert words.of(base) == "30.0\n2020-01-02 06:00"
    assert words.of(variant) == "10.5\n2020-01-01 10:30"


def test_a_sweep_says_which_point_is_best_if_one_is(study):
    vary = ["legs.road.time=1 h, 2 h"]
    near, far = [10, 11, 10, 11, 10, 11], [50, 51, 52, 50, 51, 52]
    found, _ = points(study, vary, far, near)
    alike, _ = points(study, vary, [10, 30, 11, 28, 12, 29], [30, 10, 28, 11, 29, 12.5])

    assert words.of(report_on_sweep(found, command="run").headline) == (
        "pocket, all arrived: best with road.time 2 h, 2020-01-01 10:30"
    )
    assert words.of(of_points(alike, T100, None)) == (
        "pocket, all arrived: no point is surely better than others"
    )


def test_a_title_is_as_wide_as_its_picture_at_most(study, tmp_path):
    found = compared(study, ("v", {T100: [10, 11] * 3}), base={T100: [30] * 6})
    long = "WHEREVER A BUS CAN GO, " * 6
    seen = []

    def drawing():
        seen.append(differences(found))
        return seen[-1]

    draw(drawing, (), tmp_path, "long", long)
    (figure,) = seen
    (title,) = [t for t in figure.findobj(Text) if t.get_gid() == "picture-title"]
    box = title.get_window_extent()
    assert title.get_text().startswith("WHEREVER")
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width


@pytest.mark.parametrize(
    "vary",
    [
        ["flows.evacuation.boarding=10 min, 20 min", "legs.road.time=1 h, 2 h, 3 h"],
        ["legs.road.time=1 h, 2 h, 3 h", "flows.evacuation.boarding=10 min, 20 min"],
        [
            "flows.evacuation.opens=2020-01-01T00:00, 2020-01-01T05:30",
            "flows.evacuation.unloading=1 min to 2 min, 30 min to 40 min",
        ],
    ],
)
@pytest.mark.parametrize("metrics", [(T100,), (T100, WAITING)])
def test_no_label_of_a_map_runs_off_its_page_or_over_another(study, vary, metrics):
    """Also not the long name of a field beside a map of two rows."""
    size = len(design(vary, BASE.clock).points)
    found, _ = points(
        study, vary, *([n * 11111.5, n + 1.5] * 3 for n in range(size)), metrics=metrics
    )
    picture = next(report_on_sweep(found, command="run").pictures())
    assert picture.drawing == "sweep-map"
    figure = PICTURES["sweep-map"](*picture.arguments)
    figure.draw_without_rendering()
    shown = [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible()
    ]
    labels = [(text.get_text(), text.get_window_extent()) for text in shown]

    for said, box in labels:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.width, said
        assert 0 <= box.y0 < box.y1 <= figure.bbox.height, said
    for number, (said, box) in enumerate(labels):
        over = [other for other, its in labels[:number] if box.overlaps(its)]
        assert not over, said
