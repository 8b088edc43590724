"""Past operations: what they say of a new one, and each foretold from the others."""

from collections.abc import Iterable
from datetime import datetime

from sim.errors import EvidenceError, OptionError
from sim.inference.past_operations.cases import cases_in
from sim.inference.past_operations.foretold import mean_rate
from sim.inference.past_operations.leave_one_out import left_one_out
from sim.past.facts import past_operations
from sim.past.reference_class import ReferenceClass
from sim.report.contents import Report
from sim.report.leave_one_out import report_on_leave_one_out
from sim.report.past import report_on_class
from sim.scenario.problems import quoted
from sim.studies.cases import opened
from sim.studies.planners_folder import root
from sim.studies.told import Note, Tell, nobody
from sim.words import joined, say

FOLDER = "past"
"""Among the scenarios: operations as they were on their eve."""
_ALEPPO = "aleppo-2016"
_TOTAL, _FIRST, _LAST = "EA16-138", "EA16-first-arrival", "EA16-last-arrival"
"""Rows of its table that say at which rate people left."""


def shown(war: str = "", without: Iterable[str] = ()) -> Report:
    """Return what past operations say of a new one.

    Parameters
    ----------
    war : in which the new operation is; empty for a war of its own.
    without : operations that are left out.

    Raises
    ------
    OptionError
        If there is no such war or operation.
    """
    known, left_out = past_operations(), frozenset(without)
    wars = sorted({row.war for row in known.operations.values()})
    if war and war not in wars:
        told = say(
            "there is no war {war}; known: {wars}",
            war=quoted(war),
            wars=joined(wars, ", "),
        )
        raise OptionError("war", told)
    for name in sorted(left_out - set(known.operations)):
        told = say("there is no past operation {name}", name=quoted(name))
        raise OptionError("without", told)
    return report_on_class(ReferenceClass(left_out), war)


def left_out_in_turn(
    draws: int,
    seed: int,
    war: str = "",
    without: Iterable[str] = (),
    tell: Tell = nobody,
) -> Report:
    """Return each past operation foretold from the others, and how well.

    Parameters
    ----------
    draws : of each method.
    seed : root of all random numbers.
    war, without : of `shown`; here the scenarios say that themselves.
    tell : hears which operation is run.

    Raises
    ------
    OptionError
        If a war is named, or operations that are left out.
    ScenarioError, EvidenceError
        If anything in their scenarios or evidence is wrong.
    """
    for option, given in (("war", war), ("without", tuple(without))):
        if given:
            raise OptionError(
                option, say("the scenarios say it themselves; leave it out")
            )
    cases = cases_in(root() / "scenarios" / FOLDER)
    rate = _rate_of_aleppo()

    def told(name: str) -> None:
        tell(Note(say("foretelling {operation}", operation=name)))

    return report_on_leave_one_out(left_one_out(cases, rate, draws, seed, told))


def _rate_of_aleppo() -> float:
    """Return people an hour, by documented figures.

    Raises
    ------
    EvidenceError
        If they are not there.
    """
    figures = {each.id: each for each in opened(_ALEPPO).figures}
    absent = [name for name in (_TOTAL, _FIRST, _LAST) if name not in figures]
    if absent:
        raise EvidenceError((f"{_ALEPPO}: no rows {', '.join(absent)}",))
    total, first, last = (figures[each].best for each in (_TOTAL, _FIRST, _LAST))
    assert isinstance(total, float)  # noqa: S101 - a count has numbers
    assert isinstance(first, datetime)  # noqa: S101 - a moment has times
    assert isinstance(last, datetime)  # noqa: S101 - likewise
    return mean_rate(total, first, last)
