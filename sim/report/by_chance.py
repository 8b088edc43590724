"""What a scenario leaves to chance to come at all, and what did not come in one run."""

from collections.abc import Iterator

from sim.events import Kind, RunLog
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_stoppage
from sim.words import Text, say, share


def left_to_chance(operation: Operation) -> Iterator[Text]:
    """Say which agreements and stoppages come in some runs only."""
    for name, plan in operation.agreements.items():
        if plan.chance is not None:
            yield say(
                "{agreement}: whether it can come into force at all is drawn in each "
                "run, with a chance of {share} ({path}).",
                agreement=of_agreement(operation, name),
                share=share(plan.chance),
                path=f"agreements.{name}.chance",
            )
    for name, stoppage in operation.stoppages.items():
        if stoppage.chance is not None:
            yield say(
                "{stoppage}: whether it comes at all is drawn in each run, with a "
                "chance of {share} ({path}).",
                stoppage=of_stoppage(operation, name),
                share=share(stoppage.chance),
                path=f"stoppages.{name}.chance",
            )


def not_begun(operation: Operation, log: RunLog) -> Iterator[Text]:
    """Say which stoppages that may come do not begin in one run."""
    begun = {event.place for event in log.events if event.kind is Kind.STOPPAGE_BEGAN}
    for name, plan in operation.stoppages.items():
        if plan.chance is not None and name not in begun:
            yield say(
                "{stoppage} does not begin in this run; it comes in {share} of the "
                "runs.",
                stoppage=of_stoppage(operation, name),
                share=share(plan.chance),
            )
