"""`ask least` and `ask latest`: what it takes to meet goals surely enough."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import (
    amount_options,
    changes_option,
    fit_option,
    front_options,
    scenario_argument,
)

if TYPE_CHECKING:
    from sim.cli.front import Front
    from sim.studies.options import Amount


class Percent(click.ParamType[float]):
    """A share, as 90% or 0.9."""

    name = "percent"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the share."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            self.fail(f"{text!r} is not a share. Write it as 90%.", param, ctx)
        return number / 100 if text.endswith("%") else number


def _searching(command: Callable[..., None]) -> click.Command:
    """Return a command with the arguments and options of a search."""
    for add in (
        click.argument("choice", metavar="WHAT=VALUES"),
        scenario_argument,  # the first of the two: what is added later stands before
        click.option(
            "--goal",
            "goals",
            multiple=True,
            required=True,
            metavar="GOAL",
            help="What is to be true, as '90 % of SITE arrived by 2016-12-21T12:00'. "
            "May be given several times: a run must meet all.",
        ),
        click.option(
            "--probability",
            type=Percent(),
            default="90%",
            show_default=True,
            help="With which the goals are to be met.",
        ),
        click.option(
            "--confidence",
            type=Percent(),
            default="95%",
            show_default=True,
            help="That the answer is right.",
        ),
        fit_option,
        front_options(),
        amount_options,
        changes_option,
    ):
        command = add(command)
    return click.command()(command)


def least(*, scenario: str, front: "Front", amount: "Amount", **asked: Any) -> None:
    """Find the least value with which goals are met surely enough.

    WHAT is a path as in `change:` of a variant, or fleets.NAME.vehicles for all
    vehicles of a fleet; VALUES a list or steps: "fleets.buses.vehicles=20 to 60 by 5".
    """
    _ask(scenario, front, amount, asked, latest=False)


def latest(*, scenario: str, front: "Front", amount: "Amount", **asked: Any) -> None:
    """Find the latest moment, or the greatest value, with which goals are still met.

    WHAT is a path as in `change:` of a variant, or start for the whole operation:
    "start=2016-12-13T18:00 to 2016-12-15T18:00 by 6 h".
    """
    _ask(scenario, front, amount, asked, latest=True)


def _ask(
    scenario: str,
    front: "Front",
    amount: "Amount",
    asked: dict[str, Any],
    *,
    latest: bool,
) -> None:
    from sim.studies.ask.least import planned

    choice: str = asked["choice"]
    goals: tuple[str, ...] = asked["goals"]
    fit: Path | None = asked["fit"]
    chances = {name: asked[name] for name in ("probability", "confidence")}
    front.ask(
        planned, scenario, choice, goals, amount, fit=fit, latest=latest, **chances
    )


least_command, latest_command = _searching(least), _searching(latest)
