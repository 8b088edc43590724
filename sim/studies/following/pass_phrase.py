"""Whether somebody knows the pass phrase of a followed operation.

It keeps others from a page that shows the operation. It encrypts nothing: whoever may
read the folder may read everything in it.

References
----------
Percival and Josefsson, The scrypt Password-Based Key Derivation Function, RFC 7914.
"""

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import OptionError, UnusableError
from sim.plain_file import plain_bytes
from sim.studies.folder import in_plain_words
from sim.whole_file import write_whole
from sim.words import say

FILE = "pass-phrase.json"
ENCRYPTS_NOTHING = say(
    "The pass phrase is asked for by the page. It encrypts nothing: whoever may read "
    "the folder on this machine may read everything in it."
)
_FEWEST, _MOST = 8, 1_000
_MOST_MB = 0.01
_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024


class _StoredHash(BaseModel):
    """A salted hash, as hexadecimal digits; no pass phrase can be read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    salt: str = Field(pattern="^[0-9a-f]{32}$")
    scrypt: str = Field(pattern="^[0-9a-f]{64}$")


def protect(folder: Path, phrase: str) -> None:
    """Ask for a pass phrase from now on; an older one no longer opens anything.

    Raises
    ------
    OptionError
        If it is too short to keep anybody out, or longer than anybody types.
    ResultsError
        If the disk does not take it.
    """
    if not _FEWEST <= len(phrase) <= _MOST:
        says = say(
            "a pass phrase has {fewest} to {most} signs, got {signs}.",
            fewest=_FEWEST,
            most=_MOST,
            signs=len(phrase),
        )
        raise OptionError("phrase", says)
    salt = secrets.token_bytes(16)
    kept = _StoredHash(salt=salt.hex(), scrypt=_hashed(phrase, salt).hex())
    with in_plain_words(folder):
        write_whole(folder / FILE, kept.model_dump_json().encode())


def unprotect(folder: Path) -> None:
    """Ask for no pass phrase any more.

    Raises
    ------
    ResultsError
        If the disk does not let us.
    """
    with in_plain_words(folder):
        (folder / FILE).unlink(missing_ok=True)


def is_protected(folder: Path) -> bool:
    """Return whether a pass phrase is asked for."""
    return (folder / FILE).exists()


def opens(folder: Path, phrase: str) -> bool:
    """Return whether a pass phrase is the right one; any is where none is asked for.

    Raises
    ------
    UnusableError
        If what is kept of it is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return True
    try:
        kept = _StoredHash.model_validate_json(plain_bytes(path, _MOST_MB))
    except (OSError, ValidationError) as error:
        remedy = "Delete it, and set a pass phrase again."
        raise UnusableError(str(path), "it is damaged", remedy) from error
    if len(phrase) > _MOST:
        return False
    hashed = _hashed(phrase, bytes.fromhex(kept.salt))
    return hmac.compare_digest(hashed, bytes.fromhex(kept.scrypt))


def _hashed(phrase: str, salt: bytes) -> bytes:
    # Keyboards differ in whether an accent is a sign of its own.
    composed = unicodedata.normalize("NFC", phrase)
    return hashlib.scrypt(
        composed.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=_LANES,
        maxmem=_MEMORY,
        dklen=32,
    )
