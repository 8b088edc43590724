"""What has been run so far of a study at which somebody else is at work."""

from pathlib import Path

from sim.experiment.npz import DamagedError
from sim.experiment.rows import Rows
from sim.experiment.store import Memory, chunk_in, chunks_in


class SoFar:
    """Reads what is kept in a folder, and touches nothing there.

    Only replications without a gap before them count: else those that take less time
    would be among the first more often than others.

    Parameters
    ----------
    path : of the folder, which need not be there yet.
    study : what the runs are of, as of `Folder`.
    """

    def __init__(self, path: Path, study: str) -> None:
        self._path = path
        self._study = study
        self._known: dict[str, Rows] = {}

    def read(self) -> tuple[int, Memory]:
        """Return how many replications there are, failed ones too, and what they are.

        A file that cannot be used ends them; whoever is at work sees to that.
        """
        due, known = 0, {}
        for file in chunks_in(self._path):
            if not file.name.startswith(f"{due:08d}-"):
                break
            rows = self._known.get(file.name)
            try:
                rows = chunk_in(file, self._study) if rows is None else rows
            except (OSError, DamagedError):
                break
            known[file.name] = rows
            due += len(rows) + len(rows.failures)
        self._known = known
        return due, Memory(known.values())
