"""What the runs so far say of a study at which somebody else is at work."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from sim.errors import OptionError
from sim.experiment import NamedStudy, Study, compare
from sim.experiment.so_far import SoFar
from sim.experiment.store import Beginning
from sim.report.contents import Report
from sim.report.so_far import comparison_so_far, run_so_far
from sim.studies.consent import ahead_of, warned
from sim.studies.metrics import names_in
from sim.studies.plan import StudyPlan
from sim.studies.unfinished import Unfinished


class Glimpse:
    """Looks at a study again and again, and reads only what is new each time.

    Parameters
    ----------
    path : of its folder.
    plan : of it.
    """

    def __init__(self, path: Path, plan: StudyPlan) -> None:
        self.plan = plan
        self._arms = [SoFar(*place) for place in Unfinished(path, plan).places()]
        self._seen = 0
        self._one_at_a_time = Lock()
        self._report: Report | None = None

    def report(self) -> Report | None:
        """Return what the runs so far say; None if that cannot be told.

        Of several arms only as many runs as of the one of which there are fewest. What
        it says is renewed when there are a quarter more: often at first, when it
        changes, and seldom later, when it takes longer.
        """
        tells = _KINDS.get(self.plan.kind)
        if tells is None:
            return None
        with self._one_at_a_time:
            self._look(tells)
            return self._report

    def _look(self, tells: "Teller") -> None:
        read = [arm.read() for arm in self._arms]
        done = min(count for count, _ in read)
        due = min(_MORE * self._seen, self.plan.replications)
        if done > self._seen and done >= due:
            studies = [
                Study(job, Beginning(store, done))
                for job, (_, store) in zip(self.plan.jobs(), read, strict=True)
            ]
            if all(len(study.replications) for study in studies):
                with suppress(OptionError):  # a metric that no run has yet
                    found = tells(self.plan, studies)
                    self._report = found and warned(found, ahead_of(self.plan))
            self._seen = done


def _of_run(plan: StudyPlan, studies: Sequence[Study]) -> Report:
    (study,) = studies
    return run_so_far(
        study,
        plan.replications,
        command=plan.typed,
        metrics=names_in(study, asked) if (asked := plan.options["metrics"]) else (),
    )


def _of_comparison(plan: StudyPlan, studies: Sequence[Study]) -> Report | None:
    base, *variants = (
        NamedStudy(arm.name, study)
        for arm, study in zip(plan.arms, studies, strict=True)
    )
    names = names_in(base.study, plan.options["metrics"])
    comparison = compare(base, variants, names)
    if not comparison.rows:
        return None
    return comparison_so_far(comparison, plan.replications, command=plan.typed)


Teller = Callable[[StudyPlan, Sequence[Study]], Report | None]
_MORE = 1.25
"""Times the runs that were seen before something is told anew."""
_KINDS: dict[str, Teller] = {
    "run": _of_run,
    "compare": _of_comparison,
}
"""Kinds of studies of whose runs something is told before all are there."""
