"""What is not known: a draw moves the middle of a field, and never takes its chance."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import Distribution
from sim.errors import ScenarioError
from sim.events import Kind
from sim.experiment.compare import overdrawn
from sim.experiment.designs import design
from sim.experiment.drawn import Drawn
from sim.experiment.replicate import Job, replicated
from sim.experiment.sweep import freed
from sim.experiment.unknowns import draw
from sim.model import simulate
from sim.scenario import amended, from_data, from_text, settled, uncertain_fields
from sim.scenario import uncertain as module
from sim.statistics.shares import shares
from tests.builders import operation, shuttle, with_post

GRID = (np.arange(2000) + 0.5) / 2000
WORLDS = (np.arange(20) - 9.5) / 9.5
ROAD, BOARDING = "legs.road.time", "flows.evacuation.boarding"
PEOPLE, STAY = (f"sites.pocket.groups.civilians.{name}" for name in ("people", "stay"))


def ranges(**spreads):
    """Return what stands under `uncertain`; the dots of a path are `__`."""
    return {
        "uncertain": {
            path.replace("__", "."): {"spread": spread}
            for path, spread in spreads.items()
        }
    }


def said(**changes):
    """Return the problems of a scenario that is refused, in one text."""
    with pytest.raises(ScenarioError) as caught:
        operation(**changes)
    return str(caught.value)


# What a draw means


@pytest.mark.parametrize(
    ("field", "drawn", "then"),
    [
        ("10 min", 900, Distribution.fixed(900)),
        ("10 min to 30 min", 2400, Distribution.uniform(1200, 3600)),
        (
            "10 min to 40 min, mostly 20 min",
            600,
            Distribution.triangular(300, 600, 1200),
        ),
        (
            "about 20 min, times or divided by 1.5",
            600,
            Distribution.lognormal(600, 1.5),
        ),
        ("10 min to 30 min", 0, Distribution.fixed(0)),
    ],
)
def test_a_draw_is_the_middle_and_the_shape_stays(field, drawn, then):
    world = operation(flows__evacuation__boarding=field)

    assert settled(world, {BOARDING: drawn}).flows["evacuation"].boarding == then


def test_a_draw_is_the_average_of_what_is_memoryless():
    halts = {"cause": "x", "closes": ["gate"], "lasts": "1 h"}
    world = operation(
        gates={"gate": {}},
        routes__out__through=["road", "gate"],
        stoppages={"s": {**halts, "every": "on average 5 h, memoryless"}},
    )
    then = settled(world, {"stoppages.s.every": 7200}).stoppages["s"].every

    assert then == Distribution.exponential(7200)


@pytest.mark.parametrize(
    ("field", "factor", "then"),
    [
        ("10 min to 30 min", 0.5, Distribution.uniform(900, 1500)),
        (
            "10 min to 40 min, mostly 20 min",
            2,
            Distribution.triangular(0, 1200, 3600),
        ),
        (
            "about 20 min, times or divided by 1.5",
            2,
            Distribution.lognormal(1200, 2.25),
        ),
    ],
)
def test_a_width_is_a_factor_about_the_same_middle(field, factor, then):
    world = operation(flows__evacuation__boarding=field)
    width = f"{BOARDING}.width"

    assert settled(world, {width: factor}).flows["evacuation"].boarding == then


def test_the_middle_and_the_width_of_one_field_may_both_be_unknown():
    """10 to 30 minutes at 40 is 20 to 60; half as wide, 30 to 50: in any order."""
    world = operation(flows__evacuation__boarding="10 min to 30 min")
    drawn = [(f"{BOARDING}.width", 0.5), (BOARDING, 2400)]

    for order in (drawn, drawn[::-1]):
        then = settled(world, dict(order)).flows["evacuation"].boarding
        assert then == Distribution.uniform(1800, 3000)


def test_a_share_stays_one_and_people_and_dates_are_whole():
    snow = {"starts": "2020-01-01T00:00", "until": "2020-01-02T00:00"}
    world = operation(weather={"snow": {**snow, "speed_factor": "0.5 to 0.9"}})
    drawn = {"weather.snow.speed_factor": 0.91, PEOPLE: 60.4, "weather.snow.until": 7.6}
    then = settled(world, drawn)
    factor = then.weather["snow"].speed_factor

    assert factor.high == pytest.approx(1.17)
    assert max(factor.values(GRID)) == 1
    assert min(factor.values(GRID)) == pytest.approx(0.65, abs=1e-3)
    assert then.sites["pocket"].groups["civilians"].people == 60
    assert then.weather["snow"].until == 8


def test_a_share_stays_one_however_wide_it_is():
    """0.5 to 0.9 twice as wide is 0.3 to 1.1, also if its middle is moved."""
    wide = Distribution.uniform(0.5, 0.9).widened(2, 1.0)

    assert wide.high == pytest.approx(1.1)
    assert max(wide.values(GRID)) == max(wide.about(0.9, 1.0).values(GRID)) == 1


def test_a_share_that_may_be_above_one_is_not_cut():
    assert Distribution.uniform(0.5, 1.1).about(1.6, 1.0).high == pytest.approx(2.2)


def test_what_is_mostly_nothing_has_no_multiples():
    world = operation(flows__evacuation__boarding="0 min to 9 min, mostly 0 min")

    with pytest.raises(ScenarioError, match="the middle of the spread is 0"):
        settled(world, {BOARDING: 60})


def test_a_field_that_is_not_given_takes_the_draw():
    world = operation(**ranges(flows__evacuation__headway="1 h to 2 h"))
    (drawn,) = draw(world, 1, 0).values()

    headway = settled(world, {"flows.evacuation.headway": drawn}).flows["evacuation"]
    assert headway.headway == Distribution.fixed(round(drawn))


# More ignorance never narrows a band

WIDE = st.floats(1, 99)
SPREADS = st.one_of(
    st.builds(lambda a, b: Distribution.uniform(a, a + b), st.floats(0, 50), WIDE),
    st.builds(
        lambda a, b, c: Distribution.triangular(a, a + b, a + b + c),
        st.floats(0, 50),
        WIDE,
        WIDE,
    ),
    st.builds(Distribution.lognormal, st.floats(1, 99), st.floats(1.05, 3)),
    st.builds(Distribution.exponential, st.floats(1, 99)),
)


def replaced(spread, drawn):
    """What a draw meant once: one value for the whole run. A planted defect."""
    return Distribution.fixed(drawn)


def whole_variance(spread, ignorance, meaning):
    """Return the variance over worlds and chance; worlds about the middle."""
    worlds = spread.best * (1 + ignorance * WORLDS)
    values = [meaning(spread, world).values(GRID) for world in worlds]
    return float(np.var(values))


@pytest.mark.slow
@given(SPREADS, st.floats(0, 1))
def test_what_varies_in_all_is_never_less_than_by_chance_alone(spread, ignorance):
    """The factors average 1, so their squares average 1 or more."""
    chance = float(np.var(spread.values(GRID)))

    assert whole_variance(spread, ignorance, Distribution.about) >= chance * (1 - 1e-9)


def test_a_draw_that_replaces_the_spread_is_noticed():
    """Negative control: a range of a tenth to both sides narrows all of them."""
    for spread in (
        Distribution.uniform(10, 30),
        Distribution.triangular(10, 20, 40),
        Distribution.lognormal(20, 1.5),
        Distribution.exponential(20),
    ):
        chance = float(np.var(spread.values(GRID)))
        assert whole_variance(spread, 0.1, replaced) < chance / 5
        assert whole_variance(spread, 0.1, Distribution.about) > chance


HALT = {"cause": "x", "closes": ["post"], "lasts": "20 min to 60 min"}
VARIED = {
    ROAD: ("40 min to 80 min", "58 min to 62 min"),
    BOARDING: ("5 min to 25 min", "14 min to 16 min"),
    "flows.evacuation.load.buses": ("20 to 40", "29 to 31"),
    "flows.evacuation.headway": ("1 h to 7 h, mostly 4 h", "3 h 50 min to 4 h 10 min"),
    "checkpoints.post.inspection": ("10 min to 50 min", "29 min to 31 min"),
    "stoppages.halts.every": ("on average 3 h, memoryless", "175 min to 185 min"),
    "stoppages.halts.lasts": ("10 min to 3 h", "90 min to 100 min"),
}
"""By field: how it varies by itself, and what is not known of it, which is less."""


def lively(path):
    """Return an operation in which one field varies, and is not quite known."""
    field, spread = VARIED[path]
    data = with_post(
        stoppages={"halts": {**HALT, "every": "3 h"}},
        sites__pocket__groups__civilians__people=200,
        flows__evacuation__load={"buses": "30"},
        flows__evacuation__headway="1 min",
        flows__evacuation__at_once=1,
    )
    return amended(
        amended(data, {path: field}), {f"uncertain.{path}": {"spread": spread}}
    )


def hours_out(world, meaning):
    """Return when all were out in each of many runs, of which each is another world."""
    found = []
    for run in range(80):
        drawn = draw(world, 1, run)
        log = simulate(meaning(world, drawn), seed=1, replication=run)
        found.append(max(e.time_s for e in log.events if e.kind is Kind.ARRIVED))
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize("path", VARIED)
def test_no_range_narrows_the_band_of_a_run(path):
    """Within sampling error: runs share their luck, so 15 % is far beyond it."""
    world = lively(path)
    chance = hours_out(world, lambda world, drawn: world).std()

    assert hours_out(world, settled).std() > 0.85 * chance
    assert hours_out(world, amended).std() < 0.85 * chance  # what it once meant


# Chance and knowledge


def one_trip(meaning, per_draw=5, draws=60):
    """Return when a single bus arrives, of (draw, run of it)."""
    world = operation(
        sites__pocket__groups__civilians__people=50,
        legs__road__time="40 min to 80 min",
        **ranges(legs__road__time="50 min to 70 min"),
    )
    found = np.empty((draws, per_draw))
    for place, run in product(range(draws), range(per_draw)):
        known = meaning(world, draw(world, 1, place))
        log = simulate(known, seed=1, replication=place * per_draw + run)
        (found[place, run],) = (e.time_s for e in log.events if e.kind is Kind.ARRIVED)
    return found


def test_the_share_of_knowledge_is_what_theory_says():
    """Ends 40 and 80 times m / 60, with m between 50 and 70: a share of 0.2.

    Variance of m is 400 / 12, of the road about it 1600 / 12 times the mean of
    (m / 60)^2, which is 1 + 400 / 12 / 3600.
    """
    knowledge, chance = 400 / 12, 1600 / 12 * (1 + 400 / 12 / 3600)
    found = shares(list(one_trip(settled)))

    assert found.low < knowledge / (knowledge + chance) < found.high
    assert found.high < 0.5
    assert shares(list(one_trip(amended))).share == 1  # no chance was left


def test_runs_of_one_draw_differ_by_chance_in_a_study():
    world = operation(
        legs__road__time="40 min to 80 min",
        **ranges(legs__road__time="59 min to 61 min"),
    )
    job = Job(world, (), 1, "knowledge and chance", per_draw=4)
    rows = replicated(job, range(4))

    assert not rows.failures
    assert len({job.world(run)[1][ROAD] for run in range(4)}) == 1
    assert len({job.log_of(run).events[-1].time_s for run in range(4)}) == 4


def test_a_draw_of_a_fit_means_what_a_draw_of_a_range_means():
    world = operation(
        legs__road__time="40 min to 80 min",
        **ranges(legs__road__time="50 min to 70 min"),
    )
    drawn = Drawn("fit.npz", (ROAD,), ((3900.0,),), ((7, 8),))
    operation_of_fit, _ = Job(world, (), 1, "calibrated", drawn=drawn).world(0)

    assert operation_of_fit == settled(world, {ROAD: 3900.0})
    assert operation_of_fit.legs["road"].time == Distribution.uniform(2600, 5200)


def test_a_variant_that_varies_more_about_the_same_middle_is_not_undone():
    spread = ranges(legs__road__time="50 min to 70 min")
    base = operation(legs__road__time="50 min to 70 min", **spread)
    wider = operation(legs__road__time="40 min to 80 min", **spread)
    later = operation(legs__road__time="60 min to 80 min", **spread)

    assert overdrawn(base, wider) == ()
    assert overdrawn(base, later) == (ROAD,)


def test_what_a_sweep_varies_is_not_drawn_nor_widened():
    width = f"{ROAD}.width"
    world = operation(
        legs__road__time="50 min to 70 min",
        **ranges(legs__road__time="50 min to 70 min", legs__road__time__width="1 to 2"),
    )
    made = design([f"{ROAD}=1 h, 2 h"], world.clock)

    base, dropped = freed(world, made)
    assert dropped == (ROAD, width)
    assert not base.uncertain


# What is refused


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("legs.road.time.width", "'legs.road.time' does not vary, so it has no width"),
        ("fleets.buses.seats.width", "'fleets.buses.seats' does not vary"),
        ("legs.rod.time.width", "'legs.rod' does not exist. Did you mean 'road'?"),
        ("ends", "'ends' is the same in every run"),
        ("legs.road", "is not a number, a duration or a date"),
    ],
)
def test_what_has_no_effect_is_refused(path, problem):
    assert problem in said(uncertain={path: {"spread": "0.5 to 2"}})


def test_the_width_of_what_is_memoryless_follows_from_its_average():
    every = {"every": "on average 3 h, memoryless"}
    problem = said(
        gates={"gate": {}},
        routes__out__through=["road", "gate"],
        stoppages={"s": {"cause": "x", "closes": ["gate"], "lasts": "1 h", **every}},
        uncertain={"stoppages.s.every.width": {"spread": "0.5 to 2"}},
    )

    assert "memoryless, so its average settles its width" in problem


def test_the_spread_of_a_width_is_a_factor():
    world = {"legs__road__time": "50 min to 70 min"}
    path = f"{ROAD}.width"

    assert "a factor" in said(**world, uncertain={path: {"spread": "10 min"}})
    field = uncertain_fields(
        operation(**world, uncertain={path: {"spread": "0.5 to 2"}})
    )
    assert field == {path: Distribution.uniform(0.5, 2)}


CONTRADICTIONS = {
    "more stay than are there": (
        {PEOPLE: "50 to 200", STAY: "0 to 80"},
        {},
        ("80 stay, but only 50 are there",),
    ),
    "more leave than joined": (
        {
            "fleets.buses.joins.2020-01-01T00:00": "2 to 6",
            "fleets.buses.leaves.2020-01-02T00:00": "1 to 4",
        },
        {
            "fleets__buses__joins": {"2020-01-01T00:00": 4},
            "fleets__buses__leaves": {"2020-01-02T00:00": 1},
        },
        ("4 vehicles leave", "only 2 join"),
    ),
    "the least convoy is above the full one": (
        {
            "flows.evacuation.smallest": "1 to 4",
            "flows.evacuation.convoy.buses": "2 to 6",
        },
        {
            "flows__evacuation__smallest": 2,
            "flows__evacuation__convoy": {"buses": 3},
            "fleets__buses__joins": {"2020-01-01T00:00": 9},
        },
        ("the smallest convoy has 4", "a full one 2"),
    ),
    "a load above the seats": (
        {"flows.evacuation.load.buses": "30 to 90", "fleets.buses.seats": "40 to 60"},
        {"flows__evacuation__load": {"buses": "20 to 40"}},
        ("60 or more people board a vehicle that has 40 seats",),
    ),
    "it closes before it opens": (
        {
            "flows.evacuation.opens": "2020-01-02T00:00 to 2020-01-04T00:00",
            "flows.evacuation.closes": "2020-01-03T00:00 to 2020-01-06T00:00",
        },
        {
            "flows__evacuation__opens": "2020-01-02T00:00",
            "flows__evacuation__closes": "2020-01-05T00:00",
        },
        ("closes before it opens",),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_ranges_that_contradict_each_other_are_named_both(name):
    spreads, changes, problems = CONTRADICTIONS[name]
    # Ranges beside them that have nothing to do with it are not named.
    beside = {ROAD: "50 min to 70 min", BOARDING: "5 min to 15 min"}
    uncertain = {path: {"spread": text} for path, text in (spreads | beside).items()}
    told = said(uncertain=uncertain, **changes)

    assert all(path in told for path in spreads)
    assert not any(path in told for path in beside)
    assert all(problem in told for problem in problems)


def test_a_range_that_contradicts_what_is_known_is_named_alone():
    told = said(
        sites__pocket__groups__civilians__stay=60,
        **ranges(sites__pocket__groups__civilians__people="50 to 200"),
    )

    assert "this range contradicts the rest of the scenario: at 50, 60 stay" in told


def test_a_width_may_not_make_a_time_negative():
    told = said(
        legs__road__time="50 min to 70 min", **ranges(legs__road__time__width="1 to 8")
    )

    assert f"uncertain.{ROAD}.width: this range contradicts the rest" in told
    assert "at 8" in told


def test_the_lines_of_both_ranges_are_told():
    text = f"""\
operation: test
zone: UTC
starts: 2020-01-01T00:00
ends: 2020-01-11T00:00
sites: {{pocket: {{groups: {{civilians: {{people: 100}}}}}}, refuge: {{}}}}
fleets: {{buses: {{kind: bus, seats: 50, joins: {{2020-01-01T00:00: 1}}}}}}
legs: {{road: {{time: 60 min}}}}
routes: {{out: {{origin: pocket, destination: refuge, through: [road], back: [road]}}}}
flows:
  evacuation: {{route: out, groups: [civilians], convoy: {{buses: 1}}, boarding: 10 min,
    unloading: 5 min}}
uncertain:
  {STAY}: {{spread: 0 to 90}}
  {PEOPLE}: {{spread: 80 to 200}}
"""
    with pytest.raises(ScenarioError) as caught:
        from_text(text)

    (problem,) = caught.value.args[0]
    assert (problem.line, problem.path) == (13, f"uncertain.{STAY}")
    assert f"the range of '{PEOPLE}' (line 14)" in problem.problem


@pytest.mark.parametrize("fields", range(1, 10))
def test_any_three_ranges_are_tried_at_all_their_ends(fields):
    spreads = {str(n): Distribution.uniform(0, 1) for n in range(fields)}
    rows = [tuple(corner.values()) for corner in module._corners(spreads)]

    for places in combinations(range(fields), min(fields, 3)):
        seen = {tuple(row[place] for place in places) for row in rows}
        assert seen == set(product((0, 1), repeat=len(places)))


def test_a_draw_that_cannot_be_run_names_the_ranges_that_it_came_from():
    """Of a fit, whose scenario said something else."""
    world = operation(
        **ranges(
            sites__pocket__groups__civilians__people="80 to 200",
            sites__pocket__groups__civilians__stay="0 to 40",
            legs__road__time="50 min to 70 min",
        )
    )
    drawn = Drawn("fit.npz", (ROAD, PEOPLE, STAY), ((3600, 80, 95),), ((1,),))
    rows = replicated(Job(world, (), 1, "calibrated", drawn=drawn), [0])
    ((_, error, trace),) = rows.failures

    assert error == (
        f"80 and 95 drawn from 'uncertain.{PEOPLE}' and 'uncertain.{STAY}': 95 stay, "
        "but only 80 are there. Narrow the ranges"
    )
    assert "Problem(" not in error
    assert "ScenarioError" in trace


def test_a_scenario_whose_ranges_agree_is_as_it_was():
    data = shuttle(**ranges(sites__pocket__groups__civilians__people="50 to 200"))

    assert from_data(data).uncertain.keys() == {PEOPLE}
