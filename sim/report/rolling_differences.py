"""What differences of scores say: how sure they are, and what the convoys add."""

from collections.abc import Iterator, Sequence
from math import isnan

from sim.inference.comparators.registry import COMPARATORS
from sim.inference.forecast.forecasters import SIMULATION
from sim.inference.forecast.rolling_origin import CHOSEN, SHIPPED, apart, compared
from sim.inference.forecast.rolling_score import RollingScore
from sim.inference.scores import PairedDifference, fewest_inside
from sim.words import Number, Text, say, share
from sim.words.inference import named


def convoys(scores: Sequence[RollingScore]) -> Text:
    """Return whether the convoys of the simulation add anything to a forecast.

    Parameters
    ----------
    scores : of one site.
    """
    means = [row for row in compared(scores) if row.forecaster in COMPARATORS]
    best = means[0].forecaster
    found = apart(scores, SIMULATION, best)
    fields: dict[str, Text] = {"name": named(best), **_difference(found)}
    if found.high < 0:
        return say(
            "The convoys add to the forecast: the simulation is nearer than the best "
            "comparator in hindsight ({name}) by {apart} [{low}, {high}].",
            **fields,
        )
    if found.mean > 0:
        return say(
            "The convoys add nothing to the forecast here: the best comparator in "
            "hindsight ({name}) is nearer than the simulation; the difference is "
            "{apart} [{low}, {high}].",
            **fields,
        )
    return say(
        "It is not shown that the convoys add to the forecast: the simulation less the "
        "best comparator in hindsight ({name}) is {apart} [{low}, {high}].",
        **fields,
    )


def inside(scores: Sequence[RollingScore]) -> Text:
    """Return how many later figures lie inside the intervals of what is shipped."""
    own = [row for row in scores if row.forecaster == SHIPPED]
    figures = sum(row.figures for row in own)
    half = round(sum(row.inside_50 * row.figures for row in own))
    (mean,) = (row for row in compared(scores) if row.forecaster == SHIPPED)
    return say(
        "Of {figures} later figures, many of them foretold from several moments, "
        "{half} lie inside the 50 % intervals of what is shipped, by chance at least "
        "{fewest} would; {most} inside those of 90 %, which are {people} people wide "
        "on average.",
        figures=Number(figures),
        half=Number(half),
        fewest=Number(fewest_inside(figures, 0.5)),
        most=share(mean.inside_90),
        people=Number(mean.width_90),
    )


def differences(scores: Sequence[RollingScore]) -> Iterator[Text]:
    """Yield how far what is shipped is from two comparators, and how sure that is."""
    best = next(r.forecaster for r in compared(scores) if r.forecaster in COMPARATORS)
    yield say(
        "What is shipped less the comparator chosen before: {apart} [{low}, {high}].",
        **_difference(apart(scores, SHIPPED, CHOSEN)),
    )
    yield say(
        "What is shipped less the best in hindsight, {name}: {apart} [{low}, {high}].",
        name=named(best),
        **_difference(apart(scores, SHIPPED, best)),
    )


def _difference(found: PairedDifference) -> dict[str, Text]:
    ends = {"low": found.low, "high": found.high}
    return {
        "apart": Number(found.mean, "+.2f"),
        **{
            name: say("not known") if isnan(value) else Number(value, "+.2f")
            for name, value in ends.items()
        },
    }
