"""The documentation runs, and what it says of results is what comes out."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sim.cli import main
from sim.cli.ask import ask as asked_by_command
from sim.cli.front import Front
from sim.evidence.score import score
from sim.evidence.table import load_figures
from sim.experiment import run_study
from sim.metrics.registry import summary
from sim.model import simulate
from sim.scenario import find, load
from sim.scenario.moments import write
from tests.commands import call

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CASES = {"ICRC": "aleppo-2016", "UN": "aleppo-2016/un-path"}
SCENARIOS = sorted(
    path for path in (ROOT / "scenarios").glob("*/*.yaml") if path.parent.name != ".tmp"
)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_scenario_loads(path):
    assert load(path).operation


def test_the_python_in_the_readme_runs():
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    events, arrived = map(int, done.stdout.split())
    assert events > 100
    assert arrived == 700


def test_the_variant_in_the_readme_loads(tmp_path):
    variant = next(block for block in blocks("yaml") if "extends" in block)
    case = tmp_path / "scenarios" / "aleppo-2016"
    shutil.copytree(ROOT / "scenarios" / "aleppo-2016", case)
    (case / "readme.yaml").write_text(variant, encoding="utf-8")

    read = load(case / "readme.yaml").agreements["december-18"].proposed
    assert write(read, None) == "10 h to 14 h after suspension-16-18-dec begins"


def test_the_summary_in_the_readme_is_what_a_run_prints(tmp_path):
    shown = re.search(r"<!-- summary -->\n```\n(.*?)```", README, flags=re.DOTALL)
    assert shown
    done = subprocess.run(
        [
            sys.executable,
            "run.py",
            "run",
            "aleppo-2016",
            "--no-figures",
            "--results",
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    for line in shown[1].splitlines():
        assert line.rstrip() in printed


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES)
def test_the_table_of_paths_is_what_the_score_gives(path):
    operation = load(find(CASES[path], ROOT))
    figures = load_figures(ROOT / "scenarios/aleppo-2016/evidence.csv")
    study = run_study(operation, figures, seed=1, replications=100)
    rows = score(
        figures,
        study.readings_of,
        path,
        "chance",
        operation.clock.seconds,
    )

    def told(chosen):
        return f"{sum(row.inside for row in chosen)} of {len(chosen)}"

    fit = [row for row in rows if row.standing == "fit"]
    page = (ROOT / "docs/how-to/calibration.md").read_text("utf-8")
    shown = next(row for row in page.splitlines() if row.startswith(f"| {path} ("))
    cells = [cell.strip() for cell in shown.strip("|").split("|")][1:]
    assert cells == [
        told(fit),
        told([row for row in fit if row.figure.origin == "east-aleppo"]),
        told([row for row in fit if row.figure.origin == "foua-kafraya"]),
        told([row for row in rows if row.standing == "check"]),
    ]


COMMAND = re.compile(rf"({'|'.join(main.commands)})(?= [^=]|$)")
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def commands_on(page):
    """Return the commands of this program that a page tells people to type."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for language, block in FENCED.findall(text):
        for line in () if language else block.splitlines():
            words = line.partition("#")[0].strip().removeprefix("python run.py ")
            if COMMAND.match(words):
                yield words
    for words in re.findall(r"`python\s+run\.py ([^`]+)`", text):
        yield " ".join(words.split())
    if page == ASK:  # there all commands of its table are without the first words
        for words in re.findall(r"`((?:ask|compare) [^`]+)`", text):
            yield words


PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
ASK = ROOT / "docs" / "how-to" / "ask.md"


def parsed(words):
    """Parse a command as the program does, and do nothing of it.

    Raises
    ------
    click.UsageError
        If the program would not take it.
    """
    command, rest = main, shlex.split(words)
    while isinstance(command, click.Group):
        name = command.name or ""
        context = click.Context(command, info_name=name)
        name, command, rest = command.resolve_command(context, rest)
    return command.make_context(name, rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_commands_on_a_page_are_such_as_the_program_takes(page, monkeypatch):
    """Files that a reader will have are not there yet."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(click.Path, "convert", lambda _, value, *__: Path(value))
    for words in commands_on(page):
        if words.split()[0] in {"test", "wheels", "bench"}:  # of run.py itself
            continue
        try:
            parsed(f"run {words}" if words.startswith("my-case/") else words)
        except click.UsageError as error:
            pytest.fail(f"{words}: {error.format_message()}")


class _PlannedError(Exception):
    """The plan of a study was made; it is not run."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        words
        for words in commands_on(ROOT / "README.md")
        if words.split()[0] in {"ask", "compare", "sweep"} and len(words.split()) > 2
    ],
)
def test_what_the_readme_asks_can_be_done(words, monkeypatch, tmp_path):
    """All up to the runs: scenarios, changes, goals and values are there."""

    def stop(*_):
        raise _PlannedError

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sim.studies.unfinished.begun", stop)
    done = call(*shlex.split(words), "--results", tmp_path)

    assert isinstance(done.exception, _PlannedError), done.output


@pytest.mark.parametrize(
    "words",
    [
        "run two-towns --replication 5",
        "run two-towns -n",
        "run two-towns -n five",
        "ask probably two-towns 'all of northtown arrived by day 3 08:00'",
        "ask least two-towns",
        "run",
        "two-town",
    ],
)
def test_a_command_that_the_program_does_not_take_is_noticed(words):
    with pytest.raises(click.UsageError):
        parsed(words)


@pytest.mark.slow
def test_the_questions_on_their_page_can_be_asked(monkeypatch):
    """Goals, values and changes in them are those of the scenarios; nothing is run."""
    plans = []

    def plan(_, planned, *asked, **options):
        plans.append(planned(*asked, **options))

    monkeypatch.setattr(Front, "ask", plan)
    questions = list(commands_on(ASK))
    for words in questions:
        said = call(*shlex.split(words))
        assert said.exit_code == 0, said.output

    kinds = {plan.kind for plan in plans}
    assert len(plans) == len(questions)
    assert kinds >= set(asked_by_command.commands) - {"latest", "deadlock"}


@pytest.mark.slow
def test_the_python_in_the_how_tos_runs():
    for page in (ROOT / "docs" / "how-to").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def heads(page):
    """Return the headings of a page as links name them."""
    for head in re.findall(r"^#+ (.*)$", page.read_text("utf-8"), flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_to_a_heading_find_it(page):
    for target, head in re.findall(
        r"\]\(([^)#:]*)#([^)]+)\)", page.read_text(encoding="utf-8")
    ):
        there = page.parent / target if target else page
        assert head in set(heads(there)), f"{target}#{head}"


def test_the_index_names_every_page():
    index = ROOT / "docs" / "README.md"
    text = index.read_text("utf-8")
    linked = {
        (index.parent / target).resolve()
        for target in re.findall(r"\]\(([^)#:]+)\)", text)
    }
    pages = {path for path in PAGES if path.parent.name != "decisions"}
    assert pages - linked == {index}


PAGE = ROOT / "docs" / "how-to" / "say-an-operation.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_the_operations_in_the_how_to_run_and_differ_from_their_base(example, tmp_path):
    base = ROOT / "scenarios" / "two-towns" / "scenario.yaml"
    shutil.copy(base, tmp_path)
    (tmp_path / "said.yaml").write_text(example, encoding="utf-8")
    log = simulate(load(tmp_path / "said.yaml"), seed=1)

    assert summary(log) != summary(simulate(load(base), seed=1))
