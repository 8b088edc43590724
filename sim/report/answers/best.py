"""The best plan: the answer, how sure it is, and what it is worth."""

from collections.abc import Iterator
from math import isnan

from sim.answers.best import Best
from sim.answers.plan_space import AS_IT_STANDS
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.plans import UNCHANGED, plans, plans_data
from sim.report.contents import (
    Report,
    Section,
)
from sim.report.intervals import change_of
from sim.report.limits import BANDS, limits_and_repeat
from sim.scenario import Operation
from sim.scenario.titles import of_agreement, of_side
from sim.statistics.intervals import share_interval
from sim.words import (
    Number,
    Text,
    joined,
    listed,
    moment,
    say,
    say_many,
    share,
)
from sim.words.metrics import in_full, is_moment, with_unit

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
                (plans(found, operation), *_refused(found)),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"plans": plans_data(found)},
        headline=_headline(found),
    )


def _headline(found: Best) -> Text:
    if found.best is None:
        return say("No plan that was tried keeps the limit")
    return say("Best plan: {plan}", plan=_plan(found, found.best))


def _plan(found: Best, name: str) -> Text:
    values = found.tried[name].values
    if not values:
        return UNCHANGED
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


def _within(found: Best) -> Iterator[Text]:
    """Yield how often the best breaks the limit, and whether the present does."""
    if found.limit is None or found.best is None:
        return
    broken, runs = found.broken(found.best)
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
        broken, runs = found.broken(AS_IT_STANDS)
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
    lead, allowed = found.lead, found.limit
    if lead is None or allowed is None or found.nearest is None:
        return
    broken, looked_at = found.broken(found.nearest)
    plan = operation.agreements[lead.agreement]
    first = of_side(operation, plan, lead.ahead)
    fields: dict[str, Text] = {
        "ahead": first,
        "behind": of_side(operation, plan, lead.behind),
        "agreement": of_agreement(operation, lead.agreement),
        "limit": _people(found, allowed.most),
        "share": share(broken / looked_at),
        "runs": Number(looked_at),
    }
    if found.nearest == AS_IT_STANDS:
        yield say(
            "The limit cannot be met by any plan that was tried, because {ahead} gets "
            "too far ahead of {behind} ({agreement}): even as the scenario stands, "
            "which comes nearest, they are more than {limit} apart in {share} of "
            "{runs} runs.",
            **fields,
        )
    else:
        yield say(
            "The limit cannot be met by any plan that was tried, because {ahead} gets "
            "too far ahead of {behind} ({agreement}): even with {plan}, which comes "
            "nearest, they are more than {limit} apart in {share} of {runs} runs.",
            **fields,
            plan=_plan(found, found.nearest),
        )
    yield say(
        "In a typical run of it they are furthest apart at {when}, by {amount}.",
        when=moment(found.tried[found.nearest].job.operation.clock, lead.time_s),
        amount=_people(found, lead.amount),
    )
    if lead.step > allowed.most:
        yield say(
            "What counts of {ahead} in one moment is already {step}.",
            ahead=first,
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
