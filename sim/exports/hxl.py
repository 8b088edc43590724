"""People and arrivals as CSV with hashtags of the Humanitarian Exchange Language.

The row below the header tags the columns (HXL 1.1), so that tools know what they hold
whatever they are called. Numbers are those of the report: medians over runs, and
between what 90 % of the runs lie.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.exports.contents import Exported, KeptRun, NothingToWriteError
from sim.exports.spreadsheet import write_table
from sim.scenario.titles import of_place
from sim.words import Text, Words, joined, say, say_many

FOLDER = "hxl"
Columns = Mapping[str, str]
"""Tags by heading."""
Lines = list[tuple[str, ...]]
_SITE = {"site": "#loc+code", "site name": "#loc+name"}
_ORIGIN = {"origin": "#loc+origin+code", "origin name": "#loc+origin+name"}
_DESTINATION = {
    "destination": "#loc+dest+code",
    "destination name": "#loc+dest+name",
}
_GROUP = {"group": "#group+code"}
_ARRIVED = {
    "arrived (5 % of runs have less)": "#affected+arrived+ind+low",
    "arrived (median of runs)": "#affected+arrived+ind+median",
    "arrived (5 % of runs have more)": "#affected+arrived+ind+high",
}
_LEVELS = ("p5_people", "median_people", "p95_people")
_RUNS = {"runs": "#meta+runs+num", "band shows": "#meta+band"}
_REMARK = {"remark": "#meta+remark"}


def write_hxl(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write people by site and group, arrivals by day and by hour; yield the files.

    Raises
    ------
    NothingToWriteError
        If nobody arrives anywhere.
    UnusableError
        If a table of the run is damaged.
    """
    by_day, by_hour = run.table("daily"), run.table("receiving")
    if not any(float(row["p95_people"]) for row in by_day):
        raise NothingToWriteError(say("Nobody arrives in any of its runs."))
    day = _ORIGIN | {"date": "#date+occurred"} | _ARRIVED | _RUNS
    hour = _DESTINATION | _GROUP | {"hour from": "#date+start"} | _ARRIVED | _RUNS
    start = {"people at the start": "#population+ind+start"}
    stay = {"of these stay": "#population+ind+stay"}
    join = {"join later": "#population+ind+joining"}
    people = _SITE | _GROUP | start | stay | join
    tables: tuple[tuple[str, Text, Columns, Lines], ...] = (
        ("people", say("people by site and group"), people, _people(run)),
        ("arrivals-by-day", say("by origin and day"), day, _by_day(run, by_day)),
        (
            "arrivals-by-hour",
            say("by destination, group and hour"),
            hour,
            _by_hour(run, by_hour),
        ),
    )
    remark = words.of(run.remark)
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, what, columns, lines in tables:
        path = folder / FOLDER / f"{name}.csv"
        write_table(path, _tagged(columns, lines, remark))
        count = say_many("{count} row", "{count} rows", len(lines))
        yield Exported(path, joined((what, count), ", "))


def _tagged(columns: Columns, lines: Lines, remark: str) -> Iterator[Sequence[str]]:
    every = {**columns, **_REMARK}
    yield tuple(every)
    yield tuple(every.values())
    for line in lines:
        yield *line, remark


def _people(run: KeptRun) -> Lines:
    return [
        (
            *(site, of_place(run.operation, site), group),
            *(str(plan.people), str(plan.stay), str(sum(plan.joins.values()))),
        )
        for site, at in run.operation.sites.items()
        for group, plan in at.groups.items()
        if not plan.counts_apart
    ]


def _by_day(run: KeptRun, rows: Sequence[Mapping[str, str]]) -> Lines:
    return [
        (
            *(row["origin"], of_place(run.operation, row["origin"]), row["day"]),
            *(row[level] for level in _LEVELS),
            *(row["n"], row["band"]),
        )
        for row in rows
    ]


def _by_hour(run: KeptRun, rows: Sequence[Mapping[str, str]]) -> Lines:
    return [
        (
            *(row["destination"], of_place(run.operation, row["destination"])),
            *(row["group"], row["hour_from"]),
            *(row[level] for level in _LEVELS),
            *(row["n"], row["band"]),
        )
        for row in rows
    ]
