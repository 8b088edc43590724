"""What there is to say about a scenario before anything is run."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sim.evidence.belonging import Never
from sim.evidence.figures import Figure
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Number, Text, joined, say, say_many

_ROLES = (
    ("fit", say("fit")),
    ("check", say("check")),
    ("context", say("context")),
)


def fine(scenario: str, operation: Operation, figures: Sequence[Figure]) -> Text:
    """Return that a scenario is fine, and how much there is of everything in it."""
    counts = joined(_counts(operation, figures), ", ")
    return say("ok  {scenario}: {counts}", scenario=scenario, counts=counts)


def refused(scenario: str, problems: int) -> Text:
    """Return that a scenario is refused."""
    return say_many(
        "refused  {scenario}: {count} problem",
        "refused  {scenario}: {count} problems",
        problems,
        scenario=scenario,
    )


def noted(words: Text) -> Text:
    """Return what is allowed, but may not be meant."""
    return say("note  {words}", words=words)


def cannot_be_compared(scenario: str, figures: Sequence[Figure]) -> Text:
    """Return that figures speak of sites which nobody leaves."""
    return say_many(
        "{scenario}: {count} documented figure cannot be compared, since no flow "
        "leaves its site ({sites})",
        "{scenario}: {count} documented figures cannot be compared, since no flow "
        "leaves their sites ({sites})",
        len(figures),
        scenario=scenario,
        sites=joined(sorted({figure.origin for figure in figures}), ", "),
    )


def happens_in_no_run(
    why: Never, operation: Operation, figures: Sequence[Figure]
) -> Text:
    """Return that what figures of one site say can never happen, and what to do.

    Parameters
    ----------
    why : it cannot, which is the same for all of them.
    """
    return say_many(
        "{count} documented figure happens in no run: {why} ({figures})",
        "{count} documented figures happen in no run: {why} ({figures})",
        len(figures),
        why=_why(why, of_site(operation, figures[0].origin)),
        figures=joined([figure.id for figure in figures], ", "),
    )


def _why(why: Never, site: str) -> Text:
    """Return why something happens in no run, and what to do."""
    match why:
        case Never.NO_GATE:
            return say(
                "no way from {site} passes a gate, and nobody departs or sets out but "
                "through one; give the way a gate, or write what arrived",
                site=site,
            )
        case Never.NOT_CARRIED:
            return say(
                "no flow from {site} takes the group that is named; add it to one",
                site=site,
            )
        case Never.NO_SUCH_VEHICLE:
            return say(
                "no flow from {site} has vehicles of the kind that is named; give one "
                "a fleet of that kind",
                site=site,
            )
        case Never.NOBODY_TURNED_BACK:
            return say(
                "no stoppage turns anybody back; write 'caught: turn_back' where one "
                "does"
            )
        case Never.NOTHING_LOST:
            return say("no stoppage destroys vehicles; write 'loses:' where one does")


def _counts(operation: Operation, figures: Sequence[Figure]) -> Iterator[Text]:
    people = sum(
        group.ever_there
        for site in operation.sites.values()
        for group in site.groups.values()
        if not group.counts_apart
    )
    yield say_many("{count} person", "{count} people", people)
    yield say_many("{count} site", "{count} sites", len(operation.sites))
    yield say_many("{count} fleet", "{count} fleets", len(operation.fleets))
    yield say_many("{count} flow", "{count} flows", len(operation.flows))
    if stops := sum(len(flow.ever_picks_up) for flow in operation.flows.values()):
        yield say_many("{count} stop on the way", "{count} stops on the way", stops)
    agreements = len(operation.agreements)
    yield say_many("{count} agreement", "{count} agreements", agreements)
    yield say_many("{count} stoppage", "{count} stoppages", len(operation.stoppages))
    uncertain = len(operation.uncertain)
    yield say_many("{count} uncertain value", "{count} uncertain values", uncertain)
    if figures:
        found = Counter[str](figure.role for figure in figures)
        roles = (
            say("{number} {role}", number=Number(found[name]), role=words)
            for name, words in _ROLES
        )
        yield say_many(
            "{count} documented figure ({roles})",
            "{count} documented figures ({roles})",
            len(figures),
            roles=joined(roles, ", "),
        )
