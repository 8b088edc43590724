"""The vocabulary of events: what can happen, and what waiting is charged to."""

from enum import StrEnum


class Kind(StrEnum):
    """What can happen.

    People are counted by group in `STARTED`, `JOINED`, `STAYED`, `NOT_READY`, `READY`,
    `ASSIGNED`, `RETURNED`, `ARRIVED`, `UNACCOUNTED`, `LIVES_LOST`, `SET_DOWN`,
    `ON_FOOT` and `PARTED`, one event for each group, and of a convoy for each site of
    origin; in every other event of a convoy `people` is the number aboard. An event of
    a convoy that names a cause charges the time of the people aboard to that cause from
    then on, a `WAITING` event that of those of a group at the site who are ready.
    """

    # People at a site
    STARTED = "started"  # so many people of a group are at a site
    JOINED = "joined"  # so many more have come to a site
    STAYED = "stayed"  # so many of them do not leave; a cause says what they waited for
    NOT_READY = "not_ready"  # so many of them are not ready to leave yet
    READY = "ready"  # so many of these are
    WAITING = "waiting"  # why a group waits at its site has changed
    # A convoy
    FORMED = "formed"  # vehicles set out empty
    AT_SITE = "at_site"  # vehicles have come to the people, empty or to pick up more
    QUEUED = "queued"  # in line: for a bay, for a lane, or at a stage of another kind
    ASSIGNED = "assigned"  # people of a group leave the waiting crowd for a convoy
    BOARDING = "boarding"  # the first vehicle is at a bay
    BOARDED = "boarded"  # the last vehicle is full
    HELD = "held"  # stands before a closed gate, or waits for another side
    RELEASED = "released"  # may go on
    PARTED = "parted"  # people of a group go on with a part; negative: from the rest
    CROSSED = "crossed"  # has passed a gate
    DEPARTED = "departed"  # is on a leg, or carried on
    INSPECTED = "inspected"  # the first vehicle is in a lane, or is looked at
    CLEARED = "cleared"  # the last vehicle is through a checkpoint or another stage
    DETAINED = "detained"  # is kept at a place
    TURNED_BACK = "turned_back"  # drives back to where people boarded
    DIVERTED = "diverted"  # goes on over another route
    RETURNED = "returned"  # people are back at the site
    UNACCOUNTED = "unaccounted"  # people who neither arrive nor return
    LIVES_LOST = "lives_lost"  # people reported to have lost their lives
    SET_DOWN = "set_down"  # people whose vehicle was destroyed, and who found no seat
    ON_FOOT = "on_foot"  # the same people set out for the site
    REACHED = "reached"  # stands at the destination
    UNLOADING = "unloading"  # the first vehicle is at a bay of the destination
    ARRIVED = "arrived"  # the last vehicle is empty
    MOVED_ON = "moved_on"  # people who have arrived leave the destination for elsewhere
    LOST = "lost"  # vehicles destroyed
    RELIEVED = "relieved"  # vehicles are free again, or have gone for good
    # A gate, a stoppage
    CLOSED = "closed"
    OPENED = "opened"
    STOPPAGE_BEGAN = "stoppage_began"
    STOPPAGE_ENDED = "stoppage_ended"
    NOT_FOUND = "not_found"  # people or vehicles that were to be lost, and were not
    NOT_STRUCK = "not_struck"  # the same of lives, and of vehicles with people aboard
    # An agreement
    PROPOSED = "proposed"
    MET = "met"  # a precondition
    UNMET = "unmet"  # a precondition that had been met: people have returned
    IN_FORCE = "in_force"
    TRANCHE_OPENED = "tranche_opened"  # to a side
    TRANCHE_COMPLETED = "tranche_completed"  # by a side
    COUNTED = "counted"  # a convoy counts as moved; negative: it does not any more
    SUSPENDED = "suspended"
    RESUMED = "resumed"  # nothing suspends it any more
    BREACHED = "breached"
    RENEGOTIATED = "renegotiated"
    COMPLETED = "completed"
    REOPENED = "reopened"  # in force again: people have returned
    LAPSED = "lapsed"
    # The run
    CAME = "came"  # a moment that hangs on something: place is the field, as a path
    DEADLOCK = "deadlock"  # people who have not arrived, and nothing can move any more
    UNFINISHED = "unfinished"  # people who have not arrived
    BEHIND = "behind"  # what is behind the deadlock or wait of the row above


class Cause(StrEnum):
    """Why people wait. Every second of waiting has exactly one."""

    NOT_BEGUN = "not begun"
    AGREEMENT = "agreement"
    STOPPAGE = "stoppage"
    OUTSIDE_HOURS = "outside hours"
    NO_VEHICLE = "no vehicle"
    HEADWAY = "headway"
    BAY = "loading bay"
    BOARDING = "boarding"
    ROAD = "road"
    QUEUE = "checkpoint queue"
    INSPECTION = "inspection"
    DETENTION = "detention"
    UNLOADING = "unloading"
    NO_SERVICE = "no flow"
    NOT_READY = "not ready"
    FULL = "destination full"


SELDOM: frozenset[Cause] = frozenset({Cause.NOT_READY, Cause.FULL})
"""Causes that only those operations have that ask for them."""
