"""A gate: a place that stoppages close and agreements govern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

import simpy

from sim.events import Cause, EventLog, Kind, Reason, ReasonKind
from sim.model.convoy import Convoy
from sim.model.kernel import (
    GIVE_UP,
    LINE_UP,
    MOVE,
    Alarm,
    Lines,
    Passage,
    Process,
    Turn,
    move_callbacks,
)
from sim.model.occurrence import DETAIN, DIVERT, TURN_BACK, Closure, Occurrence, Why
from sim.model.station import Booking, Door, Station

CROSSED = Kind.CROSSED


class Governs(Protocol):
    """An agreement, as its gate sees it."""

    @property
    def binds(self) -> bool:
        """Whether it governs the gate now."""
        ...

    def ready(self, convoys: Sequence[Convoy]) -> bool:
        """Note that convoys stand there able to go; return whether it is news."""
        ...

    def not_ready(self, convoys: Sequence[Convoy], *, by_date: bool) -> None:
        """Note that convoys cannot go; with a closing, others move up after it."""
        ...

    def why_not(self, convoy: Convoy) -> Reason | None:
        """Return why the convoy may not pass, None if it may."""
        ...

    def let_through(self, convoy: Convoy) -> None:
        """Note that the convoy may pass, also if the agreement changes now."""
        ...

    def crossed(self, convoy: Convoy) -> None:
        """Note that the convoy has passed."""
        ...

    def patience_s(self, convoy: Convoy) -> int | None:
        """Return how long the convoy stands there at most, None if for ever."""
        ...

    def may_cross(self, convoy: Convoy) -> int:
        """Return how many of the first vehicles of a convoy may pass now."""
        ...

    def rest_stands(self, convoy: Convoy) -> None:
        """Note that a convoy of which a part has gone on stands there able to go."""
        ...

    def gave_up(self, convoy: Convoy, place: str) -> Reason:
        """Return the reason for which a convoy turns back whose patience is over."""
        ...


class TriesPatience(Protocol):
    """An agreement or a stoppage before which convoys do not stand for ever."""

    def patience_s(self, convoy: Convoy) -> int | None:
        """Return how long the convoy stands there at most, None if for ever."""
        ...

    def why_not(self, convoy: Convoy) -> Reason | None:
        """Return why the convoy may not pass, None if it may."""
        ...

    def gave_up(self, convoy: Convoy, place: str) -> Reason:
        """Return the reason for which a convoy turns back whose patience is over."""
        ...


class DoorFor:
    """A gate as one convoy finds it that stoppages close to some convoys only.

    Parameters
    ----------
    closer : tells what closes it to the convoy, if anything does.
    """

    __slots__ = ("_closer",)

    def __init__(self, closer: Callable[[], Closure | None]) -> None:
        self._closer = closer

    @property
    def is_open(self) -> bool:
        """Whether nothing closes it to the convoy."""
        return self._closer() is None


class Stay:
    """One stay of a convoy before a gate that does not let it pass at once.

    Attributes
    ----------
    detentions : by whom it is detained, and until when.
    patience : with which agreements and stoppages, and until when.
    looks_last : all else in this second is done.
    """

    __slots__ = ("detentions", "looks_last", "patience")

    def __init__(self) -> None:
        self.detentions: list[tuple[int, Occurrence]] = []
        self.patience: list[tuple[int, TriesPatience]] = []
        self.looks_last = False


class Gate:
    """Convoys pass it one after the other, while it is open to them.

    Attributes
    ----------
    stations : where turns pause while it is closed.
    at_work : convoys whose turns a closing interrupts, and those it detains.
    governors : agreements that it opens, by flow, as they are named.
    when_crossed : by flow, who is told of each convoy with people that has passed.
    when_changed : called when something begins or ends that closes it.
    when_deterrent_changed : called when something else deters, or nothing any more.
    closers : what closes it to anybody, the first to begin first.
    deterrents : what closes it such that nobody concerned would set out towards it.
    is_selective : a stoppage may close it to some convoys and not to others.
    when_comes : called with a convoy that comes to it, before all else.
    """

    def __init__(
        self, env: simpy.Environment, name: str, log: EventLog, lines: Lines
    ) -> None:
        self.name = name
        self.stations: list[Station] = []
        self.governors: dict[str, list[Governs]] = {}
        self.when_crossed: dict[str, list[Callable[[int, int], None]]] = {}
        self.when_changed: list[Callable[[], None]] = []
        self.when_deterrent_changed: list[Callable[[], None]] = []
        self.deterrents: tuple[Closure, ...] = ()
        self.is_selective = False
        self.when_comes: list[Callable[[Convoy], None]] = []
        self._env = env
        self._log = log
        self._lines = lines
        self.closers: list[Closure] = []
        self._line: dict[Convoy, Turn] = {}
        self._paused: dict[Convoy, Turn] = {}
        self._ready: dict[Convoy, list[Governs]] = {}
        self.at_work: dict[Convoy, Booking | Alarm] = {}

    # Open and closed

    def closer_for(self, flow: str) -> Closure | None:
        """Return what closes the gate to a flow as such, the first if several do."""
        for closure in self.closers:
            if closure.concerns_flow(flow):
                return closure
        return None

    def deterrent_for(self, flow: str) -> Closure | None:
        """Return what keeps a flow from setting out towards the gate."""
        for closure in self.deterrents:
            if closure.deters_flow(flow):
                return closure
        return None

    def closer_to(self, convoy: Convoy) -> Closure | None:
        """Return what closes the gate to a convoy that has come to it."""
        closers = self.closers
        if self.is_selective:
            closers = [each for each in closers if each.concerns(convoy)]
        return closers[0] if closers else None

    def door_of(self, convoy: Convoy) -> Door:
        """Return what must be open for a convoy to go through its lanes."""
        if self.is_selective:
            return DoorFor(partial(self.closer_to, convoy))
        return self

    def door_for(self, flow: str) -> Door:
        """Return what must be open for convoys of a flow to board there."""
        if self.is_selective:
            return DoorFor(partial(self.closer_for, flow))
        return self

    def standing(self) -> list[Convoy]:
        """Return the convoys that stand before it."""
        detained = [c for c, work in self.at_work.items() if isinstance(work, Alarm)]
        return [*self._line, *detained]

    def closer_named(self, stoppage: str) -> Occurrence:
        """Return what a stoppage has closed the gate with."""
        return next(
            closer
            for closer in self.closers
            if isinstance(closer, Occurrence) and closer.name == stoppage
        )

    @property
    def is_open(self) -> bool:
        """Whether nothing closes the gate to everybody."""
        if self.is_selective:
            return not any(each.concerns_all for each in self.closers)
        return not self.closers

    def why_closed(self, closure: Closure) -> Why:
        """Return why who stands here does, if this is what closes it."""
        return closure.why_closed(self.name)

    def close(self, closure: Closure) -> None:
        """Let nobody through whom this concerns, until it is over."""
        was_open = self.is_open
        self.closers.append(closure)
        if was_open and closure.concerns_all:
            self._note(Kind.CLOSED, closure)
        if was_open or self.is_selective:
            self._arrange_stations()
        unable = [convoy for convoy in self._ready if closure.concerns(convoy)]
        self._not_ready(unable, by_date=not closure.concerns_all)
        for convoy, work in self.at_work.items():
            if not self.is_selective or _is_stopped(convoy, work, closure):
                self._interrupt(convoy, work)
        self._changed()

    def open(self, closure: Closure) -> None:
        """End what this has closed; the gate opens if nothing else closes it."""
        self.closers.remove(closure)
        is_open = self.is_open
        if is_open and closure.concerns_all:
            self._note(Kind.OPENED, closure)
        if is_open or self.is_selective:
            self._arrange_stations()
            self.line_up_later()
        self._changed()

    def _note(self, kind: Kind, closure: Closure) -> None:
        self._log.record(kind, self.name, reason=closure.reason)

    def _arrange_stations(self) -> None:
        now: int = self._env._now  # type: ignore[assignment] # whole seconds
        for station in self.stations:
            station.arrange(now)

    def _changed(self) -> None:
        """Let those look again to whom it may matter."""
        self.look_again()
        before = self.deterrents
        self.deterrents = tuple(each for each in self.closers if each.deters)
        for call in self.when_changed:
            call()
        if self.deterrents != before:
            for call in self.when_deterrent_changed:
                call()

    def look_again(self) -> None:
        """Let all who stand here look whether they may go on, in their order."""
        for turn in (*self._line.values(), *self._paused.values()):
            turn.grant()

    def line_up_later(self) -> None:
        """Tell agreements of all who stand in line able to go, before they look."""
        if self._line and self.governors:
            Alarm(self._env, 0, LINE_UP).callbacks.append(self._line_up)

    def _line_up(self, _: simpy.Event) -> None:
        if not self.closers or self.is_selective:
            line = sorted(self._line, key=_place_in_line)
            self._become_ready([c for c in line if self.closer_to(c) is None])

    # Standing in line, working

    def next_place(self) -> int:
        """Return the place in line of one who comes now."""
        return self._lines.join()

    def _stand(self, convoy: Convoy, line: dict[Convoy, Turn]) -> Process:
        """Stand in line, or with the boarding paused, until something has changed."""
        turn = line[convoy] = Turn(self._env, self._lines, convoy.place_in_line)
        yield turn
        del line[convoy]

    def _look_behind_others(self, convoy: Convoy) -> Process:
        """Look again once those have who stood in a line before."""
        turn = self._line[convoy] = Turn(self._env, self._lines, convoy.place_in_line)
        turn.grant()
        yield turn
        del self._line[convoy]

    def _interrupt(self, convoy: Convoy, work: Booking | Alarm) -> None:
        """Let a convoy look in this second that was at work, or detained."""
        if isinstance(work, Booking) and work.last <= self._env._now:
            return  # its last turn ends in this second, and it moves in its rank
        turn = Turn(self._env, self._lines, convoy.place_in_line)
        if isinstance(work, Booking):
            before, work.alarm = work.alarm, None
        else:
            before = work
        if before is not None and before.callbacks:
            turn.grant()
            move_callbacks(before, turn)

    def wait_until_open(self, convoy: Convoy, cause: Cause | str) -> Process:
        """Stand while the gate is closed; from then the time goes to `cause`."""
        while closer := self.closer_for(convoy.flow):
            convoy.hold(self.name, *self.why_closed(closer))
            yield from self._stand(convoy, self._paused)
        convoy.release(self.name, cause)

    # Passing

    def pass_through(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Pass at once, or wait until the gate is open to the convoy."""
        if self.is_free_for(convoy):
            self.cross(convoy)
            return ()
        return self._wait_and_pass(convoy)

    def go_on(self, convoy: Convoy) -> Iterable[simpy.Event]:
        """Go through, for one that may."""
        self.cross(convoy)
        return ()

    def is_free_for(self, convoy: Convoy) -> bool:
        """Whether a convoy that comes has nothing to wait for; it is let through."""
        if self.when_comes:
            for call in self.when_comes:
                call(convoy)
        if self.is_selective:
            for closure in self.closers:
                closure.note_coming(convoy)
        if self._lines.to_look or (self.closers and self.closer_to(convoy)):
            return False
        if convoy.people and convoy.flow in self.governors:
            return self._forbidden(convoy) is None
        return True

    def _wait_and_pass(self, convoy: Convoy) -> Process:
        """Wait until the gate is open to the convoy, and pass or be turned back."""
        convoy.place_in_line = self._lines.join()
        if (yield from self.admit(convoy)):
            self.cross(convoy)

    def admit(self, convoy: Convoy, cause: Cause | str = Cause.ROAD) -> Passage:
        """Wait until nothing bars the convoy; from then its time goes to `cause`.

        The process returns whether the convoy may go on.
        """
        stay = Stay()
        self._begin_patience(convoy, stay)
        if self._lines.to_look:
            yield from self._look_behind_others(convoy)
        while True:
            if self.closers and self._meet(convoy, stay):
                return False
            if stay.detentions:
                if (yield from self._detained(convoy, stay)):
                    return False
                continue
            if convoy.booking is not None and convoy.booking.last <= self._env._now:
                break  # what is left of it is through
            barrier = self._barrier(convoy)
            if barrier is not None:
                self._not_ready([convoy])
                why = self.why_closed(barrier)
            elif not (convoy.people > 0 and convoy.flow in self.governors):
                break
            elif self._become_ready([convoy]) and self._lines.to_look:
                yield from self._look_behind_others(convoy)
                continue
            elif (reason := self._let_pass(convoy)) is None:
                break
            else:
                why = Cause.AGREEMENT, reason
            if (given_up := self._gives_up(convoy, stay)) is not None:
                self._leave(convoy)
                convoy.turn_back(self.name, given_up)
                return False
            convoy.hold(self.name, *why)
            yield from self._stand(convoy, self._line)
        self._ready.pop(convoy, None)
        convoy.release(self.name, cause)
        return True

    def _barrier(self, convoy: Convoy) -> Closure | None:
        """Return what bars the way to a convoy, if anything closes it to that one."""
        for closure in self.closers:
            if convoy not in closure.pardoned and closure.concerns(convoy):
                return closure
        return None

    def spare(self, convoy: Convoy, part: Convoy) -> None:
        """Let nothing that closes it do to a part what it has done to the whole."""
        for occurrence in self.closers:
            if convoy in occurrence.met:
                occurrence.met.add(part)
            if convoy in occurrence.pardoned:
                occurrence.pardoned.add(part)

    def cross(self, convoy: Convoy) -> None:
        """Write down that the convoy has passed, and let it count."""
        convoy.note(CROSSED, self.name)
        if convoy.people and self.governors:
            for agreement in self.governors.get(convoy.flow, ()):
                agreement.crossed(convoy)
        if convoy.people and self.when_crossed:
            for call in self.when_crossed.get(convoy.flow, ()):
                call(convoy.people, convoy.vehicles)

    # What closes it

    def _meet(self, convoy: Convoy, stay: Stay) -> bool:
        """Let what closes the gate act on a convoy; return whether it leaves it."""
        for closure in tuple(self.closers):
            if convoy in closure.met or not closure.concerns(convoy):
                continue
            fate = closure.meet(convoy, self.name)
            if fate == DETAIN and isinstance(closure, Occurrence):
                self._detain(convoy, stay, closure)
            if convoy.is_lost or fate == TURN_BACK:
                self._leave(convoy)
                _, reason = self.why_closed(closure)
                convoy.turn_back(self.name, reason)
                return True
            if not isinstance(closure, Occurrence):
                continue
            if fate == DIVERT and (way := closure.detour(convoy, self.name)):
                self._leave(convoy)
                convoy.divert(self.name, way, closure.name)
                return True
            self._try_patience(convoy, stay, closure)
        return False

    def _detain(self, convoy: Convoy, stay: Stay, occurrence: Occurrence) -> None:
        self._leave(convoy)
        until = int(self._env.now) + occurrence.detention_s(convoy)
        stay.detentions.append((until, occurrence))
        reason = Reason(ReasonKind.DETAINED, stoppage=occurrence.name, place=self.name)
        convoy.hold(self.name, Cause.DETENTION, reason)

    def _detained(self, convoy: Convoy, stay: Stay) -> Passage:
        """Stand until no detention lasts, or another stoppage begins.

        The process returns whether the convoy drives back.
        """
        until = max(end for end, _ in stay.detentions)
        alarm = Alarm(self._env, until - int(self._env.now), MOVE + convoy.number)
        self.at_work[convoy] = alarm
        yield alarm
        del self.at_work[convoy]
        if not alarm.processed:  # something interrupted it
            return False
        last = [occurrence for end, occurrence in stay.detentions if end == until][-1]
        if last.afterwards == TURN_BACK:
            reason = Reason(ReasonKind.DETAINED, stoppage=last.name, place=self.name)
            convoy.turn_back(self.name, reason)
            return True
        for _, occurrence in stay.detentions:
            if occurrence.afterwards != TURN_BACK:
                occurrence.pardoned.add(convoy)
        stay.detentions.clear()
        return False

    def _leave(self, convoy: Convoy) -> None:
        """Note that a convoy does not go on from here as it came."""
        self._not_ready([convoy])

    # Agreements

    def _become_ready(self, convoys: Sequence[Convoy]) -> bool:
        """Tell the agreements that convoys can go; return whether that is news."""
        able: dict[Governs, list[Convoy]] = {}
        for convoy in convoys:
            if not convoy.people:
                continue
            for agreement in self.governors.get(convoy.flow, ()):
                told = self._ready.setdefault(convoy, [])
                if agreement.binds and agreement not in told:
                    told.append(agreement)
                    able.setdefault(agreement, []).append(convoy)
        news = False
        for agreement, of_agreement in able.items():
            news = agreement.ready(of_agreement) or news
        return news

    def _not_ready(self, convoys: Sequence[Convoy], *, by_date: bool = False) -> None:
        news: dict[Governs, list[Convoy]] = {}
        for convoy in convoys:
            for agreement in self._ready.pop(convoy, ()):
                news.setdefault(agreement, []).append(convoy)
        for agreement, unable in news.items():
            agreement.not_ready(unable, by_date=by_date)

    def _forbidden(self, convoy: Convoy) -> Reason | None:
        """Return why the convoy may not pass; if it may, it is let through by all."""
        governors = self.governors[convoy.flow]
        for agreement in governors:
            if (reason := agreement.why_not(convoy)) is not None:
                return reason
        for agreement in governors:
            agreement.let_through(convoy)
        return None

    def _let_pass(self, convoy: Convoy) -> Reason | None:
        """Let a convoy or those vehicles pass that may; return why others may not."""
        reason = self._forbidden(convoy)
        while reason is not None and self._goes_in_part(convoy):
            reason = self._forbidden(convoy)
        return reason

    def _goes_in_part(self, convoy: Convoy) -> bool:
        """Let the first vehicles of a convoy pass that may; return whether any do."""
        governors = self.governors[convoy.flow]
        vehicles = min(agreement.may_cross(convoy) for agreement in governors)
        if not vehicles:
            return False
        part = convoy.dispatcher.part(convoy, vehicles)
        convoy.note_parted(part, self.name)
        for agreement in governors:
            agreement.let_through(part)
        convoy.dispatcher.send_on(part, self)
        for agreement in governors:
            agreement.rest_stands(convoy)
        return True

    def _begin_patience(self, convoy: Convoy, stay: Stay) -> None:
        """Let a convoy look when its patience with an agreement will be over."""
        if not convoy.people:
            return
        for agreement in self.governors.get(convoy.flow, ()):
            self._try_patience(convoy, stay, agreement)

    def _try_patience(self, convoy: Convoy, stay: Stay, by: TriesPatience) -> None:
        patience = by.patience_s(convoy)
        if patience is not None:
            stay.patience.append((int(self._env.now) + patience, by))
            self._look_last(convoy, stay, patience)

    def _look_last(self, convoy: Convoy, stay: Stay, delay_s: int = 0) -> None:
        """Let a convoy look when all else in a second is done.

        Whoever could be let pass in that second has passed then, whoever moved first.
        """
        alarm = Alarm(self._env, delay_s, GIVE_UP + convoy.number)
        alarm.callbacks.append(partial(self._looks_last, convoy, stay))

    def _looks_last(self, convoy: Convoy, stay: Stay, _: simpy.Event) -> None:
        if (turn := self._line.get(convoy)) is not None:
            stay.looks_last = True
            turn.look_at_once()
            stay.looks_last = False

    def _gives_up(self, convoy: Convoy, stay: Stay) -> Reason | None:
        """Return why a convoy turns back that has stood for too long, if it has.

        It does when it looks last in a second, and sees to it that it will.
        """
        if not convoy.people:
            return None
        for until, tried in stay.patience:
            if until <= self._env._now and tried.why_not(convoy) is not None:
                if stay.looks_last:
                    return tried.gave_up(convoy, self.name)
                self._look_last(convoy, stay)
        return None

    def let_go(self) -> None:
        """Hold on to nobody any more: the run is over."""
        for turn in (*self._line.values(), *self._paused.values()):
            if turn.callbacks:
                turn.callbacks.clear()
        self._line.clear()
        self._paused.clear()
        for work in self.at_work.values():
            event = work.alarm if isinstance(work, Booking) else work
            if event is not None and event.callbacks:
                event.callbacks.clear()
        self.at_work.clear()
        for station in self.stations:
            station.let_go()
        self.stations.clear()
        self.closers.clear()
        self._ready.clear()
        self.governors.clear()
        self.when_crossed.clear()
        self.when_changed.clear()
        self.when_deterrent_changed.clear()
        self.when_comes.clear()
        self.deterrents = ()


def _place_in_line(convoy: Convoy) -> int:
    return convoy.place_in_line


def _is_stopped(convoy: Convoy, work: Booking | Alarm, closure: Closure) -> bool:
    """Whether one that begins stops a convoy that is at work, or detained."""
    if isinstance(work, Booking):
        return not work.door.is_open
    return closure.concerns(convoy)
