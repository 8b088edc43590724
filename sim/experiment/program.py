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
_SIM = Path(__file__).resolve().parents[1]


@cache
def fingerprint() -> str:
    """Return a hash of all files and packages that decide the numbers of a run."""
    files = [_SIM / "distributions.py"]
    for part in _DECIDES:
        files += sorted((_SIM / part).rglob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        # Line ends may differ between copies of the same file.
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    for package in ("numpy", "simpy"):
        with suppress(metadata.PackageNotFoundError):
            digest.update(metadata.version(package).encode())
    return digest.hexdigest()
