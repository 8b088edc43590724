"""What many runs of one scenario say."""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite

from sim.answers.bound import Bound
from sim.answers.deadlocks import Deadlocks
from sim.events import RunLog
from sim.experiment import Study
from sim.experiment.bands import LEVELS, Bands, band_of
from sim.experiment.movements import Movements, movements_over
from sim.metrics.moments import at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.registry import Registry
from sim.report.ahead import Ahead, may_follow
from sim.report.answers.bound import capacity_in_words
from sim.report.answers.deadlocks import deadlocks_of_runs
from sim.report.answers.obstacles import obstacles
from sim.report.briefs import brief_of_run
from sim.report.by_chance import left_to_chance
from sim.report.contents import (
    READERS,
    WORKBOOK,
    Data,
    Picture,
    Report,
    Section,
    Table,
)
from sim.report.documented import documented, inside_by_path
from sim.report.headlines import dates, left_at, of_run, unfinished
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.log_data import events_data, vehicles_data
from sim.report.movements import movement_handout, movement_section, movements_data
from sim.report.moving import moving
from sim.report.pictures import curves, days, throughput, waiting
from sim.report.receiving import receiving, receiving_handout
from sim.report.run_data import failures_data, precision_data, run_data
from sim.report.run_tables import arrivals, asked_for, events, known_shares, precision
from sim.report.story import story
from sim.report.typed_in import given_by, typed_in_data
from sim.report.typical_run import exchange, gates, timespace
from sim.report.unsourced import unsourced
from sim.report.what_binds import what_binds
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.statistics.intervals import inside_between
from sim.statistics.precision import Look
from sim.words import (
    Number,
    Text,
    count,
    joined,
    levels,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.metrics import name_of

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
    metrics: Sequence[str] = (),
    look: Look | None = None,
    ahead: Ahead | None = None,
    moved: Movements | None = None,
    deadlocks: Deadlocks | None = None,
    capacity: Bound | None = None,
) -> Report:
    """Return what many runs of a scenario say.

    Parameters
    ----------
    study : what was run.
    log : of its typical replication.
    name : of the scenario.
    command : with which to repeat it.
    path : family of sources whose counts of people count as fitted, or `all`.
    metrics : full names of those that were asked for, beside those at a moment.
    look : how well metrics are known, if that decided the number of runs.
    ahead : that its dates lie ahead; what follows single convoys needs consent then.
    moved : how convoys move over the runs; looked up here if None.
    deadlocks : how runs ended, if that was looked at.
    capacity : what it alone would take, if that was worked out.
    """
    follows, left = may_follow(ahead), None if ahead is None else ahead.left_out
    bands = Bands(study)
    handouts = [receiving_handout(bands)] if bands.receivers else []
    if follows:
        moved = moved or movements_over(study)
        handouts.append(movement_handout(study, moved))
    data = {
        **run_data(bands),
        **(_following(study, log, moved) if follows and moved else {}),
        "typed_in": typed_in_data(study.operation),
    }
    if study.failures:
        data["failures"] = failures_data([(name, study)])
    if look is not None:
        data["precision"] = precision_data(look)
    return Report(
        title=study.operation.operation,
        answer=answer(bands),
        sections=(
            Section("runs", say("What was run"), (what_was_run(study), left)),
            *first_results(bands, metrics),
            *receiving(bands),
            *known_shares(bands),
            Section(
                "waiting",
                say("Why people waited"),
                (
                    waiting(bands),
                    _by_name(study),
                    capacity_in_words(study, capacity),
                    *what_binds(bands),
                ),
            ),
            Section(
                "exchange",
                say("Agreements, and who was left behind"),
                (
                    *story(study, log),
                    *deadlocks_of_runs(deadlocks),
                    exchange(study, log),
                ),
            ),
            *([moving(study, log)] if follows else []),
            Section(
                "roads",
                say("Convoys, gates and stoppages"),
                (timespace(study, log) if follows else None, gates(study, log)),
                READERS,
            ),
            Section(
                "more",
                say("More pictures"),
                tuple(picture(study, log) for picture in RUN_PICTURES.values())
                if follows
                else (),
                READERS,
            ),
            *_record(study, path),
            *precision(look, study.operation.clock),
            given_by(study.operation),
            unsourced(study.operation),
            *limits_and_repeat(study.operation, command),
            *([movement_section(study, moved)] if follows and moved else []),
            Section(
                "events",
                say("Events"),
                (events(study, log),) if follows else (),
                WORKBOOK,
            ),
        ),
        data=data,
        headline=of_run(bands),
        banner=None if ahead is None else ahead.banner,
        handouts=tuple(handouts),
        brief=brief_of_run(bands, essence(bands), command=command),
    )


def _following(study: Study, log: RunLog, moved: Movements) -> dict[str, Data]:
    """Return the data that follow single convoys, most of them of one run."""
    return {
        "movements": movements_data(study, moved),
        "events": events_data(log, study.operation.clock),
        "vehicles": vehicles_data(log, study.operation),
    }


def essence(bands: Bands) -> Text:
    """Return when the site with most people, and all sites, have arrived."""
    if not bands.leaving:
        return say("Nobody is to leave.")
    leave = band_of(bands.study.to_leave(ALL_SITES)).median
    several = len(bands.leaving) > 1
    return joined(
        [
            _last(bands, bands.leaving[0]),
            say(
                "Of the {people} people who are to leave all sites, {arrived} arrive "
                "(median of the runs).",
                people=count(leave),
                arrived=count(bands.metrics[f"arrived/{ALL_SITES}"].median),
            ),
            _everybody(bands) if several else None,
        ]
    )


def what_was_run(study: Study) -> Text:
    """Return how many runs there were, what differs between them, and which clock."""
    return joined(
        [
            headline(study),
            BANDS[study.band],
            _further(study),
            zone_of(study.operation),
            _hours_since(study.operation),
        ]
    )


def first_results(bands: Bands, metrics: Sequence[str]) -> Iterator[Section]:
    """Yield what is asked first: who arrived when, what was asked for, day by day."""
    yield Section(
        "arrivals",
        say("Arrivals"),
        (arrivals(bands), throughput(bands), curves(bands)),
    )
    yield from asked_for(bands, metrics)
    yield Section("days", say("Day by day"), (days(bands),))


def answer(bands: Bands) -> Text:
    """Return what the runs say of the site with most people, and of all sites."""
    if not bands.leaving:
        return essence(bands)
    return joined(
        [
            essence(bands),
            _lost(bands),
            _lives_lost(bands),
            *left_to_chance(bands.study.operation),
            _counted_apart(bands),
            *_at_moments(bands),
        ]
    )


def _by_name(study: Study) -> Table | None:
    """Return what people waited for by name; None if nobody did."""
    held = {name: time_s / SECONDS_PER_HOUR for name, time_s in study.held.items()}
    return obstacles(held, study.operation, READERS) if held else None


def _last(bands: Bands, site: str) -> Text:
    """Return when the last of a site arrives, or how many do not."""
    study, band = bands.study, bands.metrics[f"t100/{site}"]
    clock, title = study.operation.clock, of_site(study.operation, site)
    ends = moment(clock, study.operation.ends)
    if not isfinite(band.median):
        return say_many(
            "Not all people of {site} have arrived by the end, {ends}, of this one "
            "run: {left} have not.",
            "In {unfinished} of {count} runs not all people of {site} have arrived by "
            "the end, {ends}: {left} have not (median), in 9 of 10 runs {low} to "
            "{high}.",
            len(study.runs),
            site=title,
            ends=ends,
            unfinished=unfinished(bands, band),
            **left_at(bands, site),
        )
    if not isfinite(band.p95):
        return say(
            "In half of the runs all people of {site} who leave have arrived by "
            "{middle}; in {unfinished} of {count} runs not all have by the end, "
            "{ends}.",
            site=title,
            middle=moment(clock, band.median * SECONDS_PER_HOUR),
            unfinished=unfinished(bands, band),
            count=Number(len(study.runs)),
            ends=ends,
        )
    return say_many(
        "In this one run all people of {site} who leave have arrived by {middle}.",
        "In half of the runs all people of {site} who leave have arrived by {middle}; "
        "in 9 of 10 runs the last arrives between {low} and {high}.",
        len(study.runs),
        site=title,
        **dates(bands, band),
    )


def _everybody(bands: Bands) -> Text:
    """Return when the last of all sites has arrived."""
    band, runs = bands.metrics[f"t100/{ALL_SITES}"], len(bands.study.runs)
    if isfinite(band.p95) and band == bands.metrics[f"t100/{bands.leaving[0]}"]:
        return say("Nobody of the other sites arrives after them.")
    if not isfinite(band.p95):
        return say_many(
            "In {all} of {count} run everybody who leaves has arrived by the end.",
            "In {all} of {count} runs everybody who leaves has arrived by the end.",
            runs,
            all=Number(band.n),
        )
    return say_many(
        "Everybody who leaves has arrived by {middle}.",
        "Everybody who leaves has arrived by {middle} in half of the runs, in 9 of 10 "
        "between {low} and {high}.",
        runs,
        **dates(bands, band),
    )


def _lost(bands: Bands) -> Text:
    """Return that people were lost sight of, for whom nobody waits."""
    lost = bands.metrics[f"unaccounted/{ALL_SITES}"]
    if not lost.mean:
        return None
    return say(
        "Of those who do not arrive, {lost} were lost sight of: they left and are "
        "nowhere accounted for. 'All arrived' does not wait for them.",
        lost=levels(count(lost.p5), count(lost.median), count(lost.p95)),
    )


def _lives_lost(bands: Bands) -> Text:
    """Return how many lives were lost, as the scenario reports it."""
    lost = bands.metrics.get(f"lives_lost/{ALL_SITES}")
    if lost is None or not lost.mean:
        return None
    return say(
        "Of those who do not arrive, {lost} lost their lives, as the sources of the "
        "scenario report. 'All arrived' does not wait for them.",
        lost=levels(count(lost.p5), count(lost.median), count(lost.p95)),
    )


def _at_moments(bands: Bands) -> Iterator[Text]:
    """Say what was asked for at a moment, of all sites together."""
    for metric in bands.study.job.at_moments:
        band = bands.metrics.get(f"{metric}/{ALL_SITES}")
        asked = at_moment(metric)
        if band is None or asked is None:
            continue
        if asked.is_yes_or_no:
            yield say(
                "All sites, {what}: in {share} of the runs.",
                what=name_of(metric),
                share=share(band.mean),
            )
        elif band.p5 == band.p95:
            yield say(
                "All sites, {what}: {middle} in 9 of 10 runs.",
                what=name_of(metric),
                middle=count(band.median),
            )
        else:
            yield say(
                "All sites, {what}: {middle} in the median run, {low} to {high} in 9 "
                "of 10.",
                what=name_of(metric),
                middle=count(band.median),
                low=count(band.p5),
                high=count(band.p95),
            )


def _counted_apart(bands: Bands) -> Text:
    """Return how much of what is nobody evacuated arrives; None if there is none."""
    to_come: dict[str, int] = {}
    for site in bands.study.operation.sites.values():
        for name, group in site.groups.items():
            if group.counts_apart:
                to_come[name] = to_come.get(name, 0) + group.leaving
    told = []
    for name, every in to_come.items():
        band = bands.metrics.get(f"arrived_apart/{name}")
        if band is not None:
            come = levels(count(band.p5), count(band.median), count(band.p95))
            told.append(
                say(
                    "{arrived} of {all} {group}",
                    arrived=come,
                    all=Number(every),
                    group=name,
                )
            )
    if not told:
        return None
    return say(
        "Counted apart, in no total of people: {what} arrive.", what=listed(told)
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


def _further(study: Study) -> Text:
    """Return how many further runs the band of so few holds, if well below its name."""
    name = LEVELS[-1] - LEVELS[0]
    inside = inside_between(len(study.runs), LEVELS[0], LEVELS[-1])
    if inside > name - 0.02:
        return None
    return say(
        "Between the 5 % and 95 % of so few runs lie about {inside} of further runs, "
        "not {name}.",
        inside=Number(inside, ".0%"),
        name=Number(name, ".0%"),
    )


def zone_of(operation: Operation) -> Text:
    """Return which clock the times of a report are those of."""
    return say("Times are those of {zone}.", zone=operation.zone)


def _hours_since(operation: Operation) -> Text:
    """Return from when on hours are counted."""
    start = moment(operation.clock, 0)
    return say("Hours (h) are those from {start} to the median.", start=start)


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
            *inside_by_path(study, path),
            None
            if study.job.drawn is None
            else say(
                "Each run is a draw of the fit in {file}.", file=study.job.drawn.file
            ),
        ),
    )
