"""Which version of the program decides what numbers come out."""

import hashlib
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

_DECIDES = (
    *("events", "parts", "scenario", "model", "metrics", "evidence", "experiment"),
    "inference",
)
_REPLAYS = ("events", "parts", "scenario", "model")
"""What a run follows from, once its values and its luck are given."""
_SIM = Path(__file__).resolve().parents[1]


def fingerprint() -> str:
    """Return a hash of all files and packages that decide the numbers of a study."""
    return _hash_of(_DECIDES)


def fingerprint_of_replays() -> str:
    """Return a hash of those that decide a run of which values and luck are given."""
    return _hash_of(_REPLAYS)


@cache
def _hash_of(parts: tuple[str, ...]) -> str:
    files = [_SIM / "distributions.py"]
    for part in parts:
        files += sorted((_SIM / part).rglob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        # Line ends may differ between copies of the same file.
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    for package in ("numpy", "simpy"):
        with suppress(metadata.PackageNotFoundError):
            digest.update(metadata.version(package).encode())
    return digest.hexdigest()
