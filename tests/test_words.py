"""What is said is data, and comes out in the reader's language."""

# ruff: noqa: RUF001 (digits of another language are what it is about)

import re
from datetime import date, datetime
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from sim.errors import RunError
from sim.evidence.vocabulary import MEANINGS
from sim.experiment.designs import Kind
from sim.inference.comparators.registry import COMPARATORS
from sim.inference.forecast.forecasters import POOL, SIMULATION
from sim.inference.forecast.rolling_origin import CHOSEN, SHIPPED
from sim.inference.validation.held_out import FORECASTERS
from sim.words import (
    NEVER,
    Joined,
    Levels,
    Marked,
    Mean,
    Moment,
    Number,
    Words,
    catalogues,
    decimal,
    duration,
    extract,
    levels,
    listed,
    say,
    say_many,
    sentences,
)
from sim.words.evidence import counted
from sim.words.inference import NAMES

INF, NAN = float("inf"), float("nan")
ISOLATED = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"
ALEPPO = "حلب"


@pytest.fixture
def in_persian(tmp_path, monkeypatch):
    """Words in a language with digits of its own, of which nothing is translated."""
    (tmp_path / "fa.po").write_text('msgid ""\nmsgstr ""\n', "utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    return Words("fa").of


def in_english(text):
    return Words().of(text)


def in_arabic(text):
    return Words("ar").of(text)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 people"), (1, "1 person"), (2, "2 people"), (1_000, "1,000 people")],
)
def test_english_has_two_forms(number, said):
    assert in_english(say_many("{count} person", "{count} people", number)) == said


def test_arabic_has_six_forms():
    said = {
        number: in_arabic(say_many("{count} person", "{count} people", number))
        for number in (0, 1, 2, 3, 11, 100, 1_003)
    }

    assert len({re.sub(r"[\d,]+", "", each) for each in said.values()}) == 6
    assert said[1_003] == said[3].replace("3", "1,003")


def test_what_is_not_translated_is_said_in_english():
    assert in_arabic(say("nobody has translated {this}", this="x")) == (
        f"nobody has translated {ISOLATED.format('x')}"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (Number(1_234.5, ",.1f"), "1,234.5"),
        (Number(-3, "+,.0f"), "-3"),
        (Number(-0.004, ".2f"), "0.00"),
        (Number(-0.0, "+,.1f"), "+0.0"),
        (Number(-0.0, "02.0f"), "00"),
        (Number(-0.006, ".2f"), "-0.01"),
        (Number(0.25, ".0%"), "25%"),
        (Moment(datetime(2016, 12, 5, 14, 30)), "2016-12-05 14:30"),
        (Moment(date(2016, 12, 5)), "2016-12-05"),
        (duration(93_780), "1 d 2 h"),
        (duration(7_500), "2 h 05 min"),
        (duration(59), "59 s"),
        (decimal(2.25), "2.2"),
        (decimal(225.4), "225"),
        (Levels(Number(5), Number(1), Number(9)), "5 (1 to 9)"),
        (levels(Number(5), Number(5), Number(5)), "5"),
        (Mean(1_234.567, 1_234.317, 1_234.817, "+"), "+1,234.57 ± 0.25"),
        (Mean(2.0, 1.5, 4.0), "2.0 (1.5 to 4.0)"),
        (Mean(2.0, 2.0, 2.0), "2 every time"),
        (Mean(2.0, NAN, NAN), "2.0 ± -"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (listed(["a", "b"], "or"), "a or b"),
        (Joined(("a", None, "", "b"), "; "), "a; b"),
        (Marked("inside", "good"), "inside"),
        (Number(NAN), ""),
        (None, ""),
    ],
)
def test_english_is_written_so(text, said):
    assert in_english(text) == said


def test_digits_and_signs_are_those_of_the_language(in_persian):
    assert in_persian(Number(1_234.5, ",.1f")) == "۱٬۲۳۴٫۵"
    assert in_persian(Number(-3)) == "\N{LEFT-TO-RIGHT MARK}\N{MINUS SIGN}۳"


def test_a_date_keeps_its_hyphens(in_persian):
    """They were seen to become minus signs, each with a mark of direction."""
    said = in_persian(Moment(datetime(2016, 12, 5, 14, 30)))

    assert said == ISOLATED.format("۲۰۱۶-۱۲-۰۵ ۱۴:۳۰")


@pytest.mark.parametrize("value", [INF, -INF])
def test_what_never_comes_is_said_in_words(value):
    assert (
        in_english(sentences.count(value))
        == in_english(Number(value))
        == "not by the end"
    )
    assert in_arabic(sentences.count(value)) == in_arabic(NEVER) != "not by the end"


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        (in_english, ALEPPO, ISOLATED.format(ALEPPO)),
        (in_english, "Aleppo", "Aleppo"),
        (in_arabic, ALEPPO, ALEPPO),
        (in_arabic, "Aleppo", ISOLATED.format("Aleppo")),
        (in_arabic, "2016", "2016"),
    ],
)
def test_a_name_that_runs_the_other_way_does_so_by_itself(words, name, said):
    assert words(name) == said
    assert said in words(say("{agreement}: waits for {side}", agreement=name, side="x"))


def test_languages_run_their_own_way():
    assert (Words().direction, Words("ar").direction) == ("ltr", "rtl")


@pytest.mark.parametrize(
    ("language", "remedy"), [("arr", "Did you mean 'ar'?"), ("xx", "Known: en, ar.")]
)
def test_a_language_that_there_is_not_is_refused(language, remedy):
    with pytest.raises(RunError, match=re.escape(remedy)):
        Words(language)


def test_names_are_told_as_they_are():
    """An author's words may hold braces."""
    assert in_english(say("of {site}", site="{0} {site}")) == "of {0} {site}"


def test_every_message_is_in_the_list_for_translators():
    """Mend it with `python -m sim.words.extract`."""
    assert extract.TEMPLATE.read_bytes() == extract.template()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say("a {b}", b="c")', ["a {b}"]),
        ('say_many("{count} a", "{count} b", 2, c="d")', [("{count} a", "{count} b")]),
        ('say("a {b}", b=joined(say("c " "d") for _ in e))', ["a {b}", "c d"]),
        ('saying("a")', []),
    ],
)
def test_messages_are_found_wherever_they_stand(source, found):
    source = f"from sim.words import joined, say, say_many\n{source}"

    assert list(extract.messages_in(source)) == found


def test_a_message_that_is_not_written_out_is_refused():
    with pytest.raises(ValueError, match="is not written out: say"):
        list(extract.messages_in('from sim.words import say\nsay(f"a {1}")'))


def messages_of(path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "path", [*catalogues.LOCALE.glob("*.po")], ids=lambda p: p.stem
)
def test_a_translation_is_of_messages_that_there_are_and_keeps_their_fields(path):
    known = {message.id for message in messages_of(extract.TEMPLATE)}
    catalogue = messages_of(path)

    assert catalogue
    for message in catalogue:
        assert message.id in known
        forms = [message.id] if isinstance(message.id, str) else message.id
        said = [message.string] if isinstance(message.id, str) else message.string
        for each in said:
            assert each
            assert fields(each) <= {*fields(forms[-1]), "count"}
            assert fields(each) | {"count"} in [fields(f) | {"count"} for f in forms]


def test_whatever_studies_call_their_forecasters_is_a_message():
    used = {*COMPARATORS, *FORECASTERS, SIMULATION, POOL, SHIPPED, CHOSEN}

    assert used <= set(NAMES)
    assert {*get_args(Kind)} <= set(NAMES)


def test_whatever_documented_figures_count_is_a_message():
    assert not [metric for metric in MEANINGS if isinstance(counted(metric), str)]


def test_a_name_is_in_english_what_it_is_called_by():
    assert {name: in_english(said) for name, said in NAMES.items()} == {
        name: name for name in NAMES
    }


def test_what_is_to_be_typed_keeps_its_order_in_arabic():
    """Else `2016-12-18T20:00` would be read as `18T20:00-12-2016`, and typed so."""
    hint = "{text} is not a local date and time. Write it as 2016-12-19T08:00."

    said = in_arabic(say(hint, text="soon"))

    assert ISOLATED.format("2016-12-19T08:00") in said
    assert ISOLATED.format("soon") in said
    assert ISOLATED.format("06:00 to 20:00") in in_arabic(
        say("Write for example '06:00 to 20:00'.")
    )
    assert ISOLATED.format("--consent") in in_arabic(
        say("All dates are more than 30 days back, so --consent makes no difference.")
    )
