"""What the runs of a study say that is still at work: the first things asked."""

from collections.abc import Sequence
from dataclasses import replace

from sim.experiment import Comparison, Study
from sim.experiment.bands import Bands
from sim.report.ahead import Ahead
from sim.report.comparison import report_on_comparison
from sim.report.contents import Part, Report, Section
from sim.report.headlines import of_run
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.pictures import curves, days, throughput
from sim.report.run import answer, further, headline, hours_since, zone_of
from sim.report.run_tables import arrivals, asked_for
from sim.words import Number, joined, say


def run_so_far(
    study: Study,
    whole: int,
    *,
    command: str,
    metrics: Sequence[str] = (),
    ahead: Ahead | None = None,
) -> Report:
    """Return what the first runs of a scenario say, as far as that is quickly told.

    Parameters
    ----------
    study : what has been run, of which something did not fail.
    whole : runs there will be at the most.
    command : with which to repeat it.
    metrics : full names of those that were asked for, beside those at a moment.
    ahead : that its dates lie ahead.
    """
    bands = Bands(study)
    shows = joined(
        [
            headline(study),
            BANDS[study.band],
            further(study),
            zone_of(study.operation),
            hours_since(study.operation),
        ]
    )
    return Report(
        title=study.operation.operation,
        answer=answer(bands),
        sections=(
            _so_far(len(study.replications) + len(study.failures), whole, shows),
            Section(
                "arrivals",
                say("Arrivals"),
                (arrivals(bands), throughput(bands), curves(bands)),
            ),
            *asked_for(bands, metrics),
            Section("days", say("Day by day"), (days(bands),)),
            *limits_and_repeat(study.operation, command),
        ),
        data={},
        headline=of_run(bands),
        banner=None if ahead is None else ahead.banner,
    )


def comparison_so_far(
    comparison: Comparison, whole: int, *, command: str, ahead: Ahead | None = None
) -> Report:
    """Return what the first pairs of runs say about variants and their base.

    Parameters
    ----------
    comparison : of what has been run.
    whole : runs of each there will be.
    command : with which to repeat it.
    ahead : that its dates lie ahead.
    """
    report = report_on_comparison(comparison, command=command)
    sides = (comparison.base, *comparison.variants)
    done = min(len(study.replications) for _, study in sides)
    first, *others = report.sections
    begins = _so_far(done, whole, *first.parts)
    return replace(
        report,
        sections=(begins, *others),
        banner=None if ahead is None else ahead.banner,
        data={},
        brief=None,
    )


def _so_far(done: int, whole: int, *parts: Part) -> Section:
    """Return the section that says of how many runs a report is."""
    says = say(
        "So far: the first {done} of {whole} runs. More will change what is said here.",
        done=Number(done),
        whole=Number(whole),
    )
    return Section("runs", say("What has been run so far"), (says, *parts))
