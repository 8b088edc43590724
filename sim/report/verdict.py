"""What there is to say about a scenario before anything is run."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sim.evidence.figures import Figure
from sim.scenario import Operation
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


def _counts(operation: Operation, figures: Sequence[Figure]) -> Iterator[Text]:
    people = sum(
        group.people
        for site in operation.sites.values()
        for group in site.groups.values()
    )
    yield say_many("{count} person", "{count} people", people)
    yield say_many("{count} site", "{count} sites", len(operation.sites))
    yield say_many("{count} fleet", "{count} fleets", len(operation.fleets))
    yield say_many("{count} flow", "{count} flows", len(operation.flows))
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
