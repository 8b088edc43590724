"""What the pictures show is what the metrics and the evidence table say."""

import pickle
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from sim.evidence.figures import Figure
from sim.experiment import run_study
from sim.experiment.bands import Bands
from sim.metrics.exchange import waits
from sim.metrics.periods import agreement_states
from sim.metrics.waiting import by_cause, charges
from sim.plots import PICTURES, draw
from sim.plots.daily import daily
from sim.plots.exchange import exchange
from sim.plots.gates import gates
from sim.plots.journeys import journeys, places
from sim.plots.throughput import throughput
from sim.plots.timeaxis import axis_label
from sim.plots.timespace import timespace
from sim.plots.waiting import by_site, waiting
from sim.report.pictures import waiting as waiting_pictured
from sim.report.run import report_on_run
from sim.scenario import from_data, load
from sim.words import Words
from tests.builders import operation, shuttle, two_sides

TOWNS = Path(__file__).parents[1] / "scenarios" / "two-towns" / "scenario.yaml"


def documented(name, **columns):
    """Return a documented count of people from northtown."""
    row = {
        "id": name,
        "origin": "northtown",
        "metric": "cumulative_arrivals",
        "from": "2016-12-15T10:00",
        "to": "2016-12-15T14:00",
        "low": 400.0,
        "best": 500.0,
        "high": 650.0,
        "bound": "about",
        "unit": "people",
        "attributed_to": "somebody",
        "family": "press",
        "source": "S1",
        "role": "fit",
    }
    return Figure.model_validate(row | columns)


FOUND = (
    documented("as-of"),
    documented("at-least", low=300.0, best=300.0, high=None, bound="at_least",
               family="UN", role="check"),
    documented("later", **{"from": "2017-01-15T10:00", "to": "2017-01-16T10:00"}),
    documented("of-a-group", select="group=wounded"),
    documented("context", role="context", family="nobody"),
    documented("day", metric="arrivals_between", low=900.0, best=1000.0, high=1100.0,
               **{"from": "2016-12-15T00:00", "to": "2016-12-16T00:00"}),
    documented("half-a-day", metric="arrivals_between",
               **{"from": "2016-12-15T00:00", "to": "2016-12-15T12:00"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def towns():
    study = run_study(load(TOWNS), FOUND, seed=1, replications=5)
    return study, study.log_of(study.typical)


@pytest.fixture(scope="module")
def alone():
    return studied(operation())


def studied(plan, replications=1):
    study = run_study(plan, seed=1, replications=replications)
    assert not study.failures
    return study, study.log_of(study.typical)


def named(ax: Axes, name: str):
    """Return the one artist of some axes that was given a name."""
    (artist,) = ax.findobj(lambda artist: artist.get_gid() == name)
    return artist


def titled(figure, title):
    (ax,) = [ax for ax in figure.axes if ax.get_title(loc="left") == title]
    return ax


def pictures(study, log):
    """Return the pictures of a run, each with what it is drawn from."""
    report = report_on_run(study, log, name="test", command="python run.py run test")
    return {picture.name: picture.arguments for picture in report.pictures()}


def draw_all(study, log, folder):
    return {
        name: draw(name, arguments, folder, name)
        for name, arguments in pictures(study, log).items()
    }


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_median_ends_at_the_median_of_the_metric(towns):
    study, _ = towns
    figure = throughput(Bands(study))

    for site in ("northtown", "southtown"):
        line = named(titled(figure, site), "median")
        expected = np.median([run.metrics[f"arrived/{site}"] for run in study.runs])
        assert line.get_ydata()[-1] == expected
        assert line.get_xdata()[-1] == study.operation.horizon_s


def test_the_band_is_between_5_and_95_percent_of_the_runs(towns):
    study, _ = towns
    (path,) = named(titled(throughput(Bands(study)), "northtown"), "band").get_paths()
    curves = [run.arrivals["northtown"] for run in study.runs]
    low, high = np.quantile(curves, [0.05, 0.95], axis=0)
    changes = np.flatnonzero(np.diff(low) * np.diff(high)) + 1

    assert changes.size
    for place in changes:
        edges = path.vertices[path.vertices[:, 0] == study.grid_s[place]][:, 1]
        assert (edges.min(), edges.max()) == pytest.approx((low[place], high[place]))


def test_a_curve_ends_with_the_operation_though_the_grid_does_not():
    study, _ = studied(operation(ends="2020-01-01T03:25"))

    line = named(throughput(Bands(study)).axes[0], "median")

    assert line.get_xdata()[-1] == study.operation.horizon_s == 12_300
    assert line.get_ydata()[-1] == 50


def test_each_site_that_anybody_leaves_has_a_panel(towns):
    study, _ = towns

    assert len(throughput(Bands(study)).axes) == len(daily(Bands(study)).axes) == 2


def test_documented_intervals_end_where_the_table_says(towns):
    study, _ = towns
    ax = titled(throughput(Bands(study)), "northtown")
    segments = named(ax, "documented").get_segments()
    clock = study.operation.clock
    window = [clock.seconds(f"2016-12-15T{hour}:00") for hour in (10, 14)]

    upright = [np.sort(s[:, 1]).tolist() for s in segments if s[0, 0] == s[1, 0]]
    level = [s[:, 0].tolist() for s in segments if s[0, 1] == s[1, 1]]

    assert [400.0, 650.0] in upright
    assert len(upright) == 2  # not the later one, the group's, nor the context
    assert level == [window, window]


def test_an_open_end_has_an_arrow_and_starts_at_the_bound(towns):
    study, _ = towns
    figure = throughput(Bands(study))
    segments = named(titled(figure, "northtown"), "documented").get_segments()

    (open_ended,) = [s for s in segments if s[0, 0] == s[1, 0] and s[0, 1] == 300]
    assert open_ended[1, 1] > 300
    assert "at least" in words(figure)


def test_fitted_figures_are_filled_and_checked_ones_hollow(towns):
    study, _ = towns
    ax = titled(throughput(Bands(study)), "northtown")

    fitted = named(ax, "documented-press-fit")
    checked = named(ax, "documented-UN-check")

    assert fitted.get_markerfacecolor() == fitted.get_color()
    assert checked.get_markerfacecolor() == "white"
    assert fitted.get_marker() != checked.get_marker()


def test_what_is_documented_of_other_dates_is_counted_not_drawn(towns):
    study, _ = towns

    assert any(
        "1 documented figure of other" in text
        for text in words(throughput(Bands(study)))
    )


def test_bars_are_medians_of_days(towns):
    study, _ = towns
    ax = titled(daily(Bands(study)), "northtown")

    heights = [patch.get_height() for patch in ax.patches]

    rows = np.array([run.daily["northtown"] for run in study.runs])
    assert heights == np.median(rows, axis=0).tolist()


def test_only_what_is_documented_of_one_whole_day_stands_beside_a_bar(towns):
    study, _ = towns
    (segment,) = named(
        titled(daily(Bands(study)), "northtown"), "documented"
    ).get_segments()

    day_s = 86_400
    assert np.sort(segment[:, 1]).tolist() == [900.0, 1100.0]
    assert 0.5 * day_s < segment[0, 0] < day_s


def test_arrivals_before_the_first_midnight_have_a_day():
    study, _ = studied(operation(starts="2019-12-31T12:00",
                                 fleets__buses__joins={"2019-12-31T12:00": 2},
                                 ends="2020-01-11T00:00"))  # fmt: skip

    days = Bands(study).daily["pocket"]
    assert [day.median for day in days[:2]] == [100.0, 0.0]


def test_bands_say_what_they_are_over(towns):
    study, _ = towns
    for draw_one in (throughput, daily, waiting):
        assert any(
            "5-95 % of 5 runs (chance)" in text
            for text in words(draw_one(Bands(study)))
        )


def test_a_band_over_knowledge_says_so():
    study = run_study(load(TOWNS), seed=1, replications=2, band="knowledge and chance")

    text = " ".join(words(throughput(Bands(study))))

    assert "2 runs (knowledge and chance)" in text


def test_one_run_has_no_band(alone):
    study, _ = alone
    figure = throughput(Bands(study))

    assert not figure.findobj(lambda artist: artist.get_gid() == "band")
    assert any("1 run (chance), no band" in text for text in words(figure))


def test_steps_of_a_side_end_at_what_it_moved(towns):
    study, log = towns
    figure = exchange(study, log)
    people = sum(
        event.people
        for event in log.events
        if event.kind == "crossed"
        and event.place == "south-crossing"
        and event.flow == "south-families"
    )

    (line,) = figure.findobj(lambda artist: artist.get_gid() == "moved-south")

    assert line.get_ydata()[-1] == people == 700


def test_bars_of_a_side_are_its_waits_for_the_other(towns):
    study, log = towns
    plan = study.operation.agreements["exchange"]
    parties = {side: party.flows for side, party in plan.parties.items()}
    held = [w.hold for w in waits(log, "exchange", parties) if w.side == "south"]
    assert held

    (bars,) = exchange(study, log).findobj(
        lambda artist: artist.get_gid() == "waits-south-north"
    )
    ends = np.array([path.get_extents().intervalx for path in bars.get_paths()])

    assert ends.min() == min(hold.since_s for hold in held)
    assert ends.max() == max(hold.until_s for hold in held)


def test_a_journey_is_the_log_along_the_route(towns):
    study, log = towns
    route = study.operation.routes["north-to-harbour"]
    heights = dict(places(study.operation, route, log))

    first = journeys(log, ["north-families"], heights)[0]
    mine = [event for event in log.events if event.convoy == first.convoy]
    crossed = [
        (event.time_s, heights[event.place])
        for event in mine
        if event.kind == "crossed"
    ]
    reached = next(event.time_s for event in mine if event.kind == "reached")

    assert list(heights) == ["northtown", "north-crossing", "bridge", "harbour"]
    assert set(crossed) <= set(first.points)
    assert (reached, 1.0) in first.points
    assert first.ended == "arrived"
    assert [at for _, at in first.points] == sorted(at for _, at in first.points)


def test_convoys_that_turn_back_come_back_in_the_picture():
    plan = operation(
        gates={"gate": {}},
        routes__out__through=["road", "gate", "road-2"],
        legs__road_D_2={"time": "30 min"},
        stoppages={
            "shut": {
                "cause": "Shut",
                "closes": ["gate"],
                "starts": "2020-01-01T01:00",
                "lasts": "3 h",
                "caught": "turn_back",
            }
        },
    )
    study, log = studied(plan)
    heights = dict(places(plan, plan.routes["out"], log))

    first = journeys(log, ["evacuation"], heights)[0]

    assert first.turned == (70 * 60, heights["gate"])
    assert first.points[-1] == (130 * 60, 0.0)
    assert "turned back" in words(timespace(study, log))


def test_each_route_that_was_used_has_a_panel(towns):
    study, log = towns
    figure = timespace(study, log)

    assert len(figure.axes) == 2
    lines = figure.axes[0].findobj(
        lambda artist: (artist.get_gid() or "").startswith("flow-")
    )
    loaded = {trip.convoy for trip in log.trips if trip.flow.startswith("north")}
    assert sum(len(line.get_segments()) for line in lines) == len(loaded)


def test_closed_gates_are_bars_as_long_as_they_were_closed(towns):
    study, log = towns
    (bars,) = gates(study, log).findobj(
        lambda artist: artist.get_gid() == "closed-north-crossing"
    )
    (bar,) = bars.get_paths()
    clock = study.operation.clock

    assert bar.get_extents().intervalx.tolist() == [
        clock.seconds("2016-12-15T13:00"),
        clock.seconds("2016-12-15T18:00"),
    ]


def test_states_of_an_agreement_fill_the_time_from_its_proposal(towns):
    study, log = towns
    found = agreement_states(log, study.operation.agreements)

    assert found[0].what == "proposed"
    assert found[-1].until_s == log.horizon_s
    for before, after in pairwise(found):
        assert before.until_s == after.since_s


def test_waiting_adds_up_to_the_metric(towns):
    study, _ = towns
    table = by_site(Bands(study))
    whole = {site: sum(row.values()) for site, row in table.items()}

    for site, hours in whole.items():
        runs = [run.metrics[f"waiting/{site}"] for run in study.runs]
        assert hours == pytest.approx(np.mean(runs))

    ax = waiting(Bands(study)).axes[0]
    reach = [patch.get_x() + patch.get_width() for patch in ax.patches]
    assert max(reach) == pytest.approx(max(whole.values()))


def test_shares_of_waiting_are_written_down(alone):
    study, _ = alone
    row = by_site(Bands(study))["pocket"]
    share = 100 * row["no vehicle"] / sum(row.values())

    assert words(waiting(Bands(study))).count(f"{share:.0f} %") == 1  # in the table


def test_shares_of_waiting_are_those_of_all_hours_of_all_runs(towns):
    study, _ = towns
    booked = [charges(study.log_of(run)) for run in range(len(study.runs))]
    groups = waiting_pictured(Bands(study)).table.groups

    for site, group in zip(study.layout.origins, groups, strict=True):
        hours = sum((Counter(by_cause(each, site)) for each in booked), Counter())
        shares = [number / hours.total() for _, number in hours.most_common()]
        assert [row[2].value for row in group.rows] == pytest.approx(shares)


def test_what_does_not_apply_is_left_out(alone, tmp_path):
    study, log = alone

    assert exchange(study, log) is None
    assert gates(study, log) is None
    assert draw("exchange", (study, log), tmp_path, "exchange") is None
    assert list(draw_all(study, log, tmp_path)) == [
        "throughput", "daily", "receiving", "waiting", "timespace",
    ]  # fmt: skip


def test_nobody_to_leave_leaves_nothing_to_draw():
    study, log = studied(operation(sites__pocket__groups__civilians__stay=100))

    assert pictures(study, log) == {}


def test_nobody_arrived_is_said():
    study, log = studied(operation(ends="2020-01-01T01:00"), replications=2)

    assert "nobody arrived in any run" in words(throughput(Bands(study)))
    assert "nobody arrived in any run" in words(daily(Bands(study)))
    assert timespace(study, log) is not None


@pytest.mark.slow
def test_the_same_study_twice_gives_the_same_bytes(towns, tmp_path):
    study, log = towns
    again = run_study(load(TOWNS), FOUND, seed=1, replications=5)

    first = draw_all(study, log, tmp_path / "first")
    second = draw_all(again, again.log_of(again.typical), tmp_path / "second")

    assert list(first) == list(second)
    assert set(first) == {
        *("throughput", "daily", "receiving", "waiting", "exchange"),
        *("timespace", "gates"),
    }
    for name, files in first.items():
        for one, other in zip(files[:2], second[name][:2], strict=True):
            assert one.read_bytes() == other.read_bytes(), one.name


def test_a_picture_can_be_drawn_in_another_process(alone, tmp_path):
    study, _ = alone
    work = pickle.loads(
        pickle.dumps(partial(draw, "waiting", (Bands(study),), tmp_path, "waiting"))
    )

    assert [file.name for file in work()[:2]] == ["waiting.png", "waiting.svg"]


def arabic():
    """Return an operation with long titles from right to left, and thirty flows."""
    data = shuttle(ends="2020-01-04T12:00")
    data["operation"] = "إجلاء من المدينة المحاصرة $5 to $10 " + "and so on " * 30
    data["sites"]["pocket"] = {
        "title": "المدينة القديمة " * 12,
        "groups": {f"g{n}": {"people": 30 + n} for n in range(30)},
    }
    data["gates"] = {"exit": {"title": "معبر الراموسة " * 5}}
    data["routes"]["out"]["through"] = ["exit", "road"]
    data["fleets"]["buses"] |= {"seats": 10, "joins": {"2020-01-01T00:00": 40}}
    data["stoppages"] = {
        "noon": {
            "cause": "إغلاق المعبر عدة ساعات " * 9,
            "closes": ["exit"],
            "starts": "2020-01-01T01:00",
            "lasts": "3 h",
        }
    }
    flow = data["flows"].pop("evacuation")
    for n in range(30):
        title = f"تدفق {n} with a long title that goes on and on and then on"
        data["flows"][f"flow-{n}"] = flow | {"groups": [f"g{n}"], "title": title}
    return from_data(data)


def deadly_long():
    """Return two sides with long titles whose agreement is suspended all the time."""
    terms = {
        "title": "An agreement whose title nobody has ever read to its end " * 3,
        "unit": "convoys",
        "tranches": [{"north": 1, "south": 1}, {"north": "rest", "south": "rest"}],
    }
    shots = {
        "cause": "Shots",
        "closes": ["north-gate"],
        "every": "on average 6 h, memoryless",
        "lasts": "1 h",
        "suspends": ["deal"],
    }
    return two_sides(
        terms=terms, stoppages={"shots": shots}, sites__north__title="Long name " * 20
    )


@pytest.mark.parametrize("plan", [arabic, deadly_long])
def test_text_can_be_read_and_stays_on_the_page(plan):
    study, log = studied(plan(), replications=2)

    for name, arguments in pictures(study, log).items():
        figure = PICTURES[name](*arguments)
        sizes = [text.get_fontsize() for text in figure.findobj(Text)]
        drawn = figure.get_tightbbox()
        assert min(sizes) >= 7, name
        assert (drawn.min >= 0).all(), name
        assert (drawn.max <= figure.get_size_inches()).all(), name


def test_dollars_in_titles_are_dollars():
    study, _ = studied(operation(operation="From $5 to $10"))

    (title,) = throughput(Bands(study)).findobj(
        lambda artist: isinstance(artist, Text) and "$" in artist.get_text()
    )
    assert not title.get_parse_math()


@pytest.mark.parametrize(
    ("zone", "starts", "ends", "expected"),
    [
        ("UTC", "2020-01-01T00:00", "2020-01-11T00:00", "(UTC), 2020"),
        ("Asia/Kathmandu", "2020-01-01T00:00", "2020-01-11T00:00",
         "(Asia/Kathmandu, UTC+5:45), 2020"),
        ("Europe/Berlin", "2020-03-20T00:00", "2020-04-02T00:00",
         "(Europe/Berlin, UTC+1 then UTC+2), 2020"),
        ("America/Bogota", "2019-12-30T00:00", "2020-01-11T00:00",
         "(America/Bogota, UTC-5), 2019-2020"),
    ],
)  # fmt: skip
def test_the_time_axis_names_its_zone(zone, starts, ends, expected):
    plan = operation(
        zone=zone, starts=starts, ends=ends, fleets__buses__joins={starts: 1}
    )

    assert Words().of(axis_label(plan)) == f"local time {expected}"
