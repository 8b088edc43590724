"""How one kind of field is read from text, checked and written back."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.distributions import Distribution, Level, MultilevelDistribution, Shape
from sim.messages import Sentence, Text, say
from sim.scenario.clock import Clock
from sim.scenario.measures import Measure
from sim.scenario.problems import RefusedError, did_you_mean, quoted
from sim.scenario.repairs import repaired

_LONGEST = 300
_LARGEST = 1e15


class NoClockError(RefusedError):
    """A moment was read without the clock that it refers to."""


def levels_above(drawn_for: Literal["vehicle", "convoy", ""]) -> tuple[Level, ...]:
    """Return the levels that hold several of what a value is drawn for."""
    if drawn_for == "vehicle":
        return tuple(Level)
    return (Level.RUN, Level.DAY) if drawn_for else ()


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """How a field is read from text and written back.

    Attributes
    ----------
    name : what the reference calls it.
    unit : of the value within a run, empty if it has none.
    read : from text; the clock is needed for moments only.
    write : the text that reads as the value, or a number that needs no unit.
    from_number : from a number in the base unit; None if there is no such thing.
    spread : reads a text as what is known about the value; None if it is always
        known.
    schema : what an editor may check.
    most_share : where a distribution that lies nowhere above it is cut when its middle
        is moved; infinite if there is no such bound.
    keeps : types of values that are right as they are.
    is_distribution : whether the value may itself be a distribution.
    drawn_for : what each value is drawn for, if it may vary by level.
    measure : with its units and bounds; None if it is no plain number with units.
    """

    name: str
    unit: str
    read: Callable[[str, Clock | None], Any]
    write: Callable[[Any, Clock | None], str | int | bool]
    from_number: Callable[[float, Clock | None], Any] | None
    spread: Callable[[str, Clock | None], Distribution] | None
    schema: Mapping[str, Any]
    most_share: float = inf
    keeps: tuple[type, ...] = ()
    is_distribution: bool = False
    drawn_for: Literal["vehicle", "convoy", ""] = ""
    measure: Measure | None = None

    @property
    def levels(self) -> tuple[Level, ...]:
        """By what the value may vary besides: whatever holds several of its draws."""
        return levels_above(self.drawn_for)

    def accept(self, value: object, clock: Clock | None) -> Any:
        """Return the checked value of a text, or of a number in the base unit.

        Raises
        ------
        RefusedError
            If the value is not allowed.
        """
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, str):
            return self._read_by(self.read, value, clock)
        if isinstance(value, self.keeps):
            return value
        if isinstance(value, Distribution) and self.is_distribution:
            self._check_bounds(value, clock)
            return value
        if isinstance(value, MultilevelDistribution) and self.levels:
            self._check_bounds(value.each, clock)
            return value
        if self.from_number is None or not isinstance(value, int | float):
            raise self._not_one(value, say("Write it as text."))
        if not -_LARGEST < value < _LARGEST:
            raise self._not_one(value, say("Check it."))
        return self.from_number(value, clock)

    def read_spread(self, text: str, clock: Clock | None) -> Distribution:
        """Return what a text says is known about the value.

        Raises
        ------
        RefusedError
            If it says nothing, or if the value is always known.
        """
        if self.spread is None:
            raise RefusedError(
                say("a {kind} is always known", kind=Sentence(self.name)),
                say("Leave it out."),
            )
        known: Distribution = self._read_by(self.spread, text, clock)
        return known

    def _read_by(
        self, read: Callable[[str, Clock | None], Any], value: str, clock: Clock | None
    ) -> Any:
        """Return what a text means.

        Raises
        ------
        NoClockError
            If it is a moment, and there is no clock.
        RefusedError
            If it means nothing. What was probably meant is named, if that is known.
        """
        text = " ".join(value.split())
        if len(text) > _LONGEST:
            raise RefusedError(
                say("{found} is too long", found=quoted(text)),
                say("Write a {kind}.", kind=Sentence(self.name)),
            )
        try:
            return read(text, clock)
        except NoClockError:
            raise
        except RefusedError as refusal:
            problem, remedy = refusal.args
            if self._is_range(text, clock):
                remedy = say("Write one value here, and the range under 'uncertain'.")
            elif meant := repaired(text, lambda other: read(other, clock)):
                remedy = did_you_mean(meant)
            raise RefusedError(problem, remedy) from refusal

    def _is_range(self, text: str, clock: Clock | None) -> bool:
        """Return whether a text says what is known of a value, but not the value."""
        if self.spread is None or self.is_distribution:
            return False
        with suppress(RefusedError):
            return not self.spread(text, clock).is_fixed
        return False

    def _not_one(self, value: object, advice: Text) -> RefusedError:
        return RefusedError(
            say("{value} is not a {kind}", value=repr(value), kind=Sentence(self.name)),
            advice,
        )

    def _check_bounds(self, value: Distribution, clock: Clock | None) -> None:
        """Check that the field may hold the ends of a distribution, if it has any.

        Raises
        ------
        RefusedError
            If it may not.
        """
        bounded = value.shape in (Shape.UNIFORM, Shape.TRIANGULAR)
        for end in (value.low, value.high) if bounded else (value.best,):
            if self.from_number is not None:
                self.from_number(end, clock)

    def __get_pydantic_core_schema__(
        self, source: object, handler: object
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            lambda value, info: self._validated(value, info.context),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value, info: self._written(value, info.context), info_arg=True
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self.schema)

    def _validated(self, value: object, context: Mapping[str, Any] | None) -> Any:
        """Accept what a file may say; a number from a program is read as text.

        Raises
        ------
        RefusedError
            If the value is not allowed.
        """
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        elif isinstance(value, Mapping | list | tuple):
            raise RefusedError(
                say(
                    "more than one value stands where there should be one ({kind})",
                    kind=Sentence(self.name),
                ),
                say("Write one value."),
            )
        return self.accept(value, (context or {}).get("clock"))

    def _written(self, value: object, context: Mapping[str, Any] | None) -> Any:
        return self.write(value, (context or {}).get("clock"))
