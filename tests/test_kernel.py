"""What the kernel expects of SimPy, and the order that it promises."""

import tomllib
from importlib import metadata
from pathlib import Path

import simpy

from sim.model.kernel import (
    CLOSE,
    DISPATCH,
    LINE,
    MOVE,
    OPEN,
    Alarm,
    Going,
    Lines,
    Rank,
    Turn,
    happens_before_flows_look,
    let_happen,
    move_callbacks,
    only_stoppages_begin,
)


def told(event, name, story):
    event.callbacks.append(lambda _: story.append(name))


def test_the_installed_simpy_is_one_whose_private_fields_are_known():
    asked = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    [simpy_wanted] = [d for d in asked["dependencies"] if d.startswith("simpy")]

    assert simpy_wanted == "simpy>=4.1.1,<4.2"
    assert metadata.version("simpy").startswith("4.1.")


def test_simpy_still_keeps_its_queue_clock_and_numbers_where_the_kernel_looks():
    env = simpy.Environment()
    env.timeout(5)

    [(when, _, number, event)] = env._queue
    assert (when, env._now) == (5, 0)
    assert next(env._eid) == number + 1
    assert event.callbacks == []


def test_a_plain_simpy_run_and_the_kernel_see_the_same_alarms():
    """The audit of a run steps with SimPy itself."""
    stories = []
    for run in (lambda env: env.run(until=10), lambda env: let_happen(env, 10)):
        env, story = simpy.Environment(), []
        for turn in (DISPATCH, MOVE + 2, MOVE + 1, CLOSE, OPEN):
            told(Alarm(env, 3, turn), turn, story)
        run(env)
        stories.append(story)

    assert stories[0] == stories[1] == [OPEN, CLOSE, MOVE + 1, MOVE + 2, DISPATCH]


def test_ranks_leave_room_for_an_order_within_each():
    for lower, higher in zip(Rank, list(Rank)[1:], strict=False):
        assert higher - lower == 1 << 24


def test_who_came_first_looks_first_whoever_is_told_first():
    env, lines, story = simpy.Environment(), Lines(), []
    first, second = (Turn(env, lines, lines.join()) for _ in range(2))
    told(first, "first", story)
    told(second, "second", story)
    second.grant()
    first.grant()
    first.grant()  # once is enough
    assert lines.to_look == 2
    let_happen(env, 1)

    assert story == ["first", "second"]
    assert lines.to_look == 0


def test_a_process_goes_on_when_what_it_waits_for_has_happened():
    env, story = simpy.Environment(), []

    def process():
        yield Alarm(env, 4, MOVE)
        story.append(env.now)
        yield Alarm(env, 3, MOVE)
        story.append(env.now)

    Going(process())
    let_happen(env, 100)
    assert story == [4, 7]


def test_who_waited_for_one_event_waits_for_another_instead():
    env, story = simpy.Environment(), []
    before, after = Alarm(env, 2, MOVE), Alarm(env, 6, MOVE)
    before.callbacks.append(lambda _: story.append(env.now))
    move_callbacks(before, after)
    let_happen(env, 100)

    assert story == [6]


def test_all_before_a_moment_happens_and_nothing_at_it_or_later():
    env, story = simpy.Environment(), []
    for moment in (3, 9, 4, 10, 50):
        told(Alarm(env, moment, MOVE), moment, story)
    let_happen(env, 10)

    assert story == [3, 4, 9]


def test_what_is_still_to_happen_in_a_second_is_seen():
    env, seen = simpy.Environment(), []

    def look(_):
        seen.append(happens_before_flows_look(env))

    Alarm(env, 1, DISPATCH).callbacks.append(look)
    Alarm(env, 1, DISPATCH).callbacks += [lambda _: Alarm(env, 0, LINE), look]
    let_happen(env, 5)

    assert seen == [False, True]


def test_stoppages_that_are_still_to_begin_set_nobody_free():
    env = simpy.Environment()
    Alarm(env, 5, CLOSE + 3)
    assert only_stoppages_begin(env)
    Alarm(env, 9, OPEN)
    assert not only_stoppages_begin(env)
