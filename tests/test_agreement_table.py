"""The table of an agreement: each state with each fact, and its page in the docs.

`python -m tests.test_agreement_table` writes the page anew.
"""

from pathlib import Path

import pytest

from sim.events import Reason
from sim.model.agreement.machine import (
    TABLE,
    Agreement,
    Fact,
    State,
)
from sim.scenario.plans import AgreementPlan, TermsPlan

PAGE = Path(__file__).parent.parent / "docs" / "agreement-table.md"
HEADING = """\
# What an agreement does with each fact

In the rows what can happen to an agreement, in the columns the states in which it can
be then; the rules behind it are in [mechanism.md](mechanism.md). The table is drawn
from the model: `python -m tests.test_agreement_table` writes this page anew.

"""
TERMS = {"unit": "convoys", "tranches": [{"north": 1}]}

# Worked out by hand from docs/mechanism.md: the state after each fact, by the state
# before. One convoy is agreed, has been formed and stands at the gate; if completed, it
# has crossed. With a deadline that lapses, its row is the one below the table.
BEFORE_IT = "             draft     proposed  in_force   breached  completed  lapsed"
TABLE_BY_HAND = """
PERIOD       draft     proposed  in_force   breached  completed  lapsed
PROPOSED     in_force  proposed  in_force   breached  completed  lapsed
MET          draft     in_force  in_force   breached  completed  lapsed
UNMET        draft     proposed  in_force   breached  completed  lapsed
FORMED       draft     proposed  in_force   breached  completed  lapsed
PARTED       draft     proposed  in_force   breached  completed  lapsed
READY        draft     proposed  in_force   breached  completed  lapsed
NOT_READY    draft     proposed  in_force   breached  completed  lapsed
LET_THROUGH  draft     proposed  in_force   breached  completed  lapsed
MOVED        draft     proposed  completed  breached  completed  lapsed
RECOUNTED    draft     proposed  in_force   breached  completed  lapsed
GAVE_UP      draft     proposed  in_force   breached  in_force   lapsed
LEFT         draft     proposed  completed  breached  completed  lapsed
SUSPENDED    draft     proposed  in_force   breached  completed  lapsed
RESUMED      draft     proposed  in_force   breached  completed  lapsed
BREACHED     draft     breached  breached   breached  completed  lapsed
AMENDED      draft     proposed  in_force   in_force  in_force   lapsed
DEADLINE     draft     breached  breached   breached  completed  lapsed
SETTLED      draft     proposed  in_force   breached  completed  lapsed
"""
LAPSES = ["draft", "lapsed", "lapsed", "lapsed", "completed", "lapsed"]
AFTER = {
    Fact[name]: after
    for name, *after in map(str.split, TABLE_BY_HAND.strip().splitlines())
}
BEFORE = {
    Fact.LET_THROUGH: [(Fact.READY, "north", {1: 1})],
    Fact.MOVED: [(Fact.READY, "north", {1: 1}), (Fact.LET_THROUGH, "north", 1)],
    Fact.RESUMED: [(Fact.SUSPENDED, "talks")],
    Fact.LEFT: [(Fact.GAVE_UP, "north", 1)],
}
TOLD = {
    Fact.PERIOD: ("day",),
    Fact.PROPOSED: (),
    Fact.MET: ("observers",),
    Fact.UNMET: ("release", "the release"),
    Fact.FORMED: ("north", 2, 50, 1),
    Fact.PARTED: ("north", 1, 2, 20, 0),
    Fact.READY: ("north", {1: 1}),
    Fact.NOT_READY: ("north", [1]),
    Fact.LET_THROUGH: ("north", 1),
    Fact.MOVED: ("north", 1),
    Fact.RECOUNTED: ("north", 1, 40, 1),
    Fact.GAVE_UP: ("north", 1),
    Fact.LEFT: ("north", True),
    Fact.SUSPENDED: ("talks",),
    Fact.RESUMED: ("talks",),
    Fact.BREACHED: (Reason(),),
    Fact.AMENDED: (TermsPlan.model_validate(TERMS),),
    Fact.DEADLINE: (),
    Fact.SETTLED: (),
}
CELLS = [(fact, state) for fact in Fact for state in State]


def in_state(state, after_deadline="breach"):
    """Return an agreement that has come into a state as it may."""
    plan = AgreementPlan.model_validate(
        {
            **TERMS,
            "parties": {"north": {"flows": ["out"], "gate": "gate"}},
            "after_deadline": "lapse" if state is State.LAPSED else after_deadline,
        }
    )
    unmet = {"observers": "observers"} if state is State.PROPOSED else {}
    agreement = Agreement("deal", plan, unmet)
    agreement.tell(Fact.FORMED, "north", 1, 50, 1)
    if state is not State.DRAFT:
        agreement.tell(Fact.PROPOSED)
    if state is State.BREACHED:
        agreement.tell(Fact.BREACHED, Reason())
    if state is State.LAPSED:
        agreement.tell(Fact.DEADLINE)
    if state is State.COMPLETED:
        agreement.tell(Fact.READY, "north", {1: 1})
        agreement.tell(Fact.LET_THROUGH, "north", 1)
        agreement.tell(Fact.MOVED, "north", 1)
    assert agreement.state is state
    return agreement


def test_the_table_has_an_entry_for_each_state_and_fact():
    assert set(TABLE) == set(Fact) == set(AFTER) == set(TOLD)
    assert all(set(row) == set(State) for row in TABLE.values())
    assert BEFORE_IT.split() == [state.name.lower() for state in State]


@pytest.mark.parametrize(("fact", "state"), CELLS)
def test_a_fact_leads_from_a_state_to_the_one_of_the_rules(fact, state):
    agreement = in_state(state)
    for before in () if state is State.COMPLETED else BEFORE.get(fact, ()):
        agreement.tell(*before)
    if fact is Fact.RESUMED and state is State.COMPLETED:
        agreement.tell(Fact.SUSPENDED, "talks")
    agreement.tell(fact, *TOLD[fact])

    assert agreement.state.name.lower() == AFTER[fact][list(State).index(state)]


@pytest.mark.parametrize("state", State)
def test_a_deadline_lapses_what_is_not_completed_if_the_plan_says_so(state):
    agreement = in_state(state, "lapse")
    agreement.tell(Fact.DEADLINE)

    assert agreement.state.name.lower() == LAPSES[list(State).index(state)]


def test_an_amendment_leads_back_to_proposed_if_a_precondition_is_unmet():
    """Which can be only of what has not been in force: it was broken before."""
    agreement = in_state(State.PROPOSED)
    agreement.tell(Fact.BREACHED, Reason())
    agreement.tell(Fact.AMENDED, TermsPlan.model_validate(TERMS))

    assert agreement.state is State.PROPOSED


def test_what_is_ignored_has_no_effects():
    for fact, state in CELLS:
        if TABLE[fact][state].__name__ == "_ignore":
            agreement = in_state(state)
            assert list(agreement.tell(fact, *TOLD[fact])) == []


def page():
    """Return the page: the table, and what each of its entries does."""
    names = {
        handler: name_of(handler) for row in TABLE.values() for handler in row.values()
    }
    lines = ["| fact | " + " | ".join(State) + " |", "|---" * (len(State) + 1) + "|"]
    for fact, row in TABLE.items():
        cells = " | ".join(names[handler] for handler in row.values())
        lines.append(f"| {fact} | {cells} |")
    lines.append("")
    for handler, name in names.items():
        if name != "-":
            lines.append(f"- *{name}*: {handler.__doc__}")
    return HEADING + "\n".join(lines) + "\n"


def name_of(handler):
    """Return what a handler is called on the page."""
    name = handler.__name__
    return "-" if name == "_ignore" else name.strip("_").replace("_", " ")


def test_the_page_is_what_the_model_draws():
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
