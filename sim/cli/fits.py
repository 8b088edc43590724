"""The draws of a fit that `run`, `compare` and `explain` take in place of their own."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from sim.errors import RunError
from sim.experiment.drawn import Drawn, changed
from sim.scenario import Operation, find, load, scenario_hash
from sim.scenario.files import bases

if TYPE_CHECKING:
    from sim.cli.scenarios import Opened
    from sim.cli.wanted import Wanted
    from sim.inference.calibration.posterior_draws import PosteriorDraws
    from sim.results.unfinished import Arm


def arms_of(
    fit: Path | None, scenarios: Sequence[str], found: "Sequence[Opened]"
) -> "list[Arm]":
    """Return scenarios as arms of a study, with the draws of a fit if there is one.

    Raises
    ------
    RunError
        If the fit is of another scenario.
    """
    from sim.results.unfinished import Arm

    if fit is None:
        return [Arm(*each) for each in found]
    draws = _loaded(fit)
    return [
        Arm(*each, drawn=_drawn(fit, draws, scenario, each))
        for scenario, each in zip(scenarios, found, strict=True)
    ]


def wanted_of(fit: Path | None, wanted: "Wanted") -> "Wanted":
    """Return how often to run, and with which numbers, if a fit settles some of them.

    Raises
    ------
    click.UsageError
        If something else is said about what the fit settles.
    click.BadParameter
        If it holds fewer draws than runs are asked for.
    """
    if fit is None:
        return wanted
    draws = _loaded(fit)
    if wanted.knowledge:
        raise click.UsageError("--fit draws what is not known; leave out --knowledge.")
    if _typed("seed"):
        raise click.UsageError("--fit brings its own luck; leave out --seed.")
    runs = wanted.replications
    if runs > len(draws):
        if _typed("replications"):
            text = f"the fit holds {len(draws):,} draws; ask for that many at the most"
            raise click.BadParameter(text, param_hint="--replications")
        runs = len(draws)
    return wanted._replace(replications=runs, seed=draws.about.root, fitted=True)


def _typed(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is ParameterSource.COMMANDLINE


def _loaded(fit: Path) -> "PosteriorDraws":
    from sim.inference.calibration.posterior_draws import load_draws

    return load_draws(fit)


def _drawn(fit: Path, draws: "PosteriorDraws", scenario: str, found: "Opened") -> Drawn:
    """Return the draws for one scenario; what it changes is not drawn."""
    base = _calibrated(fit, draws, scenario, found)
    own = changed(base, found.operation, draws.about.names)
    if own:
        click.echo(
            f"{found.name} says something of its own about {', '.join(own)}, so that "
            "is not taken from the fit.",
            err=True,
        )
    rows = [*draws.each()]
    whole = Drawn(
        file=str(fit),
        names=draws.about.names,
        values=tuple(tuple(values.values()) for values, _ in rows),
        luck=tuple(luck for _, luck in rows),
    )
    return whole.without(own)


def _calibrated(
    fit: Path, draws: "PosteriorDraws", scenario: str, found: "Opened"
) -> Operation:
    """Return the scenario that was calibrated: this one, or one that it extends.

    Raises
    ------
    RunError
        If it is neither.
    """
    for operation in _line(scenario, found):
        if scenario_hash(operation) == draws.about.scenario:
            return operation
    raise RunError(
        f"{fit} is a fit of another scenario than {found.name}, or of an earlier state "
        f"of it. Calibrate it: python run.py calibrate {scenario}"
    )


def _line(scenario: str, found: "Opened") -> Iterator[Operation]:
    from sim.cli.scenarios import root

    yield found.operation
    for path in bases(find(scenario, root())):
        yield load(path)
