"""Imports point one way: scenario, model, events, metrics, reports, studies, fronts."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

MAY_IMPORT = {
    "invocation": set(),
    "messages": set(),
    "errors": {"invocation"},
    "formats": set(),
    "formulas": set(),
    "plain_file": set(),
    "whole_file": set(),
    "zip_directory": set(),
    "distributions": {"messages"},
    "statistics": set(),
    "events": set(),
    "compiled": {"errors"},
    "registry": set(),
    "parts": {"messages", "registry", "events"},
    "past": {"errors"},
    "scenario": {
        "messages",
        "errors",
        "formats",
        "plain_file",
        "zip_directory",
        "distributions",
        "parts",
        "past",
    },
    "model": {"errors", "distributions", "events", "parts", "scenario"},
    "metrics": {"registry", "events"},
    "schematic": {"events", "scenario"},
    "evidence": {
        "messages",
        "errors",
        "formulas",
        "plain_file",
        "events",
        "scenario",
        "metrics",
    },
    "experiment": {
        "messages",
        "invocation",
        "errors",
        "plain_file",
        "whole_file",
        "statistics",
        "events",
        "scenario",
        "model",
        "metrics",
        "evidence",
    },
    "inference": {
        "errors",
        "formats",
        "plain_file",
        "whole_file",
        "distributions",
        "past",
        "events",
        "scenario",
        "model",
        "metrics",
        "evidence",
        "experiment",
    },
    "answers": {
        "messages",
        "distributions",
        "errors",
        "statistics",
        "events",
        "scenario",
        "model",
        "metrics",
        "experiment",
    },
    "words": {"messages", "errors", "events", "scenario", "metrics", "evidence"},
    "plots": {
        "registry",
        "events",
        "scenario",
        "metrics",
        "evidence",
        "experiment",
        "inference",
        "answers",
        "words",
    },
    "report": {
        "invocation",
        "errors",
        "registry",
        "statistics",
        "past",
        "events",
        "scenario",
        "metrics",
        "schematic",
        "evidence",
        "experiment",
        "inference",
        "answers",
        "words",
    },
    "report/forms": {
        "formulas",
        "registry",
        "experiment",
        "words",
        "report",
        "plots",
    },
    "studies": {
        "messages",
        "invocation",
        "errors",
        "formats",
        "plain_file",
        "whole_file",
        "registry",
        "statistics",
        "compiled",
        "parts",
        "past",
        "scenario",
        "metrics",
        "evidence",
        "experiment",
        "inference",
        "answers",
        "words",
        "report",
        "report/forms",
    },
    "exports": {
        "errors",
        "formats",
        "formulas",
        "plain_file",
        "whole_file",
        "registry",
        "events",
        "scenario",
        "evidence",
        "experiment",
        "words",
        "report",
        "report/forms",
        "studies",
    },
    "revisions": {
        "errors",
        "plain_file",
        "whole_file",
        "scenario",
        "evidence",
        "experiment",
        "words",
        "studies",
    },
    "handover": {
        "invocation",
        "errors",
        "formats",
        "plain_file",
        "whole_file",
        "zip_directory",
        "scenario",
        "evidence",
        "experiment",
        "model",
        "words",
        "report",
        "studies",
    },
    "programs": {
        "answers",
        "inference",
        "parts",
        "events",
        "model",
        "metrics",
        "experiment",
        "words",
        "report",
        "report/forms",
        "studies",
        "exports",
    },
    "page": {
        "invocation",
        "errors",
        "scenario",
        "words",
        "report",
        "report/forms",
        "studies",
        "revisions",
    },
    "cli": {
        "page",
        "invocation",
        "errors",
        "words",
        "report",
        "report/forms",
        "studies",
        "exports",
        "revisions",
        "handover",
    },
}
SIM = Path(__file__).parent.parent / "sim"
FILES = sorted(path for path in SIM.rglob("*.py") if path != SIM / "__init__.py")


def names(path):
    return str(path.relative_to(SIM))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("sim."))


def layer_of(module):
    """Return the layer of a module; one within another may have more rights."""
    parts = module.split(".")[1:]
    inner = "/".join(parts[:2])
    return inner if inner in MAY_IMPORT else parts[0]


def module_of(path):
    return ".".join(path.relative_to(SIM.parent).with_suffix("").parts)


@pytest.mark.parametrize("path", FILES, ids=names)
def test_imports_point_one_way(path):
    layer = layer_of(module_of(path))
    others = set(map(layer_of, imported(path))) - {layer}

    assert others <= MAY_IMPORT[layer]


@pytest.mark.parametrize("path", FILES, ids=names)
def test_the_model_is_entered_by_one_door(path):
    if "model" in path.relative_to(SIM).parts:
        return
    assert not [m for m in imported(path) if m.startswith("sim.model.")]


def modules_named(path):
    """Return what `imported` does; of a package, which of its modules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
    yield from imported(path)


def test_no_module_imports_itself_in_a_circle():
    """Also not for types alone: what is below `TYPE_CHECKING` counts."""
    files = {module_of(path): path for path in FILES if path.name != "__init__.py"}
    imports = {
        name: set(modules_named(path)) & set(files) for name, path in files.items()
    }

    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", FILES, ids=names)
def test_only_the_command_line_prints_or_exits(path):
    if "cli" in path.relative_to(SIM).parts:
        return
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"print", "exit", "input"}
