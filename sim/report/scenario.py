"""What a scenario says, before anything is run: in sentences, tables and on a map."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from sim.evidence.figures import Figure
from sim.metrics.curves import Curve
from sim.report.contents import Column, Enumeration, Report, Section, Table, table
from sim.report.moving import boxes_of
from sim.report.scene import NOBODY, Scene, ScenePlace
from sim.report.still import Still
from sim.report.typed_in import given_in_short
from sim.scenario import Operation
from sim.scenario.described import DescribedField, described
from sim.scenario.moments import Hanging
from sim.scenario.origins import origins_of, sites_of
from sim.scenario.plans import StoppagePlan
from sim.scenario.titles import (
    of_agreement,
    of_flow,
    of_place,
    of_side,
    of_site,
    of_steps,
)
from sim.scenario.typed_in import Given, typed_in
from sim.scenario.written import data_of
from sim.schematic import Network, laid_out
from sim.words import Number, Text, joined, listed, moment, say, say_many, share

_DATED = frozenset({Given.DATE, Given.HANGING})
_Written = Mapping[str, Any]
"""A part as a file writes it."""
_OfPart = Callable[[Operation, str, _Written], Text]


def report_on_scenario(operation: Operation, figures: Sequence[Figure]) -> Report:
    """Return what a scenario says.

    Parameters
    ----------
    figures : documented ones that lie beside it.
    """
    return Report(
        title=operation.operation,
        answer=_in_short(operation, figures),
        sections=(
            Section("says", say("What it says"), (_sentences(operation),)),
            Section("moments", say("Time line of moments"), (_moments(operation),)),
            Section("given", say("What is given"), (given_in_short(operation),)),
        ),
        data={},
    )


def map_of(operation: Operation) -> Still:
    """Return the map of an operation at its start, with nobody under way."""
    network = Network.of(operation)
    there = {
        name: sum(group.people for group in plan.groups.values())
        for name, plan in operation.sites.items()
    }
    places = {
        name: ScenePlace(
            name,
            "" if node.sort in {"joint", "yard"} else of_place(operation, name),
            Curve.of_changes([(0, there[name])]) if there.get(name) else NOBODY,
        )
        for name, node in network.nodes.items()
    }
    return Still(
        Scene(
            operation.clock,
            operation.ends,
            network,
            laid_out(network, operation, boxes_of(places)),
            places,
            {name: of_flow(operation, name) for name in operation.flows},
            *((), {}, (), (), ()),
        )
    )


def _in_short(operation: Operation, figures: Sequence[Figure]) -> Text:
    clock = operation.clock
    return say(
        "From {since} to {until} (local time, {zone}) {people} people are to leave "
        "{sites}, in {flows}. Beside it lie {figures}.",
        since=moment(clock, 0),
        until=moment(clock, operation.ends),
        zone=operation.zone,
        people=Number(sum(_leaving(operation, site) for site in origins_of(operation))),
        sites=listed([of_site(operation, site) for site in origins_of(operation)]),
        flows=say_many("{count} flow", "{count} flows", len(operation.flows)),
        figures=say_many(
            "{count} documented figure", "{count} documented figures", len(figures)
        ),
    )


def _leaving(operation: Operation, site: str) -> int:
    """Return how many people of a site are to leave, those who join later too."""
    groups = operation.sites[site].groups.values()
    return sum(plan.leaving for plan in groups if not plan.counts_apart)


def _sentences(operation: Operation) -> Enumeration:
    written = data_of(operation)

    def of(section: str, says: _OfPart) -> Iterator[Text]:
        for name, told in written.get(section, {}).items():
            yield says(operation, name, told)

    return Enumeration(
        (
            *of("flows", _of_flow),
            *map(partial(_of_fleet, operation), operation.fleets),
            *of("agreements", _of_agreement),
            *of("stoppages", _of_stoppage),
            _of_unknowns(operation),
        )
    )


def _of_flow(operation: Operation, name: str, told: _Written) -> Text:
    plan = operation.flows[name]
    route = operation.routes[plan.route]
    return say(
        "{flow}: people of {sites} go to {destination}. Vehicles of a full convoy: "
        "{vehicles}. Most convoys under way at the same time: {at_once}.",
        flow=of_flow(operation, name),
        sites=listed([of_site(operation, each) for each in sites_of(operation, name)]),
        destination=of_place(operation, route.destination),
        vehicles=listed(
            joined((fleet, f"{count}"), " ") for fleet, count in told["convoy"].items()
        ),
        at_once=Number(plan.at_once),
    )


def _of_fleet(operation: Operation, name: str) -> Text:
    plan = operation.fleets[name]
    return say(
        "The fleet {fleet}: {vehicles} vehicles in all, with {seats} seats each.",
        fleet=name,
        vehicles=Number(plan.ever_joining),
        seats=Number(plan.seats),
    )


def _of_agreement(operation: Operation, name: str, told: _Written) -> Text:
    plan = operation.agreements[name]
    sides = listed([of_side(operation, plan, side) for side in plan.parties])
    title = of_agreement(operation, name)
    if plan.deadline is None:
        return say("The agreement {title}: {sides}.", title=title, sides=sides)
    return say(
        "The agreement {title}: {sides}; it ends {deadline} if it is not completed by "
        "then.",
        title=title,
        sides=sides,
        deadline=_when(operation, plan.deadline, told["deadline"]),
    )


def _of_stoppage(operation: Operation, name: str, told: _Written) -> Text:
    plan = operation.stoppages[name]
    return say(
        "{cause}: closes {gates}{begins}{ends}{chance}.",
        cause=plan.cause,
        gates=listed([of_place(operation, gate) for gate in plan.closes]),
        begins=_beginning_of(operation, plan, told),
        ends=_end_of(operation, plan, told),
        chance=_chance_of(plan),
    )


def _chance_of(plan: StoppagePlan) -> Text:
    """Return in how many runs a stoppage comes; None if in all."""
    if plan.chance is None:
        return None
    return say("; it comes in {share} of the runs", share=share(plan.chance))


def _beginning_of(operation: Operation, plan: StoppagePlan, told: _Written) -> Text:
    if (awaited := plan.starts_with) is not None:
        return say(
            ", from when convoy {number} of {flow} comes to {gate} with people",
            number=Number(awaited.convoy),
            flow=of_flow(operation, awaited.flow),
            gate=of_place(operation, awaited.at),
        )
    if plan.every is None:
        begins = _when(operation, plan.starts, told["starts"])
        return say(", from {moment}", moment=begins)
    again = say(
        " again and again (from the end of one to the next: {time})", time=told["every"]
    )
    if plan.since is None:
        return again
    since = _when(operation, plan.since, told["since"])
    return joined([again, say("none before {moment}", moment=since)], ", ")


def _end_of(operation: Operation, plan: StoppagePlan, told: _Written) -> Text:
    if plan.until_agreement is not None:
        return say(
            ", until this agreement is in force: {title}",
            title=of_agreement(operation, plan.until_agreement),
        )
    if plan.until is not None:
        ends = _when(operation, plan.until, told["until"])
        return say(", until {moment}", moment=ends)
    return say(", for {time}", time=told["lasts"])


def _when(operation: Operation, at: int | Hanging | None, written: Text) -> Text:
    """Return a date as readers know it; what hangs on something as it is written."""
    return moment(operation.clock, at) if isinstance(at, int) else written


def _of_unknowns(operation: Operation) -> Text:
    return say_many(
        "{count} value is not known and has a range; with what is not known drawn as "
        "well, runs differ by it.",
        "{count} values are not known and have ranges; with what is not known drawn as "
        "well, runs differ by them.",
        len(operation.uncertain),
    )


def _moments(operation: Operation) -> Table:
    """Return the dates of a scenario in their order, then what hangs on others."""
    found = [each for each in typed_in(operation) if each.kind in _DATED]
    dates = sorted((e for e in found if e.kind is Given.DATE), key=attrgetter("text"))
    others = [each for each in found if each.kind is Given.HANGING]
    fields = {each.path: each for each in described(operation)}
    return table(
        say("Moments"),
        say("Dates in their order, then moments that hang on what happens"),
        (
            Column(say("moment"), whole=True),
            Column(say("of what")),
            Column(say("documented")),
        ),
        (
            (
                each.text,
                _of_what(operation, fields, each.path),
                say("yes") if each.documented else None,
            )
            for each in (*dates, *others)
        ),
    )


def _of_what(
    operation: Operation, fields: Mapping[str, DescribedField], path: str
) -> Text:
    """Return whose moment it is, and how likely that is if it may not come."""
    field = _field_at(fields, path)
    if field is None:
        return path
    if not field.section:
        return field.heading
    part = of_steps(operation, field.part)
    what = joined((part, field.heading), ": ")
    plan = operation.stoppages.get(field.steps[1])
    if field.section != "stoppages" or plan is None or plan.chance is None:
        return what
    return say("{path}, in {share} of the runs", path=what, share=share(plan.chance))


def _field_at(fields: Mapping[str, DescribedField], path: str) -> DescribedField | None:
    """Return the field that a path leads to, or into; None if to none."""
    while path and path not in fields:
        path = path.rpartition(".")[0]
    return fields.get(path)
