"""Writes an operation as data or as a scenario file that loads to the same again."""

import hashlib
import json
from typing import Any

import yaml

from sim.formats import SCENARIO
from sim.scenario.plans import Operation
from sim.scenario.says_format import KEY


class _Dumper(yaml.SafeDumper):
    """Writes every value out: aliases are not allowed in a scenario."""

    def ignore_aliases(self, data: object) -> bool:
        """Return that no value is referred to from elsewhere."""
        return True


_LATER = frozenset(
    {
        *("stages", "moments", "phases", "changes", "release_times"),
        *("ready", "joins", "withdraws", "moves_on"),
        *("lives_lost", "loses_loaded"),
    }
)
"""Fields that came later: not written where they say nothing, since results are kept
under the hash of what is written, and a scenario without them is the same as before."""


def data_of(operation: Operation) -> dict[str, Any]:
    """Return an operation as nested data, written as in a file, with its defaults."""
    data: dict[str, Any] = _without_empty(
        operation.model_dump(
            mode="json", context={"clock": operation.clock}, exclude_none=True
        )
    )
    return data


def _without_empty(data: Any) -> Any:
    """Return data without the fields that came later and say nothing."""
    if isinstance(data, list):
        return [_without_empty(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        key: _without_empty(value)
        for key, value in data.items()
        if value or key not in _LATER
    }


def scenario_hash(operation: Operation) -> str:
    """Return the SHA-256 of an operation with all its values that a run depends on.

    Names keep the order of the file, since that has a meaning: the first fleet of a
    convoy leads it. Positions and titles of stoppages are left out, so that a place can
    be put on the map, or a stoppage be called something, and results and fits still
    belong to the scenario.
    """
    data = data_of(operation)
    stages = data.get("stages", {}).values()
    for section in (data["sites"], data["gates"], data["checkpoints"], *stages):
        for place in section.values():
            place.pop("at", None)
    for stoppage in data["stoppages"].values():
        stoppage.pop("title", None)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def resolved_yaml(operation: Operation) -> str:
    """Return an operation as the text of a scenario file, with its defaults."""
    return yaml.dump(
        {KEY: SCENARIO.current, **data_of(operation)},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )
