"""Which fields of a part are given, and that of some there is exactly one."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from sim.messages import Text, joined, say
from sim.scenario.draft import Finding
from sim.scenario.shapes import Path


def is_given(part: BaseModel, field: str) -> bool:
    """Whether a field is otherwise than it would be without being written."""
    default = type(part).model_fields[field].default
    return bool(getattr(part, field) != default)


def exactly_one(
    part: BaseModel, fields: Sequence[str], here: Path, called: Text
) -> Iterator[Finding]:
    """Check that exactly one of some fields is given.

    Parameters
    ----------
    called : what the part is called in the sentence.
    """
    given = [field for field in fields if getattr(part, field) is not None]
    if len(given) != 1:
        yield Finding(
            here,
            say(
                "{called} needs exactly one of {fields}; it has {given}",
                called=called,
                fields=joined(fields, ", "),
                given=joined(given, " and ") if given else say("none"),
            ),
            (say("Keep one of them.") if given else say("Add one of them.")),
        )
