"""Where every person is, in whole numbers."""

from sim.model import invariants


class Crowd:
    """The people of one group of one site, by where they are.

    Every change is a move from one count to another, so that nobody is lost or
    doubled, and is checked; a count that falls below zero is a bug and ends the run.

    Attributes
    ----------
    waiting : at the site, including those told off to a convoy that is coming.
    expected : of these, told off to a convoy that has not begun to board.
    aboard : in vehicles, including those who are driven back.
    driven_back : of these, in a convoy that was turned back.
    """

    __slots__ = (
        "aboard",
        "arrived",
        "cause",
        "driven_back",
        "expected",
        "group",
        "people",
        "priority",
        "site",
        "stayed",
        "unaccounted",
        "waiting",
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
        self.unaccounted = 0
        self.cause: tuple[str, str] = ("", "")

    @property
    def free(self) -> int:
        """People waiting for whom no convoy is coming yet."""
        return self.waiting - self.expected

    def expect(self, people: int) -> None:
        """Tell so many more people off to a convoy that is coming, or so many fewer."""
        self.expected += people
        invariants.everybody_is_somewhere(self)

    def board(self, people: int) -> None:
        """Move expected people from the site into vehicles."""
        self.waiting -= people
        self.expected -= people
        self.aboard += people
        invariants.everybody_is_somewhere(self)

    def turn_back(self, people: int) -> None:
        """Note that people in vehicles are driven back."""
        self.driven_back += people
        invariants.everybody_is_somewhere(self)

    def come_back(self, people: int) -> None:
        """Move people who were driven back from vehicles to the site."""
        self.driven_back -= people
        self.aboard -= people
        self.waiting += people
        invariants.everybody_is_somewhere(self)

    def arrive(self, people: int) -> None:
        """Move people from vehicles to their destination."""
        self.aboard -= people
        self.arrived += people
        invariants.everybody_is_somewhere(self)

    def lose_sight_of(self, people: int) -> None:
        """Move people from vehicles to those who neither arrive nor return."""
        self.aboard -= people
        self.unaccounted += people
        invariants.everybody_is_somewhere(self)
