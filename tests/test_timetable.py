"""When a flow may send convoys, against a list of all moments."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sim.model.dispatch.timetable import Timetable

END = 80


@st.composite
def windows(draw):
    """Hours that do not touch each other, from and up to but not including."""
    borders = sorted(draw(st.sets(st.integers(0, END), min_size=2, max_size=6)))
    return tuple(zip(borders[::2], borders[1::2], strict=False))


class Departures:
    """Every departure by itself: whether it is made, and what of it stayed behind."""

    def __init__(self, hours, departures, if_missed):
        self.hours = hours
        self.departures = departures
        self.if_missed = if_missed
        self.made = set()

    def due(self, now):
        """Return the departures that may be made at a moment, the first one first."""
        open_now = any(start <= now < end for start, end in self.hours)
        if self.departures is None or not open_now:
            return [] if self.departures is not None or not open_now else [None]
        past = [n for n, moment in enumerate(self.departures) if moment <= now]
        if self.if_missed == "late":
            wanted = past
        elif now not in self.departures:
            wanted = []
        elif self.if_missed == "next":
            wanted = past
        else:
            wanted = [n for n in past if self.departures[n] == now]
        return [number for number in wanted if number not in self.made]

    def next_chance(self, now):
        return next((t for t in range(now, END) if self.due(t)), None)


class Timetables(RuleBasedStateMachine):
    """Time passes, and convoys go or stay; some leave vehicles behind."""

    @initialize(data=st.data(), if_missed=st.sampled_from(["late", "next", "drop"]))
    def build(self, data, if_missed):
        hours = data.draw(windows(), "hours")
        inside = [t for start, end in hours for t in range(start, end)]
        moments = st.sets(st.sampled_from(inside), min_size=1, max_size=6)
        departures = data.draw(st.none() | moments.map(sorted), "departures")
        self.dated = data.draw(st.booleans(), "dated") and departures is not None
        self.now = 0
        self.plain = Departures(hours, departures, if_missed)
        self.timetable = Timetable(
            0,
            None,
            hours,
            END,
            None if departures is None else tuple(departures),
            if_missed,
            dated=self.dated,
        )

    @rule(minutes=st.integers(1, 12))
    def let_time_pass(self, minutes):
        self.now = min(self.now + minutes, END - 1)

    @rule()
    def wait_for_the_next(self):
        chance = self.plain.next_chance(self.now)
        if chance is not None:
            self.now = chance

    @rule(left_behind=st.integers(-2, 2))
    def go(self, left_behind):
        """A convoy sets out, if one may; a part of it may have to stay."""
        due = self.plain.due(self.now)
        if not due:
            return
        rest = {"buses": left_behind} if left_behind > 0 else {}
        self.timetable.forget_what_is_missed(self.now)
        self.timetable.made(self.now, rest)
        if self.plain.departures is None:
            assert self.timetable.rest is None
        else:
            assert self.timetable.rest == (rest or None)
            if not rest:
                self.plain.made.add(due[0])

    @invariant()
    def it_knows_the_next_chance(self):
        if not hasattr(self, "timetable"):
            return
        chance = self.plain.next_chance(self.now)
        if chance is None:
            assert self.timetable.next_chance(self.now) >= END
        else:
            assert self.timetable.next_chance(self.now) == chance

    @invariant()
    def it_knows_until_when_one_may_go(self):
        """It may look too early, and never too late."""
        if hasattr(self, "timetable") and self.plain.due(self.now):
            shuts = self.timetable.shuts(self.now)
            assert all(self.plain.due(t) for t in range(self.now, min(shuts, END)))
            assert shuts >= END or not self.plain.due(shuts) or self.plain.departures

    @invariant()
    def it_knows_whether_nothing_goes_any_more(self):
        """A date that is still to be made late would go in hours after the end."""
        if hasattr(self, "timetable") and self.plain.next_chance(self.now) is None:
            plain = self.plain
            all_made = len(plain.made) == len(plain.departures or ())
            used_up = self.dated and (all_made or plain.if_missed != "late")
            assert self.timetable.is_over(self.now) == used_up

    @invariant()
    def what_stayed_behind_is_dropped_with_its_departure(self):
        if not hasattr(self, "timetable") or self.plain.if_missed != "drop":
            return
        self.timetable.forget_what_is_missed(self.now)
        if self.timetable.rest is not None:
            assert self.plain.due(self.now)


def test_a_timetable_is_what_a_list_of_all_moments_says():
    run_state_machine_as_test(
        Timetables, settings=settings(max_examples=300, stateful_step_count=25)
    )
