"""How a side answers the other: whether it goes on when the terms would let it.

They show what would follow if a side did so: scenarios, never an estimate of what a
party would do. To add a policy, write a file that ends in
`POLICIES.register("name", Policy(...))`.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from sim.parts.rules import Standing
from sim.parts.vocabulary import Vocabulary


class Settings(Protocol):
    """What a scenario says of a policy besides its name."""

    @property
    def band(self) -> int | None:
        """Tranches."""
        ...

    @property
    def lead(self) -> int | None:
        """Units of the terms."""
        ...

    @property
    def size(self) -> int | None:
        """Convoys."""
        ...

    @property
    def chance(self) -> float | None:
        """From 0 to 1."""
        ...


class Choice(NamedTuple):
    """What a side knows as one of its convoys could go on, as far as the terms say.

    Attributes
    ----------
    side : whose choice it is.
    tranche : of the convoy's place, from 0.
    standing : the tranches that each side has completed.
    ahead : units let through or moved by the side, less what any other has moved least.
    sent : its convoys that were let through under these terms and did not turn back.
    ready : its convoys that stand at the gate able to go.
    more_come : whether any of its people or convoys are still to come there.
    number : drawn for this side and tranche, strictly between 0 and 1.
    settings : of the policy.
    """

    side: str
    tranche: int
    standing: Standing
    ahead: int
    sent: int
    ready: int
    more_come: bool
    number: float
    settings: Settings

    @property
    def others(self) -> int:
        """Fewest tranches that any other side has completed."""
        return self.standing.done[self.standing.slowest_other(self.side)]


class Policy(NamedTuple):
    """What a side does with what the terms allow.

    Attributes
    ----------
    holds_back : whether the side does not let a convoy go on that could.
    about : what it says, for the reference.
    uses : the fields of its settings that it needs.
    answers : it looks at the other sides, so that one which is alone has no use for it.
    of_who_is_ahead : it stops only a side that has more tranches open than the slowest
        other has completed, and one more.
    """

    holds_back: Callable[[Choice], bool]
    about: str
    uses: tuple[str, ...] = ()
    answers: bool = True
    of_who_is_ahead: bool = False


POLICIES: Vocabulary[Policy] = Vocabulary("policy")


def _never(choice: Choice) -> bool:
    return False


def _tit_for_tat(choice: Choice) -> bool:
    return choice.tranche > choice.others


def _tolerance(choice: Choice) -> bool:
    return choice.tranche > choice.others + (choice.settings.band or 0)


def _balance(choice: Choice) -> bool:
    return choice.ahead >= (choice.settings.lead or 0)


def _generous(choice: Choice) -> bool:
    is_ahead = choice.tranche > choice.others
    return is_ahead and choice.number >= (choice.settings.chance or 0)


def _batches(choice: Choice) -> bool:
    size = choice.settings.size or 1
    whole_batches = (choice.sent + choice.ready) // size * size
    return choice.more_come and choice.sent >= whole_batches


def _lever(choice: Choice) -> bool:
    is_held = choice.number < (choice.settings.chance or 0)
    return is_held and choice.others <= choice.tranche


POLICIES.register(
    "plain", Policy(_never, "goes on whenever the terms let it", answers=False)
)
POLICIES.register(
    "tit_for_tat",
    Policy(
        _tit_for_tat,
        "begins no tranche before every other side has completed the one before",
        of_who_is_ahead=True,
    ),
)
POLICIES.register(
    "tolerance",
    Policy(
        _tolerance,
        "the same, but goes `band` tranches further",
        ("band",),
        of_who_is_ahead=True,
    ),
)
POLICIES.register(
    "balance",
    Policy(
        _balance,
        "goes on while what it has let through is less than `lead` people (or units of "
        "the terms) more than any other side has moved",
        ("lead",),
    ),
)
POLICIES.register(
    "generous",
    Policy(
        _generous,
        "as `tit_for_tat`, but for each tranche that another side has not done it goes "
        "on all the same with a `chance`",
        ("chance",),
        of_who_is_ahead=True,
    ),
)
POLICIES.register(
    "batches",
    Policy(
        _batches,
        "waits until `size` convoys stand at the gate able to go, or no more come",
        ("size",),
        answers=False,
    ),
)
POLICIES.register(
    "lever",
    Policy(
        _lever,
        "with a `chance`, for each tranche, holds its convoys until every other side "
        "has completed that tranche",
        ("chance",),
    ),
)
