"""What was filled in for fields and parts of a case, as changes of it."""

from collections.abc import Iterable, Mapping, Sequence

from sim.page.field_forms import (
    DROP,
    PREFIX,
    NewPart,
    form_of,
    is_form,
    node_at,
    on_a_line,
)
from sim.scenario.described import described
from sim.scenario.nodes import MappingNode, Place, Source
from sim.scenario.paths import is_within, same_moment
from sim.scenario.problems import with_remedy
from sim.scenario.shapes import shape_at
from sim.scenario.workbook.notation import read_cell
from sim.scenario.yaml_text import flow
from sim.words import Text

_PLACE = Place(Source(""))


def added(
    part: NewPart, name: str, filled: Mapping[str, str]
) -> tuple[str, dict[str, list[Text]]]:
    """Return the change that adds a part, and what is wrong by the id of an input.

    Parameters
    ----------
    filled : what each input says.
    """
    node, wrong = MappingNode(_PLACE), {}
    for form in (*part.needed, *part.others):
        said = _tidy(filled.get(form.input, ""), lines=form.lines)
        if not said:
            continue
        value, found = read_cell(said, shape_at(form.field.steps), _PLACE)
        node.put(form.field.steps[-1], _PLACE, value)
        if found:
            wrong[form.id] = [with_remedy(each.said, each.advice) for each in found]
    path = f"{part.at}.{name}" if part.named else part.at
    return f"{path}={flow(node)}", wrong


def changed(
    tree: MappingNode, filled: Mapping[str, str], before: Sequence[str]
) -> list[str]:
    """Return changes with those that were filled in.

    Parameters
    ----------
    tree : of the case with the changes so far.
    filled : what each input says.
    before : the changes so far.
    """
    new: dict[str, str] = {}
    for each in described(tree):
        given = filled.get(f"{PREFIX}{each.path}")
        if given is None or not is_form(each):
            continue
        form = form_of(each, tree)
        said = _tidy(given, lines=form.lines)
        if said != _tidy(form.now, lines=form.lines):
            new[form.path] = on_a_line(said, shape_at(each.steps)) or DROP
    kept = [each for each in before if not _is_below(each, new)]
    return [*kept, *(f"{path}={value}" for path, value in new.items())]


def without(tree: MappingNode | None, part: str, before: Sequence[str]) -> list[str]:
    """Return changes that take a part away, besides those so far of other parts.

    Parameters
    ----------
    tree : of the case without any changes; None if nobody can read it.
    """
    kept = [each for each in before if not _is_below(each, (part,))]
    own = tree is None or node_at(tree, _steps_in(part)) is not None
    return [*kept, f"{part}={DROP}"] if own else kept


def _tidy(text: str, *, lines: bool) -> str:
    """Return what was typed, without blanks that say nothing."""
    if not lines:
        return " ".join(text.split())
    found = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(filter(None, found))


def _is_below(change: str, paths: Iterable[str]) -> bool:
    """Return whether a change is one of some parts or fields."""
    what = same_moment(change.partition("=")[0].strip())
    return any(is_within(what, same_moment(path)) for path in paths)


def _steps_in(path: str) -> list[str]:
    """Return the steps of the path of a part; under `uncertain` its name has dots."""
    first, _, rest = path.partition(".")
    return [first, rest] if first == "uncertain" else path.split(".")
