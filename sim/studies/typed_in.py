"""What a scenario gives, without a run of it."""

from sim.report.contents import Report
from sim.report.typed_in import report_on_typed_in
from sim.studies.cases import opened
from sim.studies.told import Tell, nobody


def given(scenario: str, tell: Tell = nobody) -> Report:
    """Return how much of a scenario is typed in, and what it stands for.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    tell : hears of what is odd.

    Raises
    ------
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    """
    return report_on_typed_in(opened(scenario, tell).operation)
