"""What a forecast may know: nothing that was still to come."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim.distributions import Shape
from sim.errors import EvidenceError, ScenarioError
from sim.events import Kind
from sim.evidence.table import load_figures
from sim.inference.forecast.as_of import AHEAD_DAYS, as_of
from sim.inference.forecast.changes import NotKnown
from sim.inference.forecast.information_set import InformationSet
from sim.inference.problem import prepared
from sim.inference.record import known_by
from sim.model import simulate
from sim.report.not_known import forgotten
from sim.scenario import amended, find, from_data, load, resolved_yaml
from sim.words import Words
from tests.builders import (
    at,
    changed,
    halt,
    operation,
    shuttle,
    two_sides_data,
)
from tests.foreseen import arrived

ROOT = Path(__file__).parent.parent
OPERATION = load(find("aleppo-2016", ROOT))
FIGURES = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
MORNING = datetime.fromisoformat("2016-12-19T08:00")
ORIGINS = [
    datetime.fromisoformat("2016-12-16T08:00") + timedelta(hours=12 * step)
    for step in range(14)
]


def told(moment, operation=OPERATION, figures=FIGURES):
    return as_of(operation, figures, moment)


@pytest.mark.parametrize("moment", ORIGINS, ids=str)
def test_nothing_begins_after_the_moment(moment):
    then = told(moment)
    operation = then.operation
    stoppages = [p.starts for p in operation.stoppages.values() if p.starts is not None]
    dates = [d for p in operation.flows.values() for d in p.dispatch_dates]
    terms = [at for p in operation.agreements.values() for at in p.amendments]
    joins = [at for p in operation.fleets.values() for at in p.joins]
    opens = [p.opens or 0 for p in operation.flows.values()]
    weather = [p.starts for p in operation.weather.values()]

    assert max([*stoppages, *dates, *terms, *joins, *opens, *weather]) <= then.moment_s
    assert all((p.until or 0) <= then.moment_s for p in operation.stoppages.values())
    assert operation.ends == then.moment_s + AHEAD_DAYS * 86_400


@pytest.mark.parametrize("moment", ORIGINS, ids=str)
def test_what_is_left_can_be_run(moment):
    then = told(moment)
    ready = prepared(then.operation, FIGURES, published_by=moment)

    ready.simulator([0.5] * ready.prior.size, [1, 2])


@pytest.mark.slow
def test_another_future_gives_the_same_forecast():
    """The future is changed in every way that a file has, and nothing is seen of it."""
    other = amended(
        OPERATION,
        {
            "stoppages.halt-20-21-dec.starts": "2016-12-20T22:00",
            "uncertain.stoppages.halt-20-21-dec.starts": "drop",
            "stoppages.villages-closed.starts": "2016-12-21T08:00",
            "agreements.december-18.amendments.when halt-20-21-dec ends": "drop",
            "fleets.private-vehicles.joins": {"multiply_by": 3},
            "flows.aleppo-private.opens": "2016-12-22T02:00",
            "flows.east-aleppo.phases.when halt-20-21-dec begins.at_once": 3,
            "weather.snow-21-22-dec": "drop",
            "uncertain.weather.snow-21-22-dec.speed_factor": "drop",
        },
    )

    assert resolved_yaml(told(MORNING, other).operation) == resolved_yaml(
        told(MORNING).operation
    )


def test_when_a_stoppage_began_is_known_once_it_has():
    """Its range reaches to 16:00, and a start after the moment could not be run."""
    rows = [row for row in FIGURES if row.id != "EA16-114"]
    told_at_once = amended(
        OPERATION,
        {
            "stoppages.halt-20-21-dec.evidence": [],
            "uncertain.stoppages.halt-20-21-dec.starts.evidence": [],
        },
    )
    then = told(datetime(2016, 12, 20, 14, 30), told_at_once, rows)

    assert "halt-20-21-dec" in then.operation.stoppages
    assert not [path for path in then.operation.uncertain if path.endswith(".starts")]


def test_another_past_gives_another_forecast():
    """Negative control of the test above."""
    other = amended(OPERATION, {"stoppages.fire-on-convoy-15-dec": "drop"})

    assert resolved_yaml(told(MORNING, other).operation) != resolved_yaml(
        told(MORNING).operation
    )


def test_a_stoppage_that_was_not_yet_public_is_not_known():
    """It had begun, but the rows that tell of it were published two days later."""
    night = told(datetime.fromisoformat("2016-12-20T20:00"))

    assert "halt-20-21-dec" not in night.operation.stoppages
    assert NotKnown("stoppage", "halt-20-21-dec") in night.changes


def test_a_stoppage_that_goes_on_has_an_open_end():
    then = told(datetime.fromisoformat("2016-12-17T20:00"))
    rest = then.operation.stoppages["suspension-16-18-dec-goes-on"]

    assert rest.lasts is not None
    assert rest.lasts.shape is Shape.EXPONENTIAL
    assert then.operation.stoppages["suspension-16-18-dec"].until == then.moment_s


def test_nobody_slips_through_between_a_stoppage_and_the_rest_of_it():
    then = told(datetime.fromisoformat("2016-12-17T20:00"))
    log = simulate(then.operation, seed=1, replication=1)
    opened = next(
        event.time_s
        for event in log.events
        if event.kind is Kind.STOPPAGE_ENDED
        and event.place == "suspension-16-18-dec-goes-on"
    )
    arrived = [event.time_s for event in log.events if event.kind is Kind.ARRIVED]

    assert not [time for time in arrived if then.moment_s <= time < opened]


def test_random_stoppages_come_after_the_moment_only():
    then = told(MORNING)
    for replication in range(5):
        log = simulate(then.operation, seed=1, replication=replication)
        begun = [
            event.time_s
            for event in log.events
            if event.kind is Kind.STOPPAGE_BEGAN and event.place.startswith("to-come")
        ]
        assert begun
        assert min(begun) > then.moment_s


def test_since_has_no_meaning_for_a_documented_stoppage():
    road = {"cause": "test", "closes": ["gate"], "lasts": "60 min"}
    gate = {"gates": {"gate": {}}, "routes__out__through": ["gate", "road"]}
    moment = "2020-01-02T00:00"

    assert from_data(
        shuttle(**gate, stoppages__a={**road, "every": "5 h", "since": moment})
    )
    with pytest.raises(ScenarioError, match="'since' has no meaning"):
        from_data(
            shuttle(**gate, stoppages__a={**road, "starts": moment, "since": moment})
        )


def test_before_anything_was_public_there_is_no_forecast():
    with pytest.raises(EvidenceError, match="nothing that moves anybody was known"):
        told(datetime.fromisoformat("2016-12-14T08:00"))


def test_everything_forgotten_is_said():
    then = told(MORNING)
    words = " ".join(
        Words().of(forgotten(change, OPERATION.clock)[0]) for change in then.changes
    )

    for name in ("halt-20-21-dec", "villages-closed", "aleppo-private", "snow"):
        assert name in words
    assert set(then.late) <= set(then.operation.uncertain)


# At the second: what had happened by the moment is known, the next second is not.


AT_SIX = datetime(2020, 1, 2, 6, 0, 0)
SECOND = timedelta(seconds=1)
GATED = changed(
    shuttle(),
    gates__gate={},
    routes__out__through=["gate", "road"],
    legs__side={"time": "60 min"},
)


def then_at(moment, figures=(), **changes):
    return as_of(from_data(changed(GATED, **changes)), figures, moment)


def knows(moment, figure):
    operation = from_data(GATED)
    return InformationSet.by(moment, [figure], operation).told([figure.id])


def test_a_figure_is_known_from_the_second_of_its_publication():
    figure = arrived("a", 100, 2, published="2020-01-02T06:00")

    assert known_by(figure, AT_SIX)
    assert not known_by(figure, AT_SIX - SECOND)
    assert knows(AT_SIX, figure)
    assert not knows(AT_SIX - SECOND, figure)


def test_a_figure_of_a_day_is_known_when_the_day_is_over():
    figure = arrived("a", 100, 2, published="2020-01-02")
    midnight = datetime(2020, 1, 3)

    assert not known_by(figure, AT_SIX)
    assert not known_by(figure, midnight - SECOND)
    assert known_by(figure, midnight)


def test_a_figure_without_a_date_of_publication_is_never_known_at_a_moment():
    figure = arrived("a", 100, 2, published=None)

    assert not known_by(figure, datetime(2030, 1, 1))
    assert known_by(figure, None)


def test_a_stoppage_is_known_from_the_second_in_which_it_begins():
    closed = halt("gate", 30 * 60, 40 * 60)
    at_six, before = (
        then_at(moment, stoppages__closed=closed).operation.stoppages
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert "closed" in at_six
    assert "closed" not in before


def test_a_stoppage_is_over_in_the_second_in_which_it_ends():
    closed = halt("gate", 20 * 60, 30 * 60)
    at_six, before = (
        then_at(moment, stoppages__closed=closed).operation.stoppages
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert "closed-goes-on" not in at_six
    assert "closed-goes-on" in before


def test_weather_is_over_in_the_second_in_which_it_ends():
    snow = {"starts": "2020-01-01T12:00", "until": "2020-01-02T06:00"}
    at_six, before = (
        then_at(moment, weather__snow={**snow, "speed_factor": "0.5"})
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert at_six.operation.weather["snow"].until == at_six.moment_s
    assert before.operation.weather["snow"].until == before.moment_s + 86_400


def test_weather_is_known_from_the_second_in_which_it_begins():
    snow = {"starts": "2020-01-02T06:00", "until": "2020-01-03T06:00"}
    at_six, before = (
        then_at(moment, weather__snow={**snow, "speed_factor": "0.5"})
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert list(at_six.operation.weather) == ["snow"]
    assert not before.operation.weather


def test_vehicles_join_and_leave_in_the_second_of_their_date():
    dates = {
        "fleets__buses__joins": {"2020-01-01T00:00": 2, "2020-01-02T06:00": 3},
        "fleets__buses__leaves": {"2020-01-02T06:00": 1},
    }
    at_six, before = (
        then_at(moment, **dates).operation.fleets["buses"]
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert (sum(at_six.joins.values()), len(at_six.leaves)) == (5, 1)
    assert (sum(before.joins.values()), len(before.leaves)) == (2, 0)


def test_a_flow_opens_and_closes_in_the_second_of_its_date():
    """The second one opens when the first one closes."""
    next_one = {**GATED["flows"]["evacuation"], "opens": "2020-01-02T06:00"}
    dates = {"flows__evacuation__closes": "2020-01-02T06:00", "flows__next": next_one}
    at_six, before = (
        then_at(moment, **dates).operation.flows for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert (at_six["evacuation"].closes, at_six["next"].closes) == (108_000, None)
    assert list(before) == ["evacuation"]
    assert before["evacuation"].closes is None


def test_a_flow_that_had_just_closed_does_not_go_on():
    """An hour passes without a flow; the moments are the ends of the first one."""
    next_one = {**GATED["flows"]["evacuation"], "opens": "2020-01-02T07:00"}
    dates = {"flows__evacuation__closes": "2020-01-02T06:00", "flows__next": next_one}
    at_six, before = (
        then_at(moment, **dates).operation.flows for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert at_six["next"].opens == 108_000
    assert list(before) == ["evacuation"]


def test_dates_of_departure_are_known_to_the_second():
    dates = ["2020-01-02T05:00", "2020-01-02T06:00", "2020-01-02T07:00"]
    at_six, before = (
        then_at(moment, flows__evacuation__dispatch_dates=dates).operation.flows
        for moment in (AT_SIX, AT_SIX - SECOND)
    )

    assert len(at_six["evacuation"].dispatch_dates) == 2
    assert len(before["evacuation"].dispatch_dates) == 1


def test_agreements_and_their_terms_are_known_to_the_second():
    deal = {
        "parties": {"pocket": {"flows": ["evacuation"], "gate": "gate"}},
        "tranches": [{"pocket": "rest"}],
    }
    later = {"tranches": [{"pocket": 10}, {"pocket": "rest"}]}

    def known(moment, **changes):
        free = {**GATED["flows"]["evacuation"], "route": "out"}
        agreements = {"deal": deal | changes}
        return then_at(moment, flows__free=free, agreements=agreements).operation

    at_six, before = (
        known(moment, proposed="2020-01-02T06:00")
        for moment in (AT_SIX, AT_SIX - SECOND)
    )
    assert list(at_six.agreements) == ["deal"]
    assert not before.agreements
    at_six, before = (
        known(moment, amendments={"2020-01-02T06:00": later})
        for moment in (AT_SIX, AT_SIX - SECOND)
    )
    assert len(at_six.agreements["deal"].amendments) == 1
    assert not before.agreements["deal"].amendments


def test_a_moment_that_the_clocks_skip_or_show_twice_is_refused_in_a_sentence():
    dates = {"zone": "Europe/Berlin", "fleets__buses__joins": None}
    for start, hour, why in (
        ("2020-10-24T00:00", "2020-10-25T02:30", "comes twice"),
        ("2020-03-28T00:00", "2020-03-29T02:30", "does not exist"),
    ):
        dates |= {"starts": start, "ends": f"{start[:8]}31T00:00"}
        dates |= {"fleets__buses__joins": {start: 1}}
        with pytest.raises(EvidenceError, match=f"{why}.*Name another moment"):
            then_at(datetime.fromisoformat(hour), **dates)


def test_nobody_knows_who_gets_ready_comes_or_stays_after_the_moment():
    """Ten of those who were not ready then are from the moment on; who was to come at
    or before it has come.
    """
    group = "sites__pocket__groups__civilians"
    plan = {
        "people": 100,
        "ready": {at(60): 20, at(300): 10},
        "joins": {at(120): 5, at(121): 6},
        "withdraws": {at(119): 7, at(400): 8},
    }
    found = as_of(operation(**{group: plan}), (), datetime(2020, 1, 1, 2, 0))
    people = found.operation.sites["pocket"].groups["civilians"]
    assert people.ready == {3600: 20, 7200: 10}
    assert people.joins == {7200: 5}
    assert people.withdraws == {119 * 60: 7}
    assert NotKnown("people", "pocket") in found.changes


def test_nobody_knows_what_changes_at_a_place_or_in_a_flow_after_the_moment():
    """What had changed, or was planned, is kept; all that is forgotten is said."""
    fewer = {"releases": {"vehicles": 1, "every": "10 min"}}
    plan = operation(
        gates={"gate": {"changes": {at(60): fewer, at(300): fewer}}},
        routes__out__through=["road", "gate"],
        legs__road__changes={at(300): {"holds": 1}},
        flows__evacuation__phases={
            at(60): {"boarding": "20 min"},
            at(300): {"boarding": "30 min"},
            at(400): {"boarding": "40 min", "known_since": at(50)},
        },
    )
    found = as_of(plan, (), datetime(2020, 1, 1, 2, 0))
    assert list(found.operation.gates["gate"].changes) == [3600]
    assert not found.operation.legs["road"].changes
    assert list(found.operation.flows["evacuation"].phases) == [3600, 24000]
    said = {(c.what, c.name) for c in found.changes if isinstance(c, NotKnown)}
    assert said == {("place", "gate"), ("place", "road"), ("phases", "evacuation")}
    texts = [forgotten(change, plan.clock) for change in found.changes]
    words = " ".join(Words().of(what) for what, _ in texts)
    assert "what changes at gate after the moment" in words
    assert "the phases of evacuation after the moment" in words


def test_no_more_withdraw_than_were_known():
    """Of 120 who withdraw 20 had not come yet, and nobody knew that they would."""
    group = "sites__pocket__groups__civilians"
    plan = {"people": 100, "joins": {at(300): 50}, "withdraws": {at(60): 120}}
    found = as_of(operation(**{group: plan}), (), datetime(2020, 1, 1, 2, 0))
    people = found.operation.sites["pocket"].groups["civilians"]
    assert people.withdraws == {3600: 100}


def test_terms_that_count_on_people_who_come_later_ask_for_those_known():
    """North promises 130 and has 100, till thirty come whom nobody foresaw."""
    deal = "agreements__deal"
    plan = from_data(
        two_sides_data(
            **{
                f"{deal}__unit": "people",
                f"{deal}__tranches": [
                    {"north": 60, "south": 20, "times": 2},
                    {"north": 10, "south": "rest"},
                ],
                "sites__north__groups__civilians__joins": {at(300): 30},
            }
        )
    )
    found = as_of(plan, (), datetime(2020, 1, 1, 2, 0))
    assert found.operation.agreements["deal"].tranches == (
        {"north": 60, "south": 20},
        {"north": 40, "south": 20},
        {"north": 0, "south": "rest"},
    )
    simulate(found.operation, seed=1, audit=True)


def test_a_place_to_which_nobody_was_known_to_go_has_no_bounds():
    plan = operation(
        sites__camp={"holds": 10, "moves_on": {at(500): 5}},
        routes__other={"origin": "pocket", "destination": "camp", "through": ["road"]},
        flows__evacuation__phases={at(300): {"route": "other"}},
    )
    found = as_of(plan, (), datetime(2020, 1, 1, 2, 0))
    assert found.operation.sites["camp"].holds is None


def test_what_is_of_no_use_in_what_was_known_refuses_no_forecast():
    """The only flow through the second gate was still to come."""
    plan = operation(
        gates={"first": {}, "second": {}},
        routes__out__through=["road", "first"],
        routes__other={
            "origin": "pocket",
            "destination": "refuge",
            "through": ["road", "second"],
        },
        flows__evacuation__phases={at(300): {"route": "other"}},
        stoppages={"halt": halt("second", 60, 90)},
    )
    found = as_of(plan, (), datetime(2020, 1, 1, 2, 0))
    assert next(iter(found.operation.stoppages)) == "halt"
    simulate(found.operation, seed=1, audit=True)


def test_what_was_known_and_contradicts_itself_is_told_with_the_moment():
    """A policy that only the later terms let answer."""
    deal = "agreements__deal"
    plan = from_data(
        two_sides_data(
            **{
                f"{deal}__parties__north__policy": "tit_for_tat",
                f"{deal}__amendments": {
                    at(300): {
                        "unit": "convoys",
                        "rule": "credit",
                        "ahead": 2,
                        "tranches": [{"north": 2, "south": 2}],
                    }
                },
            }
        )
    )
    with pytest.raises(EvidenceError, match="01-01T02:00: what was known does not fit"):
        as_of(plan, (), datetime(2020, 1, 1, 2, 0))


def test_an_agreement_that_waits_for_a_flow_nobody_knew_is_not_known():
    plan = from_data(
        two_sides_data(
            agreements__deal__requires={"word": {"arrived": {"other": 10}}},
            routes__other={
                "origin": "south",
                "destination": "refuge",
                "through": ["road"],
            },
            sites__south__groups__guests={"people": 10},
            flows__other={
                "route": "other",
                "groups": ["guests"],
                "convoy": {"late-buses": 1},
                "boarding": "1 min",
                "unloading": "1 min",
            },
            fleets__late_D_buses={"kind": "bus", "seats": 9, "joins": {at(300): 1}},
        )
    )
    with pytest.raises(EvidenceError, match="nothing that moves anybody was known"):
        as_of(plan, (), datetime(2020, 1, 1, 2, 0))
