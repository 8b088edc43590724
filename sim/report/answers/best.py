"""The best plan: the answer, what it is worth, and the plans that were tried."""

from collections.abc import Iterator
from math import isnan

from sim.answers.best import AS_IT_STANDS, Best, Tried
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.pictures import bars
from sim.report.contents import (
    Cell,
    Column,
    Data,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.intervals import DASH, change_of, mean_of
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.titles import of_agreement
from sim.statistics.intervals import mean_interval, share_interval
from sim.words import (
    Marked,
    Number,
    Text,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.bars import Bar
from sim.words.metrics import in_full, is_moment, label, with_unit

_AS_IT_STANDS = say("as it stands")
_DRAWN = 15
"""Plans in a picture, beside the scenario as it stands."""
_HOW_TO_READ = say(
    "A plan has one value of each thing that may be chosen. Runs of all plans share "
    "their luck; a moment that does not come counts as the end. A plan with which "
    "more runs break the limit than may is out, as counted in the runs that were "
    "made. The others are compared run by run until one is left (Kim and Nelson, "
    "2001); a local search first picks the best that it came by, in runs of their own "
    "(the others have no more than the means of these), and proves nothing of plans "
    "that it did not try. The best is then put beside the scenario as it stands in "
    "fresh runs: these give the first sentence, since numbers by which something was "
    "picked flatter it. 'No run before': what vehicles, lanes and roads would take "
    "with the plan at the least, without any stoppage or agreement; what is not known "
    "is taken as it stands in the file. The confidence is of this model, not of the "
    "world."
)


def report_on_best(found: Best, operation: Operation, *, command: str) -> Report:
    """Return which plan is best, and how it compares.

    Parameters
    ----------
    found : what was found.
    operation : that was asked about.
    command : with which to repeat it.
    """
    study = found.studies[0]
    ran = sum(len(each.replications) for each in found.studies)
    runs = joined(
        [
            say(
                "{operation}: {runs} runs in all, seed {seed}.",
                operation=operation.operation,
                runs=Number(ran),
                seed=str(found.tried[AS_IT_STANDS].job.seed),
            ),
            BANDS[study.band],
        ]
    )
    return Report(
        title=say(
            "Which plan is best by {metric}?", metric=in_full(found.metric, operation)
        ),
        answer=joined([*_answer(found, operation), *_how_many(found)]),
        sections=(
            Section("runs", say("What was run"), (runs,)),
            Section(
                "plans",
                say("The plans that were tried"),
                (_picture(found, operation), *_refused(found)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"plans": _data(found)},
        headline=_headline(found),
    )


def _headline(found: Best) -> Text:
    if found.best is None:
        return say("No plan that was tried keeps the limit")
    return say("Best plan: {plan}", plan=_plan(found, found.best))


def _plan(found: Best, name: str) -> Text:
    values = found.tried[name].values
    if not values:
        return _AS_IT_STANDS
    return listed(
        say("{what} = {value}", what=choice.what, value=value)
        for choice, value in zip(found.choices, values, strict=True)
    )


def _people(found: Best, amount: float) -> Text:
    """Return by how many people sides are apart, or by what share of theirs."""
    if found.limit is not None and found.limit.percent:
        return say("{percent} % of their people", percent=Number(amount, ",.4g"))
    return say_many("{count} person", "{count} people", round(amount))


def _answer(found: Best, operation: Operation) -> Iterator[Text]:
    """Yield what is best, how sure that is, and how far from the bound."""
    if found.best is None:
        yield from _cannot(found, operation)
        return
    fields: dict[str, Text] = {
        "plan": _plan(found, found.best),
        "metric": in_full(found.metric, operation),
        "mean": _dated(found, operation, _mean(found)),
    }
    beside = found.beside
    if beside is None:
        yield say(
            "No plan that was tried did better than the scenario as it stands: "
            "{metric} is {mean} on average.",
            **fields,
        )
    else:
        yield say(
            "{plan} did best: {metric} is {mean} on average, {change} against {now} as "
            "it stands.",
            **fields,
            change=with_unit(
                change_of(beside.difference, beside.interval), found.metric
            ),
            now=_dated(found, operation, beside.base),
        )
    yield from _fewer(found)
    yield _how_sure(found)
    yield from _within(found)
    yield from _gap(found)


def _mean(found: Best) -> float:
    """Return the metric of the best in fresh runs, or in those that compared it."""
    if found.beside is not None:
        return found.beside.variant
    return float(found.tried[found.best or AS_IT_STANDS].numbers.mean())


def _with_unit(found: Best, value: float) -> Text:
    return with_unit(Number(value, ",.1f"), found.metric)


def _dated(found: Best, operation: Operation, value: float) -> Text:
    """Return a value, and of a moment also its local time."""
    hours = _with_unit(found, value)
    if not is_moment(found.metric):
        return hours
    when = moment(operation.clock, value * SECONDS_PER_HOUR)
    return say("{hours} ({when})", hours=hours, when=when)


def _fewer(found: Best) -> Iterator[Text]:
    """Yield that fewer arrive, by which a plan may look early that leaves people."""
    arrived = found.arrived
    if arrived is not None and round(arrived.variant) < round(arrived.base):
        yield say(
            "Fewer people arrive with it: {then} on average in place of {now}.",
            then=Number(arrived.variant, ",.0f"),
            now=Number(arrived.base, ",.0f"),
        )


def _how_sure(found: Best) -> Text:
    if found.ranking is None:
        return say("No other plan keeps the limit.") if found.limit else None
    chosen, contest = found.ranking.selection, found.ranking.contest
    count = len(found.ranking.studies)
    if not chosen.sure:
        return say(
            "That is not decided: after {runs} runs {left} of {count} plans are still "
            "in. Allow more runs (-n), or let only a greater difference matter "
            "(--matters).",
            runs=Number(contest.most),
            left=Number(len(chosen.left)),
            count=Number(count),
        )
    best = say(
        "With {surely} % confidence it is the best of the {count} plans that were "
        "compared, or within {width} of it.",
        surely=Number(100 * contest.confidence),
        count=Number(count),
        width=with_unit(Number(contest.matters, ",.12g"), found.metric),
    )
    if len(chosen.left) == 1:
        return best
    others = Number(len(chosen.left) - 1)
    alike = say("As many others did the same in every run: {others}.", others=others)
    return joined([best, alike])


def _broken(found: Best, tried: Tried) -> tuple[int, int]:
    """Return how many runs broke the limit, of how many that were looked at."""
    most = float("inf") if found.limit is None else found.limit.most
    return int((tried.leads > most).sum()), len(tried.leads)


def _within(found: Best) -> Iterator[Text]:
    """Yield how often the best breaks the limit, and whether the present does."""
    if found.limit is None or found.best is None:
        return
    broken, runs = _broken(found, found.tried[found.best])
    low, high = share_interval(broken, runs)
    yield say(
        "The sides are then more than {limit} apart in {share} of {runs} runs ({low} "
        "to {high}; allowed {allowed}).",
        limit=_people(found, found.limit.most),
        share=share(broken / runs),
        runs=Number(runs),
        low=share(low),
        high=share(high),
        allowed=share(found.limit.breaks),
    )
    now = found.tried[AS_IT_STANDS]
    if now.excess:
        broken, runs = _broken(found, now)
        yield say(
            "The scenario as it stands breaks the limit, in {share} of {runs} runs.",
            share=share(broken / runs),
            runs=Number(runs),
        )


def _gap(found: Best) -> Iterator[Text]:
    """Yield how far the best is from what capacity alone would take."""
    bounds = [each.bound for each in found.tried.values() if not isnan(each.bound)]
    if not bounds or found.best is None:
        return
    mean, own = _mean(found), found.tried[found.best].bound
    yield say(
        "Vehicles, lanes and roads alone would take {own} with it at the least: the "
        "other {gap} are waiting and chance.",
        own=_with_unit(found, own),
        gap=_with_unit(found, max(0.0, mean - own)),
    )
    if (least := min(bounds)) < own:
        yield say(
            "No run of any plan that was compared can take less than {least}.",
            least=_with_unit(found, least),
        )


def _how_many(found: Best) -> Iterator[Text]:
    """Yield how many plans were tried, of how many there are."""
    if found.exact:
        yield say_many(
            "The only plan there is was tried.",
            "All {count} plans that there are were tried.",
            found.plans,
        )
    else:
        yield say(
            "{tried} of {plans} plans were tried, by a local search: it proves nothing "
            "of the others.",
            tried=Number(found.tries),
            plans=Number(found.plans),
        )


def _cannot(found: Best, operation: Operation) -> Iterator[Text]:
    """Yield that no plan keeps the limit, and why the nearest does not."""
    lead, limit = found.lead, found.limit
    if lead is None or limit is None or found.nearest is None:
        return
    broken, runs = _broken(found, found.tried[found.nearest])
    fields: dict[str, Text] = {
        "ahead": lead.ahead,
        "behind": lead.behind,
        "agreement": of_agreement(operation, lead.agreement),
    }
    apart, broke = _people(found, limit.most), share(broken / runs)
    if found.nearest == AS_IT_STANDS:
        yield say(
            "The limit cannot be met by any plan that was tried, because {ahead} gets "
            "too far ahead of {behind} ({agreement}): even as the scenario stands, "
            "which comes nearest, they are more than {limit} apart in {share} of "
            "{runs} runs.",
            **fields,
            limit=apart,
            share=broke,
            runs=Number(runs),
        )
    else:
        yield say(
            "The limit cannot be met by any plan that was tried, because {ahead} gets "
            "too far ahead of {behind} ({agreement}): even with {plan}, which comes "
            "nearest, they are more than {limit} apart in {share} of {runs} runs.",
            **fields,
            plan=_plan(found, found.nearest),
            limit=apart,
            share=broke,
            runs=Number(runs),
        )
    yield say(
        "In a typical run of it they are furthest apart at {when}, by {amount}.",
        when=moment(found.tried[found.nearest].job.operation.clock, lead.time_s),
        amount=_people(found, lead.amount),
    )
    if lead.step > limit.most:
        yield say(
            "What counts of {ahead} in one moment is already {step}.",
            ahead=lead.ahead,
            step=_people(found, lead.step),
        )


def _refused(found: Best) -> Iterator[Text]:
    if not found.refused:
        return
    values, error = next(iter(found.refused.items()))
    yield say_many(
        "{count} plan cannot be written in a scenario ({plan}): {why}",
        "{count} plans cannot be written in a scenario; the first ({plan}): {why}",
        len(found.refused),
        plan=" / ".join(values),
        why=str(error),
    )


def _ranked(found: Best) -> list[str]:
    """Return the plans: the best, those that were compared, others, those out."""
    sign = -1 if found.contest.larger else 1

    compared = () if found.ranking is None else found.ranking.numbers

    def key(name: str) -> tuple[bool, float, bool, float]:
        tried = found.tried[name]
        mean = float(tried.numbers.mean()) if tried.numbers.size else 0.0
        return name != found.best, tried.excess, name not in compared, sign * mean

    return sorted(found.tried, key=key)


def _verdict(found: Best, name: str) -> str:
    """Return what became of a plan, for programs."""
    if name == found.best:
        return "best"
    if found.tried[name].excess:
        return "breaks the limit"
    if found.ranking is None or name not in found.ranking.numbers:
        return "worse in the search"
    chosen = found.ranking.selection
    if name not in chosen.left:
        return "dropped"
    return "as good" if chosen.sure else "still in"


_VERDICTS: dict[str, Text] = {
    "best": Marked(say("best"), "good"),
    "breaks the limit": Marked(say("breaks the limit"), "bad"),
    "worse in the search": say("worse in the search"),
    "still in": say("still in"),
    "as good": say("as good"),
    "dropped": say("dropped"),
}


def _picture(found: Best, operation: Operation) -> Picture | Table:
    """Return the plans that keep the limit as bars; of none, the table alone."""
    kept = [name for name in _ranked(found) if not found.tried[name].excess]
    others = [name for name in kept[_DRAWN:] if name == AS_IT_STANDS]
    rows = []
    for name in [*kept[:_DRAWN], *others]:
        tried = found.tried[name]
        interval = mean_interval(tried.numbers)
        mean = float(tried.numbers.mean())
        text = " / ".join(tried.values) or _AS_IT_STANDS
        strong = name == found.best
        rows.append(Bar(text, mean, interval.low, interval.high, strong=strong))
    shown = _table(found, operation)
    title = say(
        "{metric} by plan, {choices}",
        metric=in_full(found.metric, operation),
        choices=" / ".join(each.what for each in found.choices),
    )
    picture = bars(
        *("plans", title, rows, label(found.metric), operation),
        shows=say("Mean of the runs with its interval, best first; blue: the best."),
        foot=say("Plans that keep the limit; of many only the best are drawn."),
        shown=shown,
    )
    return picture or shown


def _table(found: Best, operation: Operation) -> Table:
    limit = found.limit
    headings = [Column(each.what) for each in found.choices]
    numbers = [Column(label(found.metric), number=True)]
    numbers.append(Column(say("no run before"), number=True, aside=True))
    if limit is not None:
        apart = say("% apart") if limit.percent else say("people apart")
        numbers.append(Column(apart, number=True))
        numbers.append(Column(say("limit broken"), number=True))
    rows = []
    for name in _ranked(found):
        tried = found.tried[name]
        mean: Text = DASH
        if tried.numbers.size:
            interval = mean_interval(tried.numbers)
            mean = mean_of(float(tried.numbers.mean()), interval)
        cells: list[Text] = [*tried.values]
        if not cells:
            cells = [_AS_IT_STANDS, *[DASH] * (len(found.choices) - 1)]
        cells += [mean, DASH if isnan(tried.bound) else Number(tried.bound, ",.1f")]
        if limit is not None:
            broken, runs = _broken(found, tried)
            cells.append(Number(float(tried.leads.mean()), ",.4g"))
            cells.append(share(broken / runs))
        rows.append((*cells, _VERDICTS[_verdict(found, name)]))
    return table(
        say("Plans"),
        say("Plans that were tried: mean of the runs, and how far sides are apart"),
        (*headings, *numbers, Column(say("outcome"))),
        rows,
    )


def _data(found: Best) -> Data:
    """Return a row for each plan that was tried, and for each that was refused."""
    rows: list[tuple[Cell, ...]] = []
    for name in _ranked(found):
        tried = found.tried[name]
        interval = mean_interval(tried.numbers)
        broken, runs = _broken(found, tried)
        values = tried.values or [None] * len(found.choices)
        rows.append(
            (
                *values,
                *(len(tried.numbers), _or_none(tried.numbers.mean())),
                *(_or_none(interval.low), _or_none(interval.high)),
                _or_none(tried.bound),
                *(float(tried.leads.mean()) if runs else None, broken, runs),
                _verdict(found, name),
            )
        )
    nothing = (None,) * 8
    rows += [(*values, *nothing, "refused") for values in found.refused]
    names = ("runs", "mean", "low", "high", "no_run_before", "apart", "broken")
    return Data(
        (*(c.what for c in found.choices), *names, "looked_at", "outcome"), rows
    )


def _or_none(value: float) -> float | None:
    return None if isnan(value) else float(value)
