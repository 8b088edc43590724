"""What to expect as of a moment, or how good that was from one moment to the next."""

from datetime import datetime
from functools import partial

from sim.errors import OptionError
from sim.experiment.work import in_order
from sim.inference.forecast.forecast import Effort, Forecast
from sim.inference.forecast.pooled import pooled_forecast, runs_of
from sim.inference.forecast.rolling_origin import half_days, rolling_scores
from sim.inference.forecast.task import known_at
from sim.inference.keeper import Keeper
from sim.report.ahead import end_of
from sim.report.forecast import report_on_forecast
from sim.report.limits import LIMITS, NOT_FOR
from sim.report.rolling import report_on_rolling
from sim.scenario import resolved_yaml, scenario_hash
from sim.studies.cases import Scenario, opened
from sim.studies.consent import agreed, ahead_of, heard
from sim.studies.options import Amount, checked_pdf
from sim.studies.outcome import Outcome
from sim.studies.plan import Arm, StudyPlan
from sim.studies.told import NOBODY, Caller
from sim.studies.unfinished import Underway
from sim.studies.work import Work
from sim.words import Words, joined, say

_FEWEST = {"pool": 200, "draws": 20}
"""Fewer teach too little, or show no tails."""


def planned(
    scenario: Scenario,
    moment: datetime | None,
    *,
    pool: int = 1_500,
    draws: int = 300,
    seed: int | None = None,
    consent: bool = False,
    pdf: bool = False,
    caller: Caller = NOBODY,
) -> StudyPlan:
    """Return the plan of a forecast, or of forecasts that are scored.

    Parameters
    ----------
    scenario : a file, or a name in the folder scenarios.
    moment : local time; nothing is used that was published later. None for every
        morning and evening, each scored beside comparators.
    pool : runs for each forecast, of which those that fit the figures are gone on from.
    draws : that each forecast rests on.
    seed : root of all random numbers; None for the usual one.
    consent : whether whoever asks has agreed not to route or time vehicles by what
        lies ahead.
    pdf : whether to write the brief as PDF as well.
    caller : who asks.

    Raises
    ------
    OptionError
        If there are too few runs, nothing by which forecasts could be scored, or dates
        lie ahead and nobody has agreed to what that cannot be used for.
    ScenarioError, EvidenceError
        If anything in the scenario or its evidence is wrong, or nothing was known.
    """
    check_enough(pool, draws)
    if pdf and moment is None:
        raise OptionError("pdf", say("forecasts that are scored have no brief."))
    case = opened(scenario, caller.tell)
    moments = [moment] if moment else half_days(case.operation, case.figures)
    if not moments:
        raise OptionError(
            "rolling",
            say(
                "{case} has no documented arrivals after any morning or evening from "
                "which there is anything to forecast. Name a moment with --as-of.",
                case=case.name,
            ),
        )
    # What is refused is told before anything is run.
    then = [known_at(case.operation, case.figures, each)[0] for each in moments]
    effort = Effort(pool, draws)
    amount = Amount(effort.runs, seed, fitted=True)
    runs = effort.runs * len(moments)
    if moment:
        runs = runs_of(case.operation, case.figures, moment, effort)
    options = {
        "as_of": moment and written_moment(moment),
        "consent": consent,
        "pdf": checked_pdf(pdf),
        "shows_until": max(end_of(each.operation) for each in then).isoformat(),
        "pool": pool,
        "draws": draws,
    }
    title = f"{'forecast' if moment else 'rolling'}-{case.name}"
    arms = [Arm(*case)]
    plan = StudyPlan.of(
        "forecast", arms, amount, options, caller, title=title, runs=runs
    )
    agreed(ahead_of(plan))
    return heard(plan, caller.tell)


def check_enough(pool: int, draws: int) -> None:
    """Refuse what rests on too few runs.

    Raises
    ------
    OptionError
        If it does.
    """
    for name, number in (("pool", pool), ("draws", draws)):
        if number < _FEWEST[name]:
            sentence = say(
                "a forecast takes at least {fewest}, got {number}.",
                fewest=_FEWEST[name],
                number=number,
            )
            raise OptionError(name, sentence)


def outcome(study: Underway, work: Work) -> Outcome:
    """Run what is missing; return what is expected, or how good such forecasts are."""
    moment = study.plan.options["as_of"]
    if moment is None:
        return _rolling(study, work)
    return _single(study, work, datetime.fromisoformat(moment))


def _single(study: Underway, work: Work, moment: datetime) -> Outcome:
    plan = study.plan
    (arm,) = plan.arms
    made = pooled_forecast(
        *(arm.operation, arm.figures, moment, effort_of(plan)),
        *(keeper_of(study, work), work.progress(say("runs"), plan.runs)),
    )
    then = made.then.operation
    return Outcome(
        report_on_forecast(made, arm.operation, command=plan.typed),
        made,
        facts={
            **facts_of_effort(plan),
            "scenario_sha256": scenario_hash(then),
            "made_from_sha256": scenario_hash(arm.operation),
            "figures_used": made.known,
            **facts_of_choices(made),
        },
        files={"scenario.yaml": resolved_yaml(then)},
        whole=plan.runs,
    )


def facts_of_choices(made: Forecast) -> dict[str, object]:
    """Return whom a forecast follows, by site, and the weights in its pool."""
    return {
        "follows": {choice.site: choice.shipped for choice in made.followed},
        "weights": dict(made.followed[0].weights) if made.followed else {},
    }


def _rolling(study: Underway, work: Work) -> Outcome:
    plan = study.plan
    (arm,) = plan.arms
    moments = half_days(arm.operation, arm.figures)
    scores = rolling_scores(
        *(arm.operation, arm.figures, moments, effort_of(plan)),
        *(keeper_of(study, work), work.progress(say("runs"), plan.runs)),
    )
    return Outcome(
        report_on_rolling(scores, arm.operation, command=plan.typed),
        scores,
        facts=facts_of_effort(plan),
        files={"scenario.yaml": resolved_yaml(arm.operation)},
        whole=plan.runs,
    )


def written_moment(moment: datetime) -> str:
    """Return a local moment as options and run.json have it."""
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def effort_of(plan: StudyPlan) -> Effort:
    """Return how much a plan has run for each forecast."""
    return Effort(plan.options["pool"], plan.options["draws"], seed=plan.seed)


def keeper_of(study: Underway, work: Work) -> Keeper:
    """Return where runs of a forecast are made, and kept meanwhile."""
    mapper = partial(in_order, work.pool)
    return Keeper(study.answers, mapper, study.plan.digest)


def facts_of_effort(plan: StudyPlan) -> dict[str, object]:
    """Return what run.json says of how a forecast was made."""
    return {
        "as_of": plan.options["as_of"],
        "pool": plan.options["pool"],
        "draws": plan.options["draws"],
        "limits_of_use": Words().of(joined([NOT_FOR, LIMITS])),
    }
