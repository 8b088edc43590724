"""Whether what a report shows lies ahead, and whether somebody agreed to see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sim.report.contents import Banner
from sim.report.limits import banner_of, left_out
from sim.scenario import Operation
from sim.words import Text

RECENT = timedelta(days=30)
"""What is not longer back than this may still go on."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """That dates of a report lie ahead, or only a short while back.

    Attributes
    ----------
    judged : the date on which that was judged.
    last : the last date that is shown.
    consent : whether whoever asked has agreed to see what follows single convoys, and
        not to route or time vehicles by it.
    """

    judged: date
    last: date
    consent: bool = False

    @property
    def banner(self) -> Banner:
        """What it cannot know, and what it must not be used for."""
        return banner_of(self.judged, self.last)

    @property
    def left_out(self) -> Text:
        """What a report does not show for want of consent; None if it shows all."""
        return None if self.consent else left_out(self.judged, self.last)


def end_of(operation: Operation) -> datetime:
    """Return when an operation ends, in its zone."""
    return operation.clock.local(operation.ends)


def ahead(last: datetime, now: datetime, *, consent: bool = False) -> Ahead | None:
    """Return that dates lie ahead, or only a short while back; None if they do not.

    Parameters
    ----------
    last : of the dates that a report shows, in the zone of the operation.
    now : with its zone.
    consent : whether whoever asked has agreed.
    """
    judged = now.astimezone(last.tzinfo).date()
    if last.date() <= judged - RECENT:
        return None
    return Ahead(judged, last.date(), consent)


def may_follow(ahead: Ahead | None) -> bool:
    """Return whether a report may show what follows single convoys."""
    return ahead is None or ahead.consent
