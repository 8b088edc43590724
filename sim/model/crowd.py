"""Where every person is, in whole numbers."""

from typing import NoReturn

from sim.errors import BrokenInvariantError
from sim.events import NO_REASON, Reason


class Crowd:
    """The people of one group of one site, by where they are.

    Every change is a move from one count to another, so that nobody is lost or
    doubled, and is checked; a count that falls below zero is a bug and ends the run.

    Attributes
    ----------
    waiting : at the site and ready, with those told off to a convoy that is coming.
    expected : of these, told off to a convoy that has not begun to board.
    aboard : in vehicles, including those who are driven back.
    on_foot : on their way back to the site after their vehicle was destroyed.
    driven_back : of both, in a convoy that was turned back or on foot.
    gone : who neither arrive nor return, as reported.
    not_ready : at the site, and not ready to leave yet.
    to_come : those, and all who are still to join.
    why : the cause and the reason for which those wait who are ready.
    """

    __slots__ = (
        "aboard",
        "arrived",
        "driven_back",
        "expected",
        "gone",
        "group",
        "not_ready",
        "on_foot",
        "people",
        "priority",
        "site",
        "stayed",
        "to_come",
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
        self.gone = self.on_foot = 0
        self.not_ready = self.to_come = 0
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
        waiting, arrived = self.waiting, self.arrived
        at_site = waiting + self.not_ready + self.stayed
        under_way = self.aboard + self.on_foot
        if (
            at_site + under_way + arrived + self.gone != self.people
            or not 0 <= self.expected <= waiting
            or not 0 <= self.driven_back <= under_way
            or not 0 <= self.not_ready <= self.to_come
            or arrived < 0
            or self.stayed < 0
            or self.gone < 0
        ):
            self._refuse()

    def _check_on_foot(self) -> None:
        """Check everything, and what changes only where people go on foot."""
        self.check()
        if not 0 <= self.on_foot <= self.driven_back or self.aboard < 0:
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise BrokenInvariantError(
            f"everybody of {self.group} at {self.site} is in exactly one place",
            {name: getattr(self, name) for name in self.__slots__},
        )

    def get_ready_later(self, people: int) -> None:
        """Note that so many of those at the site are not ready yet."""
        self.waiting -= people
        self.not_ready += people
        self.to_come += people
        self.check()

    def get_ready(self, people: int) -> int:
        """Let so many be ready, if as many are not; return how many there were."""
        ready = min(people, self.not_ready)
        self.not_ready -= ready
        self.to_come -= ready
        self.waiting += ready
        self.check()
        return ready

    def join(self, people: int) -> None:
        """Add people who were to come to the site."""
        self.to_come -= people
        self.people += people
        self.waiting += people
        self.check()

    def withdraw(self, people: int) -> tuple[int, int]:
        """Let people stay: first of those who are not ready, then of those free.

        Returns
        -------
        tuple
            How many of the ones and of the others.
        """
        not_ready = min(people, self.not_ready)
        free = min(people - not_ready, self.free)
        self.not_ready -= not_ready
        self.to_come -= not_ready
        self.waiting -= free
        self.stayed += not_ready + free
        self.check()
        return not_ready, free

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

    def lose(self, people: int) -> None:
        """Move people from vehicles to those who neither arrive nor return."""
        self.aboard -= people
        self.gone += people
        self.check()

    def set_down(self, people: int) -> None:
        """Let people in vehicles set out on foot for the site."""
        self.aboard -= people
        self.on_foot += people
        self.driven_back += people
        self._check_on_foot()

    def return_on_foot(self, people: int) -> None:
        """Move people who went on foot to the site."""
        self.on_foot -= people
        self.driven_back -= people
        self.waiting += people
        self._check_on_foot()
