"""What metrics are called in tables for reading, and how their means are written."""

from math import floor, isnan, log10
from types import MappingProxyType

from sim.metrics.registry import unit_of
from sim.results.titles import of_site
from sim.scenario import Operation

_WORDS = MappingProxyType(
    {
        "t50": "half arrived",
        "t90": "90 % arrived",
        "t100": "all arrived",
    }
)
_UNITS = MappingProxyType({"h after start": "h", "person-hours": "person-h"})


def label(metric: str) -> str:
    """Return what is measured and in which unit, but not of what."""
    unit = short_unit(metric)
    words = _words(metric.partition("/")[0])
    return words if unit in {"people", "1"} else f"{words}, {unit}"


def in_full(metric: str, operation: Operation) -> str:
    """Return what is measured, and of what."""
    name, _, key = metric.partition("/")
    return f"{_words(name)} ({of_key(operation, key)})"


def of_key(operation: Operation, key: str) -> str:
    """Return the title of what a metric is given for: a site, or else its key."""
    return of_site(operation, key) if key in operation.sites else key


def short_unit(metric: str) -> str:
    """Return the unit of a metric."""
    unit = unit_of(metric)
    return _UNITS.get(unit, unit)


def with_half(value: float, half: float, sign: str = "") -> str:
    """Return a mean with half its interval, to two figures of that.

    Parameters
    ----------
    value : the mean.
    half : NaN if it cannot be told; 0 if nothing varies.
    sign : "+" for a change.
    """
    if isnan(half):
        return f"{value:{sign},.1f}"
    if half == 0:
        places = 0 if float(value).is_integer() else 1
        return f"{value:{sign},.{places}f} every time"
    places = min(4, max(0, 1 - floor(log10(half))))
    return f"{value:{sign},.{places}f} ± {half:,.{places}f}"


def _words(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))
