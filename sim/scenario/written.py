"""Writes an operation as data or as a scenario file that loads to the same again."""

from typing import Any

import yaml

from sim.scenario.plans import Operation


class _Dumper(yaml.SafeDumper):
    """Writes every value out: aliases are not allowed in a scenario."""

    def ignore_aliases(self, data: object) -> bool:
        """Return that no value is referred to from elsewhere."""
        return True


def data_of(operation: Operation) -> dict[str, Any]:
    """Return an operation as nested data, written as in a file, with its defaults."""
    return operation.model_dump(
        mode="json", context={"clock": operation.clock}, exclude_none=True
    )


def resolved_yaml(operation: Operation) -> str:
    """Return an operation as the text of a scenario file, with its defaults."""
    return yaml.dump(
        data_of(operation),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )
