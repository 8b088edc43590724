"""Text to workbook and back says the same, for every construct of the language."""

import shutil
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, create_model

from sim.errors import RunError
from sim.evidence.table import read_evidence
from sim.scenario import from_data, load, scenario_hash
from sim.scenario.files import own_tree
from sim.scenario.load import checked
from sim.scenario.nodes import plain, table_of
from sim.scenario.plans import AgreementPlan, FlowPlan, Name, Operation, PhasePlan
from sim.scenario.quantities import DurationDistribution, PositiveCount
from sim.scenario.same_tree import difference
from sim.scenario.shapes import Fields
from sim.scenario.tree import read_tree
from sim.scenario.workbook.layout import tables
from sim.scenario.workbook.read import read_workbook
from sim.scenario.yaml_text import block
from sim.studies.cases import opened
from sim.studies.convert import convert
from tests import strategies
from tests.commands import ROOT
from tests.reference.scenarios import scenario
from tests.workbooks import bytes_of, of_data

SHIPPED = sorted((ROOT / "scenarios").glob("**/*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_shipped_file_comes_back_as_it_was(path):
    root, _ = own_tree(path)
    back, problems = read_workbook(bytes_of(root), "case.xlsx")
    assert not problems
    assert difference(root, back) is None
    again, _ = read_tree(block(back), "case.yaml")
    assert difference(root, again) is None


def _converted(path, to):
    assert list(convert(str(path), to))


@pytest.mark.slow
@pytest.mark.parametrize("case", ["aleppo-2016", "four-towns-2017"])
def test_a_whole_case_keeps_its_hashes_and_its_figures(case, tmp_path):
    books, texts = tmp_path / "scenarios" / "a", tmp_path / "scenarios" / "b"
    _converted(ROOT / "scenarios" / case, books)
    _converted(books, texts)
    for path in (ROOT / "scenarios" / case).glob("*.yaml"):
        before = load(path)
        digest = scenario_hash(before)
        book, text = books / f"{path.stem}.xlsx", texts / path.name
        assert scenario_hash(load(book)) == digest
        assert scenario_hash(load(text)) == digest
        if before.evidence and "extends" not in own_tree(path)[0].values:
            figures = read_evidence(path.with_name(before.evidence), before).figures
            assert read_evidence(book, before).figures == figures
            assert read_evidence(texts / before.evidence, before).figures == figures


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(4), *range(100_000, 100_006)])
def test_operations_made_up_from_numbers_come_back(seed):
    data = scenario(seed)
    back, problems = read_workbook(of_data(data), "case.xlsx")
    assert not problems
    assert difference(table_of(data), back) is None
    assert scenario_hash(checked(back, [])) == scenario_hash(from_data(data))


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(strategies.operation_data())
def test_generated_operations_come_back(data):
    back, problems = read_workbook(of_data(data), "case.xlsx")
    assert not problems
    assert difference(table_of(data), back) is None


def _data(**sections):
    return {"operation": "test", **sections}


CONSTRUCTS = {
    "moments": _data(moments={"dawn": "next 06:00 after halt ends"}),
    "hanging keys": _data(
        fleets={"buses": {"joins": {"all of (when a ends; when b ends)": "20"}}}
    ),
    "nowhere picked up": _data(
        flows={"out": {"phases": {"when halt ends": {"picks_up": {}}}}}
    ),
    "picked up in a phase": _data(
        flows={
            "out": {
                "picks_up": {"village": {"groups": ["old"], "boarding": "5 min"}},
                "phases": {
                    "2016-12-15T05:00": {
                        "picks_up": {"village": {"groups": ["a", "b"]}}
                    }
                },
            }
        }
    ),
    "a policy in one word": _data(
        agreements={"deal": {"parties": {"north": {"policy": "tit_for_tat"}}}}
    ),
    "a policy with what it needs": _data(
        agreements={
            "deal": {"parties": {"north": {"policy": {"kind": "balance", "lead": "3"}}}}
        }
    ),
    "a part that says nothing": _data(stoppages={"halt": {"meets": {}}}),
    "tranches": _data(
        agreements={
            "deal": {
                "tranches": [
                    {"north": "12", "south": "1", "times": "3"},
                    {"north": "rest", "south": "rest"},
                ]
            }
        }
    ),
    "one tranche": _data(agreements={"deal": {"tranches": [{"north": "rest"}]}}),
    "amendments": _data(
        agreements={"deal": {"amendments": {"when a begins": {"rule": "credit"}}}}
    ),
    "a ferry": _data(stages={"ferry": {"boat": {"places": "4", "crossing": "1 h"}}}),
    "changes of a gate": _data(
        gates={"g": {"changes": {"when a ends": {"releases": {"every": "1 h"}}}}}
    ),
    "one draw for several": _data(
        uncertain={
            "half": {"sets": ["a.b.when x begins.c", "d.e.0.f"], "spread": "1 to 2"}
        }
    ),
    "a variant": _data(
        extends="scenario.yaml",
        change={
            "fleets.buses.seats": "60",
            "stoppages.halt": "drop",
            "agreements.deal.proposed": {"shorten_by": "24 h"},
            "fleets.buses.joins": {"multiply_by": "2"},
            "flows.out.groups": ["a", "b"],
            "flows.out.load": {"buses": "1 to 3, mostly 2", "cars": "4"},
            "agreements.deal.tranches": [{"north": "1"}, {"north": "rest"}],
            "agreements.deal.parties.north": {"flows": ["out"], "gate": "g"},
            "uncertain.fleets.buses.seats": "drop",
            "uncertain.fleets.buses.seats.spread": "50 to 60",
        },
    ),
    "strange words": _data(
        about="=1+1 \u2013 \u062d\u0644\u0628: [not a list], {nor this}\nsecond line",
        sites={"a": {"title": "007"}, "b": {"title": "@home, 'so called'"}},
        flows={"out": {"load": {"buses": "about 2, times or divided by 1.2"}}},
    ),
    "texts with colons in lists": _data(
        stoppages={"halt": {"evidence": ["A: 1", "B, 2", "#3"]}}
    ),
}


@pytest.mark.parametrize("data", CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_each_construct_comes_back(data):
    root = table_of(data)
    back, problems = read_workbook(bytes_of(root), "case.xlsx")
    assert not problems
    assert difference(root, back) is None
    again, _ = read_tree(block(back), "case.yaml")
    assert difference(root, again) is None


def test_the_order_of_names_is_kept():
    data = _data(fleets={name: {"seats": "1"} for name in ("z", "a", "m")})
    back, _ = read_workbook(of_data(data), "case.xlsx")
    assert list(plain(back)["fleets"]) == ["z", "a", "m"]


class _EscortPlan(PhasePlan):
    """Who goes along."""

    vehicles: PositiveCount
    """How many vehicles of theirs."""


class _NewFlow(FlowPlan):
    """A flow of tomorrow."""

    crew_rest: DurationDistribution | None = None
    """Rest of a crew between two trips."""
    escorts: dict[Name, _EscortPlan] = Field({})
    """Who goes along, by name."""


def test_a_new_field_of_a_plan_has_a_column_a_comment_and_comes_back():
    tomorrow = create_model(
        "Tomorrow",
        __base__=Operation,
        flows=(dict[Name, _NewFlow], Field()),
    )
    shape = Fields(tomorrow)
    names = {table.name for table in tables(shape)}
    assert "flows.escorts" in names
    data = _data(
        flows={
            "out": {
                "crew_rest": "8 h to 10 h, mostly 9 h",
                "escorts": {"medics": {"vehicles": "2", "hours": "06:00 to 18:00"}},
            }
        }
    )
    written = bytes_of(table_of(data), operation=shape)
    back, problems = read_workbook(written, "case.xlsx", operation=shape)
    assert not problems
    assert plain(back) == data
    assert b"Rest of a crew between two trips." in _comments(written)
    _, refused = read_workbook(written, "case.xlsx")
    assert {problem.sheet for problem in refused} == {"flows", "flows.escorts"}


def _comments(data):
    with ZipFile(BytesIO(data)) as archive:
        return b"".join(
            archive.read(name) for name in archive.namelist() if "comments" in name
        )


def test_agreements_have_the_terms_of_their_plan_as_columns():
    (table,) = [each for each in tables() if each.name == "agreements"]
    heads = {column.name for column in table.columns}
    sheets = {"parties", "requires", "amendments"}
    assert heads == set(AgreementPlan.model_fields) - sheets


def test_comments_and_notes_come_through(tmp_path):
    book, text = tmp_path / "a.xlsx", tmp_path / "b.yaml"
    _converted(ROOT / "scenarios" / "two-towns", book)
    _converted(book, text)
    lines = text.read_text("utf-8").splitlines()
    before = lines.index("      wounded: {people: 60, priority: 1}")
    assert lines[before - 1] == "      # they board first"
    sites = lines.index("sites:")
    assert lines[sites - 1] == "# Where people are, and where they go."


def test_figures_without_a_table_of_sources_come_back_without_one(tmp_path):
    case = tmp_path / "text"
    case.mkdir()
    example = (ROOT / "scenarios/two-towns/scenario.yaml").read_text("utf-8")
    (case / "scenario.yaml").write_text(f"{example}\nevidence: figures.csv\n", "utf-8")
    shutil.copy(ROOT / "scenarios/evidence-template.csv", case / "figures.csv")
    book, back = tmp_path / "book", tmp_path / "back"

    _converted(case / "scenario.yaml", book / "scenario.xlsx")
    _converted(book / "scenario.xlsx", back / "scenario.yaml")

    before, after = opened(case), opened(back)
    assert len(before.figures) == 8
    assert opened(book).figures == after.figures == before.figures
    assert {path.name for path in back.iterdir()} == {"scenario.yaml", "figures.csv"}


def test_nothing_is_written_over(tmp_path):
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"mine")
    with pytest.raises(RunError, match="is there already"):
        list(convert("two-towns", book))
    assert book.read_bytes() == b"mine"


names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,6}", fullmatch=True)
values = st.text(
    st.sampled_from("ab1 ,:;{}[]#'\"-=@\u062d\n"), min_size=1, max_size=12
).map(str.strip)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(values.filter(bool), min_size=1, max_size=4))
def test_whatever_stands_in_a_list_comes_back(texts):
    data = _data(stoppages={"halt": {"evidence": texts}})
    back, problems = read_workbook(of_data(data), "case.xlsx")
    assert not problems
    assert plain(back) == data


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, values.filter(bool), min_size=1, max_size=4))
def test_whatever_stands_by_name_comes_back(texts):
    data = _data(flows={"out": {"load": texts}})
    back, problems = read_workbook(of_data(data), "case.xlsx")
    assert not problems
    assert plain(back) == data
