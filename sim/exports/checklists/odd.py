"""A description by the ODD protocol of Grimm et al. (2020), element by element."""

from collections.abc import Iterator
from pathlib import Path

from sim.exports.checklists import of_run, of_scenario
from sim.exports.checklists.contents import Checklist, Item, write_checklist
from sim.exports.contents import Exported, KeptRun
from sim.exports.gaps import gap
from sim.words import Words, say

FILE = "odd.md"
_CITED = say(
    "By V. Grimm et al.: The ODD protocol for describing agent-based and other "
    "simulation models: a second update to improve clarity, replication, and "
    "structural realism. JASSS 23 (2) 7 (2020). The model is a discrete-event "
    "simulation; elements that suppose agents who decide say so."
)


def write_odd(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the description of a run as Markdown; yield the file.

    Raises
    ------
    UnusableError
        If a table of the run is damaged.
    """
    items = (*_overview(run), *_concepts(run), *_details(run))
    made = Checklist(say("ODD protocol"), _CITED, items)
    yield from write_checklist(made, run, folder / FILE, words)


def _overview(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(
        say("1. Purpose and patterns"),
        (
            of_scenario.QUESTION,
            of_scenario.about(operation),
            of_run.validation(run),
            gap(say("which patterns of the record the model is to reproduce")),
        ),
        2,
    )
    yield Item(
        say("2. Entities, state variables and scales"),
        (
            of_scenario.people(operation),
            of_scenario.vehicles(operation),
            of_scenario.flows(operation),
            of_scenario.stages(operation),
            of_scenario.run_length(operation),
            say("Places are points of a route; there is no space between them."),
        ),
        2,
    )
    yield Item(
        say("3. Process overview and scheduling"),
        (of_scenario.LOGIC, of_run.ENGINE),
        2,
    )


def _concepts(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(say("4. Design concepts"), level=2)
    yield Item(
        say("Basic principles"),
        (
            say(
                "People queue for vehicles, vehicles for gates, gates for agreements: "
                "queueing, with servers that close, and synchronisation."
            ),
        ),
    )
    yield Item(
        say("Emergence"),
        (
            say(
                "When people arrive, how long they wait and for what reason are worked "
                "out. Dates and terms that the scenario gives are not."
            ),
            *of_scenario.inputs(operation),
        ),
    )
    none = say("None: nobody in the model adapts, learns, predicts or has objectives.")
    for heading in (
        say("Adaptation"),
        say("Objectives"),
        say("Learning"),
        say("Prediction"),
    ):
        yield Item(heading, (none,))
    yield Item(
        say("Sensing"),
        (
            say(
                "A convoy knows whether the gate before it is open; nobody sets out "
                "towards a gate at which they would be turned back."
            ),
        ),
    )
    yield Item(
        say("Interaction"), (of_scenario.QUEUES, of_scenario.agreements(operation))
    )
    yield Item(say("Stochasticity"), (of_run.RANDOM, of_scenario.stoppages(operation)))
    yield Item(
        say("Collectives"),
        (say("Groups of people and convoys of vehicles; both are counts."),),
    )
    yield Item(say("Observation"), (of_run.outputs(run), of_run.replications(run)))


def _details(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(say("5. Initialization"), (of_scenario.people(operation),), 2)
    yield Item(
        say("6. Input data"),
        (
            of_scenario.sources(operation),
            of_scenario.unknowns(operation),
            of_run.calibration(run),
        ),
        2,
    )
    yield Item(
        say("7. Submodels"),
        (
            say(
                "Each kind of stage, rule and policy is described with its fields in "
                "docs/scenario-reference.md and docs/mechanism.md of the program."
            ),
            of_scenario.stages(operation),
            of_scenario.stoppages(operation),
            of_run.repeat(run),
        ),
        2,
    )
