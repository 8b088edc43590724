"""Variants beside their case, run with the same luck."""

from collections.abc import Mapping

from starlette.responses import Response

from sim.errors import SimError
from sim.page.asked import PageVisit
from sim.page.changes_so_far import so_far
from sim.page.labels import LABELS, filled
from sim.page.run import amount_in, fit_choices, fit_in, typed, wrong_by_field
from sim.report.forms.brief_pdf import can_write_pdf
from sim.studies.cases import Scenario
from sim.studies.comparison import planned
from sim.studies.library import CaseKind, KeptCase
from sim.words import Text, say

_CHANGED = "*changed"
"""Stands for the case with the changes so far; no case can have this name."""
_NONE = say("Choose at least one variant.")


def _compare(asked: PageVisit) -> Response:
    """Show the form, or let the comparison wait for its turn."""
    if asked.form is None:
        return _shown(asked, {})
    kept, others = asked.kept(), _others(asked)
    amount, wrong = amount_in(asked)
    if amount is None:
        return _shown(asked, wrong)
    chosen = [others[name] for name in asked.texts("variants") if name in others]
    variants: list[Scenario] = [each.path for each in chosen]
    if _CHANGED in asked.texts("variants") and asked.changes:
        variants.append(asked.scenario())
    if not variants:
        return _shown(asked, {"variants": [_NONE]})
    words = ["compare", kept.name, *(each.name for each in chosen), *typed(asked)]
    try:
        plan = planned(
            kept.path,
            variants,
            amount,
            fit=fit_in(asked),
            pdf="pdf" in asked.given,
            caller=asked.caller(*words),
        )
    except SimError as error:
        return _shown(asked, wrong_by_field(error))
    return asked.moved("study", asked.desk.queue.add(plan))


def _others(asked: PageVisit) -> Mapping[str, KeptCase]:
    """Return what a case may be compared with: all of its folder, then other cases."""
    own = asked.kept()
    found = asked.desk.library.cases().values()
    beside = [each for each in found if each.folder == own.folder and each != own]
    return {each.name: each for each in beside if each.kind is not CaseKind.PAST}


def _shown(asked: PageVisit, wrong: Mapping[str, list[Text]]) -> Response:
    kept = asked.kept()
    differs, more = so_far(asked)
    return asked.shown(
        "compare.html.j2",
        status=422 if wrong or more else 200,
        kept=kept,
        title=filled(LABELS["compare_title"], name=kept.title),
        others=_others(asked).values(),
        changed=_CHANGED,
        chosen=asked.texts("variants"),
        can_write_pdf=can_write_pdf(),
        fits=fit_choices(kept.path),
        wrong={**more, **wrong},
        **differs,
    )


ROUTES = (("/compare/{name:path}", _compare, True),)
