"""How likely something is, in words that readers know and with its numbers beside.

The words are those of the Intergovernmental Panel on Climate Change: Mastrandrea, M.D.
et al. (2010), "Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on
Consistent Treatment of Uncertainties", table 1.
"""

from sim.report.intervals import between
from sim.statistics.intervals import share_interval
from sim.words import Number, Sentence, Text, say, say_many

_AT_LEAST: tuple[tuple[float, Sentence], ...] = (
    (0.99, say("virtually certain")),
    (0.90, say("very likely")),
    (0.66, say("likely")),
)
_AT_MOST: tuple[tuple[float, Sentence], ...] = (
    (0.01, say("exceptionally unlikely")),
    (0.10, say("very unlikely")),
    (0.33, say("unlikely")),
)
_BETWEEN = say("about as likely as not")
SCALE = say(
    "Words of likelihood are those of the IPCC, chosen so that the whole 95 % interval "
    "of so many runs allows them: virtually certain from 99 %, very likely from 90 %, "
    "likely from 66 %, unlikely up to 33 %, very unlikely up to 10 %, exceptionally "
    "unlikely up to 1 %. They speak of runs of this model, not of the world."
)


def likelihood(some: int, runs: int) -> Text:
    """Return how likely something is that happened in some of so many runs.

    So few runs say little: the word is the one for the end of the 95 % interval that
    is nearer to one half, so it never claims more than they do.

    Raises
    ------
    ValueError
        If there are not so many, or none.
    """
    low, high = share_interval(some, runs)
    return say_many(
        "{word}: in {some} of {count} run ({interval})",
        "{word}: in {some} of {count} runs ({interval})",
        runs,
        word=word_for(_nearest_to_half(low, high)),
        some=Number(some),
        interval=between(low, high),
    )


def word_for(share: float) -> Sentence:
    """Return the word for a share of all runs, from 0 to 1."""
    above = (word for least, word in _AT_LEAST if share >= least)
    below = (word for most, word in _AT_MOST if share <= most)
    return [*above, *below, _BETWEEN][0]


def _nearest_to_half(low: float, high: float) -> float:
    if low <= 0.5 <= high:
        return 0.5
    return low if low > 0.5 else high
