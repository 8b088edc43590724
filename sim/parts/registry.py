"""Things known by the word that scenario files use for them."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

_Part = TypeVar("_Part")


class Registry(Mapping[str, _Part], Generic[_Part]):
    """The parts of one kind by name, in the order in which they were registered.

    In the annotation of a field it lets the field hold one of these names.

    Parameters
    ----------
    what : one of them, as in `rule`.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._parts: dict[str, _Part] = {}

    def register(self, name: str, part: _Part) -> _Part:
        """Make a part known.

        Raises
        ------
        ValueError
            If the name is taken.
        """
        if name in self._parts:
            raise ValueError(f"{name!r} is a {self.what} already; take another name")
        self._parts[name] = part
        return part

    def forget(self, name: str) -> None:
        """Take back what was registered; `KeyError` if it is not known."""
        del self._parts[name]

    def __getitem__(self, name: str) -> _Part:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    __hash__ = object.__hash__

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
        if value not in self._parts:
            expected = " or ".join(f"'{name}'" for name in self)
            raise PydanticKnownError("literal_error", {"expected": expected})
        return value
