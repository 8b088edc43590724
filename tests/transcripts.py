"""Pages that show what commands answer.

`python -m tests.transcripts PAGE [WORD]` writes into a page what its commands answer,
or those that have a word in them.

A block without a language holds one command, and the `text` block after it the first
paragraph of what it answers. So no number on such a page is typed.
"""

import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.commands import call

_SHOWN = re.compile(
    r"```\npython run\.py (?P<command>[^\n]+)\n```\n\n```text\n(?P<answer>.*?)```",
    re.DOTALL,
)
_UNSEEN = ("--no-figures", "--workers", "1")
"""Options that change nothing of what is answered, but the time that it takes."""


class Shown(NamedTuple):
    """A command of a page, and what the page says that it answers.

    Attributes
    ----------
    begins, ends : where the answer stands in the page.
    """

    command: str
    answer: str
    begins: int
    ends: int


def shown(page: str) -> Iterator[Shown]:
    """Yield the commands of a page with their answers."""
    for found in _SHOWN.finditer(page):
        yield Shown(found["command"], found["answer"], *found.span("answer"))


def answer_to(command: str, results: Path) -> str:
    """Return the first paragraph of what a command answers.

    Raises
    ------
    AssertionError
        If the command fails.
    """
    words = [*shlex.split(command), *_UNSEEN, "--results", str(results)]
    done = call(*words)
    assert done.exit_code == 0, done.output
    first, _, _ = done.stdout.lstrip().partition("\n\n")
    return "".join(f"{line.rstrip()}\n" for line in first.splitlines())


def with_answer(page: str, command: str, answer: str) -> str:
    """Return a page in which a command answers something else."""
    (found,) = (each for each in shown(page) if each.command == command)
    return page[: found.begins] + answer + page[found.ends :]


def main(path: Path, only: str = "") -> None:
    """Answer the commands of a page anew that have a word in them, one by one."""
    with tempfile.TemporaryDirectory() as results:
        for each in shown(path.read_text("utf-8")):
            if only in each.command:
                answer = answer_to(each.command, Path(results))
                page = path.read_text("utf-8")
                path.write_text(with_answer(page, each.command, answer), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
