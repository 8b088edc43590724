"""The checklist STRESS-DES of Monks et al. (2019), item by item."""

from collections.abc import Iterator
from pathlib import Path

from sim.exports.checklists import of_run, of_scenario
from sim.exports.checklists.contents import Checklist, Item, write_checklist
from sim.exports.contents import Exported, KeptRun
from sim.exports.gaps import gap
from sim.words import Words, say

FILE = "stress-des.md"
_CITED = say(
    "By T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. "
    "Taylor: Strengthening the reporting of empirical simulation studies. Journal of "
    "Simulation 13 (2019), 55-67."
)


def write_stress_des(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the checklist of a run as Markdown; yield the file.

    Raises
    ------
    UnusableError
        If a table of the run is damaged.
    """
    items = (*_objectives(run), *_logic(run), *_data(run), *_experiments(run))
    made = Checklist(say("STRESS-DES"), _CITED, (*items, *_implementation(run)))
    yield from write_checklist(made, run, folder / FILE, words)


def _objectives(run: KeptRun) -> Iterator[Item]:
    yield Item(say("1. Objectives"), level=2)
    yield Item(
        say("1.1 Purpose of the model"),
        (
            of_scenario.QUESTION,
            of_scenario.about(run.operation),
            gap(say("the question that this study answers, and for whom")),
        ),
    )
    yield Item(say("1.2 Model outputs"), (of_run.outputs(run),))
    yield Item(
        say("1.3 Experimentation aims"),
        (gap(say("what was varied and why, or that one scenario was run")),),
    )


def _logic(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(say("2. Logic"), level=2)
    yield Item(
        say("2.1 Base model overview diagram"),
        (gap(say("a diagram of sites, routes and gates; one is in report.html")),),
    )
    yield Item(
        say("2.2 Base model logic"),
        (
            of_scenario.LOGIC,
            of_scenario.agreements(operation),
            of_scenario.stoppages(operation),
        ),
    )
    yield Item(
        say("2.3 Scenario logic"),
        (gap(say("how other scenarios of the study differ from this one")),),
    )
    yield Item(say("2.4 Algorithms"), (of_run.ENGINE, of_run.RANDOM))
    yield Item(say("2.5 Components"))
    for heading, parts in (
        (
            say("2.5.1 Entities"),
            (of_scenario.people(operation), of_scenario.flows(operation)),
        ),
        (say("2.5.2 Activities"), (of_scenario.stages(operation),)),
        (say("2.5.3 Resources"), (of_scenario.vehicles(operation),)),
        (say("2.5.4 Queues"), (of_scenario.QUEUES,)),
        (say("2.5.5 Entry and exit points"), (of_scenario.ends(operation),)),
    ):
        yield Item(heading, parts, 4)


def _data(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(say("3. Data"), level=2)
    yield Item(say("3.1 Data sources"), (of_scenario.sources(operation),))
    yield Item(
        say("3.2 Pre-processing"),
        (gap(say("how sources were read, and what was left out")),),
    )
    yield Item(
        say("3.3 Input parameters"),
        (
            *of_scenario.inputs(operation),
            say("Every value is in typed_in.csv and scenario.yaml of the results."),
            of_scenario.unknowns(operation),
        ),
    )
    yield Item(
        say("3.4 Assumptions"),
        (
            of_scenario.NOT_FOR,
            of_run.calibration(run),
            gap(say("assumptions where data were missing")),
        ),
    )


def _experiments(run: KeptRun) -> Iterator[Item]:
    yield Item(say("4. Experimentation"), level=2)
    yield Item(
        say("4.1 Initialisation"),
        (of_scenario.run_length(run.operation), of_scenario.people(run.operation)),
    )
    yield Item(say("4.2 Run length"), (of_scenario.run_length(run.operation),))
    yield Item(
        say("4.3 Estimation approach"),
        (of_run.replications(run), of_run.results(run)),
    )


def _implementation(run: KeptRun) -> Iterator[Item]:
    yield Item(say("5. Implementation"), level=2)
    yield Item(say("5.1 Software or programming language"), (of_run.software(run),))
    yield Item(say("5.2 Random sampling"), (of_run.RANDOM,))
    yield Item(say("5.3 Model execution"), (of_run.ENGINE, of_run.repeat(run)))
    yield Item(say("5.4 System specification"), (of_run.system(run),))
    yield Item(say("6. Code access"), level=2)
    yield Item(
        say("6.1 Computer model sharing statement"),
        (
            say("The program has the licence MIT."),
            gap(say("where the program, this scenario and its data can be had")),
        ),
    )
