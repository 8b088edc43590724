"""What the runs of a scenario say of each documented figure."""

from sim.experiment import Study
from sim.report.contents import Report, Section
from sim.report.documented import counts_inside, documented
from sim.report.limits import BANDS
from sim.report.run import headline, zone_of
from sim.words import joined, say


def report_on_score(study: Study, path: str, *, everything: bool) -> Report:
    """Return each documented figure beside the runs: inside or outside.

    Parameters
    ----------
    study : what was run.
    path : family of sources whose counts of people count as fitted, or `all`.
    everything : whether to show figures that are context only.
    """
    shows = joined([headline(study), BANDS[study.band], zone_of(study.operation)])
    return Report(
        title=study.operation.operation,
        answer=joined(counts_inside(study, path)),
        sections=(
            Section("runs", say("What was run"), (shows,)),
            documented(study, path, everything=everything),
        ),
        data={},
    )
