"""Which inputs matter: the answer, effects by screening, and shares of the variance."""

from collections.abc import Iterator, Mapping, Sequence, Set
from math import isnan

from sim.answers.sensitivity import ScreenedMetric, Shared
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.report.answers.pictures import bars
from sim.report.contents import (
    Chart,
    Column,
    Data,
    Picture,
    Report,
    Section,
    Table,
    table,
)
from sim.report.limits import limits_and_repeat
from sim.scenario import Operation
from sim.statistics.sensitivity import Index
from sim.words import Number, Text, joined, listed, moment, say, share
from sim.words.bars import Bar
from sim.words.metrics import in_full, is_moment, with_unit

_FOREMOST = 3
_HOW_TO_READ = say(
    "Screening (Morris, 1991; Campolongo and others, 2007): the mean size of the "
    "change when one input moves by two thirds of its range. Shares (Sobol; Saltelli "
    "and others, 2010): 'known' is how much of the variance would go on average if "
    "this input alone became known, which is the value of finding it out; 'total' is "
    "how much it has a part in, together with others. Intervals: 95 %, by the "
    "bootstrap. All points share their luck, so these are effects of inputs and not of "
    "chance. Inputs are independent of each other within the ranges of the scenario: "
    "what matters depends on how wide somebody made these."
)


def report_on_sensitivity(
    operation: Operation,
    names: Sequence[str],
    choices: Set[str],
    screens: Sequence[ScreenedMetric],
    shares: Sequence[Shared],
    *,
    command: str,
) -> Report:
    """Return which inputs matter for some metrics.

    Parameters
    ----------
    operation : that was analysed.
    names : of its inputs.
    choices : those of them that may be chosen.
    screens : of each metric.
    shares : of each metric; none if no input matters.
    command : with which to repeat it.
    """
    by_metric = {each.metric: each for each in shares}
    return Report(
        title=say("What matters for {operation}?", operation=operation.operation),
        answer=joined(
            _answer(each, by_metric.get(each.metric), operation, choices)
            for each in screens
        ),
        sections=(
            *(
                Section(
                    f"shares-{number}",
                    in_full(each.metric, operation),
                    (_picture(each, operation, number), *_chance(each)),
                )
                for number, each in enumerate(shares, start=1)
            ),
            Section(
                "screening",
                say("Screening of all inputs"),
                tuple(
                    _screen(each, names, operation, number)
                    for number, each in enumerate(screens, start=1)
                ),
            ),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={
            "screening": _screening_data(screens, names),
            "shares": _shares_data(shares),
        },
    )


def _answer(
    screen: ScreenedMetric,
    found: Shared | None,
    operation: Operation,
    choices: Set[str],
) -> Text:
    """Return what matters most for a metric, and what would be worth finding out."""
    metric = in_full(screen.metric, operation)
    if found is None or isnan(found.indices[0].total.share):
        return say("{metric}: nothing that is not known changes it.", metric=metric)
    ranked = _ranked(found)
    told = listed(
        say(
            "{name} ({share})",
            name=name,
            share=Number(min(max(index.share, 0.0), 1.0), ".0%"),
        )
        for name, index in [*ranked.items()][:_FOREMOST]
    )
    yes = say(
        "{metric}: of what it varies by because things are not known ({range}), most "
        "hangs on {inputs}.",
        metric=metric,
        range=_range(found, operation),
        inputs=told,
    )
    return joined([yes, *_worth(found, choices)])


def _ranked(found: Shared) -> Mapping[str, Index]:
    """Return the total share of each input, the largest first."""
    both = zip(found.names, found.indices, strict=True)
    totals = {name: each.total for name, each in both}
    return dict(sorted(totals.items(), key=lambda item: -item[1].share))


def _worth(found: Shared, choices: Set[str]) -> Iterator[Text]:
    """Say which unknown is worth finding out."""
    known = {
        name: each.first
        for name, each in zip(found.names, found.indices, strict=True)
        if name not in choices
    }
    sure = {name: index for name, index in known.items() if index.low > 0}
    if not sure:
        yield say("No single unknown is surely worth finding out for it.")
        return
    best = max(sure, key=lambda name: sure[name].share)
    yield say(
        "Finding out {name} alone would take away {share} of that variance ({low} to "
        "{high}).",
        name=best,
        share=share(min(sure[best].share, 1.0)),
        low=share(max(sure[best].low, 0.0)),
        high=share(min(sure[best].high, 1.0)),
    )


def _range(found: Shared, operation: Operation) -> Text:
    low, high = (
        _value(found.metric, each, operation) for each in (found.low, found.high)
    )
    return say("{low} to {high}", low=low, high=high)


def _value(metric: str, value: float, operation: Operation) -> Text:
    if is_moment(metric):
        return moment(operation.clock, value * SECONDS_PER_HOUR)
    return with_unit(Number(value), metric)


def _picture(found: Shared, operation: Operation, number: int) -> Picture | None:
    rows = [
        Bar(name, index.share, index.low, index.high, strong=index.low > 0)
        for name, index in _ranked(found).items()
        if not isnan(index.share)
    ]
    return bars(
        f"shares-{number}",
        say("What {metric} hangs on", metric=in_full(found.metric, operation)),
        rows,
        say("share of the variance, together with others"),
        operation,
        shows=say("Total index of Sobol with its 95 % interval, by the bootstrap."),
        foot=None,
        shown=_shares(found, operation, number),
    )


def _shares(found: Shared, operation: Operation, number: int) -> Table:
    ranked = _ranked(found)
    by_name = dict(zip(found.names, found.indices, strict=True))
    headings = (say("total"), say("95 % interval"), say("known"), say("95 % interval"))
    return table(
        say("Shares {number}", number=Number(number)),
        say(
            "Shares of the variance of {metric}",
            metric=in_full(found.metric, operation),
        ),
        (Column(say("input")), *(Column(each, number=True) for each in headings)),
        (
            (name, *_cells(by_name[name].total), *_cells(by_name[name].first))
            for name in ranked
        ),
        chart=Chart("bars", in_full(found.metric, operation)),
    )


def _cells(index: Index) -> tuple[Text, Text]:
    if isnan(index.share):
        return None, None
    ends = say(
        "{low} to {high}", low=Number(index.low, ".0%"), high=Number(index.high, ".0%")
    )
    return Number(index.share, ".0%"), ends


def _chance(found: Shared) -> Iterator[Text]:
    """Say how much of what differs between runs is chance."""
    if not isnan(found.chance):
        yield say(
            "Of what differs between single runs, {share} is chance: no knowledge of "
            "these inputs takes that away.",
            share=share(found.chance),
        )


def _screen(
    found: ScreenedMetric, names: Sequence[str], operation: Operation, number: int
) -> Table:
    headings = (say("size"), say("95 % interval"), say("mean"), say("spread"))
    order = sorted(range(len(names)), key=lambda n: -found.effects[n].size)
    rows = []
    for n in order:
        effect = found.effects[n]
        interval = say(
            "{low} to {high}", low=_shown(effect.low), high=_shown(effect.high)
        )
        rows.append(
            (
                names[n],
                _shown(effect.size),
                interval,
                _shown(effect.mean, "+"),
                _shown(effect.spread),
            )
        )
    return table(
        say("Screening {number}", number=Number(number)),
        say(
            "Effect of a step of two thirds of the range on {metric}",
            metric=in_full(found.metric, operation),
        ),
        (Column(say("input")), *(Column(each, number=True) for each in headings)),
        rows,
        first=10,
    )


def _shown(value: float, sign: str = "") -> Text:
    return Number(value, f"{sign},.0f" if abs(value) >= 100 else f"{sign},.2f")


def _screening_data(screens: Sequence[ScreenedMetric], names: Sequence[str]) -> Data:
    rows = tuple(
        (screen.metric, name, *effect)
        for screen in screens
        for name, effect in zip(names, screen.effects, strict=True)
    )
    return Data(("metric", "input", "size", "low", "high", "mean", "spread"), rows)


def _shares_data(shares: Sequence[Shared]) -> Data:
    rows = tuple(
        (found.metric, name, *each.first, *each.total)
        for found in shares
        for name, each in zip(found.names, found.indices, strict=True)
    )
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    return Data(("metric", "input", *names), rows)
