"""The folder of a planner: their cases and what came of them."""

import shutil
from pathlib import Path

from sim.experiment.whole_file import DRAFT
from sim.studies.cases import SHIPPED, root
from sim.studies.folder import clear_drafts, draft_name, in_plain_words

_SCENARIOS = "scenarios"


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
