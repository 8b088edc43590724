"""Which families of sources tell a story of their own, and what a figure is to each.

A *path* is the series of counts of people by one family. Where families contradict each
other all along, a fit follows one of them and is shown for each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from sim.evidence.figures import Figure
from sim.evidence.vocabulary import ALL_FAMILIES, MEANINGS, PEOPLE, When

Standing = Literal["fit", "check", "context", "other path"]
"""What a figure is to a fit along one path."""


def series(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return the families that tell a story of their own, by name.

    Those are the ones with a fit row of how many people had arrived, had left or were
    still inside by some moment. Two such stories may contradict each other all along.
    """
    return tuple(
        sorted(
            {
                figure.family
                for figure in figures
                if figure.role == "fit" and _is_of_people(figure, "as of")
            }
        )
    )


def paths_of(figures: Sequence[Figure], path: str) -> tuple[str, ...]:
    """Return the paths that a word means: a family, or those of all stories.

    A single empty one if there are no two stories to tell apart.

    Raises
    ------
    KeyError
        If no compared figure of the table is of such a family. Args: what there is.
    """
    if path.casefold() == ALL_FAMILIES:
        found = series(figures)
        return found if len(found) > 1 else ("",)
    families = {each.family: None for each in figures if each.metric}
    for family in families:
        if family.casefold() == path.casefold():
            return (family,)
    raise KeyError(tuple(sorted(families)))


def fitted(figures: Sequence[Figure], path: str) -> tuple[Figure, ...]:
    """Return the figures that a fit along a path may see."""
    rivals = series(figures)
    return tuple(each for each in figures if standing(each, path, rivals) == "fit")


def standing(figure: Figure, path: str, rivals: Collection[str]) -> Standing:
    """Return what a figure is to a fit along a path.

    The paths differ in their counts of people; a fit row that counts something else
    belongs to every path, whoever says it.

    Parameters
    ----------
    figure : of the table.
    path : empty for all.
    rivals : families that tell a story of their own, as of `series`.
    """
    other = bool(path) and figure.family in rivals and figure.family != path
    if figure.role == "fit" and other and _is_of_people(figure):
        return "other path"
    return figure.role


def _is_of_people(figure: Figure, when: When | None = None) -> bool:
    meaning = MEANINGS.get(figure.metric)
    return (
        meaning is not None
        and meaning.units == PEOPLE
        and meaning.quantity == "count"
        and when in {None, meaning.when}
    )
