"""What the runs of a scenario say of each documented figure."""

from collections.abc import Iterator

from sim.experiment import Study
from sim.inference.comparators.beside_runs import RUNS, scores_beside
from sim.report.contents import Column, Report, Section, table
from sim.report.documented import counts_inside, documented
from sim.report.limits import BANDS
from sim.report.run import headline, zone_of
from sim.words import Number, joined, say

_HOW = say(
    "Counts of all people with the role `check`, foretold from those of all sources "
    "with the role `fit`: CRPS of the logarithm, less is better. All are distributions "
    "with the same reporting errors. Between two fitted counts people come at one rate "
    "in the comparators; the runs are those of the values in the file."
)


def _beside(study: Study) -> Iterator[Section]:
    """Return how near comparators come to counts that are only compared."""
    if rows := scores_beside(study):
        shown = table(
            "Comparators",
            say("Who comes how near to counts that are only compared"),
            (
                Column(None),
                Column(say("figures"), number=True),
                Column(say("CRPS"), number=True),
                Column(say("inside 90 %"), number=True),
            ),
            (
                (
                    say("runs") if row.forecaster == RUNS else row.forecaster,
                    *(Number(row.figures), Number(row.crps, ".2f")),
                    Number(row.inside),
                )
                for row in rows
            ),
        )
        yield Section("comparators", say("Comparators"), (shown, _HOW))


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
            *_beside(study),
        ),
        data={},
    )
