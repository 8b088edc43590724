"""What results may be used for, and what their bands show: said by every report."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.report.contents import READERS, Section
from sim.scenario import Operation, scenario_hash
from sim.words import Sentence, Text, joined, say, say_many

LIMITS = say(
    "A simulation of groups of people for study and planning, built on public sources "
    "that contradict each other. It does not say what happened or what will happen, "
    "which source is right, or who is to blame, and must not be used to find, target "
    "or judge persons or parties."
)
NOT_FOR = say(
    "Not for timing live movements: nothing here knows what armed parties will do, and "
    "a stoppage to come is drawn from averages."
)
"""Said of forecasts before anything else."""
BANDS: Mapping[str, Sentence] = MappingProxyType(
    {
        "chance": say(
            "The runs share the values of the scenario file; bands show chance only, "
            "not what is unknown about the world."
        ),
        "knowledge and chance": say(
            "What is not known is drawn from the ranges of the scenario file; bands "
            "show both this and chance."
        ),
        "calibrated": say(
            "Each run is a draw of a fit to the documented figures: what is not known, "
            "and chance, as far as the record says anything about them."
        ),
    }
)


def limits_and_repeat(
    operation: Operation, command: str, *others: Operation, first: Text = None
) -> tuple[Section, Section]:
    """Return what every study ends with: limits of use, and how to repeat it.

    Parameters
    ----------
    operation : that was run.
    command : that ran it.
    others : run with it, if it was not alone.
    first : said before the limits of all studies.
    """
    digests = [scenario_hash(each) for each in (operation, *others)]
    repeat = Section(
        "repeat",
        say("How to repeat it"),
        (
            say("Command: {command}", command=command),
            say_many(
                "Scenario: SHA-256 {digests}. run.json names seed, program and "
                "packages; the same give the same numbers.",
                "Scenarios: SHA-256 {digests}. run.json names seed, program and "
                "packages; the same give the same numbers.",
                len(digests),
                digests=joined(digests, ", "),
            ),
        ),
        READERS,
    )
    return Section("limits", say("Limits of use"), (first, LIMITS), READERS), repeat
