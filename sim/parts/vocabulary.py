"""Things known by the word that scenario files use for them."""

from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from sim.registry import Registry, Thing


class Vocabulary(Registry[Thing]):
    """A registry whose names stand in scenario files.

    In the annotation of a field it lets the field hold one of these names.
    """

    def __get_pydantic_core_schema__(
        self, source: object, handler: object
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._known)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self)}

    def _known(self, value: Any) -> str:
        if not isinstance(value, str):
            raise PydanticKnownError("string_type")
        if value not in self:
            expected = " or ".join(f"'{name}'" for name in self)
            raise PydanticKnownError("literal_error", {"expected": expected})
        return value
