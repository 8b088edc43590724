"""Imports point one way: scenario -> model -> events -> metrics -> outputs."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

MAY_IMPORT = {
    "errors": set(),
    "distributions": set(),
    "statistics": set(),
    "events": set(),
    "compiled": {"errors"},
    "parts": set(),
    "scenario": {"errors", "distributions", "parts"},
    "model": {"errors", "distributions", "events", "parts", "scenario"},
    "metrics": {"events"},
    "explain": {"events", "metrics"},
    "report": {"events"},
    "evidence": {"errors", "events", "metrics"},
    "experiment": {
        "errors",
        "statistics",
        "events",
        "scenario",
        "model",
        "metrics",
        "evidence",
    },
    "inference": {
        "errors",
        "distributions",
        "events",
        "scenario",
        "model",
        "metrics",
        "evidence",
        "experiment",
    },
    "figures": {
        "report",
        "statistics",
        "events",
        "scenario",
        "metrics",
        "evidence",
        "experiment",
        "inference",
    },
    "results": {
        "report",
        "compiled",
        "statistics",
        "errors",
        "events",
        "scenario",
        "metrics",
        "evidence",
        "experiment",
        "inference",
        "figures",
    },
    "cli": {
        "report",
        "statistics",
        "errors",
        "events",
        "scenario",
        "model",
        "metrics",
        "explain",
        "evidence",
        "experiment",
        "inference",
        "figures",
        "results",
        "compiled",
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


@pytest.mark.parametrize("path", FILES, ids=names)
def test_imports_point_one_way(path):
    layer = path.relative_to(SIM).parts[0].removesuffix(".py")
    others = {module.split(".")[1] for module in imported(path)} - {layer}

    assert others <= MAY_IMPORT[layer]


INFERENCE = [path for path in FILES if path.relative_to(SIM).parts[0] == "inference"]
MAY_IMPORT_WINGS = {
    "calibration": set(),
    "forecast": {"calibration"},
    "validation": {"calibration"},
}


@pytest.mark.parametrize("path", INFERENCE, ids=names)
def test_the_wings_of_inference_import_one_way(path):
    """What lies beside the wings is shared by them and uses none."""
    wing = path.relative_to(SIM).parts[1]
    modules = [module.split(".")[1:] for module in imported(path)]
    others = {
        parts[1] for parts in modules if parts[0] == "inference" and len(parts) > 2
    } - {wing}

    assert others <= MAY_IMPORT_WINGS.get(wing, set())


@pytest.mark.parametrize("path", FILES, ids=names)
def test_the_model_is_entered_by_one_door(path):
    if "model" in path.relative_to(SIM).parts:
        return
    assert not [m for m in imported(path) if m.startswith("sim.model.")]


def test_no_part_of_the_model_imports_itself_in_a_circle():
    """Also not for types alone: what is below `TYPE_CHECKING` counts."""
    files = {
        ".".join(path.relative_to(SIM.parent).with_suffix("").parts): path
        for path in FILES
        if path.relative_to(SIM).parts[0] == "model" and path.name != "__init__.py"
    }
    imports = {name: set(imported(path)) & set(files) for name, path in files.items()}

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
