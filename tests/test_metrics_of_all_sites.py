"""Numbers of all sites together, and at a moment: by hand, by another count, and laws.

The shuttle takes 50 people at minute 0 and again at minute 135; they arrive at minutes
75 and 210.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compare, report_on, run_study
from sim.errors import OptionError, ScenarioError
from sim.events import Kind
from sim.experiment.compare import METRICS_OF_ALL, better, chosen
from sim.metrics import registry
from sim.metrics.account import Account
from sim.metrics.moments import STOCKS, at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import full_names, measured, summary_of
from sim.scenario import resolved_yaml
from sim.scenario.checks.sites import TAKEN
from sim.words import Words
from sim.words.metrics import in_full, label, of_key
from tests.builders import at, operation, two_sides
from tests.commands import call, flat, rows
from tests.test_metrics_properties import GROUPS, SITES, logs
from tests.test_metrics_story import Story, exchange, town

HORIZON = 2000
SUMS = ("arrived", "not_arrived", "convoys_arrived", "turned_back", "unaccounted")
PERCENTS = ("t50", "t90", "t100")
SHUTTLE = operation()


def numbers(log, *asked):
    """Return all metrics of a log, with moments written as its seconds."""
    return summary_of(Account(log), measured(asked, int))


def shuttle(name):
    """Return a number of the one run of the shuttle, whose luck makes no difference."""
    study = run_study(SHUTTLE, metrics=[name], replications=1)
    (value,) = study.metric(f"{name}/{ALL_SITES}")
    return value


# All sites together


def test_everybody_is_out_when_the_last_site_is() -> None:
    """50 of the city arrive at 2,600 s and 30 of the village at 2,900 s."""
    found = numbers(exchange().log())
    assert found["arrived/all"] == 80
    assert found["t50/all"] == 2600 / 3600
    assert found["t100/all"] == found["t100/village"] == 2900 / 3600
    assert found["t100/city"] == found["first_arrival/all"] == 2600 / 3600
    assert found["last_arrival/all"] == 2900 / 3600
    assert found["convoys_arrived/all"] == 2


def test_half_of_all_have_arrived_with_the_person_who_makes_it_half() -> None:
    """Of a hundred, fifty come with the first convoy and the rest with the second."""
    story = Story(10_000, {"out": "town"}, {"buses": "bus"})
    story.start("town", civilians=100)
    for convoy, second in (("out-1", 1000), ("out-2", 2000)):
        story.at(second).form("out", convoy, buses=1)
        story.board(convoy, civilians=50)
        story.at(second + 500).empty(Kind.ARRIVED, convoy, "camp")
    found = numbers(story.log())
    assert found["t50/all"] == found["t50/town"] == 1500 / 3600
    assert found["t90/all"] == found["t100/town"] == 2500 / 3600


def test_one_site_is_all_sites() -> None:
    found = numbers(town().log())
    for name in (*SUMS, *PERCENTS, "waiting", "held_aboard", "wounded_wait"):
        one, whole = found[f"{name}/town"], found[f"{name}/all"]
        assert one == whole or (math.isnan(one) and math.isnan(whole)), name


def test_wounded_of_all_sites_count_by_the_person_not_by_the_site() -> None:
    """One of the city is lost sight of after 100 s, three of the village stay there."""
    story = Story(5000, {"out": "city", "away": "village"}, {"buses": "bus"})
    story.start("city", wounded=1)
    story.start("village", wounded=3)
    story.form("out", "out-1", buses=1)
    story.board("out-1", wounded=1)
    story.at(100).lose_sight_of("out-1", "gate", "wounded", 1)
    found = numbers(story.log())
    assert found["wounded_wait/city"] == 100 / 3600
    assert found["wounded_wait/village"] == pytest.approx(5000 / 3600)
    assert found["wounded_wait/all"] == pytest.approx((100 + 3 * 5000) / 4 / 3600)


def test_nobody_wounded_has_no_wait_of_the_wounded() -> None:
    found = numbers(exchange().log())
    assert not [name for name in found if name.startswith("wounded_wait")]


@given(logs())
def test_all_sites_are_the_sum_or_the_last_of_them(log) -> None:
    found = numbers(log)
    account = Account(log)
    for name in (*SUMS, "waiting", "held_aboard"):
        parts = [found[f"{name}/{site}"] for site in SITES.values()]
        assert found[f"{name}/all"] == pytest.approx(sum(parts))
    expected = [site for site in SITES.values() if account.expected(site)]
    last = [found[f"t100/{site}"] for site in expected]
    whole = found["t100/all"]
    if not last or any(map(math.isnan, last)):
        assert math.isnan(whole)
    else:
        assert whole == max(last)


@given(logs(), st.sampled_from((50, 90, 100)))
def test_a_plain_walk_finds_when_so_many_percent_of_all_had_arrived(
    log, percent
) -> None:
    people = sum(
        {Kind.STARTED: 1, Kind.STAYED: -1, Kind.UNACCOUNTED: -1}.get(event.kind, 0)
        * event.people
        for event in log.events
    )
    arrived, when = 0, math.nan
    for event in log.events:
        if event.kind is Kind.ARRIVED:
            arrived += event.people
            if arrived * 100 >= percent * people > 0 and math.isnan(when):
                when = event.time_s / 3600
    found = numbers(log)[f"t{percent}/all"]
    assert found == when or (math.isnan(found) and math.isnan(when))


@given(logs())
def test_wounded_wait_of_all_lies_between_that_of_the_sites(log) -> None:
    found = numbers(log)
    sites = [found[n] for s in SITES.values() if (n := f"wounded_wait/{s}") in found]
    if sites:
        whole = found["wounded_wait/all"]
        assert min(sites) <= whole + 1e-9
        assert whole <= max(sites) + 1e-9


# Names


def test_a_bare_name_stands_for_all_sites_only_beside_several() -> None:
    several = ("t50/a", "t50/b", "t50/all", "arrived/a")
    assert full_names("t50", several) == ("t50/a", "t50/b", "t50/all")
    assert full_names("t50", ("t50/a", "t50/all")) == ("t50/a",)
    assert full_names("t50/all", ("t50/a", "t50/all")) == ("t50/all",)
    assert full_names("fleet_use", ("fleet_use/all",)) == ("fleet_use/all",)
    assert full_names("t5", several) == full_names("t50/al", several) == ()


def test_all_sites_come_first_among_what_is_compared() -> None:
    two = run_study(two_sides(), replications=1)
    names = chosen(two)
    assert names[: len(METRICS_OF_ALL)] == tuple(f"{n}/all" for n in METRICS_OF_ALL)
    one = run_study(SHUTTLE, replications=1)
    assert {name.partition("/")[2] for name in chosen(one)} == {"pocket"}


def test_no_site_may_be_called_what_stands_for_all() -> None:
    assert TAKEN == ALL_SITES
    with pytest.raises(ScenarioError, match="'all' stands for all sites together"):
        operation(sites__all={})


def test_all_sites_are_named_in_words() -> None:
    words, world = Words(), two_sides()
    assert words.of(in_full("t100/all", world)) == "all arrived (all sites)"
    assert words.of(of_key(world, "north")) == "north"
    moment = "still_inside@2020-01-01T02:00/all"
    assert words.of(label(moment)) == "still inside at 2020-01-01 02:00"
    assert words.of(label(f"fewer_than_1500_{moment}")) == (
        "fewer than 1,500 still inside at 2020-01-01 02:00"
    )


def test_the_typical_run_is_chosen_by_sites_and_not_by_all_of_them() -> None:
    """As before there was a number of all: twice the weight of the latest site."""
    study = run_study("two-towns", replications=6)
    table = [study.metric(f"last_arrival/{s}") for s in sorted(study.layout.origins)]
    middle = [
        sorted(column)[len(column) // 2 - 1 : len(column) // 2 + 1] for column in table
    ]
    off = [
        sum(
            abs(column[run] - sum(m) / 2)
            for column, m in zip(table, middle, strict=True)
        )
        for run in range(6)
    ]
    assert study.typical == off.index(min(off))


# At a moment


@pytest.mark.parametrize(
    ("minute", "inside", "aboard", "arrived"),
    [
        *((0, 50, 50, 0), (74, 50, 50, 0), (75, 50, 0, 50), (134, 50, 0, 50)),
        *((135, 0, 50, 50), (209, 0, 50, 50), (210, 0, 0, 100)),
    ],
)
def test_where_people_are_at_a_moment(minute, inside, aboard, arrived) -> None:
    when = at(minute)
    for stock, people in (
        ("still_inside", inside),
        ("yet_to_leave", inside),
        ("aboard", aboard),
        ("arrived", arrived),
        ("unaccounted", 0),
    ):
        assert shuttle(f"{stock}@{when}") == people
        assert shuttle(f"fewer_than_{people}_{stock}@{when}") == 0
        assert shuttle(f"fewer_than_{people + 1}_{stock}@{when}") == 1


def test_who_stays_is_inside_and_not_yet_to_leave() -> None:
    found = numbers(
        town().log(), "still_inside@0", "yet_to_leave@0", "unaccounted@6500"
    )
    assert found["still_inside@0/town"] == 120
    assert found["yet_to_leave@0/all"] == 110
    assert found["unaccounted@6500/town"] == 3


@given(logs(), st.integers(0, HORIZON))
def test_everybody_is_in_one_place_at_any_moment(log, second) -> None:
    """Inside, aboard, arrived or lost: together all who were there at the start."""
    places = ("still_inside", "aboard", "arrived", "unaccounted")
    found = numbers(log, *(f"{place}@{second}" for place in places))
    for site in (*SITES.values(), "all"):
        parts = [found[f"{place}@{second}/{site}"] for place in places]
        assert min(parts) >= 0
        started = sum(
            event.people
            for event in log.events
            if event.kind is Kind.STARTED and site in {"all", event.place}
        )
        assert sum(parts) == started


@given(logs(), st.integers(0, HORIZON))
def test_a_moment_agrees_with_the_curves_of_a_run(log, second) -> None:
    account = Account(log)
    found = numbers(log, f"still_inside@{second}", f"arrived@{second}")
    for site in SITES.values():
        inside = sum(
            account.inside[site, group].at(second)
            for group in GROUPS
            if (site, group) in account.inside
        )
        assert found[f"still_inside@{second}/{site}"] == inside
        arrived = account.arrivals[site].at(second)
        assert found[f"arrived@{second}/{site}"] == arrived


@given(logs(), st.integers(0, 70))
def test_at_the_end_the_numbers_are_those_of_the_whole_run(log, fewer) -> None:
    asked = (f"arrived@{HORIZON}", f"fewer_than_{fewer}_arrived@{HORIZON}")
    found = numbers(log, *asked)
    assert found[f"{asked[0]}/all"] == found["arrived/all"]
    assert found[f"{asked[1]}/all"] == float(found["arrived/all"] < fewer)


def test_what_is_better_at_a_moment_follows_from_who_is_asked_for() -> None:
    signs = {stock: better(f"{stock}@2020-01-01T00:00/all") for stock in STOCKS}
    assert signs == {
        "still_inside": -1,
        "yet_to_leave": -1,
        "aboard": 0,
        "arrived": 1,
        "unaccounted": -1,
        "lives_lost": -1,
    }
    for stock, sign in signs.items():
        assert better(f"fewer_than_9_{stock}@2020-01-01T00:00") == -sign


def test_a_probability_is_the_share_of_runs() -> None:
    """Counted over the runs that the same study holds."""
    when = "2016-12-15T20:00"
    name = f"still_inside@{when}"
    study = run_study(
        "two-towns", metrics=[name, f"fewer_than_434_{name}"], replications=30
    )
    people = study.metric(f"{name}/northtown")
    said = study.metric(f"fewer_than_434_{name}/northtown")
    assert 0 < said.mean() < 1
    assert said.mean() == (people < 434).mean()
    text = flat(str(report_on(study)))
    assert "still inside at 2016-12-15 20:00 northtown" in text
    assert f"{said.mean():.0%}" in text


def test_asking_at_a_moment_changes_no_other_number() -> None:
    plain = run_study("two-towns", replications=3)
    asked = run_study("two-towns", metrics=["aboard@2016-12-15T20:00"], replications=3)
    assert set(plain.layout.metrics) < set(asked.layout.metrics)
    for name in plain.layout.metrics:
        one, other = plain.metric(name), asked.metric(name)
        np.testing.assert_array_equal(one, other)


def test_variants_are_compared_at_a_moment() -> None:
    """With twice the seats all are aboard at once, and nobody is inside."""
    more = operation(fleets__buses__seats=100)
    name = f"still_inside@{at(60)}"
    found = compare(SHUTTLE, more, metrics=[name], replications=2)
    (row,) = found.rows
    assert row.metric == f"{name}/pocket"
    assert (row.paired.base, row.paired.variant) == (50, 0)
    assert row.improved


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "stil_inside@2016-12-15T20:00",
            "Did you mean 'still_inside@2016-12-15T20:00'",
        ),
        ("still_inside", "'still_inside' is counted at a moment. Write for example"),
        ("still_inside@", "'still_inside' is counted at a moment. Write for example"),
        ("still_inside@soon", "'soon' is not a local date and time"),
        ("still_inside@2017-12-15T20:00", "runs from 2016-12-15T00:00 to 2016-12-19"),
        ("still_inside@2016-12-14T23:59", "Name a moment of it."),
        ("still_inside@2016-12-15T20:00/nort", "/northtown'?"),
        ("fewer_than_-1_aboard@2016-12-15T20:00", "there is no metric"),
        ("t100/al", "Did you mean 't100/all'?"),
        ("t10", "Did you mean 't100'?"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_nearest(name, sentence) -> None:
    with pytest.raises(OptionError) as caught:
        run_study("two-towns", metrics=[name], replications=1)
    assert sentence in str(caught.value)


def test_an_hour_that_comes_twice_must_say_which_it_is() -> None:
    twice = operation(
        zone="Europe/Berlin",
        starts="2016-10-29T00:00",
        ends="2016-11-02T00:00",
        fleets__buses__joins={"2016-10-29T00:00": 1},
    )
    with pytest.raises(OptionError, match=r"comes twice .*\+02:00 for the first"):
        run_study(twice, metrics=["aboard@2016-10-30T02:30"], replications=1)
    name = "aboard@2016-10-30T02:30+01:00"
    study = run_study(twice, metrics=[name], replications=1)
    assert study.metric(f"{name}/all").tolist() == [0]


def test_a_name_that_is_no_moment_asks_for_none() -> None:
    assert at_moment("t100/all") is None
    assert at_moment("t100@2016-12-15T20:00") is None
    with pytest.raises(KeyError):
        registry.metric_of("t100@2016-12-15T20:00")


def test_studies_on_the_command_line_take_moments_and_all_sites(tmp_path) -> None:
    when = "2016-12-15T20:00"
    common = ("--results", tmp_path, "--workers", 1)
    done = call(
        *("run", "two-towns", "-n", 60, "--no-figures", *common),
        *("--metric", f"fewer_than_434_still_inside@{when}"),
        *("--until-precise", f"still_inside@{when}/all=1000"),
    )
    assert done.exit_code == 0, done.output
    assert f"still_inside@{when}/all" in done.stdout
    (folder,) = tmp_path.iterdir()
    named = {row["metric"]: row for row in rows(folder / "summary.csv")}
    assert named[f"still_inside@{when}/all"]["unit"] == "people"
    assert named[f"fewer_than_434_still_inside@{when}/all"]["unit"] == "1"
    done = call(
        *("sweep", "two-towns", "--vary", "fleets.buses.seats=40, 50", "-n", 2),
        *("--no-figures", *common),
        *("--metric", f"still_inside@{when}/all", "--metric", "t100/all"),
    )
    assert done.exit_code == 0, done.output
    assert "all sites" in done.stdout


def test_the_best_is_selected_by_who_is_inside_at_a_moment(tmp_path) -> None:
    paths = []
    for seats in (50, 100):
        path = tmp_path / f"seats-{seats}.yaml"
        world = operation(fleets__buses__seats=seats)
        path.write_text(resolved_yaml(world), "utf-8")
        paths.append(path)
    results = ("--results", tmp_path / "results", "--workers", 1)
    metric = ("--metric", f"still_inside@{at(60)}/all", "--matters", 5)
    done = call("select", *paths, *metric, *results)
    assert done.exit_code == 0, done.output
    assert "seats-100 is, with 95 % confidence, the best" in flat(done.stdout)
    assert "less is better" in flat(done.stdout)
