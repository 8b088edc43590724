"""Each documented figure beside runs of a scenario, of which nothing is kept."""

from sim.errors import RunError
from sim.experiment import Job, Runner
from sim.experiment.runner import AllFailedError
from sim.experiment.store import Memory
from sim.report.contents import Report
from sim.report.score import report_on_score
from sim.studies.cases import opened, path_among
from sim.studies.options import Amount, Where
from sim.studies.told import Tell, nobody
from sim.studies.work import working
from sim.words import say


def scored(
    scenario: str,
    amount: Amount,
    where: Where | None = None,
    *,
    path: str = "all",
    everything: bool = False,
    tell: Tell = nobody,
) -> Report:
    """Run a scenario; return what its runs say of each documented figure.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : how often to run it, and with which numbers.
    where : to run it; in this process if None.
    path : family of sources whose counts of people count as fitted, or `all`.
    everything : whether to show figures that are context only.
    tell : hears how far it is.

    Raises
    ------
    OptionError
        If the table has no such family.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If there are no figures to compare, the processes broke down, or every run
        failed.
    """
    case = opened(scenario, tell)
    if not any(figure.metric for figure in case.figures):
        raise RunError("This scenario has no documented figures to compare.")
    path = path_among(case.figures, path)
    job = Job(case.operation, case.figures, amount.root, amount.band, amount.per_draw)
    with working(where or Where(), amount.runs, tell) as work:
        progress = work.progress(say("runs"), amount.runs)
        try:
            (study,) = Runner([job], [Memory()], work.pool, progress).upto(amount.runs)
        except AllFailedError as error:
            raise RunError(f"{case.name}: {error}") from error
    return report_on_score(study, path, everything=everything)
