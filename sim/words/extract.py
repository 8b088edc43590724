"""Lists all messages for translators: `python -m sim.words.extract` renews the list."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from sim.evidence import columns
from sim.scenario.meanings import every_message, names_of_quantities
from sim.words.catalogues import LOCALE

TEMPLATE = LOCALE / "messages.pot"
_FROM = ("sim.words", "sim.messages")
_PROJECT = Path(__file__).parents[2]
_MESSAGES = {"say": 1, "say_many": 2}
"""How many of the first arguments of a function are a message."""
_MEANINGS = "sim/scenario/plans.py"
"""Where the words are written that say what fields mean."""
_OF_EVIDENCE = "sim/evidence/columns.py"
"""The same of the columns of evidence."""
_HEADER = """\
# Every message that reports, pictures and commands are worded with.
# To translate them, save this list as LANGUAGE.po and fill in what is empty; names in
# braces stand for what is put in their place, and may come in another order."""


def messages() -> Catalog:
    """Return every message of the program, and in which files it is used."""
    # A date of today would make two lists of the same messages differ.
    catalogue = Catalog(
        project="evacuation-convoys",
        header_comment=_HEADER,
        creation_date=datetime(2000, 1, 1, tzinfo=UTC),
    )
    for path in sorted((_PROJECT / "sim").rglob("*.py")):
        place = path.relative_to(_PROJECT).as_posix()
        for message in messages_in(path.read_text(encoding="utf-8")):
            _add(catalogue, message, place)
    for meaning in (*every_message(), *names_of_quantities()):
        _add(catalogue, meaning.one, _MEANINGS)
    for meaning in columns.every_message():
        _add(catalogue, meaning.one, _OF_EVIDENCE)
    return catalogue


def _add(catalogue: Catalog, message: str | tuple[str, str], place: str) -> None:
    entry = catalogue.add(message, locations=[(place, 0)])
    entry.flags.discard("python-format")  # what looks so is a per cent sign


def messages_in(source: str) -> Iterator[str | tuple[str, str]]:
    """Return the messages of a file, those of one and of many together.

    Babel's own extractor reads no message within the fields of another.

    Raises
    ------
    ValueError
        If a message is not written out: translators could not know it.
    """
    nodes = [*ast.walk(ast.parse(source))]
    ours = _MESSAGES.keys() & {name for node in nodes for name in _from_here(node)}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(name)) if name in ours:
                yield _written_out(node, node.args[: _MESSAGES[name]])


def template() -> bytes:
    """Return the list as a file of gettext's."""
    buffer = BytesIO()
    write_po(buffer, messages(), width=88, include_lineno=False)
    return buffer.getvalue()


def _from_here(node: ast.AST) -> Iterator[str]:
    """Return the names that a file has from this package, or gives to it."""
    match node:
        case ast.ImportFrom(module=str() as module) if module.startswith(_FROM):
            yield from (alias.name for alias in node.names)
        case ast.FunctionDef(name=name):
            yield name


def _written_out(call: ast.Call, forms: list[ast.expr]) -> str | tuple[str, str]:
    match forms:
        case [ast.Constant(str() as message)]:
            return message
        case [ast.Constant(str() as one), ast.Constant(str() as many)]:
            return one, many
    raise ValueError(f"a message is not written out: {ast.unparse(call)}")


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
