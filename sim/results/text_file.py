"""Writes text and JSON: UTF-8, one kind of line end, on every system the same."""

import json
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, data: object) -> None:
    """Write data for programs that a person can read too."""
    write_text(path, f"{json.dumps(data, ensure_ascii=False, indent=2)}\n")
