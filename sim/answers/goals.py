"""What somebody wants to be true at a moment: so many out, fewer than so many inside.

A goal is written as a planner would say it:

- `90 % of east-aleppo arrived by 2016-12-21T12:00`,
- `all of east-aleppo/wounded arrived by day 3 18:00`,
- `fewer than 500 of all still inside at day 4 08:00`.

Days are those of the local calendar, of which the first is that of the start.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sim.messages import joined, say
from sim.metrics.moments import STOCKS, AtMoment, at_moment
from sim.metrics.of_sites import ALL_SITES
from sim.scenario import Clock, Operation
from sim.scenario.origins import origins_of
from sim.scenario.problems import RefusedError, hint, quoted

_SHARE = re.compile(
    r"(?P<share>all|half|(?:at least )?[0-9.]+ ?%) of (?P<whose>\S+) "
    r"(?P<stock>[a-z ]+?) (?:by|at) (?P<moment>.+)"
)
_FEWER = re.compile(
    r"fewer than (?P<fewer>[0-9][0-9,]*) (?:people )?(?:of (?P<whose>\S+) )?"
    r"(?P<stock>[a-z ]+?) (?:by|at) (?P<moment>.+)"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(
    rf"(?P<day>{'|'.join(_DAYS)})[ T](?P<hour>[0-9]{{2}}:[0-9]{{2}}|noon|midnight)",
    re.ASCII | re.IGNORECASE,
)
_HOURS = {"noon": "12:00", "midnight": "00:00"}
_DAY = re.compile(r"day (?P<day>[0-9]{1,4})[ T](?P<hour>[0-9]{2}:[0-9]{2})", re.ASCII)
_NAMES_OF_STOCKS = {
    "out": "arrived",
    "inside": "still_inside",
    "held aboard": "aboard",
    **{name.replace("_", " "): name for name in STOCKS},
}
_EVERYBODY = frozenset({"all", "everybody", "them"})
_EXAMPLE = say(
    "Write it as '90 % of SITE arrived by 2016-12-21T12:00', 'all of SITE/GROUP "
    "arrived by day 3 18:00' or 'fewer than 500 of all still inside at day 4 08:00'."
)


@dataclass(frozen=True, slots=True)
class GoalByMoment:
    """What is to be true at a moment of a run.

    Attributes
    ----------
    asked : what is asked for at which moment.
    whose : site of origin, `site/group`, or `all`.
    """

    asked: AtMoment
    whose: str

    @property
    def metric(self) -> str:
        """Full name of the metric that is 1 in runs in which it is met, else 0."""
        return f"{self.asked.name}/{self.whose}"

    def by(self, moment: str) -> "GoalByMoment":
        """Return the same goal at another moment, as a scenario file writes it."""
        return replace(self, asked=replace(self.asked, moment=moment))

    @property
    def count(self) -> str:
        """Full name of the metric that counts the people it is about."""
        return f"{self.asked.count}/{self.whose}"


def read_goal(text: str, operation: Operation) -> GoalByMoment:
    """Return the goal that a text says.

    Parameters
    ----------
    text : as written.
    operation : whose sites, groups and moments it names.

    Raises
    ------
    RefusedError
        If it is no goal, or names what is not there: what is wrong, and what to do.
    """
    plain = " ".join(text.split())
    found = _FEWER.fullmatch(plain) or _SHARE.fullmatch(plain)
    if found is None:
        raise RefusedError(say("{text} is not a goal", text=quoted(plain)), _EXAMPLE)
    parts = found.groupdict()
    stock = _NAMES_OF_STOCKS.get(parts["stock"])
    if stock is None:
        raise RefusedError(
            say(
                "{stock} is not what people may be at a moment",
                stock=quoted(parts["stock"]),
            ),
            hint(parts["stock"], _NAMES_OF_STOCKS),
        )
    moment = _moment(parts["moment"], operation)
    whose = _whose(parts["whose"] or ALL_SITES, operation)
    asked = AtMoment(
        stock,
        int(parts["fewer"].replace(",", "")) if "fewer" in parts else None,
        _percent(parts["share"]) if "share" in parts else None,
        moment,
    )
    if at_moment(asked.name) != asked:
        raise RefusedError(
            say("{text} has a number that is too long", text=quoted(plain)),
            say(
                "Write a number of up to nine digits, or a share with up to six "
                "decimals."
            ),
        )
    return GoalByMoment(asked, whose)


def _percent(share: str) -> float:
    """Return a share in percent.

    Raises
    ------
    RefusedError
        If it is none, or does not lie above 0 and up to 100 %.
    """
    words = {"all": 100.0, "half": 50.0}
    try:
        percent = words.get(share) or float(
            share.removeprefix("at least ").rstrip(" %")
        )
    except ValueError:
        percent = 0.0
    if not 0 < percent <= words["all"]:
        raise RefusedError(
            say("{share} is not a share above 0 and up to 100 %", share=quoted(share)),
            say("Write for example 90 %, half or all."),
        )
    return percent


def _whose(text: str, operation: Operation) -> str:
    """Return the key of the people that a goal is about.

    Raises
    ------
    RefusedError
        If nobody leaves such a site, or it has no such group.
    """
    if text in _EVERYBODY:
        return ALL_SITES
    site, slash, group = text.partition("/")
    origins = origins_of(operation)
    if site not in origins:
        raise RefusedError(
            say("nobody leaves a site {site}", site=quoted(site)),
            hint(site, (*origins, ALL_SITES)),
        )
    groups = [
        name
        for name, plan in operation.sites[site].groups.items()
        if not plan.counts_apart
    ]
    if slash and group not in groups:
        raise RefusedError(
            say(
                "the site '{site}' has no group {group} of people who leave",
                site=site,
                group=quoted(group),
            ),
            hint(group, groups),
        )
    return text


def _moment(text: str, operation: Operation) -> str:
    """Return a moment of an operation as a scenario file writes it.

    Raises
    ------
    RefusedError
        If it is none, or does not lie within the operation.
    """
    clock = operation.clock
    if found := _DAY.fullmatch(text):
        text = _of_day(int(found["day"]), found["hour"], clock)
    elif found := _WEEKDAY.fullmatch(text):
        text = _of_weekday(found["day"].lower(), found["hour"].lower(), operation)
    second = clock.seconds(text)
    if not 0 <= second <= operation.ends:
        raise RefusedError(
            say("{moment} is not within the operation", moment=quoted(text)),
            say(
                "It runs from {start} to {end}.",
                start=clock.text(0),
                end=clock.text(operation.ends),
            ),
        )
    return clock.text(second)


def _of_day(day: int, hour: str, clock: Clock) -> str:
    """Return the date and time of an hour on a day, counted from that of the start."""
    try:
        first = datetime.fromisoformat(clock.text(0)[:10])
        return f"{(first + timedelta(day - 1)).date().isoformat()}T{hour}"
    except OverflowError:
        return f"day {day} {hour}"


def _of_weekday(day: str, hour: str, operation: Operation) -> str:
    """Return the one date of an operation that is such a day of the week, with a time.

    Raises
    ------
    RefusedError
        If there is none, or more than one.
    """
    clock = operation.clock
    days = [clock.local(second).date() for second in clock.days(operation.ends)]
    found = [each for each in days if each.weekday() == _DAYS.index(day)]
    if len(found) != 1:
        dates = joined((each.isoformat() for each in found), ", ")
        raise RefusedError(
            say(
                "{day} is not one day of the operation: {dates}",
                day=quoted(day),
                dates=dates if found else say("none"),
            ),
            say("Write the date."),
        )
    return f"{found[0].isoformat()}T{_HOURS.get(hour, hour)}"
