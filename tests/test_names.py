"""One meaning a name: no two classes of the package are called the same."""

import ast
from collections import defaultdict
from pathlib import Path

SIM = Path(__file__).parent.parent / "sim"


def classes():
    found = defaultdict(list)
    for path in SIM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(SIM)))
    return found


def test_no_class_name_has_two_meanings():
    assert not {name: at for name, at in classes().items() if len(at) > 1}


def test_there_are_classes_to_look_at():
    assert len(classes()) > 200
