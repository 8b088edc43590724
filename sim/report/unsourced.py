"""Which values of a scenario rest on no source: assumptions, for whoever reads on."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.report.contents import READERS, Column, Section, table
from sim.scenario import Operation
from sim.scenario.uncertain import set_by
from sim.words import Number, say

_CITING = ("agreements", "stoppages", "weather", "uncertain")
"""Parts of a file that name the rows of the evidence table behind them."""
_BARE = ("sites", "fleets", "legs", "gates", "checkpoints", "flows")
"""Parts that do not; their values are supported where they stand under `uncertain`."""
_WORDS = frozenset({"title", "kind", "route", "note"})


def unsourced(operation: Operation) -> Section:
    """Return the values that name no source, as a section of a report."""
    data = operation.model_dump(
        mode="json",
        context={"clock": operation.clock},
        exclude_none=True,
        exclude_defaults=True,  # a resumed study has them all in its file
    )
    rows = tuple((path, shown) for path, shown in _assumed(operation, data))
    return Section(
        "assumptions",
        say("Assumptions without a source"),
        (
            say(
                "{values} values of the scenario name no row of an evidence table. "
                "They are the scenario's own; whoever knows better may change them.",
                values=Number(len(rows)),
            ),
            table(
                say("Assumptions"),
                say("Values without a source"),
                (Column(say("value")), Column(say("is"))),
                rows,
            ),
        ),
        READERS,
    )


def _assumed(
    operation: Operation, data: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for part in _CITING:
        for name, plan in getattr(operation, part).items():
            if not plan.evidence:
                yield f"{part}.{name}", _first_words(plan)
    sourced = {
        path
        for name, plan in operation.uncertain.items()
        if plan.evidence
        for path in set_by(operation, name)
    }
    for part in _BARE:
        for path, value in _leaves(data.get(part, {}), part):
            if path not in sourced and path.rpartition(".")[2] not in _WORDS:
                yield path, str(value)


def _first_words(plan: Any) -> str:
    """Return what a part says of itself: its cause, spread or title."""
    for name in ("cause", "spread", "title"):
        if words := getattr(plan, name, None):
            return str(words)
    return ""


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        yield path, ", ".join(map(str, node))
    else:
        yield path, node
