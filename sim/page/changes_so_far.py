"""Changes of a case so far: what they make different, and what is wrong with them.

They stand in the address, so that back, reload and bookmarks work.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.errors import EvidenceError, ScenarioError, SimError
from sim.page import reading
from sim.page.asked import MOST_CHANGES, PageVisit, text_of
from sim.page.guard import LONGEST_ADDRESS
from sim.page.labels import LABELS, filled
from sim.scenario.problems import Problem, with_remedy
from sim.words import Sentence, Text, joined

Wrong = Mapping[str, list[Text]]
_SPARE = 300
"""Signs of an address that links of the page add to it."""


def so_far(asked: PageVisit) -> tuple[dict[str, Any], Wrong]:
    """Return what a template needs to show changes so far, and what is wrong."""
    wrong = wrong_of(asked, asked.changes)
    more: dict[str, Any] = {
        "differs": _differs(asked, wrong),
        "without": lambda change: _without(change, asked.changes),
        "dropped": _dropped,
    }
    return more, wrong


def _differs(asked: PageVisit, wrong: Wrong) -> tuple[Text, ...] | None:
    """Return what the changes make different; None if they cannot be made."""
    if wrong:
        return None
    return reading.differences(asked) if asked.changes else ()


def _without(change: str, changes: Sequence[str]) -> list[str]:
    """Return changes without one; without a part that it adds nothing in it is left."""
    path, _, value = change.partition("=")
    beneath = f"{path.strip()}." if value.lstrip().startswith("{") else "="
    return [each for each in changes if each != change and not each.startswith(beneath)]


def wrong_of(asked: PageVisit, changes: list[str]) -> Wrong:
    """Return what is wrong with changes of a case; nothing if they can be made."""
    try:
        reading.changed(asked, changes)
    except ScenarioError as error:
        return {"change": [told_of(each) for each in error.args[0]]}
    except EvidenceError as error:
        return {"evidence": [getattr(each, "text", each) for each in error.args[0]]}
    except SimError as error:
        return {"change": [text_of(error)]}
    return {}


def by_field(problems: Iterable[Problem]) -> Wrong:
    """Return what is wrong by the path of the field that it is about."""
    found: dict[str, list[Text]] = {}
    for each in problems:
        found.setdefault(each.path or "change", []).append(told_of(each))
    return found


def new_problems(asked: PageVisit, changes: list[str]) -> list[Problem]:
    """Return what is wrong with changes that was not wrong with those so far.

    Raises
    ------
    ScenarioError
        If nobody can read the case, with them or without.
    """
    before = {(p.path, p.said) for p in reading.draft(asked, asked.changes).problems}
    problems = reading.draft(asked, changes).problems
    return [each for each in problems if (each.path, each.said) not in before]


def told_of(problem: Problem, *, where: bool = True) -> Text:
    """Return what is wrong, without the place among the changes."""
    told = with_remedy(problem.said, problem.advice)
    return joined((problem.path, told), ": ") if problem.path and where else told


def _dropped(change: str) -> Sentence:
    return filled(LABELS["drop_change"], change=change.partition("=")[0])


def is_too_long(asked: PageVisit, changes: list[str]) -> bool:
    """Return whether changes fit into no address, or are more than a page shows."""
    address = asked.link("change", asked.kept().name, changes=changes)
    return len(changes) > MOST_CHANGES or len(address) > LONGEST_ADDRESS - _SPARE
