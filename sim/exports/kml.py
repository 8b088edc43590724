"""Places and routes as KML 2.2, for Google Earth and maps on phones."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, register_namespace

from sim.exports.contents import Exported, KeptRun
from sim.exports.places import Line, OnMap, PlaceOnMap, on_map
from sim.exports.xml_text import allowed, write_xml
from sim.words import Number, Text, Words, joined, say, say_many

FILE = "places.kml"
NAMESPACE = "http://www.opengis.net/kml/2.2"
register_namespace("", NAMESPACE)


def write_kml(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write places and routes; yield the file.

    Raises
    ------
    NothingToWriteError
        If no place has a position.
    UnusableError
        If a table of the run is damaged.
    """
    drawn = on_map(run)
    root = Element(_tag("kml"))
    document = SubElement(root, _tag("Document"))
    _say(document, "name", run.operation.operation)
    _say(document, "description", words.of(run.remark))
    _add(document, drawn, words)
    write_xml(folder / FILE, root)
    count = say_many("{count} place", "{count} places", len(drawn.places))
    yield Exported(folder / FILE, joined((count, drawn.left_out), "; "))


def _add(document: Element, drawn: OnMap, words: Words) -> None:
    for place in drawn.places:
        mark = SubElement(document, _tag("Placemark"))
        _say(mark, "name", place.title)
        _say(mark, "description", words.of(_told(place)))
        _say(SubElement(mark, _tag("Point")), "coordinates", _written((place.at,)))
    for route in drawn.routes:
        mark = SubElement(document, _tag("Placemark"))
        _say(mark, "name", route.name)
        _say(mark, "description", words.of(_STRAIGHT))
        lines = SubElement(mark, _tag("MultiGeometry"))
        for line in route.lines:
            drawn_line = SubElement(lines, _tag("LineString"))
            _say(drawn_line, "coordinates", _written(line))


_STRAIGHT = say("Straight lines between places, not roads.")


def _told(place: PlaceOnMap) -> Text:
    start, arrived, left = place.people_at_start, place.arrived, place.left
    return joined(
        (
            say("Position rounded; simulation, not a record."),
            say("At the start: {people} people.", people=Number(start))
            if start
            else None,
            say("Arrived here (median of runs): {people}.", people=Number(arrived))
            if arrived
            else None,
            say(
                "From here arrived elsewhere (median of runs): {people}.",
                people=Number(left),
            )
            if left
            else None,
        )
    )


def _written(line: Line) -> str:
    """Return points as KML has them: longitude first, no blank within one."""
    return " ".join(f"{at.longitude:g},{at.latitude:g}" for at in line)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _tag(name)).text = allowed(text)
