"""The folder of a planner: their cases and what came of them."""

import shutil
from pathlib import Path

from sim.studies.folder import clear_drafts, draft_name, in_plain_words
from sim.whole_file import DRAFT

SHIPPED = Path(__file__).resolve().parents[1] / "shipped"
_PROJECT = Path(__file__).resolve().parents[2]
_SCENARIOS = "scenarios"


def root() -> Path:
    """Return the folder that holds scenarios/.

    Where we are, or else the project's, or what an installed program brought along.
    """
    for folder in (Path.cwd(), _PROJECT):
        if (folder / _SCENARIOS).is_dir():
            return folder
    return SHIPPED


def made_ready(folder: Path | None) -> Path:
    """Return a folder with scenarios in it, as a full path.

    Parameters
    ----------
    folder : of the planner; made if need be, and if it has no scenarios, those that
        come along are copied there. Where this program has its scenarios if None; if
        that is nobody's to write in, where we are.

    Raises
    ------
    ResultsError
        If the disk does not let us.
    """
    known = root()
    chosen = folder or (Path.cwd() if known == SHIPPED else known)
    with in_plain_words(chosen):
        chosen.mkdir(parents=True, exist_ok=True)
        if not (chosen / _SCENARIOS).exists():
            draft = draft_name(chosen)
            hidden = shutil.ignore_patterns(f"{DRAFT}*", ".*")
            try:
                shutil.copytree(known / _SCENARIOS, draft, ignore=hidden)
                draft.rename(chosen / _SCENARIOS)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
        # What a program that was killed had begun to write, here or beside a case.
        clear_drafts(chosen)
        clear_drafts(chosen / _SCENARIOS, below=True)
    return chosen.resolve()
