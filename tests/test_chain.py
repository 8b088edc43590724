"""What hung on what in one run, as `explain` shows it; times by hand as in moments."""

from sim.model import simulate
from sim.report.chain import chain_of_moments
from sim.words import Words
from tests.builders import at, halt, operation, with_gate

WORDS = Words()


def chain(plan):
    """Return the rows of the table as texts."""
    section = chain_of_moments(plan, simulate(plan, seed=1))
    [table] = section.parts
    return [[WORDS.of(cell) for cell in row] for row in table.rows]


def test_each_moment_is_shown_with_what_it_hung_on_and_how_long_before_that_was():
    plan = with_gate(
        {
            "first": halt("gate", 0, 30),
            "second": {
                "cause": "a halt",
                "closes": ["gate"],
                "starts": "1 h after first ends",
                "until": "5 h after second begins",
            },
        },
        routes__out__through=["road", "gate", "road"],
        flows__evacuation__phases={
            "20 min after 50 of evacuation have arrived": {"load": {"buses": 10}}
        },
    )
    assert chain(plan) == [
        [
            "2020-01-01 01:30",
            "stoppages.second.starts",
            "1 h after first ends",
            "2020-01-01 00:30",
            "1 h 00 min",
        ],
        [
            "2020-01-01 02:35",
            "flows.evacuation.phases",
            "20 min after 50 people of evacuation have arrived",
            "2020-01-01 02:15",
            "20 min",
        ],
        [
            "2020-01-01 06:30",
            "stoppages.second.until",
            "5 h after second begins",
            "2020-01-01 01:30",
            "5 h 00 min",
        ],
    ]


def test_nothing_is_shown_where_nothing_hangs_on_anything():
    plan = operation(flows__evacuation__opens=at(10))
    assert chain_of_moments(plan, simulate(plan, seed=1)) is None
