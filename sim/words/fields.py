"""How the fields of a scenario are filled in, in words: for forms."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sim.messages import Sentence, Text, joined, listed, say
from sim.scenario.headings import heading_of
from sim.scenario.inputs import FieldInput, InputKind

KINDS: Mapping[InputKind, Sentence] = MappingProxyType(
    {
        "text": say("text"),
        "choice": say("one of a few words"),
        "name": say("name"),
        "number": say("number"),
        "share": say("share"),
        "factor": say("multiplier"),
        "duration": say("duration"),
        "length": say("length"),
        "speed": say("speed"),
        "pace": say("pace"),
        "moment": say("moment"),
        "time": say("time of day"),
        "hours": say("hours of the day"),
        "position": say("position"),
        "list": say("list"),
        "mapping": say("values by name or moment"),
        "part": say("fields of its own"),
    }
)
"""What is typed into a field."""
_DRAWN_FOR = MappingProxyType(
    {
        "": say("What varies is said in plain words, drawn anew each time."),
        "vehicle": say("What varies is said in plain words, drawn for each vehicle."),
        "convoy": say("What varies is said in plain words, drawn for each convoy."),
    }
)
_LOCAL = frozenset({"moment", "time", "hours"})


def how_to_fill_in(takes: FieldInput) -> Text:
    """Return how a field is filled in: what it takes, units, bounds and examples."""
    return joined(_said(takes))


def section_heading(section: str) -> Sentence:
    """Return what readers call a section, as of `sites.groups` its last step."""
    part, _, field = f"operation.{section}".rpartition(".")
    return Sentence(heading_of(part.rpartition(".")[2], field))


def _said(takes: FieldInput) -> Iterator[Text]:
    if takes.words:
        yield say("One of: {words}.", words=listed(takes.words, "or"))
        return
    if takes.names_from:
        names = listed(map(section_heading, takes.names_from), "or")
        yield say("A name from: {sections}.", sections=names)
    yield from _number(takes)
    if takes.kind == "list":
        yield say("Several, in order.")
    if takes.kind == "mapping":
        by_moment = takes.key is not None and takes.key.kind == "moment"
        yield (
            say("Moments, each with a value.")
            if by_moment
            else say("Names, each with a value.")
        )
    for inside in (takes.key, takes.item):
        if inside is not None:
            yield from _said(inside)


def _number(takes: FieldInput) -> Iterator[Text]:
    if takes.units:
        yield say("Units: {units}.", units=joined(takes.units, ", "))
    if takes.kind in _LOCAL:
        yield say("In local time.")
    if takes.least and takes.most:
        yield say("From {least} to {most}.", least=takes.least, most=takes.most)
    if takes.varies:
        yield _DRAWN_FOR[takes.drawn_for]
    if takes.hangs:
        yield say("A moment may also hang on what happens in a run.")
    if takes.examples:
        shown = [say("'{text}'", text=example) for example in takes.examples]
        yield say("For example {examples}.", examples=listed(shown, "or"))
