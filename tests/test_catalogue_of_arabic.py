"""The Arabic catalogue is complete, and keeps to rules that can be tried by rule."""

import re
import unicodedata
from string import Formatter
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from sim.words import extract

CATALOGUE = extract.TEMPLATE.parent / "ar.po"
GLOSSARY = extract.TEMPLATE.parents[3] / "docs" / "words-in-arabic.md"
ONE, TWO = 1, 2
"""Forms of the plural that say their number in words."""
FORMS = 6
NAMES = frozenset(
    {
        *("ARD", "CRPS", "ODD", "PIT", "STRESS-DES", "Philox", "YAML", "zip", "PDF"),
        *("CSV", "GeoJSON", "HXL", "KML", "Parquet", "RO-Crate", "SHA-256", "XES"),
        *(
            "Excel",
            "OpenDocument",
            "ods",
            "TLS",
            "UTF-16",
            "UTF-8",
            "WGS",
            "YAML",
            "xls",
            "xlsb",
            "xlsx",
            "yaml",
        ),
        *("evacuation-convoys", "Earth", "Google", "MIT", "Python", "SimPy"),
        *("numpy", "rocrate", "vidigi"),
    }
)
"""Of methods, formats and programs, written so everywhere."""
TYPED = frozenset(
    {
        *("-n", "--change", "--cluster", "--consent", "--fit", "--knowledge"),
        *("--matters", "policy", "--as-of", "--certificate", "--key", "--larger"),
        *("--per-draw", "--port", "--seed", "--smaller", "--tls", "--until-precise"),
        *("--vary", "pip", "install", "typst", "ssh", "-L", "CA", "CERT", "KEY"),
        *("context", "fit", "exact", "low", "best", "high", "key", "value"),
        *("all", "half", "waiting", "not_arrived"),
        *("--prefer", "mine", "theirs", "Ctrl-C", "SCENARIO"),
        *("check", "explain", "forecast", "run"),
        *("d", "h", "min", "s", "km", "m", "multiply_by", "yes", "no"),
        *("at", "caught", "change", "ends", "loses", "turn_back", "uncertain"),
    }
)
"""Commands, options, fields and words of scenarios and tables, typed as they are."""
FILE_NAME = re.compile(r"(?:[\w-]+/)*[\w-]+\.(?:csv|html|json|md|npz|xlsx|yaml)")
AS_TYPED = re.compile(r"`[^`]+`|\*[^*]+\*|(?<!\w)'[^']+'(?!\w)|\"[^\"]+\"")
"""What stands in a file as it is: in backticks, asterisks or quotation marks."""
ROLES = frozenset({"`check`", "`fit`"})
"""Of documented figures, which are words of the text, too."""
CODE = re.compile(r"`[^`]+`")
QUOTED = re.compile(r"«[ -~…]+»")
"""What is typed, in Arabic quotation marks."""
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
AS_IT_IS = (
    "M. Mitchell et al.: Model cards for model reporting. Proceedings of the "
    "Conference on Fairness, Accountability, and Transparency (2019), 220-229.",
    "T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor: "
    "Strengthening the reporting of empirical simulation studies. Journal of "
    "Simulation 13 (2019), 55-67.",
    "V. Grimm et al.: The ODD protocol for describing agent-based and other simulation "
    "models: a second update to improve clarity, replication, and structural realism. "
    "JASSS 23 (2) 7 (2020).",
    "pip install 'evacuation-convoys[archive]'",
    "pip install rocrate",
)
"""Works, by which they are found, and lines that are typed; checked no further."""
_KEPT = "\N{REFERENCE MARK}"
FOREIGN = {
    "tatweel": "\N{ARABIC TATWEEL}",
    "Persian letters": "\N{ARABIC LETTER FARSI YEH}\N{ARABIC LETTER KEHEH}",
    "digits that are put in by the program": "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "English punctuation": ",;?'\"",
    "marks of direction": "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069",
    "invisible letters": "\u00a0\u200b\u200c\u200d\ufeff",
}


class Said(NamedTuple):
    """One form of a message beside the English that it is of."""

    english: str
    arabic: str
    form: int

    def __str__(self) -> str:
        return f"{self.english} -> {self.arabic}"


def _read(path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _said():
    for message in _read(CATALOGUE):
        if isinstance(message.id, str):
            yield Said(*map(_own, (message.id, message.string)), 0)
            continue
        one, many = message.id
        for form, words in enumerate(message.string):
            yield Said(_own(one if form == ONE else many), _own(words), form)


def _own(text):
    """Return a text without what stands in it as it is."""
    for each in AS_IT_IS:
        text = text.replace(each, _KEPT)
    return text


SAID = tuple(_said())


def fields(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def bare(text):
    """Return a text without its fields."""
    return re.sub(r"{\w*}", "", text)


def offending(rule):
    """Return what breaks a rule, to be compared with nothing."""
    return [str(said) for said in SAID if not rule(said)]


def test_every_message_is_in_arabic():
    known = {message.id for message in _read(extract.TEMPLATE)}

    assert {message.id for message in _read(CATALOGUE)} == known


def test_none_is_marked_as_a_guess():
    assert not [message.id for message in _read(CATALOGUE) if message.fuzzy]


def test_every_plural_has_all_forms_of_arabic():
    for message in _read(CATALOGUE):
        if not isinstance(message.id, str):
            assert len(message.string) == FORMS
            assert all(message.string)


def test_fields_are_those_of_the_english():
    """One and two of a thing may be said in words, and then need no number."""

    def rule(said):
        wanted, found = fields(said.english), fields(said.arabic)
        if said.form in (ONE, TWO):
            wanted, found = ([f for f in fs if f != "count"] for fs in (wanted, found))
        return wanted == found

    assert offending(rule) == []


def test_numbers_are_those_of_the_english():
    """No interval of 95 % may become one of 90 % in another language."""

    def numbers(text):
        return sorted(re.findall(r"\d+(?:[.:]\d+)?", bare(text)))

    assert offending(lambda said: numbers(said.english) == numbers(said.arabic)) == []


def test_no_english_is_left():
    """Only what is typed, and names that are written so everywhere."""

    def words(text):
        return re.findall(r"-{0,2}[A-Za-z][\w-]*", text)

    def rule(said):
        typed = {*NAMES, *TYPED, *words(" ".join(AS_TYPED.findall(said.english)))}
        found = words(DATE.sub("", FILE_NAME.sub("", bare(said.arabic))))
        return all(word in typed and word in said.english for word in found)

    assert offending(rule) == []


def test_what_is_typed_in_a_file_is_that_of_the_english():
    def typed(text):
        return sorted({*CODE.findall(text)} - ROLES)

    assert offending(lambda said: typed(said.english) == typed(said.arabic)) == []


def test_files_and_works_are_named_as_in_english():
    def named(text):
        return sorted(FILE_NAME.findall(bare(text))), text.count(_KEPT)

    assert offending(lambda said: named(said.english) == named(said.arabic)) == []


@pytest.mark.parametrize("what", FOREIGN)
def test_it_is_written_without(what):
    def rule(said):
        own = QUOTED.sub("", CODE.sub("", said.arabic))
        return not set(own) & set(FOREIGN[what])

    assert offending(rule) == []


def test_letters_are_written_in_their_plain_form():
    """Shapes of letters are chosen by whoever draws them."""
    assert offending(lambda said: unicodedata.is_normalized("NFKC", said.arabic)) == []


def test_sentences_begin_and_end_as_in_english():
    """Spaces and stops at the ends are part of what texts are joined by."""

    def ends(text):
        return re.match(r"^(?:- | )?", text)[0], re.search(r"[.: ]*$", text)[0]

    def rule(said):
        # What means `and` in Arabic is written together with the word behind it.
        return said.english == " and " or ends(said.english) == ends(said.arabic)

    assert offending(rule) == []


def test_spaces_are_single_and_stand_behind_marks():
    def rule(said):
        doubled = said.arabic.count("  ") <= said.english.count("  ")
        own = QUOTED.sub(_KEPT, said.arabic)
        return doubled and not re.search(r" [،؛؟:)\]»]| \.(?![\w.])|[،؛؟](?! |$)", own)

    assert offending(rule) == []


def test_brackets_and_quotes_are_closed():
    pairs = ("()", "[]", "«»")

    def rule(said):
        return all(said.arabic.count(a) == said.arabic.count(b) for a, b in pairs)

    assert offending(rule) == []


def test_what_is_counted_agrees_with_its_number():
    """No form of few, many or hundreds is the same where a thing is counted."""
    for message in _read(CATALOGUE):
        if isinstance(message.id, str) or "{count}" not in message.id[1]:
            continue
        _, one, two, few, many, _ = message.string
        assert len({one, two, few, many}) == len((one, two, few, many)), message.id


class Term(NamedTuple):
    """A row of the glossary: English words, and the Arabic ones for the same thing."""

    english: tuple[str, ...]
    arabic: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        words, names = "|".join(self.english), "|".join(NAMES - {*self.english})
        text = AS_TYPED.sub("", FILE_NAME.sub("", bare(text)))
        said = re.sub(names, "", text)
        return re.search(rf"\b(?:{words})(?:s|es)?\b", said, re.I) is not None

    def is_kept_by(self, text: str) -> bool:
        return any(_stem(word) in _unpointed(text) for word in self.arabic)


def _unpointed(text):
    """Return a text without vowel signs, which may be written or not."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _stem(word):
    """Return a word without its article and the ending that changes in a phrase."""
    return _unpointed(word).removeprefix("ال").removesuffix("ة")


def _glossary():
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "English":
            english = re.sub(r" \(.*\)", "", cells[0]).split(", ")
            arabic = [cells[1], *filter(None, cells[2].split("، "))]
            yield Term(tuple(english), tuple(arabic))


IN_ANOTHER_SENSE = (
    ("draw", "No font on this machine can draw"),
    ("factor", "Factors"),
    ("fit", "Vehicles that fit"),
    ("draw", "{sides} draw on {fleets}"),
    ("fit", "vehicles that fit"),
    ("mean", "'{site}' is also the name"),
    ("mean", "Did you mean"),
    ("mean", "A row for each number"),
    ("mean", "{family} means every family"),
    ("mean", "{name} may mean"),
    ("mean", "{words} means nothing"),
    ("range", "the year of {found}"),
    ("forecast", "The scenario is told afterwards: "),
    ("interval", "An operation's own middle is what is not known of a load"),
    ("mean", "Both files are there now: "),
    ("pool", "take fewer than half of the pool"),
    ("pool", "{site}: a pool of the simulation"),
    ("run", "Scenario"),
    ("run", "It runs from"),
    ("run", "a PDF takes the package"),
    ("run", "a scheduler runs whatever"),
    ("run", "{name}: the operation runs from"),
    ("scenario", "To run on it: "),
    ("side", "Both changed {count} thing"),
    ("side", "Each value is tried run by run"),
    ("side", "The receiving side"),
    ("unloading", "most vehicles there at once, unloading"),
)
"""English words with beginnings of messages in which they are not a term."""


@pytest.mark.parametrize("term", [*_glossary()], ids=lambda term: term.english[0])
def test_a_term_is_always_the_same_word(term):
    def excused(said):
        return any(
            word in term.english and said.english.startswith(begins)
            for word, begins in IN_ANOTHER_SENSE
        )

    assert any(term.stands_in(said.english) for said in SAID)
    assert (
        offending(
            lambda said: (
                excused(said)
                or not term.stands_in(said.english)
                or term.is_kept_by(said.arabic)
            )
        )
        == []
    )
