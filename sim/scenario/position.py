"""Where a place is: latitude and longitude, read from text and written back.

Positions are for pictures and maps. No run depends on one.
"""

import re
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from sim.messages import Text, say
from sim.scenario.clock import Clock
from sim.scenario.problems import RefusedError, quoted

_EARTH_KM = 6371.0
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]{1,12})?) ?(?:°|deg)?"
_PLAIN = re.compile(rf"{_DEGREES} ?, ?{_DEGREES}")
_NORTH_FIRST = re.compile(rf"{_DEGREES} ?([NS]) ?,? ?{_DEGREES} ?([EW])", re.I)
_EAST_FIRST = re.compile(rf"{_DEGREES} ?([EW]) ?,? ?{_DEGREES} ?([NS])", re.I)
_MINUTES = re.compile("\\d ?[\u2032'\u2033\"]")
_ONE_NUMBER = re.compile(r"-?[0-9.]+")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+ ?[,;] ?-?\d+,\d+", re.ASCII)


class Position(NamedTuple):
    """A point of the earth (WGS 84), in degrees; north and east are positive."""

    latitude: float
    longitude: float

    def km_to(self, other: "Position") -> float:
        """Return the distance in a straight line over the ground."""
        north = radians(other.latitude - self.latitude)
        east = radians(other.longitude - self.longitude)
        parallel = cos(radians(self.latitude)) * cos(radians(other.latitude))
        square = sin(north / 2) ** 2 + parallel * sin(east / 2) ** 2
        return 2 * _EARTH_KM * asin(min(1.0, sqrt(square)))


def read_position(text: str, clock: Clock | None = None) -> Position:
    """Return the position that a text gives, latitude first.

    Parameters
    ----------
    text : `36.2, 37.2` or `36.2 N, 37.2 E`.

    Raises
    ------
    RefusedError
        If it gives none, or none that is on the earth.
    """
    if found := _PLAIN.fullmatch(text):
        return _checked(float(found[1]), float(found[2]), text)
    if found := _NORTH_FIRST.fullmatch(text):
        return _lettered(found[1], found[2], found[3], found[4], text)
    if found := _EAST_FIRST.fullmatch(text):
        raise RefusedError(
            say("{found} gives the longitude first", found=quoted(text)),
            say(
                "Write '{text}'.",
                text=f"{found[3]} {found[4]}, {found[1]} {found[2]}",
            ),
        )
    raise RefusedError(
        say("{found} is not a position", found=quoted(text)), _remedy(text)
    )


def write_position(position: Position, clock: Clock | None = None) -> str:
    """Return the text that reads as a position."""
    return ", ".join(f"{Decimal(repr(each)).normalize():f}" for each in position)


def _lettered(north: str, ns: str, east: str, ew: str, text: str) -> Position:
    """Return a position of which letters say the direction.

    Raises
    ------
    RefusedError
        If a sign says it, too, or the position is not on the earth.
    """
    if "-" in north + east:
        raise RefusedError(
            say(
                "{found} says a direction by a sign and by a letter", found=quoted(text)
            ),
            say("Write one of them."),
        )
    latitude = float(north) * (1 if ns in "Nn" else -1)
    longitude = float(east) * (1 if ew in "Ee" else -1)
    return _checked(latitude, longitude, text)


def _checked(latitude: float, longitude: float, text: str) -> Position:
    """Return a position that is on the earth, and not where nobody is.

    Raises
    ------
    RefusedError
        If it is not.
    """
    if abs(latitude) > 90:
        swapped = abs(longitude) <= 90 and abs(latitude) <= 180
        raise RefusedError(
            say("{found} has a latitude of more than 90 degrees", found=quoted(text)),
            (
                say(
                    "Latitude comes first: write '{text}'.",
                    text=write_position(Position(longitude, latitude)),
                )
                if swapped
                else say("Check the digits.")
            ),
        )
    if abs(longitude) > 180:
        raise RefusedError(
            say("{found} has a longitude of more than 180 degrees", found=quoted(text)),
            say("Check the digits."),
        )
    if latitude == longitude == 0:
        raise RefusedError(
            say(
                "{found} lies in the ocean: programs write it for what they do "
                "not know",
                found=quoted(text),
            ),
            say("Leave it out if it is not known."),
        )
    return Position(latitude + 0.0, longitude + 0.0)


def _remedy(text: str) -> Text:
    if _MINUTES.search(text):
        return say(
            "Write degrees with decimals, not minutes and seconds: '36.2, 37.2'."
        )
    if _DECIMAL_COMMA.fullmatch(text):
        return say("Write points in numbers, not commas: '36.2, 37.2'.")
    if _ONE_NUMBER.fullmatch(text):
        return say(
            "Add the longitude; within brackets put both in quotes: '36.2, 37.2'."
        )
    return say(
        "Write latitude and longitude in degrees: '36.2, 37.2' or '36.2 N, 37.2 E'."
    )
