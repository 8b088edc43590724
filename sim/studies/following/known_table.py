"""The evidence of a followed operation: what it began with, and what was entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sim.errors import EvidenceError
from sim.evidence.cells import CellProblem, TableProblem, read_cells
from sim.evidence.figures import Figure
from sim.evidence.row import COLUMNS
from sim.evidence.table import understood_in
from sim.inference.double_counting import refuse_double_counting
from sim.inference.record import given_facts, record_of
from sim.scenario import Operation
from sim.studies.following.said_figure import completed, too_early, untidy
from sim.words import say


@dataclass(frozen=True, slots=True)
class KnownTable:
    """Rows of evidence, and the operation that they are about.

    Attributes
    ----------
    given : file of the rows that it began with.
    entered : cells of the others, by the number of their entry.
    operation : of which they speak.
    """

    given: Path
    entered: Mapping[int, Mapping[str, str]]
    operation: Operation

    def of(self, operation: Operation) -> "KnownTable":
        """Return the same rows about another operation."""
        return replace(self, operation=operation)

    def figures(self) -> tuple[Figure, ...]:
        """Return the figures; those about what the operation has not are left out.

        Raises
        ------
        EvidenceError
            If they do not fit together.
        """
        understood = self._understood(self.entered)
        self.refuse(understood.problems)
        left_out = {number for number, _ in understood.left_out}
        return tuple(
            figure for number, figure in understood.figures if number not in left_out
        )

    def checked(
        self, cells: Mapping[str, str], number: int, now: datetime
    ) -> tuple[dict[str, str], tuple[CellProblem, ...]]:
        """Return a row with what goes without saying, and what is wrong with it.

        Parameters
        ----------
        cells : by column.
        number : of its entry.
        now : local time.
        """
        row = completed(cells, f"entered-{number}", now)
        rows = {**self.entered, number: row}
        # Strange to the operation is no problem of rows from before it was what it is.
        strict = self._understood(rows, varied=False)
        found = [*untidy(row, strict.last)]
        found += [each for each in strict.problems if each.row == strict.last]
        found += self._understood(rows).problems
        found += too_early(row.get("published", ""), now, strict.last)
        if not found:
            said = replace(self, entered=rows).counted_twice()
            before = self.counted_twice() if said else ()
            found += [
                CellProblem(
                    strict.last,
                    "id",
                    say("{said}, or take one of them back", said=each),
                )
                for each in said
                if each not in before
            ]
        return row, tuple(dict.fromkeys(found))

    def counted_twice(self) -> tuple[str, ...]:
        """Return what would be counted twice: no forecast can be made of that."""
        entries = record_of(self.figures(), self.operation).entries
        try:
            refuse_double_counting(entries, given_facts(self.operation))
        except EvidenceError as error:
            (problems,) = error.args
            return tuple(problems)
        return ()

    def refuse(self, problems: Sequence[CellProblem]) -> None:
        """Refuse what is wrong.

        Raises
        ------
        EvidenceError
            With all problems, each after its column.
        """
        if problems:
            raise EvidenceError(
                tuple(
                    TableProblem(say("{file}:", file=column), row, column, said)
                    for row, column, said in problems
                )
            )

    def _understood(
        self, entered: Mapping[int, Mapping[str, str]], *, varied: bool = True
    ) -> "_RowsSaid":
        """Return what the rows say, numbered as in the table that is written."""
        given = read_cells(self.given, COLUMNS, multiline="note")
        every = [cells for _, cells in given.rows]
        every += [
            {column: cells.get(column, "") for column in COLUMNS}
            for cells in entered.values()
        ]
        rows = tuple(enumerate(every, start=2))
        said = understood_in(given._replace(rows=rows), self.operation, varied=varied)
        return _RowsSaid(*said, len(every) + 1)


class _RowsSaid(NamedTuple):
    """What rows say, as of `Understood`, and the number of the last one."""

    figures: tuple[tuple[int, Figure], ...]
    left_out: tuple[tuple[int, Figure], ...]
    problems: tuple[CellProblem, ...]
    last: int
