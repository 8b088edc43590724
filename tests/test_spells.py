"""The clock of a gate: open for 100 s, closed for 50 s, open again."""

from sim.model.spells import Spells


def spells():
    made = Spells()
    made.begin(100, 150)
    return made


def test_turns_pause_while_the_gate_is_closed():
    began, ended = spells().times_of([0, 90, 99, 120], [60, 20, 1, 30])

    assert began == [0, 90, 99, 170]
    assert ended == [60, 160, 100, 200]


def test_a_turn_at_the_closing_reading_begins_when_the_gate_opens():
    assert spells().time_of(100) == 150
    assert spells().times_of([100], [5]) == ([150], [155])


def test_the_turn_of_a_lost_vehicle_takes_no_time_whenever_the_gate_closes():
    assert spells().times_of([100, 20], [0, 0]) == ([150, 20], [150, 20])
