"""Does what a plan says, or what is left of it, and writes what comes of it.

One way for every kind of study, whoever asks: what has been run is kept as it comes;
whatever stops it, a later start goes on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import OptionError, RunError, StoppedError
from sim.experiment.pool import Pool
from sim.experiment.runner import AllFailedError
from sim.report.contents import Report
from sim.report.forms.files import written
from sim.studies import present
from sim.studies.consent import ahead_of, warned
from sim.studies.consent import facts_of as facts_of_dates
from sim.studies.folder import FACTS, run_folder, write_json, write_text
from sim.studies.kept_results import says
from sim.studies.kinds import KINDS
from sim.studies.manifest import facts_of
from sim.studies.options import Where
from sim.studies.outcome import Outcome
from sim.studies.plan import StudyPlan
from sim.studies.told import Note, Tell, nobody
from sim.studies.unfinished import Unfinished
from sim.studies.work import Work, working
from sim.words import Number, Text, say


@dataclass(frozen=True, slots=True)
class Finished:
    """A study that is done.

    Attributes
    ----------
    folder : in which everything is.
    report : what it says.
    failed, whole : runs that raised, of how many.
    """

    folder: Path
    report: Report
    failed: int
    whole: int

    @property
    def where(self) -> Text:
        """Where everything is."""
        return say("Results: {folder}", folder=str(self.folder))

    @property
    def missing(self) -> Text:
        """How many runs failed; None if none did."""
        if not self.failed:
            return None
        return say(
            "{failed} of {whole} runs failed; why is in failures.csv.",
            failed=Number(self.failed),
            whole=Number(self.whole),
        )


def finished(
    study: Unfinished,
    where: Where | None = None,
    tell: Tell = nobody,
    language: str | None = None,
    *,
    pool: Pool | None = None,
    keep: bool = False,
) -> Finished:
    """Run what is missing of a study, write its results and return what they say.

    When all is written the folder of the unfinished study is removed; if anything
    stops it before, what has been run is kept.

    Parameters
    ----------
    study : to go on with.
    where : to run it; in this process if None.
    tell : hears how far it is.
    language : of what is written for readers; that of the plan if None.
    pool : that is open already, in place of where.
    keep : whether its folder stays also if there is nothing in it to go on from, for
        whoever shows what became of it.

    Raises
    ------
    OptionError
        If something that was asked for turns out not to be there.
    RunError
        If the processes broke down, or every run failed.
    StoppedError
        If the user stops it.
    ResultsError
        If the disk does not take the results.
    """
    plan = study.plan
    folder, worthless = None, False
    with study.held() as grip:
        try:
            with working(where or Where(), plan.runs, tell, pool) as work:
                outcome = KINDS[plan.kind](study, work)
                report = warned(outcome.report, ahead_of(plan))
                outcome = replace(outcome, report=report)
                folder, noted = _written(
                    study, outcome, work, language or plan.language
                )
                if noted is not None:
                    tell(Note(noted))
            grip.discard()
        except KeyboardInterrupt as stop:
            if folder is None:
                raise StoppedError(study.path, study.kept) from stop
            grip.discard()  # too late: all is there
        except AllFailedError as error:
            worthless = True
            place, first = error.args
            raise RunError(_all_failed(plan, place, first.error)) from error
        except OptionError:
            worthless = True  # nobody will go on with it
            raise
        finally:
            if not keep and (worthless or not study.kept):
                grip.discard()
    return Finished(folder, outcome.report, outcome.failed, outcome.whole)


def finished_before(results: Path) -> Text:
    """Return what whoever resumes a study is told that is finished."""
    return say("This study is finished. Results: {folder}", folder=str(results))


def _all_failed(plan: StudyPlan, place: int, why: str) -> Text:
    """Return of which scenario every run failed; a study may make others of its own.

    Parameters
    ----------
    place : of the job that failed.
    why : the first run did.
    """
    if place < len(plan.arms):
        return say(
            "{name}: every replication failed; the first: {why}",
            name=plan.arms[place].name,
            why=why,
        )
    return say(
        "{name}, as this study changes it for its scenario {number}: every replication "
        "failed; the first: {why}",
        name=plan.arms[0].name,
        number=Number(place + 1),
        why=why,
    )


def _written(
    study: Unfinished, outcome: Outcome, work: Work, language: str
) -> tuple[Path, Text]:
    """Write all results; return where they are, and what should be known of them."""
    with run_folder(study.root, study.name, study.path) as run:
        files = written(
            outcome.report,
            run.path,
            language=language,
            pool=work.near,
            pictures=study.plan.options["pictures"],
            pdf=bool(study.plan.options.get("pdf")),
        )
        for name, text in outcome.files.items():
            path = run.path / name
            path.parent.mkdir(exist_ok=True)
            write_text(path, text)
        outcome.leave(run.path)
        noted = files()
        ended = present.now()
        facts: Mapping[str, object] = {
            "kind": study.plan.kind,
            "title": study.plan.title,
            **facts_of(study.plan, ended),
            **facts_of_dates(outcome.report, ahead_of(study.plan)),
            **outcome.facts,
            **says(outcome.report, language),
        }
        write_json(run.path / FACTS, facts)
    return run.path, noted
