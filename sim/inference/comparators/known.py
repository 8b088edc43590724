"""What was known of a site at an origin: all that a comparator is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from sim.distributions import Distribution
from sim.inference.arrival_curves import Windows, clipped, open_windows, said_h
from sim.inference.claims import Numbers, RecordEntry
from sim.inference.class_numbers import ClassNumbers, class_numbers
from sim.inference.prior import Prior
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.scenario import Operation, settled, uncertain_fields
from sim.scenario.moments import earliest
from sim.scenario.origins import sites_of
from sim.scenario.uncertain import set_by

STEP_H = 1.0


@dataclass(frozen=True, slots=True)
class KnownAtOrigin:
    """What was known of a site when a forecast is made.

    Attributes
    ----------
    site : that people leave.
    counts : documented counts of all people arrived, so far: intervals at vague
        moments.
    begins_h : since when people could move, as far as known.
    moment_h : when the forecast is made.
    until_h : how far it goes.
    windows : open hours, so far and as planned or expected.
    announced : people who are said to be there, a draw of each; nobody knows of more.
    without_range : those of them of whom one number is announced and no range.
    usual : weak numbers of past operations.
    """

    site: str
    counts: tuple[RecordEntry, ...]
    begins_h: float
    moment_h: float
    until_h: float
    windows: Windows
    announced: Numbers
    without_range: float = 0.0
    usual: ClassNumbers = field(default_factory=class_numbers)

    @property
    def grid_h(self) -> Numbers:
        """Hours at which curves are told, with the moment of the forecast."""
        steps = np.arange(0.0, self.until_h + STEP_H, STEP_H)
        return np.unique([*steps, self.begins_h, self.moment_h])

    @property
    def draws(self) -> int:
        """Curves of an ensemble."""
        return len(self.announced)

    @property
    def last_h(self) -> float:
        """The middle of the last moment of which a count speaks."""
        ends = [entry.window_h[1] for entry in self.counts]
        return max([*ends, self.begins_h])

    def open_hours(self, begins_h: float, ends_h: float) -> float:
        """Return how many hours gates were open, or are expected to be."""
        cut = clipped(self.windows, begins_h, ends_h)
        return float(sum(end - begin for begin, end in cut))

    def opened_by(self, hours: Numbers) -> Numbers:
        """Return how many open hours have passed by each hour, since people moved."""
        begins, ends = np.array(clipped(self.windows, self.begins_h) or [(0, 0)]).T
        passed = np.clip(hours[:, None] - begins, 0.0, ends - begins)
        return np.asarray(passed.sum(axis=1))

    def leaving(self, stream: np.random.Generator) -> Numbers:
        """Return who leave in all, by draw.

        A range already says how far announcements may be off. Of a single number as
        many leave as did elsewhere.
        """
        ratio = self.usual.left_over_announced(self.draws, stream)
        return np.asarray(self.announced - (1 - ratio) * self.without_range)


def known_at_origin(
    operation: Operation,
    known: Sequence[RecordEntry],
    site: str,
    moment_h: float,
    draws: int,
    seed: int,
) -> KnownAtOrigin:
    """Return what was known of a site.

    Parameters
    ----------
    operation : as it was known.
    known : figures that were public, and no others.
    site : that people leave.
    moment_h : when the forecast is made [h after the start].
    draws : curves of each ensemble.
    seed : of what is announced, and of all comparators.
    """
    until_h = operation.ends / SECONDS_PER_HOUR
    begins_h = said_h(known, site, "first_arrival", could_move_h(operation, site))
    ranges = _ranges_of_people(operation, site)
    return KnownAtOrigin(
        site,
        tuple(entry for entry in known if entry.counts_all_of(site)),
        min(begins_h, moment_h),
        moment_h,
        until_h,
        open_windows(operation, site, until_h),
        _announced(operation, site, ranges, draws, stream_of(seed, site, "announced")),
        _without_range(operation, site, ranges),
    )


def stream_of(seed: int, *names: str) -> np.random.Generator:
    """Return the random numbers of one name: nobody else draws from them."""
    name = "\0".join(names).encode()
    digest = blake2b(name, digest_size=8, key=str(seed).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def could_move_h(operation: Operation, site: str) -> float:
    """Return when people of a site could first move [h after the start].

    A flow under an agreement moves once any agreement that holds it is in force.
    """
    begins = []
    for name, flow in operation.flows.items():
        if site not in sites_of(operation, name):
            continue
        agreed = [
            earliest(plan.in_force or plan.proposed)
            for plan in operation.agreements.values()
            for party in plan.parties.values()
            if name in party.flows
        ]
        begins.append(max(earliest(flow.opens), min(agreed, default=0)))
    return min(begins, default=0) / SECONDS_PER_HOUR


def _ranges_of_people(operation: Operation, site: str) -> dict[str, Distribution]:
    """Return what is not known about the people of sites, if any are of this one."""
    spreads = uncertain_fields(operation)
    return {
        name: spread
        for name, spread in spreads.items()
        if any(path.startswith(f"sites.{site}.") for path in set_by(operation, name))
    }


def _announced(
    operation: Operation,
    site: str,
    ranges: Mapping[str, Distribution],
    draws: int,
    stream: np.random.Generator,
) -> Numbers:
    """Return draws of the people of a site who are to leave, as far as was known."""
    prior = Prior(tuple(ranges), tuple(ranges.values()))
    found = []
    for point in stream.random((draws, prior.size)):
        world = settled(operation, prior.values(point)) if ranges else operation
        found.append(float(sum(_people(world, site).values())))
    return np.array(found)


def _without_range(
    operation: Operation, site: str, ranges: Mapping[str, Distribution]
) -> float:
    ranged = {path for name in ranges for path in set_by(operation, name)}
    return float(
        sum(
            people
            for group, people in _people(operation, site).items()
            if f"sites.{site}.groups.{group}.people" not in ranged
        )
    )


def _people(operation: Operation, site: str) -> dict[str, int]:
    """Return who are to leave, by group."""
    return {
        name: group.leaving - sum(group.withdraws.values())
        for name, group in operation.sites[site].groups.items()
        if not group.counts_apart
    }
