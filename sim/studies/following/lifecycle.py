"""Begins to follow an operation, finds one that is followed, and deletes it whole."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sim.errors import OptionError, ResultsError, RunError
from sim.evidence.written import figures_as_csv
from sim.inference.record import known_by
from sim.plain_file import is_text
from sim.scenario import resolved_yaml
from sim.scenario.files import shown
from sim.studies.cases import Scenario, opened
from sim.studies.folder import draft_name, gone_name, in_plain_words, prepare
from sim.studies.following.entries import ScenarioTaken
from sim.studies.following.followed import (
    DRAWS,
    EVIDENCE,
    FORECASTS,
    GIVEN,
    LOG,
    SCENARIO,
    TAKEN,
    FollowedOperation,
    kept_scenario,
    not_followed,
)
from sim.studies.told import Tell, nobody
from sim.whole_file import write_whole
from sim.words import say


def begin(
    path: Path,
    scenario: Scenario,
    published_by: datetime | None = None,
    tell: Tell = nobody,
) -> FollowedOperation:
    """Begin to follow an operation.

    Parameters
    ----------
    path : of the folder, which must not be there yet.
    scenario : a file, or a name in the folder scenarios; its evidence is taken over.
    published_by : local time; of its evidence only what was published by then is taken
        over, to rehearse with a past operation. All if None.
    tell : hears what should be known.

    Raises
    ------
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    OptionError
        If something is at that place.
    ResultsError
        If the disk does not take it.
    """
    case = opened(scenario, tell)
    if path.exists() or path.is_symlink():
        told = say("{path} is there already. Name a new folder.", path=shown(path))
        raise OptionError("folder", told)
    operation = case.operation.model_copy(update={"evidence": EVIDENCE})
    given = [row for row in case.figures if known_by(row, published_by)]
    prepare(path.parent)
    with in_plain_words(path.parent):
        draft = draft_name(path.parent)
        draft.mkdir(mode=0o700)
        try:
            for folder in (TAKEN, FORECASTS, DRAWS):
                (draft / folder).mkdir()
            write_whole(draft / GIVEN, figures_as_csv(given).encode())
            digest = kept_scenario(draft, operation)
            (draft / LOG).touch()
            new = FollowedOperation(draft)
            with new.writing() as standing:
                new.added(standing, ScenarioTaken, name=case.name, scenario=digest)
            draft.rename(path)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return FollowedOperation(path)


def followed_in(path: Path) -> FollowedOperation:
    """Return the followed operation in a folder, and mend what a kill left undone.

    It can be looked at also where nothing can be written.

    Raises
    ------
    RunError
        If there is none.
    UnusableError
        If it is damaged.
    """
    if not (path / LOG).is_file():
        raise RunError(not_followed(path))
    found = FollowedOperation(path)
    known = found.known()
    shown = (path / EVIDENCE, path / SCENARIO)
    wanted = (known.evidence, resolved_yaml(known.operation))
    for file, text in zip(shown, wanted, strict=True):
        with suppress(OSError):
            if file.read_bytes() == text.encode():
                continue
        with suppress(OSError):
            write_whole(file, text.encode())
    return found


def followed_below(root: Path) -> dict[str, Path]:
    """Return the followed operations in a folder, by the names of their own.

    Links are passed over, and what has a name that is no text.
    """
    try:
        paths = sorted(root.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {
        path.name: path
        for path in paths
        if is_text(path.name) and not path.is_symlink() and (path / LOG).is_file()
    }


def delete(path: Path) -> None:
    """Delete a followed operation with everything in its folder.

    What was deleted can often be brought back by who has the disk; see the docs.

    Raises
    ------
    RunError
        If there is none.
    ResultsError
        If the disk keeps something of it.
    """
    if path.is_symlink() or not (path / LOG).is_file():
        raise RunError(not_followed(path))
    with in_plain_words(path):
        gone = path
        with suppress(OSError):
            gone = path.rename(gone_name(path))
        shutil.rmtree(gone, ignore_errors=True)
        if gone.exists():
            remedy = "Close what has a file of it open, and delete that folder."
            raise ResultsError(str(gone), "something of it is still there", remedy)
