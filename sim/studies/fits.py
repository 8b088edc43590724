"""The draws of a fit that a study takes in place of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import OptionError, RunError
from sim.experiment.drawn import Drawn, changed
from sim.invocation import program
from sim.scenario import Operation, find, load, scenario_hash
from sim.scenario.files import bases, shown
from sim.studies.cases import Case, Changed, Scenario, opened
from sim.studies.options import Amount
from sim.studies.plan import Arm
from sim.studies.planners_folder import root
from sim.studies.told import Note, Tell
from sim.words import Number, joined, say

if TYPE_CHECKING:
    from sim.inference.calibration.posterior_draws import PosteriorDraws


def arms_of(
    scenarios: Sequence[Scenario],
    amount: Amount,
    fit: Path | None,
    tell: Tell,
    *,
    documented: bool = False,
) -> tuple[list[Arm], Amount]:
    """Return the arms of a study, and how often to run each and with which numbers.

    Parameters
    ----------
    scenarios : files, or names in the folder scenarios.
    amount : as it is asked for; a fit settles some of it.
    fit : file of a fit whose draws the runs are.
    tell : hears what should be known.
    documented : whether documented figures are read off the runs, which takes time.

    Raises
    ------
    OptionError
        If something else is said about what the fit settles, or it holds fewer draws
        than runs are asked for.
    ScenarioError, EvidenceError
        If anything in a scenario or its evidence is wrong.
    RunError
        If the fit is of another scenario.
    """
    cases = [opened(each, tell) for each in scenarios]
    if not documented:
        cases = [case._replace(figures=()) for case in cases]
    if fit is None:
        return [Arm(*case) for case in cases], amount
    draws = _loaded(fit)
    amount = _settled(amount, draws)
    fitted = [
        _calibrated(fit, draws, *each) for each in zip(scenarios, cases, strict=True)
    ]
    check_fit(fit, draws, fitted[0], tell)  # all are the scenario of the fit
    arms = [
        Arm(*case, drawn=_drawn(fit, draws, base, case, tell))
        for base, case in zip(fitted, cases, strict=True)
    ]
    return arms, amount


def _settled(amount: Amount, draws: "PosteriorDraws") -> Amount:
    """Return how often to run, and with which numbers, given a fit.

    Raises
    ------
    OptionError
        If something else is said about what the fit settles, or it holds fewer draws
        than runs are asked for.
    """
    if amount.knowledge:
        text = say("--fit draws what is not known; leave out --knowledge.")
        raise OptionError("knowledge", text)
    if amount.seed is not None:
        raise OptionError("seed", say("--fit brings its own luck; leave out --seed."))
    if amount.replications is not None and amount.replications > len(draws):
        text = say(
            "the fit holds {draws} draws; ask for that many at the most",
            draws=Number(len(draws)),
        )
        raise OptionError("replications", text)
    runs = min(amount.runs, len(draws))
    return replace(amount, replications=runs, seed=draws.about.root, fitted=True)


def check_fit(fit: Path, draws: "PosteriorDraws", base: Operation, tell: Tell) -> None:
    """Refuse draws beyond what their scenario says, and tell if they may replay wrong.

    Parameters
    ----------
    fit : file of the draws.
    draws : that it holds, of this scenario.
    base : the scenario.
    tell : hears it if another version of the program made them, and this one may not
        give the same runs.

    Raises
    ------
    UnusableError
        If a draw is none of this scenario.
    """
    from sim.inference.calibration.posterior_draws import (  # noqa: PLC0415 (slow)
        check_belongs,
    )
    from sim.inference.prior import Prior  # noqa: PLC0415 (slow)

    check_belongs(fit, draws, Prior.of(base))
    if not draws.replays(base):
        words = say(
            "The fit in {file} was made with another version of the program, so that "
            "its replays may differ from what was fitted. Calibrate again to be sure.",
            file=shown(fit),
        )
        tell(Note(words))


def _loaded(fit: Path) -> "PosteriorDraws":
    from sim.inference.calibration.posterior_draws import (  # noqa: PLC0415 (slow)
        load_draws,
    )

    return load_draws(fit)


def _drawn(
    fit: Path, draws: "PosteriorDraws", base: Operation, found: Case, tell: Tell
) -> Drawn:
    """Return the draws for one scenario; what it changes of the base is not drawn."""
    own = changed(base, found.operation, draws.about.names)
    if own:
        own_words = say(
            "{name} says something of its own about {paths}, so that is not taken from "
            "the fit.",
            name=found.name,
            paths=joined(own, ", "),
        )
        tell(Note(own_words))
    rows = [*draws.each()]
    whole = Drawn(
        file=str(fit),
        names=draws.about.names,
        values=tuple(tuple(values.values()) for values, _ in rows),
        luck=tuple(luck for _, luck in rows),
    )
    return whole.without(own)


def _calibrated(
    fit: Path, draws: "PosteriorDraws", scenario: Scenario, found: Case
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
        f"{shown(fit)} is a fit of another scenario than {found.name}, or of an "
        f"earlier state of it. Calibrate it: {program()} calibrate {scenario}"
    )


def _line(scenario: Scenario, found: Case) -> Iterator[Operation]:
    yield found.operation
    if isinstance(scenario, Changed):
        scenario = scenario.scenario
        yield load(find(str(scenario), root()))
    if isinstance(scenario, str | Path):
        for path in bases(find(str(scenario), root())):
            yield load(path)
