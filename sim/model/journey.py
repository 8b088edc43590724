"""The journey of a convoy, stage after stage, or back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import simpy

from sim.model.convoy import Convoy
from sim.model.kernel import MOVE, Alarm, Process
from sim.parts.stages import Stage


def journey(
    env: simpy.Environment,
    convoy: Convoy,
    origin: str,
    stages: Sequence[Stage[Convoy]],
    passing: Iterable[simpy.Event] = (),
) -> Process:
    """Take one convoy to the site, to the destination and back.

    Parameters
    ----------
    stages : that it goes through, unless something diverts it or turns it back.
    passing : what a part of a convoy waits for before these, while it goes through the
        gate that lets it pass.
    """
    yield from passing
    while True:
        if not convoy.leaves_way:
            for stage in stages:
                yield from stage.pass_through(convoy)
                if convoy.leaves_way:
                    break
        if convoy.detour is None:
            break
        stages, convoy.detour, convoy.leaves_way = convoy.detour, None, False
    if convoy.sent_back:
        yield from _turn_back(env, convoy, origin)
    convoy.dispatcher.relieve(convoy)


def _turn_back(env: simpy.Environment, convoy: Convoy, origin: str) -> Process:
    """Drive back the way the convoy came; who boarded on it gets out there.

    On the way home it was lost.
    """
    trip = convoy.trip
    if convoy.is_lost:
        if trip.fate != "arrived":
            trip.fate = "lost"
    elif convoy.laden:
        left_s = convoy.driven_s
        for site, driven_s in reversed(convoy.picked_up.items()):
            yield from _drive_back(env, convoy, left_s - driven_s)
            convoy.come_back(site)
            left_s = driven_s
        yield from _drive_back(env, convoy, left_s)
        convoy.come_back(origin)
        yield from _drive_back(env, convoy, convoy.came_s)
    elif trip.fate != "arrived":
        trip.fate = "sent back empty"
        yield from _drive_back(env, convoy, convoy.driven_s)


def _drive_back(env: simpy.Environment, convoy: Convoy, seconds: int) -> Process:
    """Drive the way that was come, in the time that it took; gates let it pass."""
    if seconds:
        yield Alarm(env, seconds, MOVE + convoy.number)
