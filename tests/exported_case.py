"""A run with everything that is hard to export, as its folder keeps it."""

from sim.scenario import resolved_yaml
from tests.builders import operation
from tests.commands import call

ALEPPO = "حلب القديمة"
"""A name that is written from right to left."""
FORMULA = "=HYPERLINK(1)"
"""A name that a spreadsheet would work out."""
LANDS = "+refuge, \"north\" & <south> | 'west'"
"""A name with every mark that some format uses."""


def run_of(folder, *words, **changes):
    """Run a small operation into a folder; return the folder of its results."""
    world = operation(**changes)
    path = folder / "hard.yaml"
    path.write_text(resolved_yaml(world), "utf-8")
    results = folder / "results"
    done = call("run", path, "-n", 3, "--no-figures", "--results", results, *words)
    assert done.exit_code == 0, done.output
    (found,) = results.iterdir()
    return found


def hard(folder):
    """Return the results of a run whose names and places are hard to write."""
    return run_of(
        folder,
        operation=FORMULA,
        sites__pocket__title=ALEPPO,
        sites__pocket__at="36.2123, 179.9",
        sites__refuge__title=LANDS,
        sites__refuge__at="35.98, -179.87",
        gates={"crossing": {"title": "-2 + 3"}},
        routes__out__through=["road", "crossing"],
    )
