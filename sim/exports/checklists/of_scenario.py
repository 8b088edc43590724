"""What a scenario says of itself, for checklists."""

from sim.evidence.vocabulary import SECONDS_PER_UNIT
from sim.exports.checklists.contents import Part
from sim.exports.gaps import gap
from sim.report.contents import (
    Column,
    Enumeration,
    Group,
    MovingPicture,
    Picture,
    Table,
)
from sim.report.typed_in import given_by
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_flow, of_place
from sim.words import Number, Text, joined, listed, moment, say, say_many

QUESTION = say(
    "People leave besieged places in convoys, through gates, under agreements in which "
    "one side's convoys move only as the other's do. The model says when they are out, "
    "and how their time of waiting divides over causes."
)
NOT_FOR = say(
    "It routes nobody, searches for no plan, foretells no negotiation and times no "
    "live movement. Agreements and breaches are inputs. It holds counts of groups "
    "only, no data on persons."
)
LOGIC = say(
    "A convoy is one process: vehicles are formed, board people, pass legs, gates, "
    "checkpoints and other stages of their route one after the other, unload, and "
    "come back. Gates are open or closed by stoppages, hours and agreements. The "
    "rules, with the order of what happens in one second, are in docs/mechanism.md of "
    "the program."
)
QUEUES = say(
    "Lines are served first come, first served: before closed gates, for lanes of "
    "checkpoints, for bays at sites. Who stands in line goes before who only comes. "
    "People wait at their site by group, in the order of the priorities of groups."
)


def about(operation: Operation) -> Text:
    """Return what the author says the scenario is, or that it is missing."""
    return operation.about or gap(say("what this scenario is, and for whom"))


def people(operation: Operation) -> tuple[Text, ...]:
    """Return who is where at the start."""
    return tuple(
        say(
            "{site}, {group}: {people} people at the start, of whom {stay} stay",
            site=of_place(operation, site),
            group=group,
            people=Number(plan.people),
            stay=Number(plan.stay),
        )
        for site, at in operation.sites.items()
        for group, plan in at.groups.items()
    )


def vehicles(operation: Operation) -> tuple[Text, ...]:
    """Return the fleets."""
    return tuple(
        say(
            "{fleet}: of the kind '{kind}', {vehicles} in all, {seats} seats each",
            fleet=name,
            vehicles=Number(plan.ever_joining),
            kind=plan.kind,
            seats=Number(plan.seats),
        )
        for name, plan in operation.fleets.items()
    )


def flows(operation: Operation) -> tuple[Text, ...]:
    """Return who leaves over which route."""
    return tuple(
        say(
            "{flow}: {groups} from {origin} to {destination}, in convoys of {fleets}",
            flow=of_flow(operation, name),
            groups=listed(plan.ever_serves),
            origin=of_place(operation, operation.routes[plan.route].origin),
            destination=of_place(operation, operation.routes[plan.route].destination),
            fleets=listed(plan.ever_takes),
        )
        for name, plan in operation.flows.items()
    )


def stages(operation: Operation) -> tuple[Text, ...]:
    """Return what convoys get through on their way."""
    others = sum(len(section) for section in operation.stages.values())
    return (
        say_many("{count} leg of road", "{count} legs of road", len(operation.legs)),
        say_many("{count} gate", "{count} gates", len(operation.gates)),
        *(
            say_many(
                "the checkpoint {place} with {count} lane",
                "the checkpoint {place} with {count} lanes",
                plan.lanes,
                place=of_place(operation, name),
            )
            for name, plan in operation.checkpoints.items()
        ),
        say_many("{count} other stage", "{count} other stages", others)
        if others
        else None,
    )


def ends(operation: Operation) -> tuple[Text, ...]:
    """Return where people come into the model, and where they leave it."""
    routes = operation.routes.values()
    origins = dict.fromkeys(of_place(operation, each.origin) for each in routes)
    reached = dict.fromkeys(of_place(operation, each.destination) for each in routes)
    return (
        say("In: {sites}, with those who join later.", sites=listed(tuple(origins))),
        say("Out: {sites}.", sites=listed(tuple(reached))),
    )


def agreements(operation: Operation) -> tuple[Text, ...]:
    """Return who may cross against whom; a remark if nothing is agreed."""
    found = tuple(
        say(
            "{agreement}: rule '{rule}' between {sides}",
            agreement=of_agreement(operation, name),
            rule=plan.rule,
            sides=listed(tuple(plan.parties)),
        )
        for name, plan in operation.agreements.items()
    )
    return found or (say("There are no agreements."),)


def stoppages(operation: Operation) -> Text:
    """Return how many stoppages are given, may come, and come at random."""
    every = operation.stoppages.values()
    return say(
        "Stoppages: {documented} given, {may_come} of them with a chance of coming; "
        "{random} that come at random.",
        documented=Number(sum(plan.every is None for plan in every)),
        may_come=Number(sum(plan.chance is not None for plan in every)),
        random=Number(sum(plan.every is not None for plan in every)),
    )


def run_length(operation: Operation) -> Text:
    """Return how long is simulated, and why there is no warm-up."""
    clock = operation.clock
    return say(
        "From {starts} to {ends}, {hours} hours of {zone}. The operation begins and "
        "ends, and starts in the state that the scenario gives: it is a terminating "
        "simulation, without a warm-up.",
        starts=moment(clock, 0),
        ends=moment(clock, operation.ends),
        hours=Number(operation.ends / SECONDS_PER_UNIT["h"]),
        zone=operation.zone,
    )


def inputs(operation: Operation) -> tuple[Part, ...]:
    """Return what is typed in, in short and part by part."""
    parts = given_by(operation).parts
    return tuple(
        part
        for part in parts
        if not isinstance(part, Picture | MovingPicture | Enumeration)
    )


def unknowns(operation: Operation) -> Part:
    """Return what is not known, with its range and its sources."""
    if not operation.uncertain:
        return say("The scenario names nothing under 'uncertain'.")
    rows = tuple(
        (
            ", ".join(plan.sets) if plan.sets else path,
            plan.spread,
            ", ".join(plan.evidence) or None,
            plan.note,
        )
        for path, plan in operation.uncertain.items()
    )
    return Table(
        say("Unknowns"),
        say("What is not known, and the range given for it"),
        (
            Column(say("field")),
            Column(say("range")),
            Column(say("rows of evidence")),
            Column(say("why this range")),
        ),
        (Group(None, rows),),
    )


def sources(operation: Operation) -> tuple[Text, ...]:
    """Return on what the scenario says that it rests."""
    supported = (
        *(plan.evidence for plan in operation.agreements.values()),
        *(plan.evidence for plan in operation.stoppages.values()),
        *(plan.evidence for plan in operation.weather.values()),
        *(plan.evidence for plan in operation.uncertain.values()),
        *(
            phase.evidence
            for flow in operation.flows.values()
            for phase in flow.phases.values()
        ),
    )
    cited = {row for rows in supported for row in rows}
    named = operation.evidence
    return (
        say(
            "Documented figures: the table {file}, with its sources, beside the "
            "scenario.",
            file=named,
        )
        if named
        else gap(say("sources of the data; the scenario names no evidence table")),
        say("The scenario cites {rows} of its rows.", rows=Number(len(cited)))
        if cited
        else None,
    )


def groups(operation: Operation) -> Text:
    """Return the groups of people that are told apart."""
    names = dict.fromkeys(
        group for site in operation.sites.values() for group in site.groups
    )
    return joined((say("Groups told apart:"), listed(tuple(names))))
