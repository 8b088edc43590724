"""What a fit to the documented figures reaches, and what it misses."""

from collections.abc import Iterator

from sim.inference.calibration.goodness_of_fit import (
    COUNTS,
    SKILL,
    GoodnessOfFit,
    goals,
)
from sim.inference.calibration.posterior_predictive import LEVEL
from sim.inference.calibration.relative_difference import EVERYWHERE
from sim.inference.scores import Goal, GoalKind, fewest_inside
from sim.report.calibration_data import BAND, calibration_data
from sim.report.calibration_tables import (
    figures,
    parameters,
    ridge,
    scores,
    sources,
)
from sim.report.contents import Part, Report, Section
from sim.report.limits import BANDS, limits_and_repeat
from sim.words import Number, Text, joined, say

_COVERS_TOO = say(
    "The bare prior covers too: that figures are inside says little by itself, so look "
    "at the skill beside it."
)
_NO_VERDICT = say(
    "A factor is how far a source lies from the runs, not how far it is wrong. No "
    "source is judged right: all could be off together and nothing would show."
)


def report_on_calibration(good: GoodnessOfFit, *, command: str) -> Report:
    """Return what a fit reaches.

    Parameters
    ----------
    good : the fit, and everything that is said about it.
    command : with which to repeat it.
    """
    operation = good.fit.ready.operation
    return Report(
        title=say("A fit to the record: {operation}", operation=operation.operation),
        answer=answer(good),
        sections=(
            Section("fit", say("What was fitted"), (_headline(good),)),
            Section(
                "record",
                say("The documented figures"),
                (figures(good), _inside(good), *_left_out(good)),
            ),
            Section(
                "unknowns",
                say("What is not known"),
                (*parameters(good), *ridge(good)),
            ),
            Section("factors", say("The sources"), tuple(_factors(good))),
            Section(
                "goals",
                say("How good the fit is"),
                (
                    scores(good),
                    *(judged(goal, _asked(goal, good)) for goal in goals(good)),
                ),
            ),
            *limits_and_repeat(operation, command),
        ),
        data=calibration_data(good),
    )


def answer(good: GoodnessOfFit) -> Text:
    """Return how many figures and goals a fit reaches, and what it rests on."""
    asked = list(goals(good))
    reached = say(
        "{reached} of {asked} goals are reached, and {inside} of {figures} documented "
        "figures lie inside their 90 % interval (of the bare prior: {prior}).",
        reached=Number(sum(goal.reached for goal in asked)),
        asked=Number(len(asked)),
        inside=Number(sum(row.inside for row in good.predictions.after)),
        figures=Number(len(good.predictions.after)),
        prior=Number(sum(row.inside for row in good.predictions.before)),
    )
    return joined([reached, _learned(good)])


def _learned(good: GoodnessOfFit) -> Text:
    """Return of how much the record says something, and how surely that is known."""
    fields: dict[str, Text] = {
        "learned": Number(len(good.learned)),
        "parameters": Number(len(good.parameters)),
    }
    if not good.seeds:
        return say(
            "The record says something about {learned} of {parameters} parameters, as "
            "far as a screen can tell: a quick look, a little too wide.",
            **fields,
        )
    return say(
        "The record says something about {learned} of {parameters} parameters, from "
        "draws worth at least {worth} independent ones.",
        worth=Number(sum(row.effective for row in good.seeds)),
        **fields,
    )


def _headline(good: GoodnessOfFit) -> Text:
    fit = good.fit
    if fit.task.reference:
        said = say(
            "{families} taken at its word, by your choice.",
            families=joined(fit.task.reference, ", "),
        )
    else:
        said = say("All sources pooled, each with a bias of its own.")
    draws = Number(len(fit.points))
    if good.seeds:
        how = say(
            "A fit: {draws} draws from {seeds} seeds and {runs} runs, worth at least "
            "{worth} independent ones.",
            draws=draws,
            seeds=Number(len(good.seeds)),
            runs=Number(sum(row.runs for row in good.seeds)),
            worth=Number(sum(row.effective for row in good.seeds)),
        )
    else:
        runs = Number(fit.options.pool)
        how = say("A screen: {draws} draws from {runs} runs.", draws=draws, runs=runs)
    return joined([how, said, BANDS[BAND]])


def _inside(good: GoodnessOfFit) -> Text:
    """Return how many figures lie inside, and which do not."""
    rows = good.predictions.after
    missed = [f"{r.claim.name} ({r.claim.family})" for r in rows if not r.inside]
    inside = say(
        "{inside} of {figures} figures lie inside their 90 % interval; by chance it "
        "would be at least {fewest}.",
        inside=Number(len(rows) - len(missed)),
        figures=Number(len(rows)),
        fewest=Number(fewest_inside(len(rows), LEVEL)),
    )
    outside = say("Outside: {names}.", names=joined(missed, ", ")) if missed else None
    return joined([inside, _COVERS_TOO, outside])


def _left_out(good: GoodnessOfFit) -> Iterator[Text]:
    for figure, why in good.fit.ready.record.left_out.items():
        yield say("{figure} is left out: it {why}.", figure=figure, why=why)


def _factors(good: GoodnessOfFit) -> Iterator[Part]:
    """Return how far sources lie from the runs; of moments nobody has a factor."""
    if not good.sources:
        yield say("No family has a factor: all figures that were fitted are moments.")
        return
    yield sources(good)
    yield _NO_VERDICT


def judged(goal: Goal, asked: Text) -> Text:
    """Return whether a goal is reached, and what it asks for."""
    if goal.reached:
        return say("Reached: {asked}.", asked=asked)
    return say("Not reached: {asked}.", asked=asked)


def _asked(goal: Goal, good: GoodnessOfFit) -> Text:
    value = Number(goal.value, ".2f")
    match goal.kind:
        case GoalKind.FIGURES_INSIDE:
            return say(
                "{inside} of {figures} figures inside 90 %, at least {fewest} (the "
                "bare prior: {prior})",
                inside=Number(goal.value),
                fewest=Number(goal.least),
                figures=Number(len(good.predictions.after)),
                prior=Number(sum(row.inside for row in good.predictions.before)),
            )
        case GoalKind.SKILL:
            return say(
                "CRPS skill over the prior {value} on counts, above 0 (whoever knew "
                "the run and nothing of the sources could expect {floor})",
                value=value,
                floor=Number(good.score(SKILL, COUNTS).floor, ".2f"),
            )
        case GoalKind.LAST_ARRIVAL:
            return _last_arrival(goal)
        case GoalKind.SEEDS_AGREE:
            return _seeds_apart(goal)
    return _difference(goal, good)


def _seeds_apart(goal: Goal) -> Text:
    fields: dict[str, Text] = {
        "apart": Number(goal.value, ".2f"),
        "most": Number(goal.most, "g"),
    }
    if goal.of == "learned":
        return say(
            "seeds at most {apart} standard deviations apart on parameters that were "
            "learned, at most {most}",
            **fields,
        )
    return say(
        "seeds at most {apart} standard deviations apart on all parameters, at most "
        "{most}",
        **fields,
    )


def _last_arrival(goal: Goal) -> Text:
    fields: dict[str, Text] = {
        "hours": Number(abs(goal.value), ".1f"),
        "figure": goal.of,
        "most": Number(goal.most, ".1f"),
    }
    if goal.value > 0:
        return say(
            "last arrival {hours} h after the documented one ({figure}), at most "
            "{most} h",
            **fields,
        )
    return say(
        "last arrival {hours} h before the documented one ({figure}), at most {most} h",
        **fields,
    )


def _difference(goal: Goal, good: GoodnessOfFit) -> Text:
    """Return what is asked of the averaged relative difference."""
    fields: dict[str, Text] = {
        "value": Number(goal.value, ".2f"),
        "most": Number(goal.most, ".2f"),
        "floor": Number(good.score("ARD", EVERYWHERE).floor, ".2f"),
        "free": Number(good.score("ARD", EVERYWHERE).free_floor, ".2f"),
    }
    match goal.kind:
        case GoalKind.MEDIAN_BELOW_PRIOR:
            return say(
                "ARD {value} of the median run, below that of the bare prior ({most}; "
                "the least that the sources allow is {floor} at the middle of vague "
                "hours, {free} at any of them)",
                **fields,
            )
        case GoalKind.NEAREST_BELOW_PRIOR:
            return say(
                "ARD {value} of the nearest draw, which the record chooses, below that "
                "of as many of the bare prior ({most}; the least is {floor})",
                **fields,
            )
    return say(
        "ARD {value} of the median run, below that of the best constant rate in "
        "hindsight ({most}; the least is {floor})",
        **fields,
    )
