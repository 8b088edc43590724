"""Why a convoy or a group waited in one run of a scenario, and who waited longest."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from sim.errors import OptionError
from sim.experiment import Job
from sim.metrics.timelines import everybody
from sim.report.contents import Report
from sim.report.explanation import report_on_longest_waits, report_on_waits
from sim.studies.consent import agreed, judged, warned
from sim.studies.fits import arms_of
from sim.studies.options import Amount
from sim.studies.told import Tell, nobody
from sim.words import Text, joined, say


def explained(
    scenario: str,
    amount: Amount,
    *,
    who: str = "",
    replication: int = 0,
    fit: Path | None = None,
    consent: bool = False,
    tell: Tell = nobody,
) -> Report:
    """Return why somebody waited in one run of a scenario.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    amount : with which numbers to run it; how often makes no difference.
    who : convoy, or group as `site/group`; if empty, who waited longest.
    replication : which of the runs.
    fit : file of a fit whose draws the runs are.
    consent : whether whoever asks has agreed not to route or time vehicles by what
        lies ahead.
    tell : hears what should be known.

    Raises
    ------
    OptionError
        If there is no such convoy, group or replication, or dates lie ahead and nobody
        has agreed to what that cannot be used for.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong.
    RunError
        If the fit is of another scenario.
    """
    once = replace(amount, replications=1)
    (arm,), amount = arms_of([scenario], once, fit, tell)
    dates = agreed(judged([arm.operation], consent=consent))
    if arm.drawn is not None and replication >= len(arm.drawn.luck):
        text = say(
            "the fit holds {draws} draws, counted from 0", draws=len(arm.drawn.luck)
        )
        raise OptionError("replication", text)
    job = Job(arm.operation, (), amount.root, amount.band, amount.per_draw, arm.drawn)
    operation, _ = job.world(replication)
    log = job.run(operation, replication)
    run = {"replication": replication, "seed": amount.root}
    if not who:
        return warned(report_on_longest_waits(operation, log, **run), dates)
    known = everybody(log)
    if who not in known:
        raise OptionError("who", _nobody_called(who, known))
    return warned(report_on_waits(operation, log, who, **run), dates)


def _nobody_called(who: str, known: Sequence[str]) -> Text:
    near = [name for name in known if name.startswith(f"{who}/")]
    near = near or get_close_matches(who, known, n=5, cutoff=0.5)
    remedy = say("Leave it out for a list.")
    if near:
        remedy = say("Did you mean {names}?", names=joined(near, ", "))
    said = say("'{who}' is in this run neither a convoy nor a group.", who=who)
    return joined((said, remedy))
