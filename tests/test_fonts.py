"""Titles in letters that the font of the pictures lacks: another font, or the key."""

import warnings

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from sim.experiment import run_study
from sim.plots import fonts, pictures
from sim.report.forms.files import written
from sim.report.run import report_on_run
from sim.words import Words
from tests.builders import operation

ETHIOPIC, CHINESE, THAI = "ከተማ", "收容所", "ที่พัก"


def reported(title):
    world = operation(operation=f"Out of {CHINESE} by bus", sites__pocket__title=title)
    study = run_study(world, seed=1, replications=2)
    log = study.log_of(study.typical)
    return report_on_run(study, log, name="test", command="python run.py run test")


def drawn(report, folder):
    """Return what was left out of each picture, as it is said and as it stands."""
    seen = {}
    real = pictures.save

    def save(figure, folder, name, **how):
        seen[name] = [text.get_text() for text in figure.findobj(Text)]
        return real(figure, folder, name, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "save", save)
        noted = written(report, folder)()
    return Words().of(noted), seen


@pytest.fixture
def a_font(tmp_path):
    """A font of the machine that has the letters of one title and nothing else."""
    letters = {ord(letter): f"u{ord(letter):x}" for letter in ETHIOPIC}
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (500, 700), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    box = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", *letters.values()])
    made.setupCharacterMap(letters)
    made.setupGlyf(dict.fromkeys([".notdef", *letters.values()], box))
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *letters.values()], (600, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Only Ethiopic", "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    path = tmp_path / "only.ttf"
    made.save(path)
    fontManager.addfont(path)
    fonts._found.cache_clear()
    yield "Only Ethiopic"
    fontManager.ttflist = [f for f in fontManager.ttflist if f.name != "Only Ethiopic"]
    fonts._found.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("title", [CHINESE, f"Shelter {THAI}", "\N{BUS} stop"])
def test_a_title_that_no_font_draws_gives_way_to_its_key(title, tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "_letters_by_family", lambda _: {})
    fonts._found.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing raw reaches the screen
        noted, seen = drawn(reported(title), tmp_path)
    fonts._found.cache_clear()

    assert noted == (
        f"No font on this machine can draw the title {title}: pictures show its key, "
        "everything else the title."
    )
    assert any("pocket" in words for words in seen["throughput"])
    about = "Out of \N{HORIZONTAL ELLIPSIS} by bus"
    assert any(about in words for words in seen["throughput"])
    letters = "".join(word for words in seen.values() for word in words)
    assert not set(letters) & set(CHINESE + THAI + "\N{BUS}")
    assert title in (tmp_path / "report.html").read_text("utf-8")


def test_a_font_of_the_machine_draws_what_it_has(a_font, tmp_path):
    noted, seen = drawn(reported(ETHIOPIC), tmp_path)

    assert ETHIOPIC not in noted
    assert any(ETHIOPIC in words for words in seen["throughput"])
    with fonts.written_in(frozenset(ETHIOPIC)) as now:
        assert now.families == (fonts.FONT, a_font)
        assert not now.undrawable


def test_titles_that_can_be_drawn_are_left_alone(tmp_path):
    world = operation(operation="إجلاء شرق حلب", sites__pocket__title="Ville d'été")
    study = run_study(world, seed=1, replications=1)
    report = report_on_run(study, study.log_of(0), name="test", command="run test")

    noted, seen = drawn(report, tmp_path)
    assert noted == ""
    assert any("Ville d'été" in words for words in seen["throughput"])


def test_other_warnings_of_matplotlib_are_not_swallowed():
    with pytest.warns(UserWarning, match="something else"), fonts.missing() as found:
        warnings.warn("something else", stacklevel=1)

    assert not found
