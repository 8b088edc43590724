"""The section of a scenario for stages whose kinds are registered."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from pydantic import BaseModel, GetJsonSchemaHandler, ValidationInfo, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class _Kind(Protocol):
    @property
    def plan(self) -> type[BaseModel]: ...


class Kinds:
    """In the annotation of a field: it holds parts by kind, and then by name.

    Parameters
    ----------
    registered : the kinds; there may be more of them later.
    base : of the plan of the whole section.
    name : what the name of a part may be.
    """

    def __init__(
        self, registered: Mapping[str, _Kind], base: type[BaseModel], name: Any
    ) -> None:
        self._registered = registered
        self._base = base
        self._name = name

    @property
    def plan(self) -> type[BaseModel]:
        """What the section may hold now."""
        plans = tuple((kind, part.plan) for kind, part in self._registered.items())
        return _section(self._base, self._name, plans)

    def __get_pydantic_core_schema__(
        self, source: object, handler: object
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(self.plan.__pydantic_core_schema__)

    def _validated(self, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Return plain mappings: a plan made here could not be sent to a worker."""
        section = self.plan.model_validate(value, context=info.context)
        return {kind: getattr(section, kind) for kind in value}


@lru_cache(maxsize=8)
def _section(
    base: type[BaseModel], name: Any, plans: tuple[tuple[str, Any], ...]
) -> type[BaseModel]:
    fields: dict[str, Any] = {
        kind: (dict[name, plan], {})  # type: ignore[valid-type] # known by now
        for kind, plan in plans
    }
    return create_model(
        "StagesPlan",
        __base__=base,
        __doc__="Stages of other kinds: `docs/how-to/add-a-stage.md`.",
        **fields,
    )
