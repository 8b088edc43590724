"""What must hold between the rows of an evidence table: nothing is said twice."""

from collections.abc import Iterator, Sequence

from sim.evidence.cells import CellProblem, Row, clip
from sim.evidence.figures import Figure
from sim.messages import joined, say
from sim.scenario.problems import hint

_OF_THE_ROW = frozenset(
    ("id", "note", "claim_group", "rests_on", "role", "published", "confidence")
)
"""What two rows may say differently of one and the same figure."""
Numbered = tuple[int, Figure]
"""A figure with the number of its row."""


def repeated_ids(rows: Sequence[Row]) -> Iterator[CellProblem]:
    """Say which rows have the id of another one."""
    first: dict[str, int] = {}
    for number, cells in rows:
        name = cells["id"]
        if name and first.setdefault(name, number) != number:
            says = say(
                "'{name}' is also the id of row {row}; give each row its own",
                name=clip(name),
                row=first[name],
            )
            yield CellProblem(number, "id", says)


def counted_twice(figures: Sequence[Numbered]) -> Iterator[CellProblem]:
    """Say which rows are fitted although another row of their claim is."""
    first: dict[str, int] = {}
    for number, figure in figures:
        claim = figure.claim_group
        if figure.role != "fit" or not claim:
            continue
        if first.setdefault(claim, number) != number:
            says = say(
                "'{claim}' is already fitted by row {row}, and one claim counts once; "
                "make one of them a check",
                claim=clip(claim),
                row=first[claim],
            )
            yield CellProblem(number, "claim_group", says)


def copies(figures: Sequence[Numbered]) -> Iterator[CellProblem]:
    """Say which rows are another row under another id."""
    first: dict[tuple[object, ...], int] = {}
    for number, figure in figures:
        said = {name: getattr(figure, name) for name in Figure.model_fields}
        said |= {"to": figure.to or figure.from_}
        if figure.bound == "exact":
            said |= {"low": figure.best, "high": figure.best}
        without = _OF_THE_ROW if figure.metric else {"id"}
        key = tuple(value for name, value in said.items() if name not in without)
        if first.setdefault(key, number) != number:
            says = say(
                "is a copy of row {row} under another id; delete one of them",
                row=first[key],
            )
            yield CellProblem(number, "id", says)


def families_written_twice(figures: Sequence[Numbered]) -> Iterator[CellProblem]:
    """Say where a family is written in two ways, which would make two of it."""
    first: dict[str, tuple[int, str]] = {}
    told: set[str] = set()
    for number, figure in figures:
        name = " ".join(figure.family.split())
        row, same = first.setdefault(name.casefold(), (number, figure.family))
        if same != figure.family and figure.family not in told:
            told.add(figure.family)
            says = say(
                "'{family}' is written '{same}' in row {row}; write a family in one "
                "way",
                family=clip(figure.family),
                same=clip(same),
                row=row,
            )
            yield CellProblem(number, "family", says)


def bases_that_are_nowhere(
    rows: Sequence[Row], figures: Sequence[Numbered]
) -> Iterator[CellProblem]:
    """Say which rows rest on others that there are not."""
    known = dict.fromkeys(cells["id"] for _, cells in rows)
    for number, figure in figures:
        for name in figure.bases:
            if name not in known or name == figure.id:
                says = say("'{name}' is not the id of another row.", name=clip(name))
                told = joined((says, hint(name, known)))
                yield CellProblem(number, "rests_on", told)
