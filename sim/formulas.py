"""Text that a spreadsheet would take for a formula, and how it is kept from that."""

import re

_BEGINS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes text that begins like this for a formula."""
_GUARD = "'"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def guarded(text: str) -> str:
    """Return a text behind an apostrophe if it would be taken for a formula."""
    taken = text.startswith(_BEGINS) and not _NUMBER.fullmatch(text)
    return f"{_GUARD}{text}" if taken else text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe that keeps it from being a formula."""
    kept = text.removeprefix(_GUARD)
    return kept if kept.startswith(_BEGINS) else text
