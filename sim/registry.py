"""Things known by a name, to which a program may add its own.

Rules, policies and stages of a scenario, metrics, pictures, forms of a report and kinds
of studies are each kept in a registry: one object and one registration make a new one
known everywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")


def later(module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module that is imported only when it is called.

    A program uses few of the things that it knows, and some take long to load.
    """

    def called(*given: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*given, **named)

    return called


class UnknownNameError(KeyError):
    """There is nothing of this name. Args: what, the name, the names there are."""

    def __str__(self) -> str:
        what, name, known = self.args
        near = get_close_matches(str(name)[:100], known, n=1)
        remedy = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}."
        return f"there is no {what} '{name}'. {remedy}"


class Registry(Mapping[str, Thing], Generic[Thing]):
    """Things of one kind by name, in the order in which they were registered.

    Parameters
    ----------
    what : one of them, as in `rule`.
    known : those there are from the beginning.
    """

    def __init__(self, what: str, known: Mapping[str, Thing] | None = None) -> None:
        self.what = what
        self._things = dict(known or {})

    def register(self, name: str, thing: Thing) -> Thing:
        """Make one known.

        Raises
        ------
        ValueError
            If the name is taken.
        """
        if name in self._things:
            raise ValueError(f"{name!r} is a {self.what} already; take another name")
        self._things[name] = thing
        return thing

    def forget(self, name: str) -> None:
        """Take back what was registered; `KeyError` if it is not known."""
        del self._things[name]

    def __getitem__(self, name: str) -> Thing:
        if name not in self._things:
            raise UnknownNameError(self.what, name, tuple(self._things))
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    __hash__ = object.__hash__
