"""Checklists have every item of those who made them, and mark what is missing."""

import re

import pytest

from sim.exports import exported
from sim.exports.gaps import gap
from sim.words import Words
from tests.exported_case import hard

STRESS = """1. Objectives|1.1 Purpose of the model|1.2 Model outputs
1.3 Experimentation aims|2. Logic|2.1 Base model overview diagram|2.2 Base model logic
2.3 Scenario logic|2.4 Algorithms|2.5 Components|2.5.1 Entities|2.5.2 Activities
2.5.3 Resources|2.5.4 Queues|2.5.5 Entry and exit points|3. Data|3.1 Data sources
3.2 Pre-processing|3.3 Input parameters|3.4 Assumptions|4. Experimentation
4.1 Initialisation|4.2 Run length|4.3 Estimation approach|5. Implementation
5.1 Software or programming language|5.2 Random sampling|5.3 Model execution
5.4 System specification|6. Code access|6.1 Computer model sharing statement"""
ODD = """1. Purpose and patterns|2. Entities, state variables and scales
3. Process overview and scheduling|4. Design concepts|Basic principles|Emergence
Adaptation|Objectives|Learning|Prediction|Sensing|Interaction|Stochasticity|Collectives
Observation|5. Initialization|6. Input data|7. Submodels"""
CARD = """Model details|Intended use|Primary uses|Primary users|Uses out of scope
Factors|Metrics|Performance measures|Decision thresholds
Approaches to uncertainty and variability|Evaluation data|Training data
Quantitative analyses|Unitary results|Intersectional results|Ethical considerations
Caveats and recommendations"""
LISTS = {"stress-des": STRESS, "odd": ODD, "model-card": CARD}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    results = hard(tmp_path_factory.mktemp("hard"))
    target = tmp_path_factory.mktemp("lists")
    said = [Words().of(each) for each in exported(results, [*LISTS], target)]
    return target, said


def text_of(folder, name):
    return (folder[0] / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize("name", LISTS)
def test_every_item_is_there_in_its_order_with_something_below_it(folder, name):
    sections = re.split(r"^#{2,4} ", text_of(folder, name), flags=re.MULTILINE)[1:]
    headings = [section.partition("\n")[0] for section in sections]

    assert headings == LISTS[name].replace("\n", "|").split("|")
    above = {"1. Objectives", "2. Logic", "3. Data", "5. Implementation"}
    above |= {"4. Experimentation", "6. Code access", "2.5 Components"}
    above |= {"4. Design concepts", "Intended use", "Metrics", "Quantitative analyses"}
    for heading, section in zip(headings, sections, strict=True):
        assert section.partition("\n")[2].strip() or heading in above, heading


@pytest.mark.parametrize("name", LISTS)
def test_gaps_are_marked_and_counted(folder, name):
    mark = Words().of(gap("x")).partition(":")[0]
    gaps = text_of(folder, name).count(mark)

    assert gaps >= 2
    (said,) = [said for said in folder[1] if f"{name}.md" in said]
    assert f"{gaps} gaps are left for the author" in said


@pytest.mark.parametrize("name", LISTS)
def test_names_are_text_and_not_markup(folder, name):
    text = text_of(folder, name)

    assert "\\<south\\> \\| 'west'" in text or "south" not in text
    assert "<south>" not in text
    assert "must not be used to find, target or judge" in text


def test_the_run_says_how_often_with_what_and_for_how_long(folder):
    text = text_of(folder, "stress-des")

    for said in (
        "3 replications, of which 0 failed.",
        "Seed: 1.",
        "From 2020-01-01 00:00 to 2020-01-11 00:00, 240 hours of UTC.",
        "without a warm-up",
        "numpy ",
        "Python 3.",
        "100 people at the start, of whom 0 stay",
        "buses: of the kind 'bus', 1 in all, 50 seats each",
        "This run uses no fit",
        "python run.py",
    ):
        assert said in text, said
