"""What the runs of a study say that is still at work: the first things asked."""

from collections.abc import Sequence
from dataclasses import replace

from sim.experiment import Comparison, Study
from sim.experiment.bands import Bands
from sim.report.comparison import comparison_alone
from sim.report.contents import Part, Report, Section
from sim.report.headlines import of_run
from sim.report.limits import limits_and_repeat
from sim.report.run import answer, first_results, what_was_run
from sim.words import Number, say


def run_so_far(
    study: Study,
    whole: int,
    *,
    command: str,
    metrics: Sequence[str] = (),
) -> Report:
    """Return what the first runs of a scenario say, as far as that is quickly told.

    Parameters
    ----------
    study : what has been run, of which something did not fail.
    whole : runs there will be at the most.
    command : with which to repeat it.
    metrics : full names of those that were asked for, beside those at a moment.
    """
    bands = Bands(study)
    return Report(
        title=study.operation.operation,
        answer=answer(bands),
        sections=(
            _so_far(
                *(len(study.replications) + len(study.failures), whole),
                what_was_run(study),
            ),
            *first_results(bands, metrics),
            *limits_and_repeat(study.operation, command),
        ),
        data={},
        headline=of_run(bands),
    )


def comparison_so_far(comparison: Comparison, whole: int, *, command: str) -> Report:
    """Return what the first pairs of runs say about variants and their base.

    Parameters
    ----------
    comparison : of what has been run.
    whole : runs of each there will be.
    command : with which to repeat it.
    """
    report = comparison_alone(comparison, command=command)
    sides = (comparison.base, *comparison.variants)
    done = min(len(study.replications) for _, study in sides)
    first, *others = report.sections
    begins = _so_far(done, whole, *first.parts)
    return replace(report, sections=(begins, *others))


def _so_far(done: int, whole: int, *parts: Part) -> Section:
    """Return the section that says of how many runs a report is."""
    says = say(
        "So far: the first {done} of {whole} runs. More will change what is said here.",
        done=Number(done),
        whole=Number(whole),
    )
    return Section("runs", say("What has been run so far"), (says, *parts))
