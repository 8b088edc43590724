"""Changes of a case: ready-made ones, values of fields, and parts that are added.

What was changed so far stands in the address, so that back, reload and bookmarks work,
and nothing is kept until it is saved.
"""

from collections.abc import Callable
from datetime import date

from starlette.responses import Response

from sim.page import reading
from sim.page.asked import TOO_MANY_CHANGES, NotThereError, PageVisit
from sim.page.change_shown import new_of, shown
from sim.page.changes_so_far import is_too_long, new_problems, told_of, wrong_of
from sim.page.field_forms import DROP, section_of
from sim.page.filled_in import added, changed
from sim.page.labels import filled
from sim.page.saving import save_into, save_variant
from sim.scenario.nodes import Scalar
from sim.scenario.paths import is_within, same_moment
from sim.words import Text, say

_THERE = say("'{name}' is there already. Choose another name.")
_NO_NAME = say(
    "'{name}' is not a name: use lower-case letters 'a' to 'z', digits and hyphens."
)
_SHIFT = say(
    "If every date is to move with the start, leave that as it is and take 'Move every "
    "date' instead, with {days}."
)
_NEEDED = say("This is needed.")


def _change(asked: PageVisit) -> Response:
    """Show what can be changed, take a change, or save those so far."""
    if asked.form is None:
        return shown(asked, {})
    does = {
        "add": _add,
        "fields": _take,
        "part": _put,
        "variant": save_variant,
        "into": save_into,
    }
    return does.get(asked.text("do"), _add)(asked)


def _add(asked: PageVisit) -> Response:
    """Add a change to those so far, if it can be made."""
    what, value = asked.text("what"), asked.text("value")
    change = f"{what}={value}"
    wrong = wrong_of(asked, [*asked.changes, change])
    if wrong:
        name = asked.text("form") or "path"
        return shown(asked, {name: [each for all_ in wrong.values() for each in all_]})
    return further(asked, [*asked.changes, change])


def _take(asked: PageVisit) -> Response:
    """Take the values of fields that were filled in."""
    tree = reading.draft(asked, asked.changes).tree
    return _taken(asked, changed(tree, asked.given, asked.changes))


def _put(asked: PageVisit) -> Response:
    """Put a part beside those there are.

    Raises
    ------
    NotThereError
        If no part may be there.
    """
    draft = reading.draft(asked, asked.changes)
    new = new_of(asked, draft.tree, asked.text("add"))
    if new is None:
        raise NotThereError
    name = asked.text("name")
    change, unread = added(new, name, asked.given)
    wrong: dict[str, list[Text]] = {**unread}
    if new.named:
        if not name:
            wrong["new-name"] = [_NEEDED]
        elif same_moment(name) in map(same_moment, new.likes):
            wrong["new-name"] = [filled(_THERE, name=name)]
        elif "=" in name or ("." in name and new.named != "path"):
            wrong["new-name"] = [filled(_NO_NAME, name=name)]
    for form in new.needed:
        if not asked.text(form.input):
            wrong[form.id] = [_NEEDED]
    if wrong:
        return shown(asked, wrong)
    path = change.partition("=")[0]
    ids = {form.field.steps[-1]: form.id for form in (*new.needed, *new.others)}

    def place(found: str) -> str:
        """Return the input that a problem is about."""
        field = found[len(path) + 1 :].partition(".")[0]
        own = "new-name" if new.named else next(iter(ids.values()), found)
        return ids.get(field, own) if is_within(found, path) else found

    before = [each for each in asked.changes if each != f"{path}={DROP}"]
    return _taken(asked, [*before, change], place)


def _taken(
    asked: PageVisit, changes: list[str], place: Callable[[str], str] = str
) -> Response:
    """Go on with changes, unless something is wrong with them that was not before.

    Parameters
    ----------
    place : where what is wrong at a path is told.
    """
    section = asked.text("section")
    if asked.text("anyway"):
        reading.draft(asked, changes)  # refused if nobody can read it so
        return further(asked, changes, section=section)
    wrong: dict[str, list[Text]] = {}
    for each in new_problems(asked, changes):
        here = section_of(each.path) in ("", section)
        told = told_of(each, where=not here)
        wrong.setdefault(place(each.path) or "form", []).append(told)
    if wrong:
        later = _later_by(asked, changes)
        if later:
            wrong["shift"] = [filled(_SHIFT, days=f"{later:+d} d".lstrip("+"))]
        return shown(asked, wrong, anyway=asked.text("do"))
    return further(asked, changes, section=section)


def further(asked: PageVisit, changes: list[str], **query: str) -> Response:
    """Go on with changes, if they fit into an address."""
    if is_too_long(asked, changes):
        return shown(asked, {"form": [TOO_MANY_CHANGES]})
    return asked.moved("change", asked.kept().name, changes=changes, **query)


def _later_by(asked: PageVisit, changes: list[str]) -> int:
    """Return by how many days changes let the operation start later; 0 if none do."""
    new = next((each[7:] for each in changes if each.startswith("starts=")), "")
    now = reading.draft(asked, asked.changes).tree.values.get("starts")
    if not new or not isinstance(now, Scalar):
        return 0
    try:
        days = (date.fromisoformat(text[:10]) for text in (new, now.text))
        after, before = days
    except ValueError:
        return 0
    return (after - before).days


ROUTES = (("/change/{name:path}", _change, True),)
