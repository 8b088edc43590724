"""The tables of a validation for readers, and its pictures with what they show."""

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite, nan
from types import MappingProxyType

from sim.inference.comparators.registry import RIVALS
from sim.inference.validation.ablation import DRAWS, RUNS, Ablation
from sim.inference.validation.held_out import (
    FIT,
    FORECASTERS,
    PRIOR,
    HeldOut,
    HeldOutFigure,
)
from sim.inference.validation.phases_alone import SHIPPED
from sim.inference.validation.simulation_based_calibration import CONFIDENCE, Target
from sim.inference.validation.validation import (
    Validation,
    coverage_by_group,
    families_left_out,
    scores_by_group,
)
from sim.report.contents import Column, Picture, Table, table
from sim.report.predicted import (
    METHODS,
    OUTSIDE,
    between,
    predicted,
    reported,
    two_places,
)
from sim.scenario import Clock
from sim.words import Number, Text, joined, say, say_many
from sim.words.inference import named


def left_out(done: Validation) -> Iterator[Picture | Table]:
    """Return each figure that a fit has not seen, and what it predicts for it."""
    if not done.held_out:
        return
    families = [held for held in done.held_out if not held.last_days]
    title = say("Figures foretold without their family: median (5 to 95 %)")
    tables = [_figures(say("Families"), title, done, families)] if families else []
    tables += [_until(held, done) for held in done.held_out if held.last_days]
    first, *others = tables
    *_, every = coverage_by_group(done)
    options = done.calibrator.options
    foot = say(
        "{method} of {draws} draws, seed {seed}.",
        method=METHODS[options.method],
        draws=Number(options.settings.particles),
        seed=str(options.seeds[0]),
    )
    if done.weighed:
        foot = say(
            "{draws} draws of the fit, weighed anew; the last days by a screen.",
            draws=Number(done.weighed),
        )
    told = say(
        "What a report of each figure would be if a draw of a fit without it were "
        "true, from what was said, in standard deviations: {inside} of {figures} lie "
        "inside their 90 % interval. Pale: the bare prior.",
        inside=Number(every.inside),
        figures=Number(every.figures),
    )
    outside = say("Outside: {names}.", names=joined(every.misses, ", "))
    yield Picture(
        "left-out",
        say("Figures that a fit has not seen, and what it predicts for them"),
        joined([told, outside if every.misses else None]),
        (done.held_out, done.operation.operation, foot),
        first,
    )
    yield from others


def _until(held: HeldOut, done: Validation) -> Table:
    title = say("Figures foretold by a fit {name}: median (5 to 95 %)", name=held.name)
    return _figures(say("Last days"), title, done, [held])


def _figures(
    name: Text, title: Text, done: Validation, several: Iterable[HeldOut]
) -> Table:
    headings = (say("reported"), say("fit"), say("bare prior"), say("PIT"))
    clock = done.operation.clock
    return table(
        name,
        title,
        (
            Column(say("figure"), whole=True),
            Column(say("source"), whole=True),
            *(Column(each, number=True) for each in headings),
            Column(None, whole=True),
        ),
        (_figure(row, clock) for held in several for row in held.rows),
    )


def _figure(row: HeldOutFigure, clock: Clock) -> tuple[Text, ...]:
    after = row.after
    return (
        after.claim.name,
        after.claim.family,
        reported(after, clock),
        predicted(after, clock),
        between(row.before, clock),
        two_places(after.pit),
        None if after.inside else OUTSIDE,
    )


def inside(done: Validation) -> Table:
    """Return how many figures lie inside, and how wide the intervals are."""
    headings = (
        *(say("figures"), say("inside"), say("at least")),
        *(say("mean width"), say("bare prior")),
    )
    return table(
        say("Inside"),
        say("Inside 90 %, and how wide it is in counts of people"),
        (Column(say("left out")), *(Column(each, number=True) for each in headings)),
        (
            (
                named(row.of),
                *map(Number, (row.figures, row.inside, row.fewest)),
                *map(Number, (row.width, row.prior_width)),
            )
            for row in coverage_by_group(done)
        ),
    )


def families(done: Validation) -> Iterator[Table | Text]:
    """Return how near everybody comes to each family that was left out."""
    rows = families_left_out(done)
    if not rows:
        return
    who = (FIT, PRIOR, *RIVALS)
    headings = (say("figures"), say("inside"), say("at least"), say("counts"))
    yield table(
        say("Family by family"),
        say("Each family left out: figures inside 90 %, and CRPS of its counts"),
        (
            Column(say("left out"), whole=True),
            *(Column(each, number=True) for each in headings),
            *(Column(named(each), number=True) for each in who),
        ),
        (
            (
                row.family,
                *map(Number, (row.figures, row.inside, row.fewest, row.counts)),
                *(two_places(row.crps.get(each, nan)) for each in who),
            )
            for row in rows
        ),
    )
    counted = [row for row in rows if row.counts]
    yield say(
        "Of {families} families with counts that everybody foretells, the fit is "
        "nearer than all rates and stop-and-go in {nearer}. Counts are of all people "
        "of a site.",
        families=Number(len(counted)),
        nearer=Number(sum(not row.nearer for row in counted)),
    )


_LEFT: Mapping[str, Text] = MappingProxyType(
    {
        "as shipped": say("as shipped"),
        "one phase a flow": say("one phase a flow"),
        "no agreements": say("no link between agreements: none at all"),
        "stoppages only": say("documented stoppages only"),
        "random stoppages": say("stoppages as long, at random times"),
        "nothing dated": say("no stoppages: nothing dated"),
    }
)


def ablation(done: Validation) -> Table:
    """Return the scores of screens of the operation with something taken away."""
    return table(
        say("Taken away"),
        say("The same ranges fitted to the same figures with something taken away"),
        _SCORES,
        (
            _scored(_LEFT[row.name], row)
            if row.possible
            else (_LEFT[row.name], say("cannot be run"), *(None,) * 4)
            for row in done.ablations
        ),
    )


def without_convoys(done: Validation) -> Iterator[Table]:
    """Return how far rates by phase get on the counts of all people."""
    if done.without_convoys:
        yield table(
            "Without convoys",
            say("Rates by phase in open hours, fitted to the counts of all people"),
            _SCORES,
            (_scored(_phases(row.name), row) for row in done.without_convoys),
        )


_SCORES = (
    Column(None),
    *(
        Column(each, number=True)
        for each in (
            *(say("figures"), say("ARD"), say("CRPS of counts")),
            *(say("inside 50 %"), say("inside 90 %")),
        )
    ),
)


def _scored(name: Text, row: Ablation) -> tuple[Text, ...]:
    return (
        name,
        Number(row.figures),
        two_places(row.ard),
        two_places(row.crps),
        Number(row.inside_50),
        Number(row.inside_90),
    )


def _phases(name: str) -> Text:
    if name == SHIPPED:
        return _LEFT[name]
    number = int(name)
    return say_many("{count} phase", "{count} phases", number)


def what_typing_is_worth(done: Validation) -> Text:
    """Return in a sentence what is lost without dates, terms and phases."""
    whole, *others = done.ablations
    told = [row for row in others if row.possible and isfinite(row.crps)]
    if not told or not isfinite(whole.crps):
        return say("What the typing is worth cannot be said: nothing else can be run.")
    worst = max(told, key=lambda row: row.crps)
    return say(
        "Each is a screen of {draws} draws out of {runs} runs, so that a tenth may be "
        "chance. The CRPS of counts goes from {whole} to {worst} at the worst "
        "({name}).",
        draws=Number(DRAWS),
        runs=Number(RUNS),
        whole=Number(whole.crps, ".2f"),
        worst=Number(worst.crps, ".2f"),
        name=_LEFT[worst.name],
    )


def scores(done: Validation) -> Table:
    """Return how near everybody comes to the counts that were left out."""
    return table(
        say("Scores"),
        say("The left-out counts of people, by who foretells them: less is better"),
        (
            Column(None),
            Column(say("left out")),
            Column(say("figures"), number=True),
            *(Column(named(each), number=True) for each in FORECASTERS),
        ),
        (
            (
                *(named(row.name), named(row.of), Number(row.figures)),
                *(Number(row.scores[by], ".2f") for by in FORECASTERS),
            )
            for row in scores_by_group(done)
        ),
    )


def coverage(done: Validation) -> Picture:
    """Return how often the truth behind made-up records was held.

    Totals and whatever leaves the band; the others are in the file.
    """
    found = done.coverage
    half, most = found.means
    mean = say("mean of all {targets}", targets=Number(len(found.targets)))
    shown = table(
        say("Coverage"),
        say("Made-up records: how often the truth was held"),
        (
            Column(None),
            Column(say("50 %"), number=True),
            Column(say("90 %"), number=True),
            Column(None),
        ),
        (
            *(_held(row) for row in found.targets if row.derived or not row.within),
            (mean, Number(half, ".1%"), Number(most, ".1%"), None),
        ),
    )
    foot = say(
        "{sets} records, a screen of {draws} draws from {runs} runs for each, seed "
        "{seed}.",
        sets=Number(found.sets),
        draws=Number(found.draws),
        runs=Number(found.runs),
        seed=str(done.calibrator.options.seeds[0]),
    )
    return Picture(
        "coverage",
        shown.title,
        say(
            "How far the ranks of {targets} targets are from even: {outside} leave the "
            "band in which all lie with {confidence} if the screen is as sure as it "
            "may be.",
            targets=Number(len(found.targets)),
            outside=Number(len(found.outside)),
            confidence=Number(CONFIDENCE, ".0%"),
        ),
        (found, done.operation.operation, foot),
        shown,
    )


def _held(row: Target) -> tuple[Text, ...]:
    half, most = (Number(level, ".1%") for level in row.covered)
    return (row.name, half, most, None if row.within else say("leaves the band"))
