"""A model card after Mitchell et al. (2019), section by section."""

from collections.abc import Iterator
from pathlib import Path

from sim.exports.checklists import of_run, of_scenario
from sim.exports.checklists.contents import Checklist, Item, write_checklist
from sim.exports.contents import Exported, KeptRun
from sim.exports.gaps import gap
from sim.report.limits import LIMITS
from sim.words import Words, say

FILE = "model-card.md"
_CITED = say(
    "After M. Mitchell et al.: Model cards for model reporting. Proceedings of the "
    "Conference on Fairness, Accountability, and Transparency (2019), 220-229. The "
    "model is a simulation and was not trained; where a card asks for training data, "
    "the figures of a fit stand."
)


def write_model_card(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the card of a run as Markdown; yield the file.

    Raises
    ------
    UnusableError
        If a table of the run is damaged.
    """
    items = (*_what_it_is(run), *_how_well(run), *_care())
    made = Checklist(say("Model card"), _CITED, items)
    yield from write_checklist(made, run, folder / FILE, words)


def _what_it_is(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(
        say("Model details"),
        (
            of_scenario.LOGIC,
            of_run.software(run),
            of_run.repeat(run),
            say("The program has the licence MIT."),
            gap(say("who made this scenario, when, and whom to ask")),
        ),
        2,
    )
    yield Item(say("Intended use"), level=2)
    yield Item(
        say("Primary uses"), (of_scenario.QUESTION, of_scenario.about(operation))
    )
    yield Item(
        say("Primary users"),
        (
            say("Planners of humanitarian organisations, and researchers."),
            gap(say("who is to use this case")),
        ),
    )
    yield Item(say("Uses out of scope"), (of_scenario.NOT_FOR, LIMITS))
    yield Item(
        say("Factors"),
        (
            of_scenario.groups(operation),
            gap(say("groups of people whom the model does not tell apart, and should")),
        ),
        2,
    )


def _how_well(run: KeptRun) -> Iterator[Item]:
    operation = run.operation
    yield Item(say("Metrics"), level=2)
    yield Item(say("Performance measures"), (of_run.outputs(run),))
    yield Item(
        say("Decision thresholds"),
        (say("None: the model decides nothing."),),
    )
    yield Item(
        say("Approaches to uncertainty and variability"),
        (of_run.replications(run), of_scenario.unknowns(operation)),
    )
    yield Item(
        say("Evaluation data"),
        (
            of_scenario.sources(operation),
            of_run.validation(run),
            gap(say("why these figures, and how they were read")),
        ),
        2,
    )
    yield Item(say("Training data"), (of_run.calibration(run),), 2)
    yield Item(say("Quantitative analyses"), level=2)
    yield Item(say("Unitary results"), (of_run.results(run),))
    yield Item(
        say("Intersectional results"),
        (
            say("Arrivals by destination, group and hour are in receiving.csv."),
            gap(say("what differs between groups, and whether that is credible")),
        ),
    )


def _care() -> Iterator[Item]:
    yield Item(
        say("Ethical considerations"),
        (
            say(
                "The model is about real events in which people died. It holds counts "
                "of groups, no persons; causes are in neutral words and attributed; "
                "places are coarse in what is exported."
            ),
            gap(say("who could be harmed by this case, and what was done about it")),
        ),
        2,
    )
    yield Item(
        say("Caveats and recommendations"),
        (
            say("Numbers are those of a simulation and not facts."),
            gap(say("what a reader of this case must know besides")),
        ),
        2,
    )
