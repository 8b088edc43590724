"""Arabic in every form: direction, letters, digits, plurals, no English left.

That the catalogue is complete is tried in `test_catalogue_of_arabic.py`.
"""

import re
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from babel import Locale
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from rich.console import Console

from sim.experiment import run_study
from sim.plots import PICTURES
from sim.plots.fonts import FONT
from sim.plots.style import styled
from sim.plots.texts import folded, in_words, shortened, worded_by
from sim.report.forms.files import written
from sim.report.forms.terminal import as_terminal
from sim.report.run import report_on_run
from sim.scenario import load, resolved_yaml
from sim.words import Moment, Number, Words, catalogues, joined, say
from sim.words.catalogues import catalogue_of
from sim.words.sentences import UNREAD
from tests import small_case
from tests.browser import a_browser, opened
from tests.commands import call

TOWNS = Path(__file__).parents[1] / "scenarios" / "two-towns" / "scenario.yaml"
COMMAND = "python run.py run two-towns --language ar"
ARABIC = Words("ar")
ISOLATED = re.compile("\u2068([^\u2068\u2069]*)\u2069")
LATIN = re.compile(r"[A-Za-z][\w.-]*")
LETTERS = re.compile("[\u0621-\u064a]")
RUNS_LEFT = "\N{RIGHT-TO-LEFT MARK}"
ALLOWED = {"SHA-256", "run.json", "CRPS", "PIT", "ARD"}
"""Of methods, and names of files, which are written so in every language."""
LOG = "الأحداث"
"""The sheet of events: the log as programs have it, whose words are keys."""
CONVOY = "قافلة"
JOINED = "\ufed7\ufe8e\ufed3\ufee0\ufe94"
"""The letters of the same word in the shapes that join their neighbours."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMS = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4}
"""Which of the six forms of a plural belongs to some numbers."""


@pytest.fixture(scope="module")
def study():
    return run_study(load(TOWNS), seed=1, replications=5)


@pytest.fixture(scope="module")
def report(study):
    log = study.log_of(study.typical)
    return report_on_run(study, log, name="two-towns", command=COMMAND)


@pytest.fixture(scope="module")
def folder(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("arabic")
    assert written(report, path, language="ar")() is None
    return path


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def seen(folder, browser):
    with opened(browser, folder / "report.html") as page:
        yield page


@pytest.fixture(scope="module")
def pictures(report):
    """The texts of every picture, as they are when it is written to a file."""
    with worded_by(ARABIC):
        return {
            picture.name: texts_of(PICTURES[picture.name](*picture.arguments))
            for picture in report.pictures()
        }


@pytest.fixture(scope="module")
def sheets(folder):
    """The texts of every sheet, by its name."""
    with ZipFile(folder / "results.xlsx") as book:
        shared = [
            "".join(part.itertext()) for part in parsed(book, "xl/sharedStrings.xml")
        ]
        named = parsed(book, "xl/workbook.xml").iter(f"{MAIN}sheet")
        return {
            sheet.get("name"): [
                shared[int(cell.find(f"{MAIN}v").text)]
                for cell in parsed(book, f"xl/worksheets/sheet{number}.xml").iter(
                    f"{MAIN}c"
                )
                if cell.get("t") == "s" and cell.find(f"{MAIN}v") is not None
            ]
            for number, sheet in enumerate(named, start=1)
        }


@pytest.fixture(scope="module")
def names(study):
    """Return whatever the scenario calls or says."""

    def found(node):
        if isinstance(node, dict):
            for key, value in node.items():
                yield from (str(key), *found(value))
        elif isinstance(node, list):
            yield ", ".join(map(str, node))
            for value in node:
                yield from found(value)
        else:
            yield str(node)

    return {*found(yaml.safe_load(resolved_yaml(study.operation))), COMMAND}


def parsed(book, name):
    return ET.fromstring(book.read(name))  # noqa: S314 (it is our own)


def texts_of(figure):
    figure.savefig(BytesIO())  # axes make some of their labels only now
    found = (text.get_text() for text in figure.findobj(Text) if text.get_visible())
    return [text for text in found if text.strip()]


def said_on(page):
    """Return the words of a page: those that stand in it, and those read out."""
    unseen = r"<(style|svg|script)\b.*?</\1>"
    bare = re.sub(unseen, "", page, flags=re.DOTALL)
    labels = re.findall(r'aria-label="([^"]*)"', bare)
    return unescape("\n".join([re.sub(r"<[^>]+>", "", bare), *labels]))


def is_name(text, names):
    """Return whether a text is a name: as it is, numbered, or a path of keys."""
    if text in names or re.fullmatch(r"[0-9a-f]{64}|UTC[+-]\d+|operation", text):
        return True
    if re.sub(r"-\d{3}$", "", text) in names:
        return True
    parts = re.split(r"\.", text)
    return len(parts) > 1 and names.issuperset(part.strip() for part in parts)


def in_english(text, names):
    """Return what a text says in English: neither a name apart, nor allowed."""
    text = text.replace(UNREAD.one, "")
    apart = (" ".join(name.split()) for name in ISOLATED.findall(text))
    left = [name for name in apart if LATIN.search(name) and not is_name(name, names)]
    return left + [
        word for word in LATIN.findall(ISOLATED.sub("", text)) if word not in ALLOWED
    ]


@pytest.mark.parametrize(("number", "form"), FORMS.items())
def test_each_number_has_its_form_of_the_plural(number, form):
    assert catalogue_of("ar").messages.plural(number) == form


@pytest.mark.slow
def test_digits_are_those_of_the_locale_everywhere(page, pictures, sheets):
    """Of plain Arabic they are Latin, as in names, commands and cells of a sheet."""
    assert Locale("ar").default_numbering_system == "latn"

    said = [page, *(text for found in pictures.values() for text in found)]
    said += [text for found in sheets.values() for text in found]
    assert not [text for text in said if re.search("[٠-٩۰-۹]", text)]  # noqa: RUF001


@pytest.mark.parametrize(
    "text", ["2016-12-15 08:00", "12:30-14:00", "EA16-094", "East Aleppo"]
)
def test_what_would_change_places_stands_apart(text):
    assert ARABIC.of(say("{this}", this=text)) == f"\u2068{text}\u2069"


def test_a_moment_stands_apart_and_a_number_need_not(study):
    when = Moment(study.operation.clock.local(0))

    assert ISOLATED.fullmatch(ARABIC.of(when))
    assert ARABIC.of(Number(2_060)) == "2,060"


def test_texts_are_joined_by_commas_of_the_language():
    assert ARABIC.of(joined(["قافلة", "بوابة"], ", ")) == "قافلة، بوابة"


def test_the_page_is_arabic_and_runs_from_the_right(page):
    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.slow
def test_paragraphs_run_from_the_right_and_digits_stand_below_digits(seen):
    parts = "h1, h2, main p, main li, figcaption, caption, th, td"
    directions = seen.eval_on_selector_all(
        parts, "all => all.map(each => getComputedStyle(each).direction)"
    )
    aligned = seen.eval_on_selector_all(
        "td.number", "all => all.map(each => getComputedStyle(each).textAlign)"
    )

    assert set(directions) == {"rtl"}
    assert set(aligned) == {"right"}


def test_nothing_on_the_page_keeps_anybody_out(seen):
    found = Axe().run(seen).response["violations"]

    assert not [each["id"] for each in found if each["impact"] != "minor"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_screen(seen, width):
    seen.set_viewport_size({"width": width, "height": 800})

    assert seen.evaluate("document.documentElement.scrollWidth") <= width


def test_every_sheet_and_every_cell_runs_from_the_right(folder):
    with ZipFile(folder / "results.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b'rightToLeft="1"' in book.read(name), name
        styles = parsed(book, "xl/styles.xml")
    looks = styles.find(f"{MAIN}cellXfs")[1:]
    assert looks
    for look in looks:
        assert look.find(f"{MAIN}alignment").get("readingOrder") == "2"


@pytest.mark.slow
def test_texts_in_pictures_run_from_the_right(pictures):
    """Also where a line begins with a name, and where it is the second."""
    for name, found in pictures.items():
        lines = [line for text in found for line in text.split("\n")]
        arabic = [line for line in lines if LETTERS.search(line)]
        assert arabic, name
        assert not [line for line in arabic if not line.startswith(RUNS_LEFT)], name


def test_a_name_that_is_broken_stays_apart_on_each_line():
    name = "Evacuation suspended because of captives"
    with worded_by(ARABIC):
        told = in_words(say("{lasted}: {cause}", lasted=Number(4), cause=name))
        first, second = folded(told, 28).split("\n")

    assert first.startswith(RUNS_LEFT)
    assert second.startswith(f"{RUNS_LEFT}\u2068")
    for line in (first, second):
        assert line.count("\u2068") == line.count("\u2069") == 1


@styled
def outlines_of(word):
    figure = Figure()
    figure.text(0.5, 0.5, word)
    file = StringIO()
    figure.savefig(file, format="svg")
    return re.findall(r'xlink:href="#\w+-([0-9a-f]+)"', file.getvalue())


def glyphs_of(letters):
    font = FT2Font(findfont(FONT))
    return [f"{font.get_char_index(ord(letter)):x}" for letter in letters]


def test_letters_in_pictures_are_joined_and_ordered_from_the_right():
    drawn = outlines_of(CONVOY)

    assert drawn == glyphs_of(reversed(JOINED))
    assert not {*drawn} & {*glyphs_of(CONVOY)}  # none stands by itself


@pytest.mark.slow
def test_nothing_drawn_runs_off_its_picture(report):
    with worded_by(ARABIC):
        for picture in report.pictures():
            figure = PICTURES[picture.name](*picture.arguments)
            drawn = styled(figure.get_tightbbox)()
            assert (drawn.min >= 0).all(), picture.name
            assert (drawn.max <= figure.get_size_inches()).all(), picture.name


def test_no_english_is_left_on_the_page(page, names):
    assert in_english(said_on(page), names) == []


def test_no_english_is_left_in_pictures(pictures, names):
    """A text may be a name, but no part of one that is cut off."""
    shown = names | {shortened(name, most) for name in names for most in range(12, 60)}
    for text in (text for found in pictures.values() for text in found):
        if not is_name(" ".join(text.split()), names):
            for line in text.split("\n"):
                assert line in names or in_english(line, shown) == [], text


def test_no_english_is_left_in_the_workbook(sheets, names):
    for sheet, found in sheets.items():
        assert in_english(sheet, set()) == []
        for text in found if sheet != LOG else ():
            assert is_name(" ".join(text.split()), names) or not in_english(text, names)


def test_no_english_is_left_on_the_terminal(report, names):
    screen = Console(file=StringIO(), width=400)
    for part in as_terminal(report, ARABIC):
        screen.print(part)

    assert in_english(screen.file.getvalue(), names) == []


def test_english_would_be_found(names):
    assert in_english("وصل people", names) == ["people"]
    assert in_english("وصل \u2068constant rate\u2069", names) == ["constant rate"]


def test_every_form_says_at_its_head_that_nobody_has_read_it(page, sheets, report):
    arabic = ARABIC.of(UNREAD)
    first, second, *_ = as_terminal(report, ARABIC)

    assert arabic != UNREAD.one
    assert page.index(arabic) < page.index(UNREAD.one) < page.index("<h1>")
    assert sheets["الإجابة"][:2] == sheets["نبذة"][:2] == [arabic, UNREAD.one]
    assert [str(first), str(second)] == [arabic, UNREAD.one]


def test_who_has_read_it_takes_the_mark_away_with_one_line(tmp_path, monkeypatch):
    path = catalogues.LOCALE / "ar.po"
    line = '"X-Read-By-Native-Speaker: {}\\n"'
    text = path.read_text("utf-8")
    assert text.count(line.format("no")) == 1
    (tmp_path / "ar.po").write_text(text.replace(line.format("no"), line.format("yes")))
    assert ARABIC.cautions

    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    assert not Words("ar").cautions
    assert not Words().cautions


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return small_case.written(tmp_path_factory.mktemp("case"))


@pytest.mark.parametrize(
    "words", [("run", "-n", 2, "--no-figures"), ("explain",), ("score", "-n", 2)]
)
def test_a_command_speaks_arabic_if_it_is_told_to(case, tmp_path, words):
    command, *options = words
    if command == "run":
        options += ["--results", tmp_path]
    done = call(command, case, *options, "--language", "ar")

    assert done.exit_code == 0, done.output
    assert ARABIC.of(UNREAD) in done.output
    for path in tmp_path.glob("*/report.html"):
        assert 'lang="ar"' in path.read_text("utf-8")


def test_a_check_speaks_arabic_and_a_language_that_there_is_not_is_refused(case):
    assert LETTERS.search(call("check", case, "--language", "ar").output)
    refused = call("check", case, "--language", "arr")
    assert refused.exit_code == 2
    assert "Did you mean 'ar'?" in refused.output


@pytest.mark.slow
def test_a_study_that_was_stopped_goes_on_in_its_language(case, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sim.studies.finish._written", stopped)
        options = ("-n", 2, "--results", tmp_path, "--no-figures", "--language", "ar")
        assert call("run", case, *options).exit_code == 130
    (folder,) = tmp_path.glob("*.unfinished")

    done = call("resume", folder, "--results", tmp_path)
    assert done.exit_code == 0, done.output
    (path,) = tmp_path.glob("*/report.html")
    assert 'lang="ar"' in path.read_text("utf-8")
