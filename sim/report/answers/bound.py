"""What capacity alone would take, and how much of an operation is waiting."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType

from sim.answers.bound import BesideRuns, Binding, Bound, LimitKind
from sim.experiment import Study
from sim.experiment.bands import Bands, band_of
from sim.metrics.of_sites import ALL_SITES
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.contents import Column, Data, Group, Report, Section, Table
from sim.report.intervals import DASH
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.titles import of_flow, of_place
from sim.words import (
    Number,
    Text,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.metrics import of_key

_FOREMOST = 2
_HOW_TO_READ = say(
    "All columns but that of the median run leave out every stoppage and agreement. "
    "'No run before': each time is taken at its least, each load at its most, each "
    "moment that hangs on something at its earliest; that no run with these values is"
    " out sooner is proved, and tested with generated operations. 'If moments come "
    "so': the same of runs in which those moments come as they do in the typical run "
    "without stoppages and agreements. 'Capacity': with these moments, and means in "
    "the place of least and most; it is no bound, single runs may be sooner, but says"
    " what vehicles, convoys, lanes, bays and roads would commonly do if nobody held "
    "anybody up. What the median run takes beyond that is waiting. Capacity is bound "
    "by what more would be needed of first. That may be a rule of the plan: 'convoys'"
    " are their size, their headway, their hours and how many may be under way at "
    "once; 'start and way' is when the last of them can set out at all, and how long "
    "they drive, board and unload. A dash: not by the end."
)
_LIMITS: Mapping[LimitKind, Callable[[Text], Text]] = MappingProxyType(
    {
        LimitKind.PEOPLE: lambda name: say(
            "when people of {name} are ready", name=name
        ),
        LimitKind.VEHICLES: lambda name: say("vehicles of {name}", name=name),
        LimitKind.CONVOYS: lambda name: say("convoys of {name}", name=name),
        LimitKind.PACE: lambda name: say(
            "what may set out of {name} in a day or a week", name=name
        ),
        LimitKind.DEPARTURES: lambda name: say("departures of {name}", name=name),
        LimitKind.LANES: lambda name: say("lanes at {name}", name=name),
        LimitKind.BAYS: lambda name: say("bays of {name}", name=name),
        LimitKind.ROAD: lambda name: say("what road {name} takes", name=name),
        LimitKind.RELEASES: lambda name: say("releases at {name}", name=name),
        LimitKind.FERRY: lambda name: say("ferry {name}", name=name),
        LimitKind.ROOM: lambda name: say("room at {name}", name=name),
        LimitKind.WAY: lambda _: say("start and way of convoys"),
    }
)
_OF_FLOWS = frozenset({LimitKind.CONVOYS, LimitKind.PACE, LimitKind.DEPARTURES})


def report_on_bound(found: BesideRuns, *, command: str) -> Report:
    """Return what capacity alone would take.

    Parameters
    ----------
    found : bounds, and runs beside them.
    command : with which to repeat it.
    """
    study, operation = found.study, found.study.operation
    runs = say_many(
        "{operation}: {count} run, seed {seed}.",
        "{operation}: {count} runs, seed {seed}.",
        len(study.replications),
        operation=operation.operation,
        seed=str(study.seed),
    )
    return Report(
        title=say("What would capacity alone take?"),
        answer=_answer(found),
        sections=(
            Section("runs", say("What was run"), (joined([runs, BANDS[study.band]]),)),
            Section(
                "bounds",
                say("Capacity, and the runs"),
                (_moments(found), _cannot(found)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"bounds": _data(found)},
    )


def capacity_in_words(study: Study, capacity: Bound | None) -> Text:
    """Return in a sentence how much of what the median run takes is capacity.

    Parameters
    ----------
    study : the runs.
    capacity : what it alone would take; nothing is said if None.
    """
    return None if capacity is None else _capacity(study, capacity)


def _answer(found: BesideRuns) -> Text:
    leaving = Bands(found.study).leaving
    if not leaving:
        return say("Nobody is to leave.")
    key = leaving[0], 100
    return joined([_capacity(found.study, found.usual[key]), _surely(found, key)])


def _capacity(study: Study, usual: Bound) -> Text:
    """Return what capacity would take by means, against the median run."""
    operation = study.operation
    limits = _binding(usual.binding, operation)
    whose = of_key(operation, usual.whose)
    if usual.time_s is None:
        return say(
            "Capacity alone does not have all people of {whose} out by the end, "
            "even without any stoppage or agreement. It is bound by {binds}.",
            whose=whose,
            binds=limits,
        )
    fields: dict[str, Text] = {
        "whose": whose,
        "when": moment(operation.clock, usual.time_s),
        "hours": _hours(usual.time_s),
        "binds": limits,
    }
    middle_h = band_of(study.metric(f"t100/{usual.whose}")).median
    if not isfinite(middle_h):
        return say(
            "Capacity alone, without any stoppage or agreement, would have all people "
            "of {whose} out by {when} ({hours} h); in the median run not all are by "
            "the end. Capacity is bound by {binds}.",
            **fields,
        )
    fields["median"] = Number(middle_h, ",.1f")
    waits = middle_h - usual.time_s / SECONDS_PER_HOUR
    if waits <= 0:
        return say(
            "With usual values and without any stoppage or agreement all people of "
            "{whose} would be out by {when}, after {hours} h; the median run takes no "
            "longer ({median} h). Usual values are no bound, as convoys of a run may "
            "be larger or drive faster, so none of it is surely waiting. Capacity is "
            "bound by {binds}.",
            **fields,
        )
    return say(
        "Capacity alone, without any stoppage or agreement, would have all people of "
        "{whose} out by {when}, after {hours} h; in the median run they are after "
        "{median} h, so {waits} h of it are waiting ({share}). Capacity is bound by "
        "{binds}.",
        **fields,
        waits=Number(waits, ",.1f"),
        share=share(waits / middle_h),
    )


def _surely(found: BesideRuns, key: tuple[str, int]) -> Text:
    sure = found.sure[key]
    if sure.time_s is None:
        return None  # `_cannot` says so of every site
    return say(
        "No run with these values can have them out before {when} ({hours} h).",
        when=moment(found.operation.clock, sure.time_s),
        hours=_hours(sure.time_s),
    )


def _cannot(found: BesideRuns) -> Text:
    """Name who cannot all be out in any run."""
    cannot = [
        say(
            "{whose} ({binds})",
            whose=_whose(found, bound.whose),
            binds=_binding(bound.binding, found.operation),
        )
        for bound in found.sure.values()
        if bound.percent == 100 and bound.time_s is None and bound.whose != ALL_SITES
    ]
    if not cannot:
        return None
    return say(
        "In no run with these values can everybody arrive by the end who is to leave, "
        "even without any stoppage or agreement, at: {sites}.",
        sites=listed(cannot),
    )


def _moments(found: BesideRuns) -> Table:
    given = Column(say("if moments come so"), number=True)
    return Table(
        "Bounds",
        say("Hours after the start when so many percent can be out, and are"),
        (
            Column(say("percent"), number=True),
            Column(say("no run before"), number=True),
            *([] if found.given is None else [given]),
            Column(say("capacity"), number=True),
            Column(say("median run"), number=True),
            Column(say("waiting"), number=True, aside=True),
            Column(say("capacity is bound by")),
        ),
        tuple(_of_site(found, site) for site in _sites(found)),
        grouped_by=say("site"),
    )


def _sites(found: BesideRuns) -> list[str]:
    """Return the sites that people leave, and all if there are several."""
    sites = [*Bands(found.study).leaving]
    return [*sites, ALL_SITES] if len(sites) > 1 else sites


def _of_site(found: BesideRuns, site: str) -> Group:
    rows = (
        _row(found, sure, found.usual[key])
        for key, sure in found.sure.items()
        if key[0] == site
    )
    return Group(_whose(found, site), tuple(rows))


def _row(found: BesideRuns, sure: Bound, usual: Bound) -> tuple[Text, ...]:
    key = sure.whose, sure.percent
    median = _median(found, sure)
    waits: Text = None
    if usual.time_s is not None and isfinite(median):
        waits = Number(max(median - usual.time_s / SECONDS_PER_HOUR, 0.0), ",.1f")
    return (
        Number(sure.percent),
        _hours(sure.time_s),
        *([] if found.given is None else [_hours(found.given[key].time_s)]),
        _hours(usual.time_s),
        Number(median, ",.1f") if isfinite(median) else DASH,
        waits,
        _binding(usual.binding[:1], found.operation),
    )


def _whose(found: BesideRuns, whose: str) -> Text:
    if whose == ALL_SITES:
        return say("all sites")
    return of_key(found.operation, whose)


def _median(found: BesideRuns, bound: Bound) -> float:
    name = f"t{bound.percent}/{bound.whose}"
    return band_of(found.study.metric(name)).median


def _hours(time_s: int | None) -> Text:
    if time_s is None:
        return DASH
    return Number(time_s / SECONDS_PER_HOUR, ",.1f")


def _binding(binding: Sequence[Binding], operation: Operation) -> Text:
    """Return what binds, the foremost only."""
    texts = [
        _LIMITS[each.kind](
            of_flow(operation, each.name)
            if each.kind in _OF_FLOWS
            else of_place(operation, each.name)
        )
        for each in binding[:_FOREMOST]
    ]
    return listed(texts) if texts else None


def _data(found: BesideRuns) -> Data:
    rows = (
        (
            *key,
            sure.people,
            _in_hours(sure),
            None if found.given is None else _in_hours(found.given[key]),
            _in_hours(found.usual[key]),
            median if isfinite(median := _median(found, sure)) else None,
            "; ".join(f"{b.kind} {b.name}".strip() for b in found.usual[key].binding),
        )
        for key, sure in found.sure.items()
    )
    names = ("origin", "percent", "people", "no_run_before_h")
    return Data(
        (*names, "if_moments_come_so_h", "capacity_h", "median_run_h", "binding"),
        tuple(rows),
    )


def _in_hours(bound: Bound) -> float | None:
    return None if bound.time_s is None else bound.time_s / SECONDS_PER_HOUR
