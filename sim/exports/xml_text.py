"""Text for XML: without the characters that no document of XML 1.0 may hold."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, indent

from sim.whole_file import DRAFT

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\x7f-\x84\x86-\x9f]"
)


def allowed(text: str) -> str:
    """Return a text with a sign in the place of each forbidden character."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def write_xml(path: Path, root: Element) -> None:
    """Write a document: UTF-8, indented, whole or not at all."""
    tree = ElementTree(root)
    indent(tree)
    draft = path.with_name(f"{DRAFT}{path.name}")
    tree.write(draft, encoding="UTF-8", xml_declaration=True)
    draft.replace(path)
