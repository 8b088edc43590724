"""A new case to fill in: a scenario that runs, tables for evidence, what to do."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sim.errors import RunError, ScenarioError
from sim.evidence.row import COLUMNS
from sim.evidence.table import SOURCE_COLUMNS, SOURCES
from sim.invocation import program
from sim.scenario import find
from sim.scenario.files import own_tree
from sim.scenario.from_past import take_from_past
from sim.scenario.load import checked
from sim.scenario.nodes import Items, MappingNode, Node, Scalar, copied, table_at
from sim.scenario.plans import is_name
from sim.scenario.problems import choice
from sim.scenario.proposals import propose
from sim.scenario.ready_made import begin_on
from sim.scenario.workbook.appearance import meanings
from sim.scenario.workbook.archive import SUFFIX
from sim.studies.folder import in_plain_words
from sim.studies.new_texts import ABOUT, CAUSE, NOTE, README, TITLE
from sim.studies.planners_folder import SHIPPED, root
from sim.studies.scenario_file import (
    ScenarioFile,
    as_texts,
    as_workbook,
    opened_file,
)
from sim.studies.taken_in import begun, is_there, no_name
from sim.whole_file import write_whole
from sim.words import Text, joined, say, say_many

EXAMPLE = "two-towns"
_FACTS = ("evidence", "lives_lost", "unaccounted", "loses", "loses_loaded")
_EVIDENCE = "evidence.csv"


def new(
    name: str,
    *,
    workbook: bool = False,
    like: str = EXAMPLE,
    first_day: date | None = None,
    title: str = "",
) -> Iterator[Text]:
    """Write a new case; yield what was done.

    Parameters
    ----------
    name : of the case, which goes into scenarios/; or a folder.
    workbook : whether the scenario is a workbook, and not a text.
    like : scenario or past operation of which it takes the shape.
    first_day : on which it is to start, every other date being moved with it; if none,
        its dates are those of the other one.
    title : of the case; one that is to be replaced, if empty.

    Raises
    ------
    ScenarioError
        If there is no such scenario.
    RunError
        If there is something in its place, or it has no name that can be used.
    ResultsError
        If the disk does not let us.
    """
    folder = _folder(name)
    called = title or TITLE.format(name=folder.name)
    file, proposed = _begun_like(like, called, workbook, first_day)
    there = folder / ("scenario.xlsx" if workbook else "scenario.yaml")
    files = _contents(file, there, like)
    with in_plain_words(folder), begun(folder):
        for path, contents in files.items():
            write_whole(path, contents)
    yield say(
        "Wrote {folder}: {files}. It runs as it is; every value in it is to be "
        "replaced.",
        folder=str(folder),
        files=joined([path.name for path in files], ", "),
    )
    if proposed:
        yield say_many(
            "{count} range is proposed by past operations, under 'uncertain', with how "
            "many operations it rests on.",
            "{count} ranges are proposed by past operations, under 'uncertain', with "
            "how many operations they rest on.",
            proposed,
        )
    yield say(
        "README.md there says what to fill in. To check it: {program} check {file}",
        program=program(),
        file=str(there),
    )


def _folder(name: str) -> Path:
    """Return the folder of a new case.

    Raises
    ------
    RunError
        If something is in it, or it has no name that can be used.
    """
    given = Path(name)
    if not is_name(given.name):
        raise RunError(no_name(given.name))
    folder = given
    if given == Path(given.name):
        above = Path.cwd() if root() == SHIPPED else root()
        folder = above / "scenarios" / given
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(is_there(str(folder)))
    return folder


def _template(like: str) -> Path:
    """Return the scenario of which a new one takes the shape.

    Raises
    ------
    ScenarioError
        If there is none.
    RunError
        If it is only a variant.
    """
    folder = root() / "scenarios" / "past"
    operations = sorted(path.name for path in folder.glob("*") if path.is_dir())
    if like.upper() in operations:
        return folder / like.upper() / "scenario.yaml"
    try:
        path = find(like, root())
    except ScenarioError as error:
        (problem,) = error.args[0]
        past = say(
            "Of past operations there are {names}.", names=choice(operations, 20)
        )
        raise RunError(joined((problem.text, past))) from error
    if "extends" in own_tree(path)[0].values:
        raise RunError(
            say(
                "{path} is a variant. Name the scenario that it extends.",
                path=str(path),
            )
        )
    return path


def _begun_like(
    like: str, title: str, workbook: bool, first_day: date | None
) -> tuple[ScenarioFile, int]:
    """Return a scenario of the same shape, and how many ranges it takes from the past.

    Raises
    ------
    ScenarioError
        If something is wrong with the other one.
    """
    path = _template(like)
    tree, notes, *_ = opened_file(path)
    problems = take_from_past(tree)
    if problems:
        raise ScenarioError(tuple(problems))
    before = _text_at(tree, "operation")
    if like != EXAMPLE:
        notes = {}
        _forget(tree, before)
    _say(tree, "operation", title)
    _say(tree, "about", ABOUT.format(title=before))
    tree.values.pop("evidence", None)
    if not workbook:  # an empty sheet is no table
        _say(tree, "evidence", _EVIDENCE)
    if first_day is not None:
        begin_on(tree, first_day)
    proposed = propose(tree)
    checked(copied(tree), [])
    notes = {**notes}
    for field, words in proposed.beside.items():
        section, name, *rest = field.split(".")
        what = f"{'.'.join(rest)} of past operations, which does not fit this case"
        said = f"{what}: {words}"
        notes[section, name] = "\n".join(
            filter(None, [notes.get((section, name)), said])
        )
    return ScenarioFile(tree, notes), len(proposed.added)


def _text_at(tree: MappingNode, key: str) -> str:
    node = tree.values.get(key)
    return node.text if isinstance(node, Scalar) else ""


def _say(part: MappingNode, key: str, text: str) -> None:
    place = part.keys.get(key, part.place)
    part.put(key, place, Scalar(place, text))


def _forget(tree: MappingNode, before: str) -> None:
    """Take from a tree what is true of its own operation alone.

    Evidence, causes, and what became of people and vehicles are facts of the other one.
    """
    for section in tree.values.values():
        if isinstance(section, MappingNode):
            for part in section.values.values():
                _forget_facts(part)
    for name, part in table_at(tree, "stoppages").values.items():
        if isinstance(part, MappingNode):
            _say(part, "cause", CAUSE.format(name=name))
    for part in table_at(tree, "uncertain").values.values():
        if isinstance(part, MappingNode) and "Like past" not in _text_at(part, "note"):
            _say(part, "note", NOTE.format(title=before))


def _forget_facts(node: Node) -> None:
    match node:
        case Items(items=items):
            for item in items:
                _forget_facts(item)
        case MappingNode():
            for key in [key for key in node.values if key in _FACTS]:
                del node.values[key], node.keys[key]
            for value in node.values.values():
                _forget_facts(value)


def _contents(file: ScenarioFile, there: Path, like: str) -> dict[Path, bytes]:
    """Return what each file of a new case holds."""
    readme = README.format(
        name=there.parent.name, file=there.name, like=like, program=program()
    )
    files = {there.with_name("README.md"): readme.encode()}
    if there.suffix == SUFFIX:
        return {there: as_workbook(file, blank=True), **files}
    notes = {**file.notes}
    for about, (meaning, fields) in meanings(file.root).items():
        lines = [notes.get(about, meaning), fields]
        notes[about] = "\n".join(filter(None, lines))
    texts = as_texts(file._replace(notes=notes), there)
    files |= {path: text.encode() for path, text in texts.items()}
    files[there.with_name(_EVIDENCE)] = f"{','.join(COLUMNS)}\n".encode()
    files[there.with_name(SOURCES)] = f"{','.join(SOURCE_COLUMNS)}\n".encode()
    return files
