"""What many runs of one scenario say."""

from collections.abc import Callable, Iterator
from math import isfinite

from sim.events import RunLog
from sim.experiment import Study
from sim.experiment.bands import Band, Bands
from sim.registry import Registry
from sim.report.contents import READERS, WORKBOOK, Picture, Report, Section
from sim.report.documented import counts_inside, documented
from sim.report.headlines import of_run
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.log_data import events_data, vehicles_data
from sim.report.pictures import curves, days, throughput, waiting
from sim.report.run_data import failures_data, precision_data, run_data
from sim.report.run_tables import arrivals, events, known_shares, precision
from sim.report.story import story
from sim.report.typical_run import exchange, gates, timespace
from sim.report.unsourced import unsourced
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.statistics.precision import Look
from sim.words import Number, Text, count, joined, moment, say, say_many

RUN_PICTURES: Registry[Callable[[Study, RunLog], Picture | None]] = Registry("picture")
"""Pictures that a program adds to every run, from all runs and the log of the typical
one."""


def report_on_run(
    study: Study,
    log: RunLog,
    *,
    name: str,
    command: str,
    path: str = "all",
    look: Look | None = None,
) -> Report:
    """Return what many runs of a scenario say.

    Parameters
    ----------
    study : what was run.
    log : of its typical replication.
    name : of the scenario.
    command : with which to repeat it.
    path : series of documented counts that counts as fitted: `ICRC`, `UN` or `all`.
    look : how well metrics are known, if that decided the number of runs.
    """
    bands = Bands(study)
    shows = joined([headline(study), BANDS[study.band], zone_of(study.operation)])
    data = {
        **run_data(bands),
        "events": events_data(log, study.operation.clock),
        "vehicles": vehicles_data(log, study.operation),
    }
    if study.failures:
        data["failures"] = failures_data([(name, study)])
    if look is not None:
        data["precision"] = precision_data(look)
    return Report(
        title=study.operation.operation,
        answer=answer(bands),
        sections=(
            Section("runs", say("What was run"), (shows,)),
            Section(
                "arrivals",
                say("Arrivals"),
                (arrivals(bands), throughput(bands), curves(bands)),
            ),
            Section("days", say("Day by day"), (days(bands),)),
            *known_shares(bands),
            Section("waiting", say("Why people waited"), (waiting(bands),)),
            Section(
                "exchange",
                say("Agreements, and who was left behind"),
                (*story(study, log), exchange(study, log)),
            ),
            Section(
                "roads",
                say("Convoys, gates and stoppages"),
                (timespace(study, log), gates(study, log)),
                READERS,
            ),
            Section(
                "more",
                say("More pictures"),
                tuple(picture(study, log) for picture in RUN_PICTURES.values()),
                READERS,
            ),
            *_record(study, path),
            *precision(look),
            unsourced(study.operation),
            *limits_and_repeat(study.operation, command),
            Section("events", say("Events"), (events(study, log),), WORKBOOK),
        ),
        data=data,
        headline=of_run(bands),
    )


def answer(bands: Bands) -> Text:
    """Return what the runs say of the site with most people, and of all sites."""
    study = bands.study
    if not bands.leaving:
        return say("Nobody is to leave.")
    site = bands.leaving[0]
    leave = sum(bands.to_leave[each].median for each in bands.leaving)
    arrived = sum(bands.metrics[f"arrived/{each}"].median for each in bands.leaving)
    return joined(
        [
            _last(study, site, bands.metrics[f"t100/{site}"], bands),
            say(
                "Of the {people} people who are to leave all sites, {arrived} arrive "
                "(median of the runs).",
                people=count(leave),
                arrived=count(arrived),
            ),
        ]
    )


def _last(study: Study, site: str, band: Band, bands: Bands) -> Text:
    clock, title = study.operation.clock, of_site(study.operation, site)
    if not isfinite(band.median):
        left = bands.metrics[f"not_arrived/{site}"]
        return say(
            "In most runs not all people of {site} have arrived by the end, {ends}: "
            "{left} have not (median), in 9 of 10 runs {low} to {high}.",
            site=title,
            ends=moment(clock, study.operation.ends),
            left=count(left.median),
            low=count(left.p5),
            high=count(left.p95),
        )
    return say(
        "In half of the runs all people of {site} who leave have arrived by {middle}; "
        "in 9 of 10 runs the last arrives between {low} and {high}.",
        site=title,
        **{
            key: moment(clock, hours * 3600)
            for key, hours in (
                ("middle", band.median),
                ("low", band.p5),
                ("high", band.p95),
            )
        },
    )


def headline(study: Study) -> Text:
    """Return how many runs there were."""
    runs = say_many(
        "{count} run, seed {seed}.",
        "{count} runs, seed {seed}.",
        len(study.runs),
        seed=str(study.seed),
    )
    failed = per_draw = None
    if study.failures:
        first = study.failures[0]
        failed = say(
            "{failed} more failed and are left out; the first, replication {number}: "
            "{error}.",
            failed=Number(len(study.failures)),
            number=str(first.replication),
            error=first.error,
        )
    if study.job.per_draw > 1:
        per_draw = say(
            "Each {runs} runs share a draw of what is not known.",
            runs=Number(study.job.per_draw),
        )
    return joined([runs, failed, per_draw])


def zone_of(operation: Operation) -> Text:
    """Return which clock the times of a report are those of."""
    return say("Times are those of {zone}.", zone=operation.zone)


def _record(study: Study, path: str) -> Iterator[Section]:
    """Return how the runs compare with what is documented."""
    if not study.figures:
        return
    shown = documented(study, path, everything=False)
    yield Section("documented", shown.title, shown.parts[:1], READERS)
    yield Section(
        "calibration",
        say("How well it agrees with the record"),
        (
            *counts_inside(study, path),
            None
            if study.job.drawn is None
            else say(
                "Each run is a draw of the fit in {file}.", file=study.job.drawn.file
            ),
        ),
    )
