"""What a report says would not help, since something else binds."""

from sim.experiment.bands import Bands
from sim.programs import run_study
from sim.report.what_binds import what_binds
from sim.scenario import from_text
from sim.words import Words
from tests.villages import Change, changed

SMALL = "convoy: {buses: 5}", "convoy: {buses: 2}"


def told(*changes: Change) -> str:
    text = changed(*changes)
    study = run_study(from_text(text), replications=2)
    return "\n".join(map(Words().of, what_binds(Bands(study))))


def test_more_vehicles_do_not_help_where_one_small_convoy_is_sent_at_a_time() -> None:
    assert "Of the 10 vehicles of buses at most 2 are under way" in told(SMALL)


def test_vehicles_that_a_later_phase_needs_are_not_called_of_no_use() -> None:
    """Its convoys are larger, or there are more at a time."""
    for line in ("convoy: {buses: 10}", "at_once: 5"):
        phase = f"phases: {{2018-03-03T00:00: {{{line}}}}}"
        more = SMALL[0], f"{SMALL[1]}\n    {phase}"
        assert "vehicles of buses" not in told(more)
