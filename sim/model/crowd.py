"""Where every person is, in whole numbers."""

from sim.errors import BrokenInvariantError
from sim.events import NO_REASON, Kind, Reason


class Crowd:
    """The people of one group of one site, by where they are.

    Every change is a move from one count to another, so that nobody is lost or
    doubled, and is checked; a count that falls below zero is a bug and ends the run.

    Attributes
    ----------
    waiting : at the site, including those told off to a convoy that is coming.
    expected : of these, told off to a convoy that has not begun to board.
    aboard : in vehicles, including those who are driven back.
    on_foot : on their way back to the site after their vehicle was destroyed.
    driven_back : of both, in a convoy that was turned back or on foot.
    unaccounted, lives_lost : who neither arrive nor return.
    why : the cause and the reason for which those at the site wait.
    """

    __slots__ = (
        "aboard",
        "arrived",
        "driven_back",
        "expected",
        "group",
        "lives_lost",
        "on_foot",
        "people",
        "priority",
        "site",
        "stayed",
        "unaccounted",
        "waiting",
        "why",
    )

    def __init__(
        self, site: str, group: str, people: int, stay: int, priority: int
    ) -> None:
        self.site = site
        self.group = group
        self.people = people
        self.priority = priority
        self.waiting = people - stay
        self.stayed = stay
        self.expected = 0
        self.aboard = 0
        self.driven_back = 0
        self.arrived = 0
        self.unaccounted = self.lives_lost = self.on_foot = 0
        self.why: tuple[str, Reason] = ("", NO_REASON)

    @property
    def free(self) -> int:
        """People waiting for whom no convoy is coming yet."""
        return self.waiting - self.expected

    def check(self) -> None:
        """Check that everybody is in exactly one place.

        Raises
        ------
        BrokenInvariantError
            If a count is negative or the counts do not sum to the people.
        """
        waiting, aboard, arrived = self.waiting, self.aboard, self.arrived
        gone, on_foot = self.unaccounted + self.lives_lost, self.on_foot
        if (
            waiting + aboard + on_foot + arrived + self.stayed + gone != self.people
            or not 0 <= self.expected <= waiting
            or not 0 <= self.driven_back <= aboard + on_foot
            or not 0 <= on_foot <= self.driven_back
            or arrived < 0
            or self.stayed < 0
            or self.unaccounted < 0
            or self.lives_lost < 0
        ):
            raise BrokenInvariantError(
                f"everybody of {self.group} at {self.site} is in exactly one place",
                {name: getattr(self, name) for name in self.__slots__},
            )

    def expect(self, people: int) -> None:
        """Tell so many more people off to a convoy that is coming, or so many fewer."""
        self.expected += people
        self.check()

    def board(self, people: int) -> None:
        """Move expected people from the site into vehicles."""
        self.waiting -= people
        self.expected -= people
        self.aboard += people
        self.check()

    def turn_back(self, people: int) -> None:
        """Note that people in vehicles are driven back."""
        self.driven_back += people
        self.check()

    def come_back(self, people: int) -> None:
        """Move people who were driven back from vehicles to the site."""
        self.driven_back -= people
        self.aboard -= people
        self.waiting += people
        self.check()

    def arrive(self, people: int) -> None:
        """Move people from vehicles to their destination."""
        self.aboard -= people
        self.arrived += people
        self.check()

    def lose(self, kind: Kind, people: int) -> None:
        """Move people from vehicles to those who neither arrive nor return.

        Parameters
        ----------
        kind : `UNACCOUNTED` or `LIVES_LOST`.
        """
        self.aboard -= people
        if kind is Kind.LIVES_LOST:
            self.lives_lost += people
        else:
            self.unaccounted += people
        self.check()

    def set_down(self, people: int) -> None:
        """Let people in vehicles set out on foot for the site."""
        self.aboard -= people
        self.on_foot += people
        self.driven_back += people
        self.check()

    def return_on_foot(self, people: int) -> None:
        """Move people who went on foot to the site."""
        self.on_foot -= people
        self.driven_back -= people
        self.waiting += people
        self.check()
