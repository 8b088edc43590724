"""The pictures of a run, each with what it shows in words and its numbers.

They are drawn by `sim.plots`; here stands what else a reader needs, above all one who
cannot see them.
"""

from collections.abc import Iterator, Sequence

from sim.events import RunLog
from sim.evidence.figures import Figure
from sim.experiment.bands import Band, Bands
from sim.metrics.convoys import passages
from sim.metrics.exchange import moved
from sim.metrics.holds import holds
from sim.metrics.periods import Period, agreement_states, closures, stoppages
from sim.report.contents import Column, Group, Picture, Table, table
from sim.report.documented import source_of, window
from sim.scenario import Clock, Operation
from sim.scenario.titles import of_agreement, of_flow, of_place, of_side, of_site
from sim.words import (
    Levels,
    Moment,
    Number,
    Text,
    count,
    duration,
    joined,
    levels,
    listed,
    moment,
    say,
    share,
)
from sim.words.reasons import CAUSES, STATES, said

_READERS = frozenset({"html", "workbook"})
_WORKBOOK = frozenset({"workbook"})
_STEP_S = 6 * 3600
_MOST_ROWS = 80
_TOP_CAUSES = 4


def throughput(bands: Bands) -> Picture | None:
    """Return the cumulative arrivals; None if nobody is to leave."""
    if not bands.leaving:
        return None
    study = bands.study
    clock = study.operation.clock
    shown = [
        say(
            "{site}: {arrived} of {people} people have arrived by the end.",
            site=of_site(study.operation, site),
            arrived=_band(bands.metrics[f"arrived/{site}"]),
            people=count(bands.to_leave[site].median),
        )
        for site in bands.leaving
    ]
    step = max(_STEP_S, study.operation.ends // _MOST_ROWS)
    places = [n for n, second in enumerate(study.grid_s) if second % step < 1800]
    return Picture(
        "throughput",
        say("People arrived, by site of origin"),
        joined(
            [
                say("Curves of the people arrived by each moment, median and band."),
                *shown,
            ]
        ),
        (bands,),
        _curves(bands, places, clock),
        _hints(study.figures),
    )


def curves(bands: Bands) -> Table:
    """Return the cumulative arrivals at every moment at which they are kept."""
    clock = bands.study.operation.clock
    every = range(len(bands.study.grid_s))
    return _curves(bands, every, clock, forms=_WORKBOOK, chart=True)


def _curves(
    bands: Bands,
    places: Sequence[int],
    clock: Clock,
    forms: frozenset[str] = frozenset({"html"}),
    *,
    chart: bool = False,
) -> Table:
    study = bands.study
    sites = bands.leaving or study.layout.origins
    columns = [bands.curves[site].tolist() for site in sites]
    rows = (
        (
            moment(clock, int(study.grid_s[place])),
            *(
                Levels(Number(middle[place]), Number(low[place]), Number(high[place]))
                for low, middle, high in columns
            ),
        )
        for place in places
    )
    titles = (Column(of_site(study.operation, site), number=True) for site in sites)
    return table(
        "Curves",
        say("People who had arrived: median (5 % to 95 % of the runs)"),
        (Column(say("local time"), whole=True), *titles),
        rows,
        forms=forms,
        chart=chart,
    )


def days(bands: Bands) -> Picture | None:
    """Return the arrivals of each local day; None if nobody is to leave."""
    if not bands.leaving:
        return None
    study = bands.study
    clock = study.operation.clock
    sites = study.layout.origins
    rows = [
        (
            Moment(clock.local(start_s).date()),
            *(_day(bands.daily[site][day]) for site in sites),
        )
        for day, start_s in enumerate(bands.day_starts)
    ]
    best = max(
        range(len(rows)),
        key=lambda day: sum(bands.daily[site][day].median for site in sites),
    )
    titles = (Column(of_site(study.operation, site), number=True) for site in sites)
    return Picture(
        "daily",
        say("People arrived on each day, by site of origin"),
        say(
            "Bars of the people who arrived on each of {days} local days; most, in the "
            "middle of the runs, on {day}.",
            days=Number(len(rows)),
            day=rows[best][0],
        ),
        (bands,),
        table(
            "Daily",
            say("People who arrived each day: median (5 % to 95 % of the runs)"),
            (Column(say("day"), whole=True), *titles),
            rows,
        ),
        _hints(study.figures),
    )


def _day(band: Band) -> Text:
    if not band.p95:
        return Number(0)
    return Levels(count(band.median), count(band.p5), count(band.p95))


def _band(band: Band) -> Text:
    return levels(count(band.p5), count(band.median), count(band.p95))


def _hints(figures: Sequence[Figure]) -> dict[str, Text]:
    """Return who says what each marker shows."""
    return {
        f"figure-{figure.id}": say(
            "{id}: {source}; {when}",
            id=figure.id,
            source=source_of(figure),
            when=window(figure).replace("T", " "),
        )
        for figure in figures
    }


def exchange(bands: Bands, log: RunLog) -> Picture | None:
    """Return what each side moved; None without an agreement of two sides."""
    operation = bands.study.operation
    groups = tuple(_sides(operation, log))
    if not groups:
        return None
    shown = table_of_sides(groups)
    return Picture(
        "exchange",
        say("People who crossed, by side of each agreement"),
        say(
            "For each agreement, what each side moved over time and when its convoys "
            "stood at the gate, in one run, the typical one: {agreements}.",
            agreements=listed(group.title for group in groups),
        ),
        (bands.study, log),
        shown,
    )


def table_of_sides(groups: tuple[Group, ...]) -> Table:
    """Return who moved how many under each agreement, and how long they stood."""
    return Table(
        "Exchange",
        say("What the sides of each agreement moved, and how long their convoys stood"),
        (
            Column(say("side")),
            Column(say("people"), number=True),
            Column(say("convoys"), number=True),
            Column(say("first"), whole=True),
            Column(say("last"), whole=True),
            Column(say("convoys stood")),
            Column(say("waited for")),
        ),
        groups,
        say("agreement"),
        _READERS,
    )


def _sides(operation: Operation, log: RunLog) -> Iterator[Group]:
    held = holds(log)
    clock = operation.clock
    for name, plan in operation.agreements.items():
        if len(plan.parties) < 2:
            continue
        people = moved(log, name, plan.parties)
        convoys = moved(log, name, plan.parties, "convoys")
        rows = []
        for side, party in plan.parties.items():
            own = [
                hold
                for hold in held
                if hold.flow in party.flows and hold.reason.agreement == name
            ]
            stood = sum(hold.until_s - hold.since_s for hold in own)
            times = people[side].times_s
            reasons = dict.fromkeys(said(hold.reason) for hold in own)
            rows.append(
                (
                    of_side(operation, plan, side),
                    count(people[side].last),
                    count(convoys[side].last),
                    moment(clock, times[0]) if times else None,
                    moment(clock, times[-1]) if times else None,
                    duration(stood) if stood else None,
                    joined(reasons, "; "),
                )
            )
        yield Group(of_agreement(operation, name), tuple(rows))


def timespace(bands: Bands, log: RunLog) -> Picture | None:
    """Return where convoys were when; None if none had people aboard."""
    operation = bands.study.operation
    rows = [
        (
            row.convoy,
            of_flow(operation, row.flow),
            of_site(operation, row.origin),
            count(row.departed_people or row.people or row.turned_back_people),
            _at(operation.clock, row.departed_s),
            _at(operation.clock, row.arrived_s),
            _at(operation.clock, row.turned_back_s),
        )
        for row in passages(log)
        if row.departed_people or row.people or row.turned_back_people
    ]
    if not rows:
        return None
    arrived = sum(1 for row in rows if row[5] is not None)
    return Picture(
        "timespace",
        say("Convoys with people along their routes"),
        say(
            "A line for each of {convoys} convoys along its route in one run, the "
            "typical one; {arrived} of them arrive.",
            convoys=Number(len(rows)),
            arrived=Number(arrived),
        ),
        (bands.study, log),
        table(
            "Convoys",
            say("Convoys with people in the typical run"),
            (
                Column(say("convoy"), whole=True),
                Column(say("flow")),
                Column(say("site")),
                Column(say("people"), number=True),
                Column(say("crossed its first gate"), whole=True),
                Column(say("arrived"), whole=True),
                Column(say("turned back"), whole=True),
            ),
            rows,
            forms=_READERS,
        ),
    )


def _at(clock: Clock, seconds: int | None) -> Text:
    return None if seconds is None else moment(clock, seconds)


def gates(bands: Bands, log: RunLog) -> Picture | None:
    """Return what closed and what agreements were; None if there is neither."""
    operation = bands.study.operation
    clock = operation.clock
    stopped, closed = stoppages(log), closures(log)
    agreed = agreement_states(log, operation.agreements)
    causes = {name: plan.cause for name, plan in operation.stoppages.items()}
    parts: list[tuple[Text, list[tuple[Period, Text]]]] = [
        (say("Stoppages"), [(each, causes.get(each.name)) for each in stopped]),
        (
            say("Closed gates and checkpoints"),
            [(each, said(each.reason)) for each in closed],
        ),
        (say("Agreements"), [(each, STATES[each.what]) for each in agreed]),
    ]
    groups = tuple(
        Group(
            title,
            tuple(
                (
                    _named(operation, each.name),
                    moment(clock, each.since_s),
                    moment(clock, each.until_s),
                    duration(each.until_s - each.since_s),
                    what,
                )
                for each, what in found
            ),
        )
        for title, found in parts
        if found
    )
    if not groups:
        return None
    return Picture(
        "gates",
        say("Stoppages, closed gates and agreements"),
        say(
            "Bars of when each stoppage lasted, each gate was closed and each "
            "agreement was in force, in one run, the typical one: {stoppages} "
            "stoppages, {closures} closures.",
            stoppages=Number(len(stopped)),
            closures=Number(len(closed)),
        ),
        (bands.study, log),
        Table(
            "Gates",
            say("What lasted from when to when in the typical run"),
            (
                Column(say("name")),
                Column(say("from"), whole=True),
                Column(say("to"), whole=True),
                Column(say("lasted"), whole=True),
                Column(say("what")),
            ),
            groups,
            say("kind"),
            _READERS,
        ),
    )


def _named(operation: Operation, name: str) -> str:
    if name in operation.agreements:
        return of_agreement(operation, name)
    return of_place(operation, name)


def waiting(bands: Bands) -> Picture | None:
    """Return why people waited; None if nobody did."""
    study = bands.study
    groups = []
    for origin in study.layout.origins:
        own = {
            cause: band
            for (site, cause), band in bands.waiting.items()
            if site == origin
        }
        whole = sum(band.mean for band in own.values())
        rows = tuple(
            (
                CAUSES.get(cause, cause),
                count(band.mean),
                share(band.mean / whole) if whole else None,
                _band(band),
            )
            for cause, band in own.items()
        )
        if rows:
            groups.append(Group(of_site(study.operation, origin), rows))
    if not groups:
        return None
    worst = [(group.title, group.rows[0]) for group in groups]
    return Picture(
        "waiting",
        say("Why people waited until they arrived"),
        say(
            "Bars of person-hours by cause. Most, by site: {causes}.",
            causes=listed(
                say("{site}: {cause} ({share})", site=title, cause=row[0], share=row[2])
                for title, row in worst
            ),
        ),
        (bands,),
        Table(
            "Waiting",
            say("Why people waited until they arrived: mean of the runs, by cause"),
            (
                Column(say("cause")),
                Column(say("person-hours"), number=True),
                Column(say("share"), number=True),
                Column(say("person-hours: median (5 % to 95 %)"), number=True),
            ),
            tuple(groups),
            say("site"),
            first=_TOP_CAUSES,
        ),
    )
