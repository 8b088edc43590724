"""What exports are made of: the folder of a run, read back; and what an export is."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import RunError, SimError, UnusableError
from sim.experiment.rows import Rows
from sim.experiment.store import Folder
from sim.formats import RESULTS
from sim.formulas import unguarded
from sim.plain_file import plain_bytes
from sim.report.ahead import Ahead
from sim.report.limits import LIMITS
from sim.scenario import Operation, load
from sim.studies.consent import judged
from sim.studies.folder import FACTS, REPLICATIONS
from sim.words import Sentence, Text, Words, joined, say

SCENARIO = "scenario.yaml"
_NOT_A_RECORD = say("Simulation, not a record.")
_MOST_MB = 500
"""Of a table that a run leaves; the log of its typical run is a few megabytes."""
_AGAIN = "Run it again; the same seed gives the same results."


class NothingToWriteError(SimError):
    """An export is not possible of a run. Args: the sentence, as a `Text`."""

    def __str__(self) -> str:
        return Words().of(self.args[0])


class Exported(NamedTuple):
    """What an export has written.

    Attributes
    ----------
    path : the file, or the folder.
    said : what is in it, in a line.
    """

    path: Path
    said: Text


class Export(NamedTuple):
    """A way to write what a run leaves.

    Attributes
    ----------
    what : what it writes, for whoever chooses.
    write : writes it of a run into a folder, in words where it has any; yields what it
        has written, and raises `NothingToWriteError` before it writes if it cannot.
    follows : whether it follows single convoys or says where places are: of dates that
        lie ahead that needs the consent which run.json keeps.
    """

    what: Sentence
    write: "Callable[[KeptRun, Path, Words], Iterator[Exported]]"
    follows: bool = False


@dataclass(frozen=True)
class KeptRun:
    """A run as its folder keeps it; every part is read when it is asked for.

    Attributes
    ----------
    folder : with the results of a run.
    """

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "KeptRun":
        """Return the run in a folder of results.

        Raises
        ------
        RunError
            If it is no folder of a run.
        """
        kept = (folder / SCENARIO, folder / FACTS, folder / REPLICATIONS)
        if not all(path.exists() for path in kept):
            raise RunError(
                f"{folder} holds no replications. Give the folder of a run, as "
                "results/2026-01-31T1200_aleppo-2016_0123ab."
            )
        return cls(folder)

    @cached_property
    def operation(self) -> Operation:
        """What was run, with all its values."""
        return load(self.folder / SCENARIO)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What run.json says.

        Raises
        ------
        UnusableError
            If it is damaged, or of a format that is not read.
        """
        path = self.folder / FACTS
        try:
            facts = json.loads(plain_bytes(path, _MOST_MB).decode("utf-8"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not JSON"
            raise UnusableError(str(path), str(why), _AGAIN) from error
        if not isinstance(facts, dict) or not isinstance(facts.get("format"), int):
            raise UnusableError(str(path), "it does not say its format", _AGAIN)
        if refusal := RESULTS.refusal(facts["format"]):
            raise UnusableError(str(path), *refusal)
        return facts

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return str(self.facts.get("scenario", "scenario"))

    @cached_property
    def ahead(self) -> Ahead | None:
        """That its dates lie ahead, judged now; whether whoever ran it has agreed."""
        said = self.facts.get("dates_ahead")
        agreed = isinstance(said, dict) and said.get("consent") is True
        return judged([self.operation], consent=agreed)

    @property
    def remark(self) -> Text:
        """What goes with every file: that it is no record, and its limits of use."""
        banner = () if self.ahead is None else self.ahead.banner.texts
        return joined((_NOT_A_RECORD, *banner, LIMITS))

    def parts(self) -> Iterator[Rows]:
        """Yield the replications, in order and a part at a time."""
        yield from Folder(self.folder / REPLICATIONS).parts()

    @cached_property
    def events(self) -> Sequence[Mapping[str, str]]:
        """What happened in the typical run, in time order, by column."""
        return self.table("events")

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of one of the CSV files of the run, by column.

        Parameters
        ----------
        name : of the file, without its ending.

        Raises
        ------
        UnusableError
            If it is not there, or is no table.
        """
        path = self.folder / f"{name}.csv"
        try:
            text = plain_bytes(path, _MOST_MB).decode("utf-8")
            rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            return [
                {column: _plain(cell) for column, cell in row.items()} for row in rows
            ]
        except (OSError, ValueError, TypeError, csv.Error) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not a table"
            raise UnusableError(str(path), str(why), _AGAIN) from error


def _plain(cell: str) -> str:
    """Return a cell as it was before it was guarded against spreadsheets.

    Raises
    ------
    TypeError
        If the row has fewer cells than the header.
    """
    if not isinstance(cell, str):
        raise TypeError(cell)
    return unguarded(cell)
