"""The ticket of a study in a queue: a small file in its folder.

It outlasts whatever ends the program, and says what is wanted of the study.
"""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.plain_file import plain_bytes
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole

TICKET_FILE = "queue.json"
_MOST_MB = 1


class StudyStanding(StrEnum):
    """How a study stands in a queue."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


class Ticket(BaseModel):
    """What is to become of a study that is not finished.

    Attributes
    ----------
    place : in the queue; the least comes first.
    standing : whether it is to be run. One that is at work waits still, so that it goes
        on by itself whatever ends the program.
    says : why it failed; empty if the process that ran it was lost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: int = Field(ge=0)
    standing: Literal[
        StudyStanding.WAITING, StudyStanding.STOPPED, StudyStanding.FAILED
    ] = StudyStanding.WAITING
    says: str = ""


def read_ticket(path: Path) -> Ticket | None:
    """Return the turn of the study in a folder; None if it stands in no queue."""
    try:
        return Ticket.model_validate_json(plain_bytes(path / TICKET_FILE, _MOST_MB))
    except (OSError, ValidationError):
        return None


def write_ticket(path: Path, ticket: Ticket) -> None:
    """Keep the ticket of the study in a folder.

    Raises
    ------
    OSError
        If the disk does not take it, as when the folder is gone.
    """
    write_whole(path / TICKET_FILE, f"{ticket.model_dump_json(indent=2)}\n".encode())


def keep_ticket(path: Path, ticket: Ticket) -> None:
    """Keep the ticket of the study in a folder, unless that is gone.

    Raises
    ------
    ResultsError
        If the disk does not take it.
    """
    with suppress(FileNotFoundError), in_plain_words(path):
        write_ticket(path, ticket)
