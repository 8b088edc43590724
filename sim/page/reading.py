"""Opens cases for the page: what was read once is read again only if a file changes."""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import ParamSpec, TypeVar

from sim.errors import EvidenceError, ScenarioError
from sim.page.asked import PageVisit
from sim.report.contents import Report
from sim.report.scenario import map_of, report_on_scenario
from sim.report.still import Still
from sim.revisions import of_operations
from sim.scenario.files import bases
from sim.scenario.nodes import MappingNode
from sim.scenario.problems import RefusedError
from sim.studies.cases import Case, Changed, DraftedCase, drafted, opened
from sim.studies.check import Verdict, verdict_on
from sim.studies.evidence_tables import ShownTable, tables_of
from sim.studies.new import EXAMPLE
from sim.words import Text, say

_MOST = 24
_MENDED = say(
    "The case cannot be run without these changes, so that nothing can be compared."
)
_Asked = ParamSpec("_Asked")
_Read = TypeVar("_Read")


def _once(reads: Callable[_Asked, _Read]) -> Callable[_Asked, _Read]:
    """Return what keeps what it read, and reads nothing twice at the same time.

    Several who ask for a case that nobody has opened yet wait for one reading, not for
    one each.
    """
    locks = lru_cache(4 * _MOST)(lambda *_: Lock())
    keeps = lru_cache(_MOST)(reads)

    @wraps(reads)
    def read(*asked: _Asked.args, **more: _Asked.kwargs) -> _Read:
        with locks(*asked):
            return keeps(*asked, **more)  # type: ignore[arg-type] # they are hashable

    return read


def verdict(asked: PageVisit) -> Verdict:
    """Return what the check says of a case."""
    return _verdict(asked.kept().path, asked.desk.library.stamp())


def case(asked: PageVisit) -> Case:
    """Return the case that is asked about, with its changes.

    Raises
    ------
    ScenarioError, EvidenceError
        If it is refused.
    """
    return changed(asked, asked.changes)


def changed(asked: PageVisit, changes: Sequence[str]) -> Case:
    """Return the case that is asked about, with other changes; otherwise as `case`."""
    return _case(_with(asked, changes), asked.desk.library.stamp())


def draft(asked: PageVisit, changes: Sequence[str]) -> DraftedCase:
    """Return what a case says with changes, though it may be refused.

    Raises
    ------
    ScenarioError
        If nobody can read it.
    """
    return _draft(_with(asked, changes), asked.desk.library.stamp())


def example(asked: PageVisit) -> MappingNode:
    """Return what the case says that a new one is like, as examples of how to write.

    Raises
    ------
    ScenarioError
        If it is not there, or nobody can read it.
    """
    return _draft(EXAMPLE, asked.desk.library.stamp()).tree


def tables(asked: PageVisit) -> tuple[ShownTable, ShownTable]:
    """Return the table of evidence and that of sources of a case."""
    return _tables(asked.kept().path, asked.desk.library.stamp())


def said_by(asked: PageVisit) -> tuple[Report, Still]:
    """Return what a case says, and its map."""
    return _said(asked.kept().path, asked.desk.library.stamp())


def differences(asked: PageVisit) -> tuple[Text, ...]:
    """Return what the changes make different, if the case can be run without them."""
    after = case(asked).operation
    try:
        before = changed(asked, ()).operation
    except (ScenarioError, EvidenceError):
        return (_MENDED,)
    titled = after.model_copy(update={"operation": before.operation})
    return tuple(of_operations(before, titled))


def differs_from_base(asked: PageVisit) -> tuple[str, tuple[Text, ...]]:
    """Return what a variant extends, and what it makes different; nothing of a case."""
    base, found = _differs(asked.kept().path, asked.desk.library.stamp())
    if base is None:
        return "", found
    kept = asked.desk.library.cases().values()
    return next((each.title for each in kept if each.path == base), base.stem), found


def _with(asked: PageVisit, changes: Sequence[str]) -> Path | Changed:
    path = asked.kept().path
    return Changed(str(path), tuple(changes)) if changes else path


@_once
def _verdict(path: Path, _stamp: int) -> Verdict:
    return verdict_on(str(path))


@_once
def _case(scenario: Path | Changed, _stamp: int) -> Case:
    return opened(scenario)


@_once
def _draft(scenario: Path | Changed | str, _stamp: int) -> DraftedCase:
    return drafted(scenario)


@_once
def _tables(path: Path, _stamp: int) -> tuple[ShownTable, ShownTable]:
    return tables_of(path)


@_once
def _said(path: Path, stamp: int) -> tuple[Report, Still]:
    found = _case(path, stamp)
    return report_on_scenario(found.operation, found.figures), map_of(found.operation)


@_once
def _differs(path: Path, stamp: int) -> tuple[Path | None, tuple[Text, ...]]:
    try:
        for base in bases(path):
            before, after = _case(base, stamp), _case(path, stamp)
            found = tuple(of_operations(before.operation, after.operation))
            return base, found
    except (ScenarioError, EvidenceError, RefusedError):
        pass  # the check says so
    return None, ()
