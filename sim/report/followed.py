"""Whom a forecast follows: the simulation alone, or a pool of it with comparators."""

from collections.abc import Iterator

from sim.inference.forecast.forecast import Forecast
from sim.inference.forecast.forecasters import POOL, SIMULATION
from sim.inference.forecast.pool_choice import PoolChoice
from sim.report.contents import Column, Section, Table, table
from sim.scenario import Operation
from sim.scenario.titles import of_site
from sim.words import Text, joined, say, say_many, share

_WHAT_A_POOL_IS = say(
    "A pool has as many draws of each as its weight says; comparators are simple "
    "forecasts without convoys, from the same figures. Chance alone, and figures other "
    "than counts of all people arrived, are the simulation's."
)


def whom_it_follows(made: Forecast) -> Iterator[Section]:
    """Yield whom a forecast follows at each site, and the weights in the pool."""
    if made.followed:
        title = say("Whom it follows")
        operation = made.then.operation
        sentences = [_sentence(choice, operation) for choice in made.followed]
        text = joined([*sentences, _rests(made.followed[0]), _WHAT_A_POOL_IS])
        yield Section("followed", title, (text, _weights(made.followed[0])))


def _sentence(choice: PoolChoice, operation: Operation) -> Text:
    fields: dict[str, Text] = {
        "site": of_site(operation, choice.site),
        "ours": share(choice.weights[SIMULATION]),
    }
    if choice.shipped == POOL:
        return say(
            "{site}: a pool of the simulation, with {ours} of the weight, and of "
            "comparators.",
            **fields,
        )
    return say(
        "{site}: the simulation alone, which was nearer so far than the pool.",
        site=fields["site"],
    )


def _rests(choice: PoolChoice) -> Text:
    if not choice.figures:
        return say("No figure has shown yet who is nearer, so all weigh the same.")
    return say_many(
        "This rests on {count} figure that forecasts of the days before foretold.",
        "This rests on {count} figures that forecasts of the days before foretold.",
        choice.figures,
    )


def _weights(choice: PoolChoice) -> Table:
    columns = (Column(say("forecaster")), Column(say("weight"), number=True))
    rows = sorted(choice.weights.items(), key=lambda item: -item[1])
    return table(
        say("Weights"),
        say("Weights in the pool, by what was near so far"),
        columns,
        ((name, share(weight)) for name, weight in rows),
    )
