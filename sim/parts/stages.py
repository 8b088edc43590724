"""Stages of a journey of other kinds than legs, gates and checkpoints.

To add one, write a file that ends in `STAGES.register("name", StageKind(...))`, as in
`docs/how-to/add-a-stage.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel

from sim.messages import Text
from sim.parts.vocabulary import Vocabulary

if TYPE_CHECKING:  # who only reads scenarios does without
    import simpy

_Convoy_contra = TypeVar("_Convoy_contra", contravariant=True)


class Stage(Protocol[_Convoy_contra]):
    """Anything a convoy has to get through."""

    def pass_through(self, convoy: _Convoy_contra) -> Iterable[simpy.Event]:
        """Take the convoy through, or send it back; give what it waits for."""
        ...


class Passing(Protocol):
    """A convoy at a stage: what the stage may know of it, and let it do.

    The convoy goes on when `pass_through` is over; that is written down by itself.
    """

    @property
    def name(self) -> str:
        """Name of the convoy."""
        ...

    @property
    def flow(self) -> str:
        """Flow that it belongs to."""
        ...

    @property
    def vehicles(self) -> int:
        """How many vehicles it has."""
        ...

    @property
    def people(self) -> int:
        """How many people are aboard."""
        ...

    @property
    def is_loaded(self) -> bool:
        """Whether it is between boarding and unloading; otherwise it is empty."""
        ...

    @property
    def now_s(self) -> int:
        """Seconds after the operation starts."""
        ...

    def drawn(self, field: str) -> Sequence[int]:
        """Return what chance decided for this convoy in a field of the plan.

        Returns
        -------
        sequence
            Of a field that is drawn per convoy one value, else one for each vehicle.
        """
        ...

    def wait(self, seconds: int, cause: str) -> simpy.Event:
        """Return what to yield to let it stand here for so long.

        Parameters
        ----------
        seconds : from now on.
        cause : what the time of its people is charged to, as in `Cause.QUEUE` of
            `sim.events`.

        Raises
        ------
        ValueError
            If the time is negative, or there is no such cause.
        """
        ...

    def drive(self, seconds: int) -> simpy.Event:
        """Return what to yield to let it be under way for so long.

        The time is charged to the road. A convoy that is turned back later needs it
        once more on its way back.

        Raises
        ------
        ValueError
            If the time is negative.
        """
        ...


def _nothing(plan: Any) -> Iterable[tuple[str, Text, Text]]:
    return ()


class StageKind(NamedTuple):
    """A kind of stage.

    Attributes
    ----------
    plan : what a scenario says of one: a subclass of `sim.scenario.plans.StagePlan`.
    begin : makes the stage of a plan, anew for each run.
    per_convoy, per_vehicle : fields of the plan, durations or counts, of which chance
        decides one value for each convoy, or for each vehicle of it. What it decides
        depends on nothing but names: of the stage, the field, the flow.
    check : gives what does not fit together in a plan: field, problem, remedy.
    """

    plan: type[BaseModel]
    begin: Callable[[Any], Stage[Passing]]
    per_convoy: tuple[str, ...] = ()
    per_vehicle: tuple[str, ...] = ()
    check: Callable[[Any], Iterable[tuple[str, Text, Text]]] = _nothing


STAGES: Vocabulary[StageKind] = Vocabulary("stage")
