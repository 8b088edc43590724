"""What a packed case says of itself: its files, its programs, what a re-run gives."""

import hashlib
import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.errors import UnusableError
from sim.formats import CASE

NAME = "manifest.json"
_FIRST, _GROUP = 16, 4
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(max_length=500)]
Version = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,100}$")]
"""Nothing that changes what a terminal shows: it is told as the sender wrote it."""


class _ManifestPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rerun(_ManifestPart):
    """A small run: how often, from which seed, and what each replication gave.

    `logs` are the SHA-256 of the event log of each replication.
    """

    seed: int
    logs: Annotated[list[Digest], Field(min_length=1, max_length=100)]


class Manifest(_ManifestPart):
    """What is in a packed case.

    `files` has the SHA-256 of every file but the manifest itself, `made_with` the
    versions of the program, of Python, of the packages and of the platform.
    """

    format: int
    name: Words
    scenario: Words
    results: list[Words]
    files: dict[Words, Digest]
    made_with: dict[Version, Version]
    rerun: Rerun
    limits_of_use: Annotated[str, StringConstraints(max_length=5000)]

    def written(self) -> bytes:
        """Return the manifest as the contents of its file."""
        data = self.model_dump(mode="json")
        text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
        return f"{text}\n".encode()


def read_manifest(contents: bytes, file: str) -> Manifest:
    """Return a manifest from the contents of its file.

    Parameters
    ----------
    file : of the case, for what is said.

    Raises
    ------
    UnusableError
        If it makes no sense, or is of a format that is not read.
    """
    remedy = "Ask whoever sent it to pack it again."
    try:
        data: Any = json.loads(contents)
        version = data.get("format") if isinstance(data, dict) else None
        if isinstance(version, int) and (refusal := CASE.refusal(version)):
            raise UnusableError(file, *refusal)
        return Manifest.model_validate(data)
    except (ValidationError, ValueError, RecursionError) as error:
        raise UnusableError(file, f"its {NAME} makes no sense", remedy) from error


def digest(contents: bytes) -> str:
    """Return the SHA-256 of contents."""
    return hashlib.sha256(contents).hexdigest()


def fingerprint(contents: bytes) -> str:
    """Return what two people can read to each other to know that they have one file."""
    return " ".join(re.findall("." * _GROUP, digest(contents)[:_FIRST]))
