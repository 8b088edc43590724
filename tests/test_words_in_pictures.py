"""What stands in pictures: whole or cut where one sees it, and within the page."""

import numpy as np
import pytest
from matplotlib.text import Text

from sim.plots import style
from sim.plots.answers import bars
from sim.plots.brief import curve
from sim.plots.style import styled
from sim.plots.texts import folded, worded_by
from sim.words import Words
from sim.words.bars import Bar, Captions
from tests.builders import operation

CUT = "\N{HORIZONTAL ELLIPSIS}"
CAPTIONS = Captions("a title", "an operation", "what it shows.", "a foot. " * 40)


def texts_of(figure):
    return [each.get_text() for each in figure.findobj(Text) if each.get_text()]


@pytest.mark.parametrize("width", range(8, 40))
def test_what_is_cut_ends_with_an_ellipsis_and_what_is_not_is_whole(width):
    told = "Buses on the way were attacked, five of six burnt (Agency); begins at noon"
    lines = folded(told, width).split("\n")

    assert len(lines) <= 2
    assert max(map(len, lines)) <= width
    found = " ".join(lines)
    assert found == told or (found.endswith(CUT) and told.startswith(found[:-1]))


def test_words_longer_than_a_line_are_cut_as_well():
    assert folded("x" * 90, 10).endswith(CUT)


def brief(*names, **changes):
    world = operation(ends="2020-01-04T00:00", **changes)
    times_s = np.linspace(0, world.horizon_s, 20)
    levels = [np.array([times_s, times_s, times_s])] * len(names)
    return curve(world, [(name, name) for name in names], times_s, levels)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_curve_of_a_brief_stays_within_it_with_its_last_date(language):
    with worded_by(Words(language)):
        figure = brief("pocket")
        drawn = styled(figure.get_tightbbox)()

    assert (drawn.min >= 0).all()
    assert (drawn.max <= figure.get_size_inches()).all()


def test_a_scenario_called_as_a_site_keeps_its_own_name():
    found = texts_of(brief("pocket", "other", sites__pocket__title="The old town"))

    assert {"pocket", "other"} <= {*found}
    assert "The old town" not in found


def test_of_many_bars_the_longest_are_drawn_whichever_way_they_go():
    rows = [Bar(f"bar {number}", 100.0 - number) for number in range(20)]
    rows.append(Bar("worst", -500.0))
    figure = bars(CAPTIONS, rows, "hours")
    found = texts_of(figure)

    assert {"bar 0", "worst"} <= {*found}
    assert {"bar 18", "bar 19"}.isdisjoint(found)
    assert any("5 more, shorter, are not drawn." in text for text in found)


def test_a_long_foot_is_cut_and_not_drawn_beyond_the_page():
    figure = bars(CAPTIONS, [Bar("one", 1.0)], "hours")
    drawn = styled(figure.get_tightbbox)()

    assert drawn.x1 <= style.WIDTH_IN
