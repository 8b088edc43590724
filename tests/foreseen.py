"""A small operation with a known end, and what was told of it day by day."""

from datetime import datetime

from sim.evidence.figures import Figure
from sim.evidence.row import COLUMNS
from sim.inference.forecast.forecast import Effort
from sim.scenario import from_data, resolved_yaml
from tests.builders import changed, shuttle

EFFORT = Effort(pool=200, draws=60, chance=20)
MOMENT = datetime.fromisoformat("2020-01-02T08:00")
DATA = changed(
    shuttle(),
    sites__pocket__groups__civilians__people=3000,
    legs__road__time="2 h to 4 h",
    uncertain={
        "sites.pocket.groups.civilians.people": {"spread": "1500 to 4500"},
        "fleets.buses.seats": {"spread": "20 to 80"},
    },
)


def arrived(name, people, day, **changes):
    """Return 'so many had arrived by the end of that day', told that night."""
    return Figure.model_validate(
        {
            "id": name,
            "origin": "pocket",
            "metric": "cumulative_arrivals",
            "from": f"2020-01-{day:02d}T00:00",
            "low": people * 0.95,
            "best": float(people),
            "high": people * 1.05,
            "bound": "about",
            "unit": "people",
            "attributed_to": "A",
            "family": "A",
            "source": "A",
            "role": "fit",
            "published": f"2020-01-{day:02d}T06:00",
        }
        | changes
    )


FIGURES = tuple(arrived(f"day-{day}", 220 * (day - 1), day) for day in (2, 3, 4, 5))


def _cell(value):
    """Return what stands in a table; people are written as whole numbers."""
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def written(folder):
    """Write the scenario and the first evidence into a folder; return the scenario."""
    rows = [figure.model_dump(mode="json", by_alias=True) for figure in FIGURES[:2]]
    lines = [COLUMNS, *([_cell(row[name]) for name in COLUMNS] for row in rows)]
    table = "".join(f"{','.join(line)}\n" for line in lines)
    (folder / "evidence.csv").write_text(table, "utf-8")
    path = folder / "foreseen.yaml"
    world = from_data(changed(DATA, evidence="evidence.csv", ends="2020-01-07T00:00"))
    path.write_text(resolved_yaml(world), "utf-8")
    return path
