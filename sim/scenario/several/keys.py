"""Keys for parts that have names as people write them."""

import re
import unicodedata
from collections.abc import Collection

from sim.scenario.problems import as_name

_LATIN = re.compile("[a-z]")


def key_of(title: str, kind: str, taken: Collection[str]) -> tuple[str, bool]:
    """Return a key for a part, and whether it was made of the letters of its name.

    Parameters
    ----------
    title : as people write it.
    kind : of which a key is made, with a number, if there are no Latin letters.
    taken : keys that are others' already.
    """
    apart = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    found = as_name(plain)
    letters = sum(map(str.isalpha, plain))
    latin = len(_LATIN.findall(plain))
    if found and 2 * latin >= letters:
        return found, True
    number = 1
    while f"{kind}-{number}" in taken:
        number += 1
    return f"{kind}-{number}", False


def free(name: str, taken: Collection[str]) -> str:
    """Return a name, with a number after it if it is another's already."""
    number, made = 1, name
    while made in taken:
        number += 1
        made = f"{name}-{number}"
    return made
