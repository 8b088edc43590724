"""Runs of a case: how many, and with which numbers."""

from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from sim.errors import OptionError, SimError
from sim.page import reading
from sim.page.asked import PageVisit, text_of
from sim.page.changes_so_far import so_far
from sim.page.labels import LABELS, filled
from sim.report.forms.brief_pdf import can_write_pdf
from sim.studies.consent import judged
from sim.studies.options import Amount
from sim.studies.run import planned
from sim.words import Text, say

_MOST = 100_000
_NO_NUMBER = say("Write a whole number from {low} to {high}.")


def _run(asked: PageVisit) -> Response:
    """Show the form, or let the runs wait for their turn."""
    if asked.form is None:
        return _shown(asked, {})
    kept = asked.kept()
    amount, wrong = amount_in(asked)
    if amount is None:
        return _shown(asked, wrong)
    words = ["run", kept.name, *typed(asked)]
    try:
        plan = planned(
            asked.scenario(),
            amount,
            fit=fit_in(asked),
            consent="consent" in asked.given,
            pdf="pdf" in asked.given,
            caller=asked.caller(*words),
        )
    except SimError as error:
        return _shown(asked, wrong_by_field(error))
    return asked.moved("study", asked.desk.queue.add(plan))


def _shown(asked: PageVisit, wrong: Mapping[str, list[Text]]) -> Response:
    kept = asked.kept()
    differs, more = so_far(asked)
    ahead = None if more else judged([reading.case(asked).operation], consent=False)
    return asked.shown(
        "run.html.j2",
        status=422 if wrong or more else 200,
        kept=kept,
        title=filled(LABELS["run_title"], name=kept.title),
        fits=fit_choices(kept.path),
        ahead=ahead,
        can_write_pdf=can_write_pdf(),
        wrong={**more, **wrong},
        **differs,
    )


def amount_in(asked: PageVisit) -> tuple[Amount | None, Mapping[str, list[Text]]]:
    """Return how often to run, as filled in; None and why not if that is wrong."""
    wrong: dict[str, list[Text]] = {}
    numbers: dict[str, int | None] = {}
    for name, low, high in (("runs", 1, _MOST), ("seed", 0, 2**32 - 1)):
        text = asked.text(name)
        plain = text.isascii() and text.isdigit() and len(text) < 12
        if text and not (plain and low <= int(text) <= high):
            sentence = filled(_NO_NUMBER, low=f"{low}", high=f"{high}")
            wrong[name] = [sentence]
        numbers[name] = int(text) if text and name not in wrong else None
    if wrong:
        return None, wrong
    knowledge = "knowledge" in asked.given
    return Amount(numbers["runs"], numbers["seed"], knowledge), {}


def typed(asked: PageVisit) -> list[str]:
    """Return the options of a command that ask for the same."""
    words = []
    for name, option in (("runs", "-n"), ("seed", "--seed")):
        if text := asked.text(name):
            words += [option, text]
    words += [
        f"--{name}" for name in ("knowledge", "consent", "pdf") if name in asked.given
    ]
    fit = fit_in(asked)
    return words if fit is None else [*words, "--fit", str(fit)]


def fits_beside(path: Path) -> dict[str, Path]:
    """Return the fits that lie beside a case, by the names of their files."""
    found = path.parent.glob("*.npz")
    return {each.name: each for each in sorted(found) if not each.is_symlink()}


def fit_choices(path: Path) -> list[tuple[str, Text]]:
    """Return the same to choose from, or none of them; nothing if there are none."""
    found = [(name, name) for name in fits_beside(path)]
    return [("", LABELS["no_fit"]), *found] if found else []


def fit_in(asked: PageVisit) -> Path | None:
    """Return the fit that was chosen, if one was; looked up among those there are."""
    return fits_beside(asked.kept().path).get(asked.text("fit"))


def wrong_by_field(error: SimError) -> Mapping[str, list[Text]]:
    """Return an error as what is wrong with a field of a form."""
    if isinstance(error, OptionError):
        option, sentence = error.args
        return {_FIELDS.get(option, option): [sentence]}
    return {"form": [text_of(error)]}


_FIELDS = {"replications": "runs"}
"""What options of studies are called in forms, if not by their own name."""
ROUTES = (("/run/{name:path}", _run, True),)
