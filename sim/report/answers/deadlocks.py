"""How likely a deadlock is, and by which chains: a question, and a table of a run."""

from collections.abc import Iterator

from sim.answers.deadlocks import ChainFound, Deadlocks
from sim.metrics.deadlocks import ChainLink
from sim.report.contents import Column, Data, Part, Report, Section, Table, table
from sim.report.limits import BANDS, limits_and_repeat
from sim.report.remedies import remedies
from sim.scenario import Operation
from sim.scenario.titles import of_flow
from sim.words import Number, Text, count, joined, listed, say, say_many, share
from sim.words.reasons import why

_FOREMOST = 8
_HOW_TO_READ = say(
    "A deadlock is a wait under an agreement that nothing in the run can end any "
    "more: the one side waits for the other, which waits for the first, or for "
    "something that cannot come. A chain says who waits for what, from the people on."
    " Whether a deadlock is certain for every run, 'check' says without running "
    "anything."
)


def report_on_deadlocks(found: Deadlocks, *, command: str) -> Report:
    """Return how likely a deadlock is.

    Parameters
    ----------
    found : what runs say.
    command : with which to repeat it.
    """
    study, operation = found.study, found.study.operation
    runs = say_many(
        "{operation}: {count} run, seed {seed}.",
        "{operation}: {count} runs, seed {seed}.",
        found.likelihood.runs,
        operation=operation.operation,
        seed=str(study.seed),
    )
    return Report(
        title=say("How likely is a deadlock?"),
        answer=joined([_answer(found), *_first(found)]),
        sections=(
            Section("runs", say("What was run"), (joined([runs, BANDS[study.band]]),)),
            Section("chains", say("By which chains"), tuple(_chains(found))),
            Section("reading", say("How to read it"), (_HOW_TO_READ,)),
            *limits_and_repeat(operation, command),
        ),
        data={"deadlocks": _data(found)},
    )


def deadlocks_of_runs(found: Deadlocks | None) -> Iterator[Part]:
    """Return what the report of a run says of deadlocks; nothing if there was none."""
    if found is not None and found.chains:
        yield _answer(found)
        yield from _chains(found)


def _answer(found: Deadlocks) -> Text:
    likely = found.likelihood
    if not found.study.operation.agreements:
        return say("There is no agreement, and so no deadlock.")
    return say(
        "In {met} of {runs} runs ({share}; between {low} and {high}) people are held "
        "in a deadlock at the end.",
        met=Number(likely.met),
        runs=Number(likely.runs),
        share=share(likely.share),
        low=share(likely.low),
        high=share(likely.high),
    )


def _first(found: Deadlocks) -> Iterator[Text]:
    """Say the chain of most runs, and what may be changed."""
    if not found.chains:
        return
    operation, (first, *_) = found.study.operation, found.chains
    yield say(
        "Most often: {chain}.",
        chain=joined((_link(each, operation) for each in first.chain), "; "),
    )
    start = first.chain[0]
    if to_try := remedies(operation, start.flow, start.cause, start.reason):
        yield say("To try: {changes}.", changes=listed(to_try, "or"))


def _chains(found: Deadlocks) -> Iterator[Table]:
    if not found.chains:
        return
    operation = found.study.operation
    yield table(
        "Deadlocks",
        say("What people are held by at the end, in most runs first"),
        (
            Column(say("runs"), number=True),
            Column(say("people"), number=True),
            Column(say("chain: who waits for what")),
            Column(say("run to look at"), number=True, aside=True),
        ),
        (_row(each, operation) for each in found.chains),
        first=_FOREMOST,
    )


def _row(found: ChainFound, operation: Operation) -> tuple[Text, ...]:
    return (
        Number(found.runs),
        count(found.people),
        joined((_link(each, operation) for each in found.chain), "; "),
        str(found.first),
    )


def _link(link: ChainLink, operation: Operation) -> Text:
    return say(
        "{flow}: {why}",
        flow=of_flow(operation, link.flow),
        why=why(link.cause, link.reason, operation),
    )


def _data(found: Deadlocks) -> Data:
    likely = found.likelihood
    rows = tuple(
        (
            rank,
            each.runs,
            likely.runs,
            each.people,
            each.first,
            "; ".join(_plain(link) for link in each.chain),
        )
        for rank, each in enumerate(found.chains, 1)
    )
    names = ("rank", "runs", "of_runs", "people_mean", "first_replication", "chain")
    return Data(names, rows)


def _plain(link: ChainLink) -> str:
    reason = link.reason
    parts = (reason.agreement, reason.side, reason.stoppage, reason.place)
    return " ".join((link.flow, link.cause, str(reason.kind), *filter(None, parts)))
