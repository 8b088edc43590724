"""Places and routes as GeoJSON (RFC 7946): longitude first, WGS 84, UTF-8."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.exports.contents import Exported, KeptRun
from sim.exports.places import COARSE, PlaceOnMap, RouteOnMap, on_map
from sim.scenario.position import Position
from sim.whole_file import write_whole
from sim.words import Words, joined, say_many

FILE = "places.geojson"


def write_geojson(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write places and routes; yield the file.

    Raises
    ------
    NothingToWriteError
        If no place has a position.
    UnusableError
        If a table of the run is damaged.
    """
    drawn = on_map(run)
    remark = words.of(run.remark)
    collection = {
        "type": "FeatureCollection",
        "name": run.operation.operation,
        "remark": remark,
        "features": [
            *(_place(place, remark) for place in drawn.places),
            *(_route(route, remark) for route in drawn.routes),
        ],
    }
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(folder / FILE, f"{text}\n".encode("utf-8", "replace"))
    count = say_many("{count} place", "{count} places", len(drawn.places))
    yield Exported(folder / FILE, joined((count, drawn.left_out), "; "))


def _place(place: PlaceOnMap, remark: str) -> dict[str, Any]:
    told = {
        "people_at_start": place.people_at_start,
        "arrived_here_median": place.arrived,
        "arrived_from_here_median": place.left,
    }
    return {
        "type": "Feature",
        "id": place.name,
        "geometry": {"type": "Point", "coordinates": _point(place.at)},
        "properties": {
            "name": place.title,
            "kind": place.kind,
            **{key: value for key, value in told.items() if value is not None},
            "rounded_to_degrees": 10**-COARSE,
            "remark": remark,
        },
    }


def _route(route: RouteOnMap, remark: str) -> dict[str, Any]:
    lines = [[*map(_point, line)] for line in route.lines]
    geometry = (
        {"type": "LineString", "coordinates": lines[0]}
        if len(lines) == 1
        else {"type": "MultiLineString", "coordinates": lines}
    )
    return {
        "type": "Feature",
        "id": f"route/{route.name}",
        "geometry": geometry,
        "properties": {
            "name": route.name,
            "kind": "route",
            "origin": route.origin,
            "destination": route.destination,
            "straight_lines_not_roads": True,
            "remark": remark,
        },
    }


def _point(at: Position) -> list[float]:
    return [at.longitude, at.latitude]
