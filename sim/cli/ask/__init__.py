"""`ask`: questions of a planner, each a command of its own."""

import click

from sim.cli.ask.best import best
from sim.cli.ask.bound import bound
from sim.cli.ask.deadlock import deadlock
from sim.cli.ask.go_or_wait import go_or_wait
from sim.cli.ask.least import latest_command, least_command
from sim.cli.ask.policies import policies
from sim.cli.ask.probability import probability
from sim.cli.ask.sensitivity import sensitivity
from sim.cli.ask.what_holds import what_holds


@click.group()
def ask() -> None:
    """Ask a question of a scenario: the first sentence answers it."""


for _question in (
    probability,
    what_holds,
    least_command,
    latest_command,
    sensitivity,
    go_or_wait,
    policies,
    best,
    bound,
    deadlock,
):
    ask.add_command(_question)
