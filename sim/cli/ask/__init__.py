"""`ask`: questions of a planner, each a command of its own."""

import click

from sim.cli.ask.bound import bound
from sim.cli.ask.deadlock import deadlock
from sim.cli.ask.probability import probability
from sim.cli.ask.what_holds import what_holds


@click.group()
def ask() -> None:
    """Ask a question of a scenario: the first sentence answers it."""


for _question in (bound, deadlock, probability, what_holds):
    ask.add_command(_question)
