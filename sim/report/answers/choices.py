"""What may be chosen, in words: the field, and the part that has it."""

from sim.answers.choices import START, fleet_of
from sim.scenario import Operation
from sim.scenario.meanings import meaning_of
from sim.scenario.shapes import Fields, shape_at
from sim.scenario.titles import of_part
from sim.scenario.uncertain import steps_to
from sim.words import Text, joined, say


def of_choice(what: str, operation: Operation) -> Text:
    """Return what is chosen in words; its path where it has no words.

    Parameters
    ----------
    what : as written, as `fleets.buses.vehicles`.
    operation : in which it is chosen.
    """
    if what == START:
        return say("start of the operation")
    if (fleet := fleet_of(what)) is not None:
        return say("number of vehicles of {fleet}", fleet=fleet)
    steps = tuple(map(str, steps_to(what, operation.clock)))
    shape = shape_at(steps[:-1])
    if not isinstance(shape, Fields) or steps[-1] not in shape.names:
        return what
    field = meaning_of(shape.plan, steps[-1]).heading
    if len(steps) == 1:
        return say("'{field}'", field=field)
    section, name, *within = steps[:-1]
    if section == "stages":  # which are by kind
        name, *within = within
    names = within[1::2]  # of sections in it, as of its groups
    part = joined([of_part(operation, section, name), *names], ", ")
    return say("'{field}' of {part}", field=field, part=part)


def with_path(what: str, operation: Operation) -> Text:
    """Return what is chosen in words, and in brackets as it is written."""
    words = of_choice(what, operation)
    return what if words == what else say("{words} ({path})", words=words, path=what)
