"""Commands as users type them, and what they leave on the disk."""

import csv
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-c", "from sim.cli import main; main()"]
"""For tests that need a process of its own, started in `ROOT`."""

posix = pytest.mark.skipif(os.name == "nt", reason="sends signals of POSIX")


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def rows(path):
    """Return the rows of a CSV file, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flat(text):
    """Return a text without its line ends."""
    return " ".join(text.split())


def contents(results):
    """Return every file of the one study, but for what tells when it was run."""
    (folder,) = results.iterdir()
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
