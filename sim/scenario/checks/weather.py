"""Checks on weather: when it is, and which legs it slows."""

from collections.abc import Iterator

from sim.messages import say
from sim.scenario.draft import Draft, Finding
from sim.scenario.problems import choice, listed


def findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check when it begins and ends, also against other weather."""
    plan = draft.weather[name]
    if plan.until <= plan.starts:
        yield Finding(
            ("weather", name, "until"),
            say("the weather ends before it begins"),
            say("Write a later moment."),
        )
    for other, earlier in draft.weather.items():
        if other == name:
            return
        both = plan.legs is None or earlier.legs is None
        shared = both or set(plan.legs or ()) & set(earlier.legs or ())
        if shared and plan.starts < earlier.until and earlier.starts < plan.until:
            yield Finding(
                ("weather", name, "starts"),
                say(
                    "'{name}' and '{other}' slow the same leg at the same time",
                    name=name,
                    other=other,
                ),
                say("Let one end when the other begins."),
            )


def use_findings(draft: Draft, name: str) -> Iterator[Finding]:
    """Check that somebody drives on the legs that it slows."""
    legs = draft.weather[name].legs
    if legs is None or not draft.ways():
        return
    driven = draft.passed()
    if driven & set(legs):
        return
    yield Finding(
        ("weather", name, "legs"),
        (
            say("nobody drives on {legs}", legs=listed(legs))
            if legs
            else say("no leg is named")
        ),
        say(
            "Legs on the way of a flow: {legs}.",
            legs=choice(n for n in draft.legs if n in driven),
        ),
    )
