"""Whether what a study shows lies ahead, and whether whoever asked has agreed to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sim.errors import OptionError
from sim.report.ahead import Ahead, ahead, end_of
from sim.report.contents import Report
from sim.report.limits import refused
from sim.scenario import Operation
from sim.studies import present
from sim.studies.plan import StudyPlan
from sim.studies.told import Note, Tell
from sim.words import Words, say

_NOTHING_AHEAD = say(
    "All dates are more than 30 days back, so --consent makes no difference."
)


def ahead_of(plan: StudyPlan) -> Ahead | None:
    """Return that a study shows what lies ahead, judged as it began; None if not.

    Its option `shows_until` is how far it looks, if beyond the ends of its scenarios.
    """
    ends = [end_of(arm.operation) for arm in plan.arms]
    if until := plan.options.get("shows_until"):
        ends.append(datetime.fromisoformat(until))
    return ahead(max(ends), plan.began, consent=bool(plan.options.get("consent")))


def judged(operations: Iterable[Operation], *, consent: bool) -> Ahead | None:
    """Return that one of several operations lies ahead, judged now; None if not."""
    return ahead(max(map(end_of, operations)), present.now(), consent=consent)


def heard(plan: StudyPlan, tell: Tell) -> StudyPlan:
    """Return a plan; say so if what was agreed to makes no difference to it."""
    if plan.options.get("consent") and ahead_of(plan) is None:
        tell(Note(_NOTHING_AHEAD))
    return plan


def agreed(found: Ahead | None) -> Ahead | None:
    """Return what was judged of something that is shown as a whole or not at all.

    Raises
    ------
    OptionError
        If it needs consent, and that is not there.
    """
    if found is not None and not found.consent:
        raise OptionError("consent", refused(found.judged, found.last))
    return found


def warned(report: Report, found: Ahead | None) -> Report:
    """Return a report under its banner, if its dates lie ahead."""
    if found is None or report.banner is not None:
        return report
    return replace(report, banner=found.banner)


def facts_of(report: Report, found: Ahead | None) -> dict[str, Any]:
    """Return what run.json says of dates that lie ahead; nothing of a historical case.

    Parameters
    ----------
    report : with its banner.
    found : what was judged.
    """
    if found is None or report.banner is None:
        return {}
    words = Words()
    return {
        "dates_ahead": {
            "judged_on": found.judged.isoformat(),
            "last_date": found.last.isoformat(),
            "consent": found.consent,
            "says": [words.of(text) for text in report.banner.texts],
        }
    }
