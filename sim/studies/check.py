"""Everything that is wrong with a scenario and its evidence, or may not be meant."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError, ScenarioError
from sim.evidence.belonging import Never, why_never
from sim.evidence.cells import TableProblem
from sim.evidence.figures import Figure
from sim.report.verdict import (
    cannot_be_compared,
    fine,
    happens_in_no_run,
    noted,
    refused,
)
from sim.scenario import Operation, find
from sim.scenario.evidence_file import evidence_file
from sim.scenario.files import bases, read_file
from sim.scenario.load import checked, deadlocks, notes, placed
from sim.scenario.nodes import MappingNode
from sim.scenario.origins import origins_of
from sim.scenario.problems import Problem
from sim.scenario.titles import sites_in
from sim.studies.cases import Case, figures_in, name_of
from sim.studies.planners_folder import root
from sim.studies.told import Told
from sim.words import Text


class Verdict(NamedTuple):
    """What there is to say about a scenario.

    Attributes
    ----------
    scenario : as it was named.
    case : None if it is refused.
    found : why it is refused, each with its place and what to do.
    notes : what is allowed, but may not be meant.
    """

    scenario: str
    case: Case | None
    found: tuple[Problem | TableProblem, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it is refused, each with its place in a sentence."""
        return tuple(map(str, self.found))

    @property
    def said(self) -> Text:
        """The verdict in a line, with how much there is of everything."""
        if self.case is None:
            return refused(self.scenario, len(self.problems))
        return fine(self.scenario, self.case.operation, self.case.figures)


def verdict_on(scenario: str) -> Verdict:
    """Return a scenario if it is fine, and everything that is to be said about it.

    The evidence is looked through even if the scenario is refused.
    """
    problems: list[Problem | TableProblem] = []
    said: list[Text] = []
    operation: Operation | None = None
    table: Path | None = None
    varied = False
    figures: tuple[Figure, ...] = ()
    try:
        path = find(scenario, root())
        tree, found = read_file(path)
        varied = bool(bases(path))
        table = evidence_file(tree)
        operation = checked(tree, found)
        problems += deadlocks(operation, tree)
        remarks = (*notes(operation, tree), *_out_of_reach(operation, tree))
        said += [noted(each.sentence) for each in remarks]
    except ScenarioError as error:
        problems += error.args[0]

    def hear(told: Told) -> None:
        said.append(noted(told.said))

    try:
        figures = figures_in(table, operation, varied=varied, tell=hear)
    except EvidenceError as error:
        problems += error.args[0]
    if operation is None or problems:
        return Verdict(scenario, None, tuple(problems), tuple(said))
    said += _of_figures(scenario, operation, figures)
    case = Case(name_of(path), operation, figures)
    return Verdict(scenario, case, notes=tuple(said))


def _out_of_reach(operation: Operation, tree: MappingNode) -> tuple[Problem, ...]:
    """Return deadlines and preconditions of agreements that no run can meet."""
    if not any(
        plan.deadline is not None or any(way.arrived for way in plan.requires.values())
        for plan in operation.agreements.values()
    ):
        return ()
    from sim.answers import deadlines  # noqa: PLC0415 - few need what it is worked out by

    return placed(deadlines.findings(operation), operation, tree)


def _of_figures(
    scenario: str, operation: Operation, figures: tuple[Figure, ...]
) -> Iterator[Text]:
    origins = set(origins_of(operation))
    left_out = [
        each
        for each in figures
        if each.metric and not origins.issuperset(sites_in(each.origin))
    ]
    if left_out:
        yield noted(cannot_be_compared(scenario, left_out))
    never: dict[tuple[Never, str], list[Figure]] = {}
    for figure in figures:
        leave = origins.issuperset(sites_in(figure.origin))
        why = why_never(figure, operation) if leave else None
        if why is not None:
            never.setdefault((why, figure.origin), []).append(figure)
    for (why, _), alike in never.items():
        yield noted(happens_in_no_run(why, operation, alike))
