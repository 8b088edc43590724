"""How far a calibration can be trusted: what was tried, and what came out."""

from collections.abc import Iterator

from sim.inference.comparators.registry import OPEN_HOURS
from sim.inference.scores import Goal, GoalKind
from sim.inference.validation.held_out import FIT
from sim.inference.validation.prior_predictive import PriorPredictive
from sim.inference.validation.simulation_based_calibration import CONFIDENCE
from sim.inference.validation.validation import (
    ALL,
    COVERAGE_GOALS,
    Validation,
    coverage_by_group,
    goals,
    scores_by_group,
)
from sim.report.calibration import judged
from sim.report.contents import Report, Section
from sim.report.limits import limits_and_repeat
from sim.report.validation_data import validation_data
from sim.report.validation_references import (
    end_totals,
    evidence,
    own_totals,
    references,
)
from sim.report.validation_tables import (
    ablation,
    coverage,
    families,
    inside,
    left_out,
    scores,
    what_typing_is_worth,
    without_convoys,
)
from sim.words import Number, Text, joined, say
from sim.words.inference import named

_HINDSIGHT = say(
    "The scenario is told afterwards: when gates were closed is known to every fit, "
    "to the one without the last days too. `forecast` forgets that. Figures of one "
    "family share what is wrong with them, so what is expected by chance is a guide."
)
_NO_VERDICT = say(
    "No verdict: the figures cannot say which source is right. The evidence also "
    "weighs how much bias a choice leaves to sources; all could be off together. What "
    "is not shown was not learned; the files hold everything."
)
_UNSEEN = (GoalKind.UNSEEN_INSIDE, GoalKind.UNSEEN_BELOW_RATE)


def report_on_validation(done: Validation, *, command: str) -> Report:
    """Return how far a calibration can be trusted.

    Parameters
    ----------
    done : what was tried.
    command : with which to repeat it.
    """
    operation = done.operation
    asked = list(goals(done))
    unseen = [goal for goal in asked if goal.kind in _UNSEEN]
    others = [goal for goal in asked if goal.kind not in _UNSEEN]
    return Report(
        title=say(
            "How far a fit can be trusted: {operation}", operation=operation.operation
        ),
        answer=answer(done),
        sections=(
            Section("trial", say("What was tried"), (_headline(done),)),
            Section(
                "unseen",
                say("Figures that a fit has not seen"),
                (
                    *left_out(done),
                    inside(done),
                    scores(done),
                    *families(done),
                    *(text for goal in unseen for text in _judged(goal, done)),
                    *_by_chance(done.prior_predictive),
                    _HINDSIGHT,
                ),
            ),
            Section(
                "typed-in",
                say("What is typed in and what is worked out"),
                (
                    ablation(done),
                    what_typing_is_worth(done),
                    *without_convoys(done),
                ),
            ),
            Section(
                "whom-to-believe",
                say("Whom to believe"),
                (
                    references(done),
                    *end_totals(done),
                    *own_totals(done),
                    evidence(done),
                    _NO_VERDICT,
                ),
            ),
            Section(
                "made-up",
                say("Made-up records, of which the truth is known"),
                (
                    coverage(done),
                    *(text for goal in others for text in _judged(goal, done)),
                ),
            ),
            *limits_and_repeat(operation, command),
        ),
        data=validation_data(done),
    )


def answer(done: Validation) -> Text:
    """Return how near fits come to what they have not seen, and how sure they are."""
    return joined([*_seen(done), _sureness(done)])


def _seen(done: Validation) -> Iterator[Text]:
    rows = {row.of: row for row in coverage_by_group(done)}
    if ALL in rows:
        yield say(
            "{inside} of {figures} figures that a fit has not seen lie inside its 90 % "
            "intervals; by chance it would be at least {fewest}.",
            inside=Number(rows[ALL].inside),
            figures=Number(rows[ALL].figures),
            fewest=Number(rows[ALL].fewest),
        )
    for row in scores_by_group(done):
        if (row.name, row.of) == ("ARD", ALL):
            fields: dict[str, Text] = {
                "ours": Number(row.scores[FIT], ".2f"),
                "rate": Number(row.scores[OPEN_HOURS], ".2f"),
            }
            if row.scores[FIT] < row.scores[OPEN_HOURS]:
                yield say(
                    "It comes nearer to unseen counts than an open-hours rate: ARD "
                    "{ours} against {rate}.",
                    **fields,
                )
            else:
                yield say(
                    "An open-hours rate comes as near to unseen counts, or nearer: ARD "
                    "{rate} against {ours}.",
                    **fields,
                )


def _sureness(done: Validation) -> Text:
    """Return whether the screen is as sure as it may be on made-up records."""
    found = done.coverage
    *_, most = found.means
    *_, (low, high) = COVERAGE_GOALS
    fields: dict[str, Text] = {
        "sets": Number(found.sets),
        "share": Number(most, ".1%"),
    }
    if most < low:
        return say(
            "The screen is too sure: on {sets} made-up records its 90 % intervals hold "
            "the truth in {share} of cases.",
            **fields,
        )
    if most > high:
        return say(
            "The screen is less sure than it might be: on {sets} made-up records its "
            "90 % intervals hold the truth in {share} of cases.",
            **fields,
        )
    return say(
        "The screen is as sure as it may be: on {sets} made-up records its 90 % "
        "intervals hold the truth in {share} of cases.",
        **fields,
    )


def _headline(done: Validation) -> Text:
    options = done.calibrator.options
    fields: dict[str, Text] = {
        "draws": Number(options.settings.particles),
        "runs": Number(options.pool),
    }
    if options.method == "screen":
        return say("Screens of {draws} draws, {runs} runs.", **fields)
    return say("Tempered fits of {draws} draws, {runs} runs.", **fields)


def _judged(goal: Goal, done: Validation) -> Iterator[Text]:
    """Return whether a goal was reached, and what else there is to say of it."""
    yield judged(goal, _asked(goal, done))
    match goal.kind:
        case GoalKind.UNSEEN_INSIDE:
            for row in coverage_by_group(done):
                if row.of == goal.of and row.misses:
                    names = joined(row.misses, ", ")
                    yield say(
                        "Missed without {of}: {names}.", of=named(row.of), names=names
                    )
        case GoalKind.RANKS_IN_BAND:
            if outside := [row.name for row in done.coverage.outside]:
                names = joined(outside, ", ")
                yield say("Leaving the band: {names}.", names=names)
        case GoalKind.NEAR_TEMPERED:
            yield from _too_far(done)


def _asked(goal: Goal, done: Validation) -> Text:
    """Return what the project asks for, with what came out."""
    coverage = done.coverage
    value = Number(goal.value, ".2f")
    match goal.kind:
        case GoalKind.UNSEEN_INSIDE:
            (row,) = (row for row in coverage_by_group(done) if row.of == goal.of)
            return say(
                "without {of}, {inside} of {figures} unseen figures inside 90 %, at "
                "least {fewest}",
                of=named(row.of),
                inside=Number(row.inside),
                figures=Number(row.figures),
                fewest=Number(row.fewest),
            )
        case GoalKind.UNSEEN_BELOW_RATE:
            return say(
                "ARD of unseen counts {value}, below that of an open-hours rate "
                "({rate})",
                value=value,
                rate=Number(goal.most, ".2f"),
            )
        case GoalKind.INTERVALS_COVER:
            return say(
                "on {sets} made-up records the {level} intervals hold the truth in "
                "{share} of cases, between {least} and {most}",
                sets=Number(coverage.sets),
                level=goal.of,
                share=Number(goal.value, ".1%"),
                least=Number(goal.least, ".0%"),
                most=Number(goal.most, ".0%"),
            )
        case GoalKind.RANKS_IN_BAND:
            return say(
                "ranks of all {targets} targets within their {confidence} band",
                targets=Number(len(coverage.targets)),
                confidence=Number(CONFIDENCE, ".0%"),
            )
    return say(
        "means of what was learned {value} standard deviations from those of the "
        "tempered fit in the file, at most {most}",
        value=value,
        most=Number(goal.most, "g"),
    )


def _by_chance(luck: PriorPredictive | None) -> Iterator[Text]:
    """Return what to make of it that a fit is further off than a simple rate."""
    if luck is None:
        return
    far = luck.times(OPEN_HOURS)
    yield say(
        "Of {records} records made up on runs, about which the model is right, a fit "
        "is further off than an open-hours rate in {further} for families left out; "
        "{far} times as far or more, as here, in {as_far}.",
        records=Number(len(luck.made_up)),
        further=Number(luck.share(OPEN_HOURS, 1.0), ".0%"),
        far=Number(far, ".2f"),
        as_far=Number(luck.share(OPEN_HOURS, far), ".0%"),
    )


def _too_far(done: Validation) -> Iterator[Text]:
    quick = done.calibrator.options.method == "screen"
    for row in done.distances:
        if not row.too_far:
            continue
        fields: dict[str, Text] = {"name": row.name, "apart": Number(row.apart, "+.2f")}
        if quick:
            yield say(
                "{name}: {apart} standard deviations from the tempered fit in the "
                "file; trust that one.",
                **fields,
            )
        else:
            yield say(
                "{name}: {apart} standard deviations from the tempered fit in the "
                "file; one of them needs more particles or moves.",
                **fields,
            )
