"""Daily hours that lie within other daily hours."""

from sim.messages import listed, say
from sim.scenario.clock import SECONDS_PER_DAY, Hours
from sim.scenario.problems import RefusedError
from sim.scenario.times import read_hours, write_hours


def hours_within(text: str, own: str, leg: str) -> str:
    """Return the hours that are common to a curfew and to a leg, as a file writes them.

    Parameters
    ----------
    text : hours of the curfew, as written.
    own : hours of the leg, as written.
    leg : its name.

    Raises
    ------
    RefusedError
        If they are not hours, or have none, or two spans, in common.
    """
    common = _common(read_hours(text, None), read_hours(own, None))
    spans = [write_hours(Hours(*span)) for span in common]
    if len(spans) == 1:
        return spans[0]
    told = {"leg": leg, "own": own, "curfew": text}
    raise RefusedError(
        (
            say(
                "the leg '{leg}' is open from {own}, of which {curfew} leaves two "
                "spans, {spans}",
                spans=listed(spans),
                **told,
            )
            if spans
            else say(
                "the leg '{leg}' is open from {own}, of which {curfew} leaves nothing",
                **told,
            )
        ),
        say("Write other hours, or those of each leg."),
    )


def _common(one: Hours, other: Hours) -> list[tuple[int, int]]:
    """Return the spans of the day that lie in both, in seconds after midnight.

    A span that crosses midnight closes before it opens.
    """
    pieces = sorted(
        (max(a, c), min(b, d))
        for a, b in _pieces(one)
        for c, d in _pieces(other)
        if max(a, c) < min(b, d)
    )
    if len(pieces) > 1 and pieces[0][0] == 0 and pieces[-1][1] == SECONDS_PER_DAY:
        _, closes = pieces.pop(0)
        opens, _ = pieces.pop()
        pieces.append((opens, closes))
    return pieces


def _pieces(hours: Hours) -> list[tuple[int, int]]:
    """Return hours as spans that do not cross midnight."""
    if hours.opens < hours.closes:
        return [(hours.opens, hours.closes)]
    parts = [(0, hours.closes), (hours.opens, SECONDS_PER_DAY)]
    return [(opens, closes) for opens, closes in parts if opens < closes]
