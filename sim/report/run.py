"""What many runs of one scenario say."""

from collections.abc import Iterator
from math import isfinite

from sim.events import RunLog
from sim.experiment import Study
from sim.experiment.bands import Band, Bands
from sim.metrics.registry import unit_of
from sim.report.contents import (
    Column,
    Group,
    Part,
    Report,
    Section,
    Table,
    table,
)
from sim.report.documented import counts_inside, documented
from sim.report.limits import BANDS, LIMITS
from sim.report.log_data import EVENT_COLUMNS, event_cells, events_data, vehicles_data
from sim.report.pictures import (
    curves,
    days,
    exchange,
    gates,
    throughput,
    timespace,
    waiting,
)
from sim.report.run_data import failures_data, precision_data, run_data
from sim.report.story import story
from sim.report.unsourced import unsourced
from sim.scenario import Clock, Operation, scenario_hash
from sim.scenario.titles import of_site
from sim.statistics.precision import Known, Look
from sim.statistics.shares import Shares
from sim.words import (
    Number,
    Text,
    count,
    decimal,
    joined,
    moment,
    say,
    say_many,
)

_MOMENTS = {
    "t50": say("half arrived"),
    "t90": say("90 % arrived"),
    "t100": say("all arrived"),
}
_SHARED = {**_MOMENTS, "arrived": say("arrived"), "waiting": say("waiting")}
_LEVELS = (say("median"), say("5 %"), say("95 %"))
_READERS = frozenset({"html", "workbook"})
_MOST_EVENTS = 100_000


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
            _arrivals(bands),
            Section("days", say("Day by day"), tuple(_maybe(days(bands)))),
            *_known_shares(bands),
            _waits(bands),
            Section(
                "exchange",
                say("Agreements, and who was left behind"),
                (*story(study, log), *_maybe(exchange(bands, log))),
            ),
            Section(
                "roads",
                say("Convoys, gates and stoppages"),
                (*_maybe(timespace(bands, log)), *_maybe(gates(bands, log))),
                _READERS,
            ),
            *_record(study, path),
            *_precision(look),
            unsourced(study.operation),
            Section("limits", say("Limits of use"), (LIMITS,), _READERS),
            repeat(study.operation, command),
            Section("events", say("Events"), (_events(study, log),), _WORKBOOK),
        ),
        data=data,
    )


_WORKBOOK = frozenset({"workbook"})


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


def repeat(operation: Operation, command: str, *others: Operation) -> Section:
    """Return how to get the same numbers again.

    Parameters
    ----------
    operation : that was run.
    command : that ran it.
    others : run with it, if it was not alone.
    """
    digests = [scenario_hash(each) for each in (operation, *others)]
    return Section(
        "repeat",
        say("How to repeat it"),
        (
            say("Command: {command}", command=command),
            say_many(
                "Scenario: SHA-256 {digests}. run.json names seed, program and "
                "packages; the same give the same numbers.",
                "Scenarios: SHA-256 {digests}. run.json names seed, program and "
                "packages; the same give the same numbers.",
                len(digests),
                digests=joined(digests, ", "),
            ),
        ),
        _READERS,
    )


def _maybe(part: Part | None) -> Iterator[Part]:
    if part is not None:
        yield part


def _arrivals(bands: Bands) -> Section:
    clock = bands.study.operation.clock
    runs = len(bands.study.runs)
    groups = []
    for origin, leave in bands.to_leave.items():
        rows: list[tuple[Text, ...]] = [
            (say("people to leave"), *_counts(leave), None),
            (say("arrived"), *_counts(bands.metrics[f"arrived/{origin}"]), None),
        ]
        for name, says in _MOMENTS.items():
            rows.append((says, *_dates(clock, bands.metrics[f"{name}/{origin}"], runs)))
        groups.append(Group(of_site(bands.study.operation, origin), tuple(rows)))
    columns = [Column(None), *(Column(each, number=True) for each in _LEVELS)]
    shown = Table(
        "Arrivals",
        say("Who arrived when"),
        (*columns, Column(None)),
        tuple(groups),
        say("site"),
    )
    section = say("Arrivals")
    parts = (shown, *_maybe(throughput(bands)), curves(bands))
    return Section("arrivals", section, parts)


def _counts(band: Band) -> tuple[Text, ...]:
    return count(band.median), count(band.p5), count(band.p95)


def _dates(clock: Clock, band: Band, runs: int) -> tuple[Text, ...]:
    if not band.n:
        return (moment(clock, band.median), None, None, say("in no run"))
    dates = (moment(clock, h * 3600) for h in (band.median, band.p5, band.p95))
    if band.n == runs:
        return (*dates, None)
    return (*dates, say("in {n} of {runs} runs", n=Number(band.n), runs=Number(runs)))


def _known_shares(bands: Bands) -> Iterator[Section]:
    if not bands.knowledge_shares:
        return
    groups = []
    for origin in bands.study.layout.origins:
        rows = tuple(
            _share_cells(says, bands.knowledge_shares[f"{name}/{origin}"])
            for name, says in _SHARED.items()
            if f"{name}/{origin}" in bands.knowledge_shares
        )
        if rows:
            groups.append(Group(of_site(bands.study.operation, origin), rows))
    columns = (say("not known"), say("95 % interval"), say("chance"))
    title = say("How much of what varies between runs is due to what is not known")
    shown = Table(
        "Knowledge and chance",
        title,
        (Column(None), *(Column(each, number=True) for each in columns)),
        tuple(groups),
        say("site"),
    )
    yield Section("shares", say("Knowledge and chance"), (shown,))


def _share_cells(says: Text, parts: Shares) -> tuple[Text, ...]:
    interval = say(
        "{low} to {high}", low=Number(parts.low, ".0%"), high=Number(parts.high, ".0%")
    )
    return (says, Number(parts.share, ".0%"), interval, Number(1 - parts.share, ".0%"))


def _waits(bands: Bands) -> Section:
    return Section(
        "waiting",
        say("Why people waited"),
        tuple(_maybe(waiting(bands))),
    )


def _record(study: Study, path: str) -> Iterator[Section]:
    """Return how the runs compare with what is documented."""
    if not study.figures:
        return
    shown = documented(study, path, everything=False)
    yield Section("documented", shown.title, shown.parts[:1], _READERS)
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


def _precision(look: Look | None) -> Iterator[Section]:
    """Return how well metrics are known, if that decided the number of runs."""
    if look is None:
        return
    columns = (say("mean"), say("± 95 %"), say("wanted"))
    shown = table(
        "Precision",
        say("How well the means are known after {runs} runs", runs=Number(look.runs)),
        (
            Column(say("metric")),
            Column(say("unit")),
            *(Column(each, number=True) for each in columns),
            Column(None),
        ),
        (_known(each) for each in look.known),
    )
    enough = say("The most runs allowed (-n) were not enough.")
    yield Section(
        "precision",
        say("Precision"),
        (shown, *(() if look.enough else (enough,)), *look.notes),
    )


def _known(known: Known) -> tuple[Text, ...]:
    name = known.wish.metric
    return (
        name,
        unit_of(name),
        decimal(known.estimate),
        Number(known.half_width, ",.3g"),
        Number(known.most, ",.3g"),
        say("enough") if known.enough else say("not enough"),
    )


def _events(study: Study, log: RunLog) -> Table:
    """Return what happened in the typical run, as far as a spreadsheet bears it."""
    clock = study.operation.clock
    rows = (
        (moment(clock, event.time_s), *map(_cell, event_cells(event)))
        for event in log.events[:_MOST_EVENTS]
    )
    title: Text = say(
        "Everything that happened in replication {number}.", number=str(study.typical)
    )
    if len(log.events) > _MOST_EVENTS:
        rest = say(
            "Only the first {most} of {all} events; all are in events.csv.",
            most=Number(_MOST_EVENTS),
            all=Number(len(log.events)),
        )
        title = joined([title, rest])
    columns = [Column(say("local time")), *map(Column, EVENT_COLUMNS)]
    return table("Events", title, columns, rows, forms=_WORKBOOK)


def _cell(value: str | int) -> Text:
    return Number(value) if isinstance(value, int) else value
