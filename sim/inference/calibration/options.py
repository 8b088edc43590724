"""What a fit is asked for: to which claims, with which method, and how carefully."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from sim.inference.likelihood import Reference
from sim.inference.problem import Prepared


@dataclass(frozen=True, slots=True)
class SmcSettings:
    """How carefully a fit is made.

    Attributes
    ----------
    particles : draws of the result.
    moves : at each temperature: walks of parameters, luck, and parameters drawn anew,
        in turn.
    last_moves : at the end.
    effective : conditional effective sample size of one step, as a share.
    parts : of luck.
    """

    particles: int = 1_000
    moves: int = 10
    last_moves: int = 30
    effective: float = 0.9
    parts: int = 16

    def __post_init__(self) -> None:
        """Refuse what cannot be done.

        Raises
        ------
        ValueError
            If there is too little of something, with its value.
        """
        if self.particles < 10 or min(self.moves, self.last_moves, self.parts) < 1:
            raise ValueError(f"too few particles, moves or parts of luck: {self}")
        if not 0 < self.effective < 1:
            raise ValueError(f"effective is a share below 1, got {self.effective}")


Method = Literal["screen", "tempered"]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How fits are made.

    Attributes
    ----------
    method : `screen`: seconds, a little too wide; `tempered`: exact, many runs.
    seeds : of the fits; a screen uses the first.
    settings : how carefully.
    pool : runs at points of the prior.
    """

    method: Method
    seeds: tuple[int, ...]
    settings: SmcSettings
    pool: int


@dataclass(frozen=True, slots=True)
class FitTask:
    """Which fit is wanted.

    Attributes
    ----------
    name : in words.
    used : places of the claims that it may see, in their order.
    reference : families taken at their word; none if all are pooled.
    """

    name: str
    used: tuple[int, ...]
    reference: tuple[str, ...] = ()

    @classmethod
    def of_all(
        cls, name: str, ready: Prepared, reference: tuple[str, ...] = ()
    ) -> Self:
        """Return a fit that may see all claims."""
        return cls(name, tuple(range(len(ready.claims))), reference)

    @classmethod
    def without(cls, ready: Prepared, families: Sequence[str]) -> Self:
        """Return a fit that may see no claim of some families."""
        used = tuple(
            at for at, claim in enumerate(ready.claims) if claim.family not in families
        )
        return cls(f"without {', '.join(families)}", used)

    @property
    def believed(self) -> Reference:
        """Which families are taken at their word."""
        return Reference(frozenset(self.reference))
