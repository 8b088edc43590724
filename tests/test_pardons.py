"""What one occurrence of a stoppage has done is nothing to the next, or to another."""

from sim.events import Kind
from tests.builders import START, at, halt, operation, with_gate
from tests.logs import arrivals, causes, run, times
from tests.logs import unaccounted as lost


def two_posts(stoppages, **changes):
    """A bus of 50 that comes to the first post at 130 and drives on for two hours."""
    return operation(
        **{
            "sites__pocket__groups__civilians__people": 50,
            "legs__road": {"time": "120 min"},
            "checkpoints": {
                "post-one": {"lanes": 1, "inspection": "1 min"},
                "post-two": {"lanes": 1, "inspection": "1 min"},
            },
            "routes__out__through": ["road", "post-one", "road", "post-two", "road"],
            "stoppages": stoppages,
            **changes,
        }
    )


POSTS = ["post-one", "post-two"]
SEARCHES = {
    "cause": "searches",
    "closes": POSTS,
    "every": "100 min",
    "lasts": "60 min",
    "caught": "detain",
    "detained_for": "30 min",
}
RAIDS = {
    "cause": "raids",
    "closes": ["gate"],
    "every": "60 min",
    "lasts": "60 min",
    "caught": "turn_back",
    "catches": 1,
}


def test_a_pardon_by_one_search_is_none_by_the_next():
    """Searches last from 100 to 160 and from 260 to 320; it comes at 130 and 281."""
    log = run(two_posts({"searches": SEARCHES}))

    assert times(log, Kind.DETAINED) == [130, 281]
    assert times(log, Kind.INSPECTED) == [160]
    assert arrivals(log) == [(311 + 125, 50)]


def test_a_pardon_counts_at_all_gates_of_the_same_search():
    """One search from 100 to 900: pardoned at 160, it passes both without a stop."""
    log = run(
        two_posts(
            {"search": halt(POSTS, 100, 900, caught="detain", detained_for="30 min")}
        )
    )

    assert times(log, Kind.DETAINED) == [130]
    assert not times(log, Kind.INSPECTED)
    assert arrivals(log) == [(160 + 120 + 125, 50)]


def test_a_pardon_by_one_search_is_none_by_another_at_the_same_time():
    log = run(
        two_posts(
            {
                post: halt(post, 100, 900, caught="detain", detained_for="30 min")
                for post in POSTS
            }
        )
    )

    assert times(log, Kind.DETAINED) == [130, 280]
    assert arrivals(log) == [(310 + 125, 50)]


def test_who_is_pardoned_at_one_gate_is_held_at_another_by_a_halt():
    log = run(
        two_posts(
            {
                "search": halt(POSTS, 100, 900, caught="detain", detained_for="30 min"),
                "halt": halt("post-two", 200, 400),
            }
        )
    )

    assert causes(log, "post-two") == [(280, "stoppage", "halt"), (400, "road", "")]


def test_each_occurrence_catches_as_many_anew():
    """From 60 to 120 one of two is sent back, from 180 to 240 one again."""
    log = run(
        with_gate(
            {"raids": {**RAIDS, "unaccounted": 3}},
            ends=at(300),
            sites__pocket__groups__civilians__people=200,
            fleets__buses__joins={START: 2, at(120): 2},
            flows__evacuation__at_once=4,
        )
    )

    assert lost(log) == [(70, 3), (190, 3)]
    assert times(log, Kind.TURNED_BACK) == [70, 190]


def test_who_is_held_beyond_what_is_caught_goes_on_when_it_is_over():
    """Held from 70 to 120, it has arrived at 185; the raid of 180 does not meet it."""
    log = run(
        with_gate(
            {"raids": RAIDS},
            ends=at(250),
            fleets__buses__joins={START: 2},
            flows__evacuation__at_once=2,
            flows__evacuation__closes=at(30),
        )
    )

    assert arrivals(log) == [(185, 50)]
