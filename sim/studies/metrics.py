"""Metrics that somebody asks for by name, and how well they are to be known."""

from collections.abc import Iterable, Sequence

from sim.errors import OptionError, RunError
from sim.experiment import Study
from sim.experiment.compare import chosen
from sim.experiment.runner import AllFailedError, run_study
from sim.metrics.moments import AT, STOCKS, at_moment
from sim.metrics.registry import METRICS, metric_of
from sim.registry import UnknownNameError
from sim.scenario import Operation
from sim.scenario.problems import RefusedError, hint, with_remedy
from sim.statistics.precision import PrecisionTarget, StoppingRule
from sim.studies.options import Amount
from sim.words import Text, joined, say

FIRST = 60
"""Runs before the first look."""
MOST = 1_000
"""Runs, if nobody says how many are the most."""


def tried(
    operation: Operation, amount: Amount, at_moments: Sequence[str] = ()
) -> Study:
    """Return a study of one run, to see which metrics there are before all are run.

    Parameters
    ----------
    at_moments : metrics at a moment, from `moments_in`.

    Raises
    ------
    RunError
        If it fails.
    """
    try:
        return run_study(
            operation,
            seed=amount.root,
            replications=1,
            band=amount.band,
            per_draw=amount.per_draw,
            at_moments=at_moments,
        )
    except AllFailedError as error:
        raise RunError(f"the first run to see what is measured: {error}") from error


def checked_metric(name: str, option: str = "metric") -> str:
    """Return the name of a metric, whatever it is given for.

    Raises
    ------
    OptionError
        If there is none.
    """
    try:
        metric_of(name)
    except UnknownNameError as error:
        base = name.partition("/")[0].removesuffix(AT)
        if base in STOCKS:
            sentence: Text = say(
                "'{base}' is counted at a moment. Write for example {example}.",
                base=base,
                example=f"{base}{AT}2016-12-19T08:00",
            )
        else:
            sentence = no_metric(name, (*METRICS, *error.args[2]))
        raise OptionError(option, sentence) from error
    return name


def moments_in(
    names: Iterable[str], operations: Iterable[Operation], option: str = "metric"
) -> tuple[str, ...]:
    """Return the metrics at a moment among some, without what they are given for.

    Parameters
    ----------
    names : of metrics that there are.
    operations : in all of which the moments must lie.
    option : that they were given with.

    Raises
    ------
    OptionError
        If there is no such moment.
    """
    asked = {name.partition("/")[0]: at_moment(name) for name in names}
    found = {name: each for name, each in asked.items() if each is not None}
    for operation in operations:
        for name, each in found.items():
            _check_moment(name, each.moment, operation, option)
    return tuple(found)


def _check_moment(name: str, moment: str, operation: Operation, option: str) -> None:
    """Check that a moment is one of an operation.

    Raises
    ------
    OptionError
        If it is not.
    """
    clock, ends = operation.clock, operation.ends
    try:
        second = clock.seconds(moment)
    except RefusedError as error:
        told = joined((name, with_remedy(*error.args)), ": ")
        raise OptionError(option, told) from error
    if not 0 <= second <= ends:
        raise OptionError(
            option,
            say(
                "{name}: the operation runs from {start} to {end}. Name a moment of "
                "it.",
                name=name,
                start=clock.text(0),
                end=clock.text(ends),
            ),
        )


def names_in(
    study: Study, names: Sequence[str], option: str = "metric"
) -> tuple[str, ...]:
    """Return the full names of metrics; of no names, the usual ones.

    Parameters
    ----------
    study : some runs that have them.
    names : full ones, or those of `METRICS` for all that they are given for.
    option : that they were given with.

    Raises
    ------
    OptionError
        If the runs do not have a metric.
    """
    try:
        return chosen(study, names)
    except ValueError as error:
        (name,) = error.args
        sentence = no_metric(name, study.layout.metrics)
        raise OptionError(option, sentence) from error


def no_metric(name: str, known: Iterable[str]) -> Text:
    """Return a sentence on a metric that there is not."""
    return joined((say("there is no metric '{name}'.", name=name), hint(name, known)))


def precise(text: str) -> PrecisionTarget:
    """Return how well a metric is to be known, as `t100/some-site=0.5` says it.

    Raises
    ------
    OptionError
        If it cannot be read, or there is no such metric.
    """
    metric, sign, width = (part.strip() for part in text.partition("="))
    percent = width.endswith("%")
    try:
        number = float(width.removesuffix("%"))
        target = PrecisionTarget(metric, number, percent) if sign else None
    except ValueError:
        target = None
    if target is None:
        raise OptionError(
            "until",
            say(
                "'{text}' is not a metric and a width above 0. Write for example "
                "'t100/east-aleppo=0.5' or 'waiting=2%'.",
                text=text,
            ),
        )
    checked_metric(metric, "until")
    return target


def rule_of(texts: Sequence[str], most: int, study: Study) -> StoppingRule:
    """Return the rule that says when to stop.

    Parameters
    ----------
    texts : as written.
    most : runs.
    study : some runs, from which full names of metrics are taken.

    Raises
    ------
    OptionError
        If the runs do not have a metric.
    """
    targets: list[PrecisionTarget] = []
    for target in map(precise, texts):
        names = names_in(study, [target.metric], "until")
        targets += [
            PrecisionTarget(name, target.most, target.percent) for name in names
        ]
    return StoppingRule(tuple(targets), first=FIRST, most=most)
