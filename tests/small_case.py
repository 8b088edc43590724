"""A small case for calibration from files: one site, two sources, two unknowns."""

from sim.evidence.row import COLUMNS
from sim.scenario import resolved_yaml
from tests.builders import operation

COUNT = {
    "origin": "pocket",
    "metric": "cumulative_arrivals",
    "bound": "about",
    "unit": "people",
    "source": "S1",
    "role": "fit",
}
UNCERTAIN = {
    "sites.pocket.groups.civilians.people": "800 to 2000",
    "legs.road.time": "20 min to 2 h",
}
FIGURES = (
    ("un-1", "UN", "2020-01-01T12:00", 350),
    ("un-2", "UN", "2020-01-02T12:00", 1_000),
    ("icrc-1", "ICRC", "2020-01-01T18:00", 500),
    ("icrc-2", "ICRC", "2020-01-04T00:00", 1_200),
)


def figure(name, family, moment, best, **cells):
    """Return a row of the evidence table: people counted within a hundred or so."""
    row = COUNT | {"id": name, "attributed_to": family, "family": family}
    row |= {"from": moment, "best": str(best)}
    return row | {"low": str(best - 100), "high": str(best + 100)} | cells


def written(folder, figures=FIGURES, more=(), uncertain=UNCERTAIN, **changes):
    """Write the scenario and its evidence into a folder; return the scenario's file.

    Parameters
    ----------
    folder : made if it is not there.
    figures : names, families, moments and counts of people.
    more : whole rows of the table.
    uncertain : ranges by path.
    changes : of the scenario, as of `operation`.
    """
    world = operation(
        evidence="evidence.csv",
        ends="2020-01-05T00:00",
        sites__pocket__groups__civilians__people=1_200,
        fleets__buses__joins={"2020-01-01T00:00": 2},
        flows__evacuation__boarding="10 min to 40 min",
        uncertain={path: {"spread": text} for path, text in uncertain.items()},
        **changes,
    )
    rows = [*(figure(*each) for each in figures), *more]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evidence.csv").write_text(
        "\n".join(
            [
                ",".join(COLUMNS),
                *(",".join(row.get(column, "") for column in COLUMNS) for row in rows),
                "",
            ]
        ),
        "utf-8",
    )
    path = folder / "small.yaml"
    path.write_text(resolved_yaml(world), "utf-8")
    return path
