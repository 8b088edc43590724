"""Questions about a case, each as a form with its sentence."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from starlette.responses import Response

from sim.errors import SimError
from sim.page import reading
from sim.page.asked import NotThereError, PageVisit
from sim.page.changes_so_far import so_far
from sim.page.labels import LABELS, filled
from sim.page.questions import FORMS, Blank, QuestionForm
from sim.page.run import amount_in, fit_choices, fit_in, typed, wrong_by_field
from sim.scenario import Operation
from sim.studies.ask.offered import OfferedField
from sim.studies.ask.questions import QUESTIONS
from sim.studies.options import Amount
from sim.words import Text, say

_NO_SHARE = say("Write a share, as 90 %.")
_NO_NUMBER = say("Write a whole number, in digits 0 to 9.")
_NEEDED = say("This is needed.")
_NO_VALUES = say("Write which values of '{field}' to try.")
_NO_FIELD = say("Pick what '{values}' are values of.")
_ONLY_ONE = say("Pick one from the list, or write one, but not both.")


def _ask(asked: PageVisit) -> Response:
    """Show which questions there are."""
    kept = asked.kept()
    differs, wrong = so_far(asked)
    return asked.shown(
        "ask.html.j2",
        kept=kept,
        title=filled(LABELS["ask_title"], name=kept.title),
        forms=FORMS,
        wrong=wrong,
        **differs,
    )


def _question(asked: PageVisit) -> Response:
    """Show the form of a question, or let its study wait for its turn.

    Raises
    ------
    NotThereError
        If there is no such question.
    """
    name = asked.named["question"]
    form = FORMS.get(name)
    if form is None:
        raise NotThereError
    if asked.form is None:
        return _shown(asked, form, {})
    amount, wrong = amount_in(asked)
    first, unfit = _read(asked, form.first)
    more, worse = _read(asked, form.more)
    if amount is None or unfit or worse:
        return _shown(asked, form, {**wrong, **unfit, **worse})
    if form.settles:
        amount = Amount(None, amount.seed)
    options = {**more, **({"fit": fit_in(asked)} if form.fit else {})}
    words = ["ask", name, asked.kept().name, *_typed(first, more), *typed(asked)]
    before = [()] if name == "go-or-wait" else []  # no variants beside the case
    try:
        plan = QUESTIONS[name](
            *(asked.scenario(), *before, *first.values(), amount),
            **options,
            caller=asked.caller(*words),
        )
    except SimError as error:
        return _shown(asked, form, _beside(form, wrong_by_field(error)))
    return asked.moved("study", asked.desk.queue.add(plan))


def _shown(
    asked: PageVisit, form: QuestionForm, wrong: Mapping[str, list[Text]]
) -> Response:
    kept = asked.kept()
    differs, more = so_far(asked)
    operation = None if more else reading.case(asked).operation
    blanks = (*form.first, *form.more)
    return asked.shown(
        "question.html.j2",
        status=422 if wrong or more else 200,
        kept=kept,
        question=asked.named["question"],
        form=form,
        settles=form.settles,
        blanks=blanks if operation is not None else (),
        hints={b.name: b.hint(operation) for b in blanks} if operation else {},
        choices={b.name: b.choices(operation) for b in blanks} if operation else {},
        fields={b.name: _by_section(b, operation) for b in blanks} if operation else {},
        fits=fit_choices(kept.path) if form.fit else (),
        wrong={**more, **wrong},
        **differs,
    )


def _beside(
    form: QuestionForm, wrong: Mapping[str, list[Text]]
) -> Mapping[str, list[Text]]:
    """Return what is wrong with options by the fields in which they are given."""
    named = {blank.name for blank in (*form.first, *form.more)}
    commands = {option.lstrip("-"): name for name, option in _FIRST.items()}
    commands |= {option: name for name, option in _OPTIONS.items()}
    return {
        commands[option] if commands.get(option) in named else option: told
        for option, told in wrong.items()
    }


def _read(
    asked: PageVisit, blanks: tuple[Blank, ...]
) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """Return what was filled in, and what is wrong with it."""
    found: dict[str, Any] = {}
    wrong: dict[str, list[Text]] = {}
    for blank in blanks:
        text = asked.text(blank.name)
        match blank.kind:
            case "lines":
                found[blank.name] = [
                    each for each in map(str.strip, text.split("\n")) if each
                ]
            case "field":
                picked, wrong_there = _picked(asked, blank)
                found[blank.name] = picked
                if wrong_there:
                    wrong[blank.name] = wrong_there
            case "several":
                found[blank.name] = asked.texts(blank.name)
            case "share":
                found[blank.name] = _share(text or blank.usual)
                if found[blank.name] is None:
                    wrong[blank.name] = [_NO_SHARE]
            case "number":
                plain = text.isascii() and text.isdigit() and len(text) < 9
                found[blank.name] = int(text if plain else blank.usual)
                if text and not plain:
                    wrong[blank.name] = [_NO_NUMBER]
            case _:
                found[blank.name] = text or blank.usual
        if blank.required and not found[blank.name] and blank.name not in wrong:
            wrong[blank.name] = [_NEEDED]
    return found, wrong


def _by_section(
    blank: Blank, operation: Operation
) -> list[tuple[str, list[OfferedField]]]:
    """Return the fields that may be picked, those of a section together."""
    found = groupby(blank.fields(operation), lambda each: each.section)
    return [(section, [*fields]) for section, fields in found]


def _picked(asked: PageVisit, blank: Blank) -> tuple[Any, list[Text]]:
    """Return the fields with their values, and what is missing.

    One that may be picked alone is one text, else they are several.
    """
    typed = (each.strip() for each in asked.text(blank.name).split("\n"))
    found = [*filter(None, typed)]
    wrong: list[Text] = []
    for number in range(1, blank.picks + 1):
        path = asked.text(f"{blank.name}-field-{number}")
        values = asked.text(f"{blank.name}-values-{number}")
        if path and values:
            found.append(f"{path}={values}")
        elif path:
            wrong.append(filled(_NO_VALUES, field=path))
        elif values:
            wrong.append(filled(_NO_FIELD, values=values))
    if blank.picks > 1:
        return found, wrong
    if len(found) > 1:
        wrong.append(_ONLY_ONE)
    return "".join(found[:1]), wrong


def _share(text: str) -> float | None:
    """Return a share, as 90 % or 0.9; None if it is none."""
    plain = text.replace("٪", "%").strip()
    try:
        number = float(plain.removesuffix("%").strip())
    except ValueError:
        return None
    return number / 100 if plain.endswith("%") else number


def _typed(first: Mapping[str, Any], more: Mapping[str, Any]) -> list[str]:
    """Return a command's words for what was filled in."""
    words: list[str] = []
    for name, value in first.items():
        if option := _FIRST.get(name):
            words += [word for each in value for word in (option, each)]
        else:
            words.append(str(value))
    for name, value in more.items():
        option = f"--{_OPTIONS.get(name, name)}"
        values = value if isinstance(value, list) else [value]
        words += [word for each in values if each != "" for word in (option, f"{each}")]
    return words


_FIRST = {"goals": "--goal", "choices": "--choose"}
_OPTIONS = {"metrics": "metric", "policies": "policy"}
"""What several of something are called in commands, one by one."""
ROUTES = (
    ("/ask/{name:path}", _ask),
    ("/question/{question}/{name:path}", _question, True),
)
