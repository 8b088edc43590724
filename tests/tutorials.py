"""Follows a page of the documentation as a reader does, word for word.

A block without a language holds commands, and a `text` block after it what the last of
them answers. What is done with any other block is said by the line before it.
"""

import html
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

_STEP = re.compile(
    r"(?P<told>[^\n]*)\n\n(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)\n(?P=indent)```"
    r"|Copy\s+`(?P<file>[^`]+)`\s+from\s+the\s+folder\s+of\s+results\s+to\s+`(?P<to>[^`]+)`",
    re.DOTALL,
)
_TOLD = re.compile(
    r"(?P<what>Write|Add to the end of|Change|The page) `(?P<file>[^`]+)`(?: says)?:"
)
_RESULTS = re.compile(r"^Results: (.+)$", re.MULTILINE)
_LEFT_OUT = "..."


class Step(NamedTuple):
    """One thing that a page tells to do, or says of what comes out.

    Attributes
    ----------
    what : `commands`, `answer`, or the words with which the page tells it.
    body : the block; of a copy, the folder it goes to.
    file : that is meant, if any.
    """

    what: str
    body: str
    file: str = ""


def steps(page: str) -> Iterator[Step]:
    """Return what a page tells to do, in its order.

    Raises
    ------
    ValueError
        If nothing says what a block is for.
    """
    for found in _STEP.finditer(page):
        if found["file"]:
            yield Step("Copy", found["to"], found["file"])
            continue
        body = dedent(found["body"]) + "\n"
        told = _TOLD.search(found["told"])
        if found["kind"] == "":
            yield Step("commands", body)
        elif told:
            yield Step(told["what"], body, told["file"])
        elif found["kind"] == "text":
            yield Step("answer", body)
        else:
            raise ValueError(f"nothing says what this block is for:\n{body}")


class Reader:
    """Somebody who follows a page, in a folder of its own.

    Parameters
    ----------
    folder : the one in which commands are typed.
    type_in : runs a command without `python run.py`, returns what it answers.
    """

    def __init__(self, folder: Path, type_in: Callable[[list[str]], str]) -> None:
        self.folder = folder
        self.type_in = type_in
        self.answer = ""
        self.results = Path()

    def follow(self, step: Step) -> None:
        """Do what a step says, or see that it is true.

        Raises
        ------
        AssertionError
            If it cannot be done, or is not true.
        """
        file = self.folder / step.file
        match step.what:
            case "commands":
                for line in step.body.splitlines():
                    self._type(line)
            case "answer":
                see(step.body, self.answer)
            case "Write":
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(step.body, encoding="utf-8")
            case "Add to the end of":
                text = file.read_text("utf-8")
                file.write_text(text + step.body, encoding="utf-8")
            case "Change":
                text = changed(file.read_text("utf-8"), step.body)
                file.write_text(text, encoding="utf-8")
            case "The page":
                see(step.body, words_of(self.results / step.file))
            case "Copy":
                shutil.copy(self.results / step.file, self.folder / step.body)

    def _type(self, line: str) -> None:
        assert line.startswith("python run.py "), line
        self.answer = self.type_in(shlex.split(line)[2:])
        if results := _RESULTS.search(self.answer):
            self.results = self.folder / results[1]


def see(shown: str, there: str) -> None:
    """See that lines come out as a page shows them: from the first to the last.

    Only where it says `...` others may stand between, before or after.

    Raises
    ------
    AssertionError
        If one does not.
    """
    lines = [line.rstrip() for line in there.splitlines()]
    at, gap = 0, False
    for line in map(str.rstrip, shown.splitlines()):
        if line == _LEFT_OUT:
            gap = True
            continue
        places = [at + n for n, each in enumerate(lines[at:]) if each == line]
        assert places, f"{line!r} does not come out:\n{there}"
        assert gap or places[0] == at, f"{line!r} does not come next:\n{there}"
        at, gap = places[0] + 1, False
    assert gap or not any(lines[at:]), f"more comes out:\n{there}"


def changed(text: str, difference: str) -> str:
    """Return a text with each line after `-` replaced by the one after `+`.

    Raises
    ------
    AssertionError
        If such a line does not stand in it once.
    """
    lines = difference.splitlines()
    for before, after in zip(lines[::2], lines[1::2], strict=True):
        assert (before[0], after[0]) == ("-", "+"), difference
        assert text.splitlines().count(before[1:]) == 1, before
        text = text.replace(f"{before[1:]}\n", f"{after[1:]}\n")
    return text


def words_of(page: Path) -> str:
    """Return the text of an HTML page, a line for each element."""
    text = re.sub(
        r"<(style|script|svg)\b.*?</\1>", "", page.read_text("utf-8"), flags=re.S
    )
    flat = re.sub(r"\s+", " ", text)
    parts = (part.strip() for part in re.split(r"<[^>]+>", flat))
    return html.unescape("\n".join(part for part in parts if part))
