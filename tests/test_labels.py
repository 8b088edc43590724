"""Labels of the page are those that it shows: what is shown no more is left nowhere."""

import re
from pathlib import Path

from sim.page.follow_labels import FOLLOW
from sim.page.labels import LABELS
from sim.scenario.ready_made import READY_MADE
from sim.studies.ticket import StudyStanding

PAGE = Path(__file__).parent.parent / "sim/page"
SHOWN = "\n".join(
    path.read_text("utf-8")
    for path in (*PAGE.glob("*.py"), *PAGE.glob("templates/*.j2"))
    if not path.name.endswith("labels.py")
)
READY = (*READY_MADE, "earlier")
BY_WHAT_THERE_IS = {*READY, *(f"{each} hint" for each in READY), *StudyStanding}
"""Labels that are found by what something is called."""


def is_shown(name, holder):
    """Return whether anything asks for a label, by its name or by how that begins."""
    own = re.escape(name)
    if re.search(rf'{holder}\.{own}\b|(?:{holder}|[A-Z]+)\["{own}"\]', SHOWN):
        return True
    if "." in name:  # a file of a study
        return f'"{name}"' in SHOWN
    begins = re.findall(rf'(?:{holder}|[A-Z]+)\[f?"([a-z_ ]+)[{{"]', SHOWN)
    return name in BY_WHAT_THERE_IS or any(
        name.startswith(each) for each in begins if each.endswith((" ", "_"))
    )


def test_every_label_of_the_page_is_shown():
    assert [name for name in LABELS if not is_shown(name, "page")] == []


def test_every_label_of_a_followed_operation_is_shown():
    left = [name for name in FOLLOW if not is_shown(name, "own")]

    assert [name for name in left if f'"{name}"' not in SHOWN] == []


def test_a_label_that_nothing_asks_for_is_found():
    assert not is_shown("field_path", "page")
    assert not is_shown("moving.html", "page")
