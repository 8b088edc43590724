"""The surface for programs: a few functions that do what the commands do.

They return what the commands write about: logs, studies, comparisons, whose numbers are
numpy arrays. `report_on` says what any of them says, in words, tables and pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import singledispatch
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from sim.answers.bound import capacity_of
from sim.events import RunLog
from sim.experiment import Comparison, Study
from sim.experiment.sweep import Sweep
from sim.exports import EXPORTS, Export
from sim.inference.calibration.goodness_of_fit import GoodnessOfFit
from sim.inference.forecast.forecast import Forecast
from sim.metrics.registry import METRICS, Metric
from sim.model import simulate as simulated
from sim.parts.policies import POLICIES
from sim.parts.rules import RULES
from sim.parts.stages import STAGES
from sim.report.calibration import report_on_calibration
from sim.report.comparison import report_on_comparison
from sim.report.contents import Picture, Report
from sim.report.forecast import report_on_forecast
from sim.report.forms.files import FORMS, Form, written
from sim.report.forms.terminal import as_terminal
from sim.report.run import RUN_PICTURES as PICTURES
from sim.report.run import report_on_run
from sim.report.sweep import report_on_sweep
from sim.studies import calibration, comparison, run
from sim.studies import forecast as forecasting
from sim.studies import sweep as swept
from sim.studies.ask.questions import QUESTIONS
from sim.studies.cases import Case, Scenario, opened
from sim.studies.consent import agreed, judged, warned
from sim.studies.kinds import KINDS
from sim.studies.options import Amount, Where, checked_pdf
from sim.studies.outcome import Outcome
from sim.studies.plan import StudyPlan
from sim.studies.told import Caller, nobody
from sim.studies.unfinished import Underway
from sim.studies.work import working
from sim.words import Words

__all__ = [
    "EXPORTS",
    "FORMS",
    "METRICS",
    "PICTURES",
    "POLICIES",
    "RULES",
    "STAGES",
    "Export",
    "Form",
    "Metric",
    "Picture",
    "ask",
    "calibrate",
    "compare",
    "forecast",
    "load",
    "report_on",
    "run_study",
    "simulate",
    "sweep",
]
_PROGRAM = "a program of your own"


def load(scenario: str | Path) -> Case:
    """Return a scenario and the documented figures beside it.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios, as `aleppo-2016`.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or anything in it is wrong: all at once, each
        with its place and what to do.
    EvidenceError
        If anything in its evidence table is wrong.
    """
    return opened(scenario)


def simulate(scenario: Scenario, *, seed: int = 1, replication: int = 0) -> RunLog:
    """Run a scenario once; return everything that happened.

    Parameters
    ----------
    scenario : loaded, or its file or name.
    seed : root of all random numbers.
    replication : which luck; the same number, the same luck, in variants too.
    """
    operation = opened(scenario).operation
    return simulated(operation, seed=seed, replication=replication)


def run_study(
    scenario: Scenario,
    *,
    metrics: Sequence[str] = (),
    replications: int = 100,
    seed: int = 1,
    knowledge: bool = False,
    per_draw: int = 1,
    workers: int = 1,
) -> Study:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : loaded, or its file or name.
    metrics : also read off each run, as `still_inside@2016-12-19T08:00`, or
        `fewer_than_500_still_inside@2016-12-19T08:00`, whose mean is a probability.
    replications : runs, each with its own luck.
    seed : root of all random numbers: the same seed, the same results.
    knowledge : whether each run also draws what is not known, from `uncertain`.
    per_draw : runs that share such a draw.
    workers : processes. What a program registers itself they know only if its file
        does so wherever it is imported.

    Raises
    ------
    OptionError
        If there is no such metric or moment.
    RunError
        If every run failed.
    """
    amount = Amount(replications, seed, knowledge, per_draw)
    study: Study = _done(run.planned(scenario, amount, metrics=metrics), workers)
    return study


def compare(
    base: Scenario,
    *variants: Scenario,
    metrics: Sequence[str] = (),
    replications: int = 100,
    seed: int = 1,
    workers: int = 1,
) -> Comparison:
    """Run variants under the luck of their base; return what they change.

    Parameters
    ----------
    base, variants : loaded, or their files or names.
    metrics : to compare, as `t90` or `t90/some-site`; the usual ones if none.
    replications, seed, workers : as of `run_study`.

    Raises
    ------
    OptionError
        If there is no such metric, or nothing to compare.
    """
    amount = Amount(replications, seed)
    plan = comparison.planned(base, variants, amount, metrics=metrics)
    found: Comparison = _done(plan, workers)
    return found


def sweep(
    scenario: Scenario,
    *vary: str,
    points: int | None = None,
    metrics: Sequence[str] = (),
    replications: int = 100,
    seed: int = 1,
    workers: int = 1,
) -> Sweep:
    """Run a scenario with other values in some of its fields.

    Parameters
    ----------
    scenario : loaded, or its file or name.
    vary : fields and their values, as `fleets.buses.seats=40, 50`.
    points : of a Latin hypercube; all values with all others if None.
    metrics, replications, seed, workers : as of `compare`.

    Raises
    ------
    OptionError
        If a field or a metric is not there, or a value is not allowed.
    """
    amount = Amount(replications, seed)
    plan = swept.planned(scenario, vary, amount, points=points, metrics=metrics)
    found: Sweep = _done(plan, workers)
    return found


def calibrate(
    scenario: Scenario,
    *,
    screen: bool = False,
    particles: int = 1_000,
    pool: int = 8_000,
    seed: int = 1,
    workers: int = 1,
) -> GoodnessOfFit:
    """Fit what is not known to what was documented; return what the fit reaches.

    Parameters
    ----------
    scenario : loaded, or its file or name; with documented figures to fit.
    screen : whether to take a quick look from the pool, in place of a fit of hours.
    particles : draws of each fit, or of the screen.
    pool : runs at values from the ranges under `uncertain`.
    seed, workers : as of `run_study`.

    Raises
    ------
    OptionError
        If there is nothing to fit.
    """
    plan = calibration.planned(
        scenario, screen=screen, particles=particles, pool=pool, seed=seed
    )
    found: GoodnessOfFit = _done(plan, workers)
    return found


def forecast(
    scenario: Scenario,
    as_of: datetime,
    *,
    pool: int = 1_500,
    draws: int = 300,
    seed: int = 1,
    workers: int = 1,
    consent: bool = False,
) -> Forecast:
    """Return what to expect after a moment, from what was published by then.

    Not for timing live movements.

    Parameters
    ----------
    scenario : loaded, or its file or name; with documented figures.
    as_of : the moment, in local time.
    pool : runs, of which those that fit the figures are kept.
    draws : that the forecast rests on.
    seed, workers : as of `run_study`.
    consent : that you agree not to route or time vehicles by what lies ahead.

    Raises
    ------
    OptionError
        If there are too few runs, or dates lie ahead and there is no consent.
    EvidenceError
        If nothing had been published by then.
    """
    plan = forecasting.planned(
        scenario, as_of, pool=pool, draws=draws, seed=seed, consent=consent
    )
    found: Forecast = _done(plan, workers)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    Attributes
    ----------
    result : its numbers: of a probability those of `likelihood`, of a least value
        `value`; what there is differs from question to question.
    report : what it says.
    plan : what was asked, of which scenarios.
    """

    result: Any
    report: Report
    plan: StudyPlan


def ask(
    question: str,
    scenario: Scenario,
    *named: Any,
    replications: int | None = None,
    seed: int = 1,
    knowledge: bool = False,
    per_draw: int = 1,
    workers: int = 1,
    **options: Any,
) -> Answer:
    """Ask a question of a scenario, as the command `ask` does.

    Parameters
    ----------
    question : its name, as `probability`, `what-holds` or `least`.
    scenario : loaded, or its file or name.
    named : what the question is about, in the order of the command: of `probability`
        the goal; of `least` and `latest` the choice and a list of goals; of
        `go-or-wait` a list of further decisions; of `policies` the agreement.
    replications : runs, or the most of them; as many as is usual for it if None.
    seed, knowledge, per_draw, workers : as of `run_study`.
    options : those of the command, as `probability=0.9`, `confirms=[...]`.

    Raises
    ------
    UnknownNameError
        If there is no such question, with the nearest.
    OptionError
        If something that was asked for cannot be done.
    """
    plan = QUESTIONS[question](
        scenario,
        *named,
        amount=Amount(replications, seed, knowledge, per_draw),
        caller=Caller(_PROGRAM),
        **options,
    )
    outcome = _outcome(plan, workers)
    return Answer(outcome.result, outcome.report, plan)


class Told(Report):
    """A report that a program or a notebook can show."""

    def __str__(self) -> str:
        """Return it as text."""
        screen = Console(width=100, markup=False, highlight=False, emoji=False)
        with screen.capture() as heard:
            for part in as_terminal(self, Words()):
                screen.print(part)
        return heard.get()

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        with TemporaryDirectory(prefix="convoys-") as folder:
            self.save(folder)
            page = (Path(folder) / "report.html").read_text("utf-8")
        return (
            f'<iframe srcdoc="{escape(page)}" width="100%" height="700" '
            'style="border: 0"></iframe>'
        )

    def save(
        self, folder: str | Path, language: str = "en", *, pdf: bool = False
    ) -> Path:
        """Write it in every form into a folder, made if need be; return the folder.

        Parameters
        ----------
        folder : where to.
        language : in which.
        pdf : whether to write its brief as PDF as well, if it has one.

        Raises
        ------
        OptionError
            If the package that writes it is not installed.
        """
        checked_pdf(pdf)
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        written(self, path, language=language, pdf=pdf)()
        return path


def report_on(result: Any, *, consent: bool = False) -> Told:
    """Return what a study says: an answer, tables, pictures, and data for programs.

    Parameters
    ----------
    result : what a function of this module has returned.
    consent : that you agree not to route or time vehicles by it: where dates lie ahead
        or less than 30 days back, what follows single convoys is shown only then.

    Raises
    ------
    TypeError
        If it is nothing that a report is made of.
    OptionError
        If it shows nothing but what needs consent.
    """
    report = _report_on(result, consent)
    return Told(**{each.name: getattr(report, each.name) for each in fields(report)})


@singledispatch
def _report_on(result: object, _: bool) -> Report:
    raise TypeError(f"there is no report on a {type(result).__name__}")


@_report_on.register
def _(study: Study, consent: bool) -> Report:
    log, dates = study.log_of(study.typical), judged([study.operation], consent=consent)
    return report_on_run(
        study,
        log,
        name="scenario",
        command=_PROGRAM,
        ahead=dates,
        capacity=capacity_of(study),
    )


@_report_on.register
def _(found: Comparison, consent: bool) -> Report:
    operations = [side.study.operation for side in (found.base, *found.variants)]
    report = report_on_comparison(found, command=_PROGRAM)
    return warned(report, judged(operations, consent=consent))


@_report_on.register
def _(found: Sweep, consent: bool) -> Report:
    operations = [study.operation for study in found.studies]
    report = report_on_sweep(found, command=_PROGRAM)
    return warned(report, judged(operations, consent=consent))


@_report_on.register
def _(good: GoodnessOfFit, consent: bool) -> Report:
    dates = judged([good.fit.ready.operation], consent=consent)
    return warned(report_on_calibration(good, command=_PROGRAM), dates)


@_report_on.register
def _(made: Forecast, consent: bool) -> Report:
    dates = agreed(judged([made.then.operation], consent=consent))
    report = report_on_forecast(made, made.then.operation, command=_PROGRAM)
    return warned(report, dates)


@_report_on.register
def _(answer: Answer, consent: bool) -> Report:
    operations = [arm.operation for arm in answer.plan.arms]
    return warned(answer.report, judged(operations, consent=consent))


def _done(plan: StudyPlan, workers: int) -> Any:
    """Do what a plan says, and return its result."""
    return _outcome(plan, workers).result


def _outcome(plan: StudyPlan, workers: int) -> Outcome:
    """Do what a plan says, and return what came of it; nothing is left on the disk."""
    with (
        TemporaryDirectory(prefix="convoys-") as folder,
        working(Where(workers), plan.runs, nobody) as work,
    ):
        return KINDS[plan.kind](Underway(Path(folder), plan), work)
