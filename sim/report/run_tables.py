"""What many runs of one scenario say, in tables."""

from collections.abc import Iterator, Sequence
from math import isfinite, isnan

from sim.events import RunLog
from sim.experiment import Study
from sim.experiment.bands import Band, Bands, band_of
from sim.metrics.moments import at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.registry import of_group, unit_of
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.contents import WORKBOOK, Column, Group, Section, Table, table
from sim.report.intervals import DASH, between, half_of, why_untold
from sim.report.log_data import EVENT_COLUMNS, event_cells
from sim.scenario import Clock
from sim.statistics.intervals import SAME_ENOUGH, Untold
from sim.statistics.precision import Known, Look
from sim.statistics.shares import Shares
from sim.words import Number, Text, count, decimal, joined, moment, say, share
from sim.words.metrics import is_moment, label, name_of, of_key

_MOMENTS = {
    "t50": say("half arrived"),
    "t90": say("90 % arrived"),
    "t100": say("all arrived"),
}
_SHARED = {**_MOMENTS, "arrived": say("arrived"), "waiting": say("waiting")}
_LEVELS = (say("median"), say("5 %"), say("95 %"))
_MOST_EVENTS = 100_000


def arrivals(bands: Bands) -> Table:
    """Return who arrived when, by site, and of all sites together if there are more.

    Beside the dates stand the hours from the start to the median.
    """
    study = bands.study
    sites = [*bands.origins]
    if len(bands.leaving) > 1:
        sites.append(ALL_SITES)
    columns = [Column(None), *(Column(each, number=True) for each in _LEVELS)]
    return Table(
        say("Arrivals"),
        say("Who arrived when"),
        (*columns, Column(say("h"), number=True), Column(None)),
        tuple(
            Group(of_key(study.operation, site), tuple(_of_site(bands, site)))
            for site in sites
        ),
        say("site"),
    )


def _of_site(bands: Bands, site: str) -> Iterator[tuple[Text, ...]]:
    """Return what is told of a site, or of all."""
    clock, runs = bands.study.operation.clock, len(bands.study.runs)
    leave = band_of(bands.study.to_leave(site))
    yield (say("people to leave"), *_counts(leave), None, None)
    yield (say("arrived"), *_counts(bands.metrics[f"arrived/{site}"]), None, None)
    lost = bands.metrics[f"unaccounted/{site}"]
    if lost.mean:
        yield (say("lost sight of"), *_counts(lost), None, say("left out below"))
    lives = bands.metrics.get(f"lives_lost/{site}")
    if lives is not None and lives.mean:
        yield (say("lives lost"), *_counts(lives), None, say("left out below"))
    for name, says in _MOMENTS.items():
        band = bands.metrics[f"{name}/{site}"]
        *dates, came = _dates(clock, band, runs)
        hours = Number(band.median, ",.1f") if isfinite(band.median) else None
        yield (says, *dates, hours, came)


def _counts(band: Band) -> tuple[Text, ...]:
    return count(band.median), count(band.p5), count(band.p95)


def _dates(clock: Clock, band: Band, runs: int) -> tuple[Text, ...]:
    if not band.n:
        return (moment(clock, band.median), None, None, say("in no run"))
    dates = (
        moment(clock, h * SECONDS_PER_HOUR) for h in (band.median, band.p5, band.p95)
    )
    return (*dates, _came(band, runs))


def _came(band: Band, runs: int) -> Text:
    """Return in how many runs something came, unless in all."""
    if band.n == runs:
        return None
    return say("{n} of {runs} runs", n=Number(band.n), runs=Number(runs))


def asked_for(bands: Bands, metrics: Sequence[str]) -> Iterator[Section]:
    """Return the metrics that somebody asked for, and all at a moment.

    Parameters
    ----------
    metrics : full names.
    """
    study = bands.study
    at_moments = set(study.job.at_moments)
    names = dict.fromkeys(
        (
            *metrics,
            *(
                name
                for name in study.layout.metrics
                if name.partition("/")[0] in at_moments and not of_group(name)
            ),
        )
    )
    if not names:
        return
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.partition("/")[0], []).append(name)
    title = say("What was asked for")
    levels = (say("mean"), *_LEVELS)
    shown = Table(
        say("Asked for"),
        title,
        (Column(None), *(Column(each, number=True) for each in levels), Column(None)),
        tuple(
            Group(
                _title_of(metric),
                tuple(_asked_cells(study, name, bands.metrics[name]) for name in own),
            )
            for metric, own in groups.items()
        ),
        say("metric"),
    )
    yield Section("asked", title, (shown,))


def _title_of(metric: str) -> Text:
    """Return what is measured, with the unit unless dates or shares are shown."""
    told = is_moment(metric) or unit_of(metric) == "1"
    return name_of(metric) if told else label(metric)


def _asked_cells(study: Study, name: str, band: Band) -> tuple[Text, ...]:
    """Return a metric: dates of a moment, and of a yes or no only how likely it is."""
    operation, runs = study.operation, len(study.runs)
    asked = at_moment(name)
    of = of_key(operation, name.partition("/")[2])
    if asked is not None and asked.is_yes_or_no:
        return (of, share(band.mean), None, None, None, None)
    if is_moment(name):
        mean = (
            moment(operation.clock, band.mean * SECONDS_PER_HOUR)
            if band.n == runs
            else None
        )
        return (of, mean, *_dates(operation.clock, band, runs))
    levels = (band.mean, band.median, band.p5, band.p95)
    return (of, *map(decimal, levels), _came(band, runs))


def known_shares(bands: Bands) -> Iterator[Section]:
    """Return how much of what varies is not known, if several runs shared draws."""
    if not bands.knowledge_shares:
        return
    groups = []
    sites = bands.study.layout.origins
    for origin in (*sites, ALL_SITES) if len(sites) > 1 else sites:
        rows = tuple(
            _share_cells(says, bands.knowledge_shares[f"{name}/{origin}"])
            for name, says in _SHARED.items()
            if f"{name}/{origin}" in bands.knowledge_shares
        )
        if rows:
            groups.append(Group(of_key(bands.study.operation, origin), rows))
    columns = (say("not known"), say("95 % interval"), say("chance"))
    title = say("How much of what varies between runs is due to what is not known")
    shown = Table(
        say("Knowledge and chance"),
        title,
        (Column(None), *(Column(each, number=True) for each in columns)),
        tuple(groups),
        say("site"),
    )
    yield Section("shares", say("Knowledge and chance"), (shown, *_far_out(bands)))


def _far_out(bands: Bands) -> Iterator[Text]:
    """Say if a share has no interval since so few draws cannot tell."""
    rare = {Untold.FEW, Untold.FEW_APART, Untold.FAR_OUT}
    if any(parts.untold in rare for parts in bands.knowledge_shares.values()):
        yield say(
            "A dash: so few draws, or runs that lie so far out, cannot tell between "
            "what the share lies."
        )


def _share_cells(says: Text, parts: Shares) -> tuple[Text, ...]:
    interval = DASH if parts.untold else between(parts.low, parts.high)
    return (says, Number(parts.share, ".0%"), interval, Number(1 - parts.share, ".0%"))


def precision(look: Look | None, clock: Clock) -> Iterator[Section]:
    """Return how well metrics are known, if that decided the number of runs."""
    if look is None:
        return
    columns = (say("mean"), say("± 95 %"), say("wanted"))
    shown = table(
        say("Precision"),
        say("How well the means are known after {runs} runs", runs=Number(look.runs)),
        (
            Column(say("metric")),
            Column(say("unit")),
            *(Column(each, number=True) for each in columns),
            Column(None),
            Column(say("mean as local time")),
        ),
        ((*_known(each), _mean_date(each, clock)) for each in look.known),
    )
    enough = say("The most runs allowed (-n) were not enough.")
    yield Section(
        "precision",
        say("Precision"),
        (
            shown,
            *(() if look.enough else (enough,)),
            *(note for each in look.known for note in _unsure(each, look.first)),
        ),
    )


def _unsure(known: Known, first: int) -> Iterator[Text]:
    """Say what the numbers of a metric do not show."""
    fields: dict[str, Text] = {
        "metric": known.target.metric,
        "came": Number(known.came),
        "asked": Number(known.asked),
    }
    if known.came < first:
        yield say(
            "{metric} happened in {came} of {asked} runs: too few to judge it, {first} "
            "do.",
            first=Number(first),
            **fields,
        )
        return
    if known.came < known.asked:
        yield say(
            "{metric} happened in {came} of {asked} runs: its interval is over these.",
            **fields,
        )
    if known.interval.untold is Untold.SAME and not known.enough:
        yield say(
            "{metric} was the same in {came} of {asked} runs. What is rare may not "
            "have happened yet: {same} runs that are the same are enough.",
            same=Number(SAME_ENOUGH),
            **fields,
        )
    elif why := why_untold(known.interval, known.came):
        yield joined([say("{metric}:", metric=known.target.metric), why])


def _mean_date(known: Known, clock: Clock) -> Text:
    """Return the date of a mean that is a moment."""
    if not is_moment(known.target.metric) or isnan(known.estimate):
        return None
    return moment(clock, known.estimate * SECONDS_PER_HOUR)


def _known(known: Known) -> tuple[Text, ...]:
    name = known.target.metric
    return (
        name,
        unit_of(name),
        decimal(known.estimate),
        half_of(known.interval),
        Number(known.most, ",.3g"),
        say("enough") if known.enough else say("not enough"),
    )


def events(study: Study, log: RunLog) -> Table:
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
    return table(say("Events"), title, columns, rows, forms=WORKBOOK)


def _cell(value: str | int) -> Text:
    return Number(value) if isinstance(value, int) else value
