"""The languages there are, and their messages: files `locale/LANGUAGE.po`.

Translators edit them with any editor of gettext's files. The head of a file says
whether somebody whose language it is has read it: `X-Read-By-Native-Speaker: yes`.
"""

import gettext
import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
"""What the messages are written in; it needs no file."""
_READ = re.compile(r'^"X-Read-By-Native-Speaker: yes\\n"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language.

    Attributes
    ----------
    messages : what is not translated is said in English.
    read : whether a native speaker has read them.
    """

    messages: gettext.NullTranslations
    read: bool


def languages() -> tuple[str, ...]:
    """Return the languages in which a report can be had."""
    return (ENGLISH, *sorted(path.stem for path in LOCALE.glob("*.po")))


def catalogue_of(language: str) -> Catalogue:
    """Return the messages of a language that there is."""
    return _read(LOCALE / f"{language}.po")


@cache
def _read(path: Path) -> Catalogue:
    if not path.exists():
        return Catalogue(gettext.NullTranslations(), read=True)
    written, compiled = path.read_bytes(), BytesIO()
    catalogue = read_po(BytesIO(written), locale=path.stem)
    write_mo(compiled, catalogue)
    compiled.seek(0)
    # Babel keeps no lines of the head that it does not know.
    read = _READ.search(written.decode("utf-8")) is not None
    return Catalogue(gettext.GNUTranslations(compiled), read)
