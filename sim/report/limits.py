"""What results may be used for, and what their bands show: said by every report."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sim.report.contents import READERS, Banner, Section
from sim.scenario import Operation, scenario_hash
from sim.words import Moment, Sentence, Text, joined, say, say_many

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
_CANNOT_KNOW = say(
    "It cannot know what armed parties will do, who keeps or breaks an agreement, "
    "which road is mined, damaged or under fire, or who will come."
)
_MUST_NOT = say(
    "It must not be used to route or time vehicles, and no time in it may be given to "
    "drivers, passengers or parties as one to rely on."
)
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
    parts = how_to_repeat(operation, command, *others)
    repeat = Section("repeat", say("How to repeat it"), parts, READERS)
    return Section("limits", say("Limits of use"), (first, LIMITS), READERS), repeat


def how_to_repeat(
    operation: Operation, command: str, *others: Operation, signs: int = 64
) -> tuple[Text, ...]:
    """Return the command, and what the scenarios were.

    Parameters
    ----------
    operation, command, others : as of `limits_and_repeat`.
    signs : of a hash, from its beginning.
    """
    digests = [scenario_hash(each)[:signs] for each in (operation, *others)]
    return (
        say("Command: {command}", command=command),
        say_many(
            "Scenario: SHA-256 {digests}. run.json names seed, program and "
            "packages; the same give the same numbers.",
            "Scenarios: SHA-256 {digests}. run.json names seed, program and "
            "packages; the same give the same numbers.",
            len(digests),
            digests=joined(digests, ", "),
        ),
    )


def banner_of(judged: date, last: date) -> Banner:
    """Return what stands above a report whose dates lie ahead.

    Parameters
    ----------
    judged : the date on which that was judged.
    last : the last date that is shown.
    """
    return Banner(
        say(
            "Dates lie ahead or less than 30 days back (judged on {judged}). Not for "
            "routing or timing vehicles.",
            judged=Moment(judged),
        ),
        (
            say(
                "This shows dates up to {last}, which lie ahead or less than 30 days "
                "back, as judged on {judged}.",
                last=Moment(last),
                judged=Moment(judged),
            ),
            _CANNOT_KNOW,
            _MUST_NOT,
        ),
    )


def left_out(judged: date, last: date) -> Text:
    """Return what a report leaves out for want of consent, and how to get it."""
    return say(
        "Left out is what follows single convoys (movement table, their pictures, "
        "events, vehicles), since dates up to {last} lie ahead or less than 30 days "
        "back, as judged on {judged}: whoever agrees not to route or time vehicles by "
        "it gets it with --consent, or by ticking that on the page.",
        last=Moment(last),
        judged=Moment(judged),
    )


def refused(judged: date, last: date) -> Text:
    """Return why something is not shown at all without consent, and how to get it."""
    return say(
        "it would show dates up to {last}, which lie ahead or less than 30 days back, "
        "as judged on {judged}. {cannot_know} {must_not} Whoever agrees to that gets "
        "it with --consent.",
        last=Moment(last),
        judged=Moment(judged),
        cannot_know=_CANNOT_KNOW,
        must_not=_MUST_NOT,
    )
