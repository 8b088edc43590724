"""What a meeting needs on one page: of many runs, of a comparison, of a forecast."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from sim.experiment import Comparison, Study
from sim.experiment.bands import Bands, band_of
from sim.experiment.compare import Row
from sim.experiment.rows import Numbers
from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.quantiles import curve_quantiles
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.obstacles import of_obstacle
from sim.report.contents import Brief, Column, Picture, Table, table
from sim.report.headlines import dates
from sim.report.likelihood import SCALE, likelihood
from sim.report.limits import BANDS, LIMITS, NOT_FOR, how_to_repeat
from sim.report.typed_in import given_in_short
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Number, Text, count, joined, levels, moment, say, say_many, share

_MOST_CAUSES, _MOST_LINES = 3, 3
_MOST_NAMED = 4
_SHORT = 12
"""First signs of a hash that a brief has room for."""


def brief_of_run(bands: Bands, answer: Text, *, command: str) -> Brief:
    """Return what many runs of a scenario say, on one page.

    Parameters
    ----------
    bands : of the runs.
    answer : in a sentence or two.
    command : with which to repeat it.
    """
    study = bands.study
    operation = study.operation
    site = next(iter(bands.leaving), None)
    return Brief(
        operation.operation,
        _question(operation, site),
        answer,
        (*_most_arrived(bands), *_all_arrived(bands), BANDS[study.band], SCALE),
        _curve(bands),
        _causes([(say("person-hours"), study)]),
        (given_in_short(operation), *_by_agreements(operation)),
        (LIMITS,),
        how_to_repeat(operation, command, signs=_SHORT),
    )


def brief_of_comparison(
    comparison: Comparison, answer: Text, row: Row | None, *, command: str
) -> Brief:
    """Return what variants change, on one page.

    Parameters
    ----------
    comparison : of variants with their base.
    answer : in a sentence or two.
    row : the change that is asked for first; None if nothing changes.
    command : with which to repeat it.
    """
    base = comparison.base.study
    operation = base.operation
    place = row.variant if row else 0
    name, variant = comparison.variants[place]
    others = [study.operation for _, study in comparison.variants]
    return Brief(
        say("Base: {operation}", operation=operation.operation),
        say_many(
            "What does {variants} change?",
            "What do {count} variants change, as {variants}?",
            len(comparison.variants),
            variants=joined(
                [each.name for each in comparison.variants][:_MOST_NAMED], ", "
            ),
        ),
        answer,
        (*_how_often_worse(row), BANDS[base.band], SCALE),
        _curves_beside([(comparison.base.name, base), (name, variant)], row),
        _causes([(comparison.base.name, base), (name, variant)]),
        (
            say("Base and variant share their luck, run by run."),
            given_in_short(operation),
        ),
        (LIMITS,),
        how_to_repeat(operation, command, *others, signs=_SHORT),
    )


def brief_of_forecast(
    made: Forecast, operation: Operation, answer: Text, *, command: str
) -> Brief:
    """Return what is expected after a moment, on one page.

    Parameters
    ----------
    made : the forecast.
    operation : from which it was made.
    answer : in a sentence or two.
    command : with which to repeat it.
    """
    then, clock = made.then, made.then.operation.clock
    when = moment(clock, then.moment_s)
    done = made.done_h(made.largest)
    site = of_site(then.operation, made.largest)
    return Brief(
        operation.operation,
        say(
            "As of {when}: when will the people of {site} have arrived?",
            when=when,
            site=site,
        ),
        answer,
        (
            _chance_of(
                say(
                    "All people of {site} have arrived in the {days} days that are run",
                    site=site,
                    days=Number(made.days_run),
                ),
                int(np.isfinite(done).sum()),
                len(done),
            ),
            say("Bands show knowledge and chance: both what is not known and luck."),
            SCALE,
        ),
        _fan(made),
        None,
        (
            say_many(
                "Nothing published after {when} is used; {count} thing that was not "
                "known then is forgotten and drawn from averages.",
                "Nothing published after {when} is used; {count} things that were not "
                "known then are forgotten and drawn from averages.",
                len(then.changes),
                when=when,
            ),
            given_in_short(operation),
        ),
        (NOT_FOR, LIMITS),
        how_to_repeat(operation, command, signs=_SHORT),
    )


def _question(operation: Operation, site: str | None) -> Text:
    if site is None:
        return say("Who leaves, and when have they arrived?")
    return say(
        "When have the people of {site} arrived, and what do they wait for?",
        site=of_site(operation, site),
    )


def _chance_of(what: Text, some: int, runs: int) -> Text:
    return say("{what}: {likelihood}.", what=what, likelihood=likelihood(some, runs))


def _most_arrived(bands: Bands) -> Sequence[Text]:
    """Return when 90 % of the people of the first site have arrived, if they do."""
    if not bands.leaving:
        return ()
    site = bands.leaving[0]
    band = bands.metrics[f"t90/{site}"]
    if not isfinite(band.p95):
        return ()
    said = say_many(
        "90 % of the people of {site} have arrived by {middle}.",
        "90 % of the people of {site} have arrived by {middle} in half of the runs, in "
        "9 of 10 between {low} and {high}.",
        len(bands.study.runs),
        site=of_site(bands.study.operation, site),
        **dates(bands, band),
    )
    return (said,)


def _all_arrived(bands: Bands) -> Sequence[Text]:
    """Return how likely it is that all have arrived by the end, and between when."""
    study, runs = bands.study, len(bands.study.runs)
    clock = study.operation.clock
    if not bands.leaving:
        return ()
    site = bands.leaving[0]
    found = [
        _chance_of(
            say(
                "All people of {site} who are accounted for have arrived by the end, "
                "{ends}",
                site=of_site(study.operation, site),
                ends=moment(clock, study.operation.ends),
            ),
            bands.metrics[f"t100/{site}"].n,
            runs,
        )
    ]
    if len(bands.leaving) > 1:
        whole = bands.metrics[f"t100/{ALL_SITES}"].n
        found.append(
            _chance_of(
                say("All people of all sites have arrived by the end"), whole, runs
            )
        )
    return found


def _how_often_worse(row: Row | None) -> Sequence[Text]:
    """Return how likely it is that a variant is worse all the same."""
    if row is None or row.worse is None:
        return ()
    worse = say("The variant is worse than the base under the same luck")
    return (_chance_of(worse, row.worse, row.all),)


def _causes(studies: Sequence[tuple[Text, Study]]) -> Table | None:
    """Return what was waited for most, by name, in the first study; others beside it.

    None if nobody waits.
    """
    (_, first), *_ = studies
    held = [study.held for _, study in studies]
    whole = [float(sum(of.mean() for of in each.values())) for each in held]
    rows = []
    for obstacle in [*held[0]][:_MOST_CAUSES]:
        cells: list[Text] = [of_obstacle(obstacle, first.operation)]
        for (_, study), each, all_of_it in zip(studies, held, whole, strict=True):
            nobody = np.zeros(len(study.replications))
            band = band_of(each.get(obstacle, nobody) / SECONDS_PER_HOUR)
            cells.append(levels(count(band.p5), count(band.median), count(band.p95)))
            hours = all_of_it / SECONDS_PER_HOUR
            cells.append(share(band.mean / hours) if hours else None)
        rows.append(tuple(cells))
    if not rows:
        return None
    columns = [Column(say("waiting for"))]
    for name, _ in studies:
        columns += [Column(name, number=True), Column(say("share"), number=True)]
    return table(
        say("Causes of delay"),
        say("Causes of delay: the largest drivers, in person-hours of waiting"),
        columns,
        rows,
    )


def _by_agreements(operation: Operation) -> Sequence[Text]:
    """Return that dates and terms of agreements and stoppages are those of the file."""
    return (
        say(
            "Terms of agreements ({agreements}) and times of stoppages ({stoppages}) "
            "are those of the scenario; what parties may do otherwise is not in it.",
            agreements=Number(len(operation.agreements)),
            stoppages=Number(len(operation.stoppages)),
        ),
    )


def _curve(bands: Bands) -> Picture | None:
    """Return the curves of the sites with most people; None if nobody is to leave."""
    sites = bands.leaving[:_MOST_LINES]
    if not sites:
        return None
    study = bands.study
    shown = [bands.curves[site] for site in sites]
    ends = [bands.metrics[f"arrived/{site}"].median for site in sites]
    names = _named(study.operation, sites)
    return _picture(study.operation, names, study.grid_s, shown, ends)


def _curves_beside(
    studies: Sequence[tuple[str, Study]], row: Row | None
) -> Picture | None:
    """Return the curves of one site in a base and in a variant of it."""
    (_, base), *_ = studies
    bands = [Bands(study) for _, study in studies]
    asked = row.metric.partition("/")[2] if row else ""
    site = asked if asked in bands[0].leaving else next(iter(bands[0].leaving), "")
    if not site or any(site not in each.curves for each in bands):
        return None
    shortest = min(len(study.grid_s) for _, study in studies)
    shown = [each.curves[site][:, :shortest] for each in bands]
    ends = [each.metrics[f"arrived/{site}"].median for each in bands]
    names = [(name, name) for name, _ in studies]
    return _picture(base.operation, names, base.grid_s[:shortest], shown, ends, of=site)


def _fan(made: Forecast) -> Picture | None:
    curves = curve_quantiles(made)
    operation = made.then.operation
    sites = sorted(curves, key=lambda site: -float(curves[site][-1].max()))
    shown = sites[:_MOST_LINES]
    return _picture(
        operation,
        _named(operation, shown),
        np.array(made.grid_s),
        [curves[site][[0, 2, 4]] for site in shown],
        [float(curves[site][2, -1]) for site in shown],
        moment_s=made.then.moment_s,
    )


def _named(operation: Operation, sites: Sequence[str]) -> list[tuple[str, str]]:
    """Return what readers call sites, and their keys."""
    return [(of_site(operation, site), site) for site in sites]


def _picture(
    operation: Operation,
    names: Sequence[tuple[str, str]],
    times_s: Numbers,
    curves: Sequence[Numbers],
    ends: Sequence[float],
    *,
    of: str = "",
    moment_s: int | None = None,
) -> Picture:
    by_the_end: list[Text] = [
        say("{name}: {people}", name=name, people=count(people))
        for (name, _), people in zip(names, ends, strict=True)
        if isfinite(people)
    ]
    told = joined(by_the_end, "; ")
    title = (
        say("People of {site} arrived, median and band", site=of_site(operation, of))
        if of
        else say("People arrived, by site of origin, median and band")
    )
    return Picture(
        "brief",
        title,
        joined(
            [
                say("{title}. By the end: {people}.", title=title, people=told),
                None
                if moment_s is None
                else say("The upright line is the moment of the forecast."),
            ]
        ),
        (operation, names, times_s, tuple(curves), moment_s),
    )
