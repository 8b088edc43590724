"""A report is computed and worded once; its forms and the commands only show it."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from sim.events import Kind
from sim.experiment import run_study
from sim.experiment.pool import Here
from sim.experiment.store import Memory
from sim.report.contents import Column, Group, Report, Section, Table, table
from sim.report.forms.files import PICTURES, written
from sim.report.forms.pages import templates
from sim.report.forms.strands import strands_of
from sim.report.run import report_on_run
from sim.report.typical_run import timespace
from sim.words import Levels, Marked, Number, Words, say
from tests.builders import at, documented_figure, operation, two_sides, with_gate
from tests.commands import flat
from tests.forms import on_a_terminal
from tests.forms import shown as shown_in

SIM = Path(__file__).parents[1] / "sim"
FORMS = [
    path
    for path in sorted((SIM / "report" / "forms").glob("*.py"))
    if path.name not in {"__init__.py", "files.py"}  # which say where they are written
]
MAY_IMPORT = {"sim.formulas", "sim.report.contents", "sim.report.limits", "sim.words"}
HELPING = {f"sim.report.forms.{path.stem}" for path in FORMS}
VALUES = {"Number", "Moment", "Levels", "Mean", "Data"}
FIELDS = {"value", "half", "low", "middle", "high", "local"}
COMPUTING = {"numpy", "scipy", "statistics", "sim.statistics"}
FRONTS = sorted((SIM / "cli").glob("*.py"))
SENTENCES = {
    "f\"'{word}' is neither a command nor a scenario. {remedy}\"",
    "f\"'{text}' is not COLUMN=TEXT, as family=UN\"",
}
"""What commands word themselves: only what is about the words that were typed."""
ODD = 61_237


@pytest.fixture(scope="module")
def study():
    return run_study(operation(), (documented_figure(),), seed=1, replications=3)


def with_changed(study, metric, value):
    """Return a study in which all runs have another value of a metric."""
    (rows,) = study.store.parts()
    metrics = rows.metrics.copy()
    metrics[:, study.layout.metrics.index(metric)] = value
    return replace(study, store=Memory([replace(rows, metrics=metrics)]))


def reported(study):
    log = study.log_of(study.typical)
    return report_on_run(study, log, name="test", command="python run.py run test")


def test_a_number_changed_in_a_study_is_seen_in_every_form(study, tmp_path):
    shown = {"terminal": f"{ODD:,}", "csv": f"{ODD}", "workbook": f"<v>{ODD}</v>"}
    shown["html"] = shown["terminal"]
    for name in ("before", "after"):
        (tmp_path / name).mkdir()

    before = shown_in(reported(study), tmp_path / "before")
    changed = with_changed(study, "arrived/pocket", ODD)
    after = shown_in(reported(changed), tmp_path / "after")

    assert set(before) == set(shown)
    for form, number in shown.items():
        assert number not in before[form], form
        assert number in after[form], form


class Counted(Here):
    """Does everything at once, and counts what it was given."""

    given = 0

    def submit(self, work, *given):
        self.given += 1
        return super().submit(work, *given)


@pytest.mark.parametrize(("size", "shares"), [(1, 0), (2, 2), (3, 3)])
def test_every_worker_of_a_pool_draws_its_share_of_the_pictures(
    study, tmp_path, size, shares
):
    """One that works at a single thing has the files to write meanwhile."""
    pool, report = Counted(), reported(study)
    pool.size = size
    assert written(report, tmp_path, pool=pool)() is None
    assert pool.given == shares
    drawn = {path.stem for path in (tmp_path / PICTURES).glob("*.png")}
    assert drawn == {
        *(picture.name for picture in report.pictures()),
        report.brief.curve.name,
    }


def report_of(*parts, forms=None):
    more = {} if forms is None else {"forms": frozenset(forms)}
    section = Section("one", "One", parts, **more)
    return Report(title="Title", answer="", sections=(section,), data={})


def test_a_terminal_leaves_out_what_is_aside_and_what_is_for_other_forms():
    columns = (Column("who", whole=True), Column("how"), Column("source", aside=True))
    rows = (("a", Marked("well", "good"), "the source"),)
    shown = Table("T", "A table", columns, (Group("of a", rows), Group("of b", rows)))

    elsewhere = replace(shown, forms=frozenset({"html"}))

    text = on_a_terminal(report_of("A sentence.", shown, elsewhere))

    assert text.count("A table") == 1
    assert [word in text for word in ("A sentence.", "of b", "well")] == [True] * 3
    assert "source" not in text
    assert "A sentence" not in on_a_terminal(report_of("A sentence.", forms=["html"]))


def test_a_terminal_shows_a_few_numbers_beside_each_other():
    columns = (Column("day"), *(Column(f"site {n}", number=True) for n in range(5)))
    days = Levels(Number(5), Number(1), Number(9))
    shown = Table("T", "A table", columns, (Group(None, (("1st", *[days] * 5),)),))

    text = on_a_terminal(report_of(shown))

    assert text.count("A table") == text.count("1st") == 2
    assert text.count("5 (1 to 9)") == 5


def test_a_terminal_shows_the_first_rows_of_each_group():
    rows = tuple((f"row {n}",) for n in range(9))
    groups = (Group("a", rows), Group("b", rows))
    shown = Table("T", "A table", (Column("what"),), groups, first=4)

    text = on_a_terminal(report_of(shown))

    assert (text.count("row 3"), text.count("row 4")) == (2, 0)


def modules_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_knows_nothing_but_reports_and_words(path):
    modules = set(modules_of(ast.parse(path.read_text("utf-8"))))

    own = {name for name in modules if name.startswith("sim.")}
    assert {name for name in own if name not in HELPING} <= MAY_IMPORT
    assert not modules & COMPUTING


def reckoned(source):
    """Return where a program reckons with what a report says."""
    tree = ast.parse(source)
    return [
        ast.unparse(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.BinOp | ast.AugAssign | ast.UnaryOp)
        and not isinstance(getattr(node, "op", None), ast.Not | ast.BitOr)
        and set(_values_in(node)) & (FIELDS | set(_taken_from(function)))
    ]


def _taken_from(function):
    """Return the names that stand for parts of a number, moment or band."""
    for pattern in ast.walk(function):
        if isinstance(pattern, ast.MatchClass) and pattern.cls.id in VALUES:
            for part in ast.walk(pattern):
                if isinstance(part, ast.MatchAs) and part.name:
                    yield part.name


def _values_in(node):
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_reckons_with_nothing_that_a_report_says(path):
    assert reckoned(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("return number.value * 100", 1),
        ("return band.high - band.low", 1),
        ("match cell:\n  case Number(shown, _):\n   return -shown", 1),
        ("match cell:\n  case Levels(a, b, c):\n   a += c", 1),
        ("return len(rows) + 2", 0),
        ("match cell:\n  case Number(shown, _):\n   return f'{shown}'", 0),
    ],
)
def test_a_form_that_reckons_would_be_found(body, found):
    assert len(reckoned(f"def form():\n {body}")) == found


def worded(source):
    """Return the sentences that a command words itself: made of parts, or printed."""
    tree = ast.parse(source)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            found += call.args if call.func.attr in {"echo", "print"} else []
    return {ast.unparse(node) for node in found if any(map(_says, _parts_of(node)))}


def _parts_of(text):
    """Return what a text is put together from, but for what it calls."""
    match text:
        case ast.JoinedStr(values=parts):
            return parts
        case ast.BinOp(left=left, right=right):
            return [*_parts_of(left), *_parts_of(right)]
    return [text]


def _says(part):
    return isinstance(part, ast.Constant) and " " in str(part.value)


@pytest.mark.parametrize("path", FRONTS, ids=lambda path: path.stem)
def test_a_command_has_no_sentences_of_its_own(path):
    assert worded(path.read_text("utf-8")) <= SENTENCES


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('click.echo(f"{failed} runs failed")', 1),
        ('told = f"{failed} runs failed"\nclick.echo(told)', 1),
        ('screen.print("no runs failed")', 1),
        ('screen.print("runs failed: " + failed)', 1),
        ("click.echo(words.of(done.missing))", 0),
        ('hint = f"--{option}"', 0),
    ],
)
def test_a_sentence_of_a_command_would_be_found(source, found):
    assert len(worded(source)) == found


def answered(world, **asked):
    done = run_study(world, seed=1, replications=5, **asked)
    report = reported(done)
    return flat(str(Words().of(report.answer))), on_a_terminal(report)


def test_what_is_true_of_one_site_is_not_told_again_of_all():
    told, _ = answered(
        two_sides(south_buses=2, sites__south__groups__civilians__people=50)
    )

    assert "Nobody of the other sites arrives after them." in told


def test_as_many_convoys_are_counted_as_set_out():
    """Also those that stand before their first gate when the run ends."""
    stop = {"cause": "a halt", "closes": ["gate"], "starts": at(100), "lasts": "20 d"}
    shut = with_gate({"stop": stop})
    study = run_study(shut, (), seed=1, replications=2)
    log = study.log_of(study.typical)
    boarded = {e.convoy for e in log.events if e.kind is Kind.BOARDED and e.people}
    picture = timespace(study, log)

    assert len(boarded) > 1
    assert len([*picture.table.rows]) == len(boarded)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [(False, ["5 %", "median", "95 %"]), (True, ["low", "best", "high"])],
)
def test_bounds_that_a_source_states_are_not_called_shares_of_runs(bounds, said):
    column = Column("documented", bounds=bounds)
    cell = Levels(Number(3), Number(2), Number(4))
    shown = table("name", "title", (Column("id"), column), (("A", cell), ("B", cell)))
    found = [each.heading for each in strands_of(shown, Words())[1:]]

    assert found == [f"documented, {word}" for word in said]


def test_no_line_ends_before_its_per_cent():
    told = templates("en").filters["told"](say("from {low} to 95 %", low=Number(5)))

    assert told == 'from 5 to <span class="whole">95 %</span>'


def test_what_was_asked_for_at_a_moment_is_answered_first():
    """Of 100 people 50 board the one bus at once; nothing varies."""
    metric = "still_inside@2020-01-01T00:00"
    world = operation(sites__pocket__groups__civilians__people=100)
    said, _ = answered(world, at_moments=(metric, f"fewer_than_50_{metric}"))
    assert "still inside at 2020-01-01 00:00: 50 in 9 of 10 runs." in said
    assert "fewer than 50 still inside at 2020-01-01 00:00: in 0% of the runs" in said


def test_vehicles_that_no_flow_can_send_are_named_where_people_wait_for_some():
    """Two convoys of a bus at a time: a third and a fourth bus never move."""
    few = {"fleets__buses__joins": {"2020-01-01T00:00": 2}}
    many = {"fleets__buses__joins": {"2020-01-01T00:00": 4}}
    people = {"sites__pocket__groups__civilians__people": 600}
    _, told = answered(operation(**many, **people, flows__evacuation__at_once=2))
    assert "Of the 4 vehicles of buses at most 2 are under way at a time" in flat(told)
    assert "flows.evacuation.at_once" in told
    _, silent = answered(operation(**few, **people, flows__evacuation__at_once=2))
    assert "under way at a time" not in flat(silent)
