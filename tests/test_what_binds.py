"""What a report says of limits that bind, so that more of something else is no help."""

from sim import report_on, run_study
from tests.builders import in_words, operation, two_sides


def said_of(plan, section):
    (found,) = (
        each
        for each in report_on(run_study(plan, replications=2)).sections
        if each.name == section
    )
    return " ".join(in_words(part) for part in found.parts if _is_text(part))


def _is_text(part):
    return hasattr(part, "one")


def test_a_pace_that_binds_is_named_beside_the_causes():
    said = said_of(operation(flows__evacuation__at_most="1 convoy a week"), "waiting")

    assert "evacuation may send 1 convoy a week at most (flows.evacuation.at_m" in said
    assert "do not help before the next week" in said


def test_a_pace_that_binds_nobody_is_not():
    said = said_of(operation(flows__evacuation__at_most="90 convoys a day"), "waiting")

    assert "at most (flows.evacuation.at_most)" not in said


def test_that_chance_decides_on_an_agreement_is_in_the_answer():
    """Without it nobody sees why in some runs nobody arrives."""
    left_to_chance = report_on(
        run_study(two_sides(agreements__deal__chance=0.5), replications=2)
    )
    sure = report_on(run_study(two_sides(), replications=2))
    told = "whether it can come into force at all is drawn in each run, with a chance"

    assert f"{told} of 50% (agreements.deal.chance)." in in_words(left_to_chance.answer)
    assert told not in in_words(sure.answer)
