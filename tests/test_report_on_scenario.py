"""What a scenario says in sentences, before anything is run."""

import pytest

from sim.report.scenario import report_on_scenario
from tests.builders import at, halt, in_words, two_sides


def sentences_on(**changes):
    world = two_sides(**changes)
    (told,) = report_on_scenario(world, ()).sections[0].parts
    return [in_words(text) for text in told.texts]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"starts": at(60), "until": None, "lasts": "2 h"},
            "a halt: closes north-gate, from 2020-01-01 01:00, for 2 h.",
        ),
        (
            {"starts": None, "until": None, "every": "5 h to 6 h", "lasts": "2 h"},
            "a halt: closes north-gate again and again (from the end of one to the "
            "next: 5 h to 6 h), for 2 h.",
        ),
        (
            {
                "starts": None,
                "until": None,
                "every": "5 h to 6 h",
                "since": at(90),
                "lasts": "2 h",
            },
            "a halt: closes north-gate again and again (from the end of one to the "
            "next: 5 h to 6 h), none before 2020-01-01 01:30, for 2 h.",
        ),
        (
            {
                "starts": None,
                "starts_with": {"flow": "north", "convoy": 2, "at": "north-gate"},
            },
            "a halt: closes north-gate, from when convoy 2 of north comes to "
            "north-gate with people, until 2020-01-01 02:00.",
        ),
        (
            {"until": None, "until_agreement": "deal"},
            "a halt: closes north-gate, from 2020-01-01 01:00, until this agreement "
            "is in force: The deal.",
        ),
    ],
)
def test_a_stoppage_is_told_with_what_begins_and_ends_it(changes, said):
    stops = {**halt("north-gate", 60, 120), **changes}
    stops = {key: value for key, value in stops.items() if value is not None}
    agreed = {
        "agreements__deal__title": "The deal",
        "agreements__deal__in_force": at(9),
    }

    assert said in sentences_on(stoppages__stop=stops, **agreed)


def test_an_agreement_is_told_with_its_deadline():
    said = "The agreement deal: north and south; it ends 2020-01-01 05:00 if it is not "

    assert [
        text
        for text in sentences_on(agreements__deal__deadline=at(300))
        if said in text
    ]
