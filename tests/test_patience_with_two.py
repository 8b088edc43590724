"""Patience where two agreements govern the gate: of the one that does not permit."""

import pytest

from sim.events import Kind
from tests.builders import at, two_sides
from tests.logs import crossings, run, times


def two_deals(first, second, **changes):
    """Two agreements over the north's gate, of which the second names the observers."""
    north = {"flows": ["north"], "gate": "north-gate"}
    parties = [
        {"north": north | ({"gives_up_after": p} if p else {})} for p in (first, second)
    ]
    return two_sides(
        1,
        1,
        sites__north__groups__civilians__people=50,
        flows__north__closes=at(60),
        agreements={
            "one": {
                "parties": parties[0],
                "tranches": [{"north": "rest"}],
            },
            "two": {
                "parties": parties[1],
                "proposed": at(30),
                "in_force": at(400),
                "tranches": [{"north": "rest"}],
            },
        },
        **changes,
    )


@pytest.mark.parametrize(
    ("first", "second", "turned"),
    [
        ("30 min", None, []),
        (None, "60 min", [130]),
        ("30 min", "60 min", [130]),
        ("90 min", "60 min", [130]),
    ],
)
def test_it_is_the_patience_with_the_agreement_that_does_not_let_it_pass(
    first, second, turned
):
    """The first lets it pass from the start, the second from 400 on."""
    log = run(two_deals(first, second))

    assert times(log, Kind.TURNED_BACK) == turned
    assert crossings(log, "north") == ([] if turned else [400])


def test_of_two_that_do_not_let_it_pass_the_shorter_patience_counts():
    log = run(
        two_deals(
            "90 min",
            "60 min",
            agreements__one__proposed=at(20),
            agreements__one__in_force=at(500),
        )
    )

    assert times(log, Kind.TURNED_BACK) == [130]
