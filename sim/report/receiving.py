"""What the places that receive people see: arrivals by hour, nights, bays, beds."""

from collections.abc import Iterator, Sequence

from sim.experiment.bands import Band, Bands
from sim.experiment.receiving import blocks, hours_of_a_block, nights
from sim.experiment.rows import Numbers
from sim.metrics.of_sites import ALL_SITES
from sim.report.contents import (
    READERS,
    Column,
    Data,
    Group,
    Handout,
    Picture,
    Section,
    Table,
    table,
)
from sim.scenario.titles import of_site
from sim.words import Moment, Number, Text, count, levels, moment, say

_PEAKS = {
    "received": say("people received"),
    "busiest_hour": say("most in an hour"),
    "busiest_night": say("most in a night, 20:00 to 06:00"),
    "vehicles_at_once": say("most vehicles there at once, unloading or waiting to"),
    "bays_needed": say("bays needed so that none waits to unload"),
}
_LEVELS = (say("median"), say("5 %"), say("95 %"))
_NAMED_LEVELS = ("p5", "median", "p95")
_HOW_TO_READ = say(
    "Hours and nights are those of the local clock. Bays needed are those for "
    "unloading, if vehicles come when they came in the runs; beds are for all who have "
    "come so far, as if nobody went on. Where the median of an hour is 0, people come "
    "in that hour in fewer than half of the runs; the upper end is for those."
)
_HOURS = say("When people arrive: median (5 % to 95 % of the runs) of each hour")


def receiving(bands: Bands) -> Iterator[Section]:
    """Return what the places that receive people see, if anybody arrives."""
    if not bands.receivers:
        return
    parts = (_peaks(bands), _hours(bands), _nights(bands), _HOW_TO_READ)
    yield Section("receiving", say("The receiving side"), parts)


def receiving_handout(bands: Bands) -> Handout:
    """Return what the places that receive people see as pages of their own."""
    return Handout(
        "receiving",
        say("Receiving table: {operation}", operation=bands.study.operation.operation),
        _fullest_hour(bands),
        (
            _peaks(bands),
            _nights(bands),
            *(_hours_at(bands, site) for site in bands.receivers),
            _HOW_TO_READ,
        ),
        landscape=False,
    )


def _fullest_hour(bands: Bands) -> Text:
    best = bands.receivers[0]
    band = bands.metrics[f"busiest_hour/{best}"]
    return say(
        "In its fullest hour {site} receives {people} people",
        site=of_site(bands.study.operation, best),
        people=levels(count(band.p5), count(band.median), count(band.p95)),
    )


def _peaks(bands: Bands) -> Table:
    """Return the most that each destination sees."""
    operation = bands.study.operation
    groups = []
    for site in bands.receivers:
        rows = [
            (words, *_counts(bands.metrics[f"{name}/{site}"]))
            for name, words in _PEAKS.items()
        ]
        if (bays := operation.sites[site].bays) is not None:
            rows.append((say("bays there"), Number(bays), None, None))
        groups.append(Group(of_site(operation, site), tuple(rows)))
    return Table(
        say("Receiving"),
        say("What the places that receive people see"),
        (Column(None), *(Column(each, number=True) for each in _LEVELS)),
        tuple(groups),
        say("destination"),
    )


def _counts(band: Band) -> tuple[Text, ...]:
    return count(band.median), count(band.p5), count(band.p95)


def _hours(bands: Bands) -> Picture:
    """Return the arrivals by hour; in a spreadsheet with each group and vehicles."""
    operation = bands.study.operation
    best = bands.receivers[0]
    begun = blocks(bands.study, bands.hours_s)
    by_block = bands.receiving[best].by_block
    fullest = int(by_block[1].argmax())
    title = say(
        "Most arrive at {site} in the {hours} hours from {since}: {people} people",
        site=of_site(operation, best),
        hours=Number(hours_of_a_block(bands.study)),
        since=moment(operation.clock, bands.hours_s[begun[fullest]]),
        people=_at(by_block, fullest),
    )
    named = dict.fromkeys(
        group for site in bands.receivers for group in bands.receiving[site].groups
    )
    return Picture(
        "receiving",
        title,
        say(
            "Bars of the people who arrive in each {hours} hours at each destination, "
            "median and whisker, with the nights shaded.",
            hours=Number(hours_of_a_block(bands.study)),
        ),
        (bands,),
        Table(
            say("Arrivals by hour"),
            _HOURS,
            _columns_of_hours([*named]),
            tuple(
                Group(
                    of_site(operation, site), tuple(_hour_rows(bands, site, [*named]))
                )
                for site in bands.receivers
            ),
            say("destination"),
            READERS,
        ),
    )


def _hours_at(bands: Bands, site: str) -> Table:
    """Return the arrivals by hour at one destination, with the groups that arrive."""
    groups = bands.receiving[site].groups
    named = [group for group, people in groups.items() if people[-1].any()]
    return table(
        say("Arrivals by hour"),
        say(
            "{heading}: {said}",
            heading=of_site(bands.study.operation, site),
            said=_HOURS,
        ),
        _columns_of_hours(named),
        _hour_rows(bands, site, named),
    )


def _columns_of_hours(named: Sequence[str]) -> tuple[Column, ...]:
    titles: tuple[Text, ...] = (say("all"), *named, say("vehicles at once"))
    return (
        Column(say("hour from"), whole=True),
        *(Column(each, number=True) for each in titles),
    )


def _hour_rows(
    bands: Bands, site: str, named: Sequence[str]
) -> Iterator[tuple[Text, ...]]:
    """Yield a row for each hour in which anything is there in one run of twenty."""
    clock, seen = bands.study.operation.clock, bands.receiving[site]
    for place, second in enumerate(bands.hours_s):
        if seen.people[-1, place] or seen.vehicles[-1, place]:
            yield (
                moment(clock, second),
                _at(seen.people, place),
                *(
                    _at(seen.groups[group], place) if group in seen.groups else None
                    for group in named
                ),
                _at(seen.vehicles, place),
            )


def _at(found: Numbers, place: int) -> Text:
    low, middle, high = found[:, place].tolist()
    return levels(count(low), count(middle), count(high))


def _nights(bands: Bands) -> Table:
    """Return who arrives in each night, and the beds needed by its end."""
    operation = bands.study.operation
    titles = (say("arrive in the night"), say("beds needed by its end"))
    groups = []
    for site in bands.receivers:
        seen = bands.receiving[site]
        rows = tuple(
            (Moment(night.evening), _at(seen.by_night, place), _at(seen.beds, place))
            for place, night in enumerate(nights(bands.study))
        )
        groups.append(Group(of_site(operation, site), rows))
    return Table(
        say("Nights"),
        say("Nights, 20:00 to 06:00: median (5 % to 95 % of the runs)"),
        (
            Column(say("evening of"), whole=True),
            *(Column(each, number=True) for each in titles),
        ),
        tuple(groups),
        say("destination"),
        READERS,
    )


def receiving_data(bands: Bands) -> Data:
    """Return a row for each destination, group and hour: who arrived, vehicles there.

    The rows of the group `all` are of everybody, and have the vehicles.
    """
    study, rows = bands.study, []
    stamps = [study.operation.clock.stamp(second) for second in bands.hours_s]
    for site, seen in bands.receiving.items():
        for group, people in ((ALL_SITES, seen.people), *seen.groups.items()):
            vehicles = seen.vehicles.T.tolist() if group == ALL_SITES else None
            for place, levels_ in enumerate(people.T.tolist()):
                there = vehicles[place] if vehicles else [None] * len(levels_)
                told = (site, group, stamps[place], *levels_, *there)
                rows.append((*told, len(study.runs), study.band))
    return Data(
        (
            *("destination", "group", "hour_from"),
            *(f"{level}_people" for level in _NAMED_LEVELS),
            *(f"{level}_vehicles_at_once" for level in _NAMED_LEVELS),
            *("n", "band"),
        ),
        rows,
    )


def nights_data(bands: Bands) -> Data:
    """Return a row for each destination and night: who arrived, beds by its end."""
    study = bands.study
    rows = [
        (
            *(site, str(night.evening)),
            *seen.by_night[:, place].tolist(),
            *seen.beds[:, place].tolist(),
            *(len(study.runs), study.band),
        )
        for site, seen in bands.receiving.items()
        for place, night in enumerate(nights(study))
    ]
    return Data(
        (
            *("destination", "evening"),
            *(f"{level}_people" for level in _NAMED_LEVELS),
            *(f"{level}_beds" for level in _NAMED_LEVELS),
            *("n", "band"),
        ),
        rows,
    )
