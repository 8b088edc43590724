"""A forecast of a followed operation: quick where it can be, in full where asked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.errors import RunError, UnusableError
from sim.evidence.figures import Figure
from sim.inference.forecast.forecast import Effort, Forecast
from sim.inference.forecast.kept_draws import KeptForecast
from sim.inference.forecast.pooled import (
    QUICK_DRAWS,
    pooled_forecast,
    quick_effort,
    quick_forecast,
    runs_of,
)
from sim.inference.forecast.task import known_at
from sim.inference.record import known_by
from sim.report.ahead import end_of
from sim.report.following import report_on_following
from sim.report.since_last import SinceLast, expected_of, sentences
from sim.scenario import resolved_yaml, scenario_hash
from sim.studies.consent import agreed, ahead_of, heard
from sim.studies.following.entries import (
    FigureEntered,
    ForecastMade,
    ScenarioTaken,
    StandingEntries,
)
from sim.studies.following.followed import DRAWS, FollowedOperation, KnownThen
from sim.studies.following.lifecycle import followed_in
from sim.studies.following.lines import CHANGED, lines_of
from sim.studies.forecast import (
    check_enough,
    effort_of,
    facts_of_choices,
    facts_of_effort,
    keeper_of,
    written_moment,
)
from sim.studies.options import Amount, checked_pdf
from sim.studies.outcome import Outcome
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller, Note
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Words, say


def planned(
    folder: Path,
    moment: datetime | None = None,
    *,
    full: bool = False,
    pool: int = 1_500,
    draws: int = 300,
    seed: int | None = None,
    consent: bool = False,
    pdf: bool = False,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a forecast of a followed operation.

    Its study is to be begun in the folder of forecasts of the operation.

    Parameters
    ----------
    folder : of the followed operation.
    moment : local time; now if None.
    full : whether to make it in full, though it could be had from draws that are kept.
    pool, draws, seed, consent, pdf, caller : as of a forecast.

    Raises
    ------
    OptionError
        If there are too few runs, or dates lie ahead and nobody has agreed to what that
        cannot be used for.
    EvidenceError
        If nothing was known, or the figures would count anything twice.
    RunError, UnusableError
        If there is no followed operation, or it is damaged.
    """
    check_enough(pool, draws)
    followed = followed_in(folder)
    known = followed.known()
    when = moment or followed.local_now()
    then, _, _ = known_at(known.operation, known.figures, when)
    effort = Effort(pool, draws)
    amount = Amount(effort.runs, seed, fitted=True)
    basis = None if full else _basis(followed, known, when, amount.root, effort)
    less = quick_effort(effort)
    runs = (
        runs_of(known.operation, known.figures, when, effort)
        if basis is None
        else min(QUICK_DRAWS, less.draws) + less.chance
    )
    made = known.standing.of_kind(ForecastMade)
    options = {
        "as_of": written_moment(when),
        "consent": consent,
        "pdf": checked_pdf(pdf),
        "shows_until": end_of(then.operation).isoformat(),
        "pool": pool,
        "draws": draws,
        "entries": len(known.standing.entries),
        "rests": list(known.standing.rests),
        "basis": basis and basis.number,
        "last": made[-1].number if made else None,
    }
    arm = Arm(known.name, known.operation, known.figures)
    title = f"forecast-{known.name}"
    plan = StudyPlan.of(
        "follow", [arm], amount, options, caller, title=title, runs=runs
    )
    agreed(ahead_of(plan))
    if (behind := followed.clock()) is not None:
        caller.tell(Note(behind))
    return heard(plan, caller.tell)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what is expected and what changed."""
    plan = study.plan
    (arm,) = plan.arms
    followed = FollowedOperation(study.root.parent)
    made = _made(followed, study, work)
    standing = followed.standing(entries=plan.options["entries"])
    since = _since(standing, plan, made, arm.figures)
    entry = _entry(plan, made, arm.figures)

    def leave(folder: Path) -> None:
        del folder
        if made.kept is not None:
            kept = KeptForecast(made.kept, made.followed)
            kept.save(_draws_of(followed, plan.digest))
        followed.record(**entry)

    then = made.then.operation
    report = report_on_following(
        *(made, arm.operation, since, lines_of(standing)), command=plan.typed
    )
    return Outcome(
        report,
        made,
        facts={
            **facts_of_effort(plan),
            "scenario_sha256": scenario_hash(then),
            "made_from_sha256": scenario_hash(arm.operation),
            "figures_used": made.known,
            "in_full": made.weighed is None,
            "effective_draws": made.effective,
            **facts_of_choices(made),
            CHANGED: [*map(Words(plan.language).of, sentences(report))],
        },
        files={"scenario.yaml": resolved_yaml(then)},
        leave=leave,
        whole=plan.runs,
    )


def _made(followed: FollowedOperation, study: Underway, work: Work) -> Forecast:
    """Return the forecast, from kept draws if the plan says of which.

    Raises
    ------
    RunError
        If those are no longer there.
    """
    plan = study.plan
    (arm,) = plan.arms
    asked = (
        *(arm.operation, arm.figures),
        datetime.fromisoformat(plan.options["as_of"]),
    )
    doing = (
        effort_of(plan),
        keeper_of(study, work),
        work.progress(say("runs"), plan.runs),
    )
    number = plan.options["basis"]
    if number is None:
        return pooled_forecast(*asked, *doing)
    for entry in followed.standing().of_kind(ForecastMade):
        if entry.number == number:
            kept = KeptForecast.load(_draws_of(followed, entry.study))
            return quick_forecast(*asked, kept, *doing)
    raise RunError(f"the forecast of entry {number} is not in the log any more.")


def _basis(
    followed: FollowedOperation,
    known: KnownThen,
    moment: datetime,
    seed: int,
    effort: Effort,
) -> ForecastMade | None:
    """Return the forecast in full from whose draws another one can be had.

    Where they are gone, damaged or of an older program there is none.
    """
    for each in reversed(known.standing.basis(moment, effort.pool, effort.draws, seed)):
        with suppress(UnusableError):
            KeptForecast.load(_draws_of(followed, each.study))
            return each
    return None


def _draws_of(followed: FollowedOperation, study: str) -> Path:
    return followed.path / DRAWS / f"{study}.npz"


def _entry(
    plan: StudyPlan, made: Forecast, figures: Sequence[Figure]
) -> Mapping[str, Any]:
    return {
        "moment": made.moment,
        "rests": tuple(plan.options["rests"]),
        "figures": tuple(row.id for row in figures if known_by(row, made.moment)),
        "pool": plan.options["pool"],
        "draws": plan.options["draws"],
        "seed": plan.seed,
        "full": made.weighed is None,
        "effective": made.effective,
        "study": plan.digest,
        "began": plan.began,
        "expected": expected_of(made),
    }


def _since(
    standing: StandingEntries,
    plan: StudyPlan,
    made: Forecast,
    figures: Sequence[Figure],
) -> SinceLast:
    """Return what has come since the forecast before."""
    number = plan.options["last"]
    last = next(
        (each for each in standing.of_kind(ForecastMade) if each.number == number), None
    )
    if last is None:
        return SinceLast()
    came = [
        row
        for row in figures
        if row.metric and known_by(row, made.moment) and row.id not in last.figures
    ]
    standing_ids = {row.id for row in figures}
    withdrawn = [
        entry.figure
        for entry in standing.entries
        if isinstance(entry, FigureEntered)
        and entry.cells["id"] in set(last.figures) - standing_ids
    ]
    scenarios = {
        entry.number for entry in standing.entries if isinstance(entry, ScenarioTaken)
    }
    another = scenarios & set(last.rests) != scenarios & set(plan.options["rests"])
    return SinceLast(last.moment, last.expected, tuple(came), tuple(withdrawn), another)
