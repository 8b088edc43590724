"""Bays and lanes of the reference: who has a place, and whose turn pauses."""

from tests.reference.world import Turn


class Stations:
    """A part of `Run`."""

    def enter(self, convoy, doing, station, gate, draws, left=None):
        """Join the line of a station."""
        convoy.doing, convoy.station = doing, station
        turns = left or [(v, None) for v in convoy.vehicles]
        for vehicle, seconds in turns:
            if vehicle in convoy.vehicles:
                kept = seconds is not None
                turn = Turn(convoy, vehicle, gate, seconds, draws=draws, kept=kept)
                self.stations[station].append(turn)
        convoy.left = None
        self.serve(station)
        if self._served(convoy):
            self.leave_station(convoy)

    def turn_s(self, turn):
        """Return how long a turn takes that begins now."""
        gate, convoy, draws = turn.gate, turn.convoy, turn.draws
        if convoy.doing == "lanes" and gate in self.inspects:
            state = "loaded" if convoy.phase == "through" else "empty"
            draws = convoy.chances[f"{gate}/{state}/{self.inspects[gate]}"]
        return draws[turn.vehicle.number]

    def serve_all(self):
        served = [self.serve(station) for station in list(self.stations)]
        return any(served)

    def serve(self, station):
        """Pause, resume and begin turns; return whether anybody was served at once."""
        turns, ended = self.stations[station], []
        for turn in turns:
            if turn.inside and not turn.done:
                self._pause_or_resume(turn)
        for turn in turns:
            inside = sum(t.inside and not t.done for t in turns)
            shut = turn.gate and self.closing_to(turn.convoy, turn.gate)
            if turn.inside or turn.done or shut or inside >= self.places(station):
                continue
            if station in self.releases:
                if self.released(station):
                    turn.inside = turn.done = True
                    ended.append(turn.convoy)
                continue
            turn.inside, turn.began = True, self.now
            if turn.kept is False:
                turn.left = self.turn_s(turn)
            if turn.left:
                self._run_turn(turn)
            else:
                turn.done = True
                ended.append(turn.convoy)
        for convoy in dict.fromkeys(ended):
            if self._served(convoy):
                self.push(
                    self.now,
                    6,
                    (convoy.rank,),
                    lambda c=convoy: self.leave_if_served(c),
                )
        return bool(ended)

    def _pause_or_resume(self, turn):
        shut = bool(turn.gate and self.closing_to(turn.convoy, turn.gate))
        if shut and turn.began == self.now and turn.until != self.now:
            turn.inside, turn.until = False, None  # it has not begun
        elif shut and turn.until is not None and turn.until > self.now:
            turn.left, turn.until = turn.until - self.now, None
        elif not shut and turn.until is None:
            self._run_turn(turn)

    def _run_turn(self, turn):
        turn.until = until = self.now + turn.left

        def end():
            if turn.until == until and turn in self.stations[turn.convoy.station or ""]:
                turn.done = True
                self.serve(turn.convoy.station)
                if self._served(turn.convoy):
                    tie, convoy = (turn.convoy.rank,), turn.convoy
                    self.push(self.now, 6, tie, lambda: self.leave_if_served(convoy))

        # Turns end, and places fall free, before convoys move.
        self.push(until, 5.5, (turn.convoy.rank,), end)

    def _served(self, convoy):
        return convoy.station is not None and all(t.done for t in self.turns(convoy))

    def leave_if_served(self, convoy):
        if self._served(convoy):
            self.leave_station(convoy)

    def remove_turns(self, convoy, vehicles):
        if convoy.station is not None:
            kept = self.stations[convoy.station]
            self.stations[convoy.station] = [
                t for t in kept if t.convoy is not convoy or t.vehicle not in vehicles
            ]
            if convoy.vehicles and self._served(convoy):
                self.push(
                    self.now, 6, (convoy.rank,), lambda: self.leave_if_served(convoy)
                )

    def forget_turns(self, convoy):
        if convoy.station is not None:
            station, convoy.station = convoy.station, None
            kept = [t for t in self.stations[station] if t.convoy is not convoy]
            self.stations[station] = kept

    def leave_lanes(self, convoy):
        """Leave the lanes for the line, with what is left of each turn."""
        turns = [t for t in self.turns(convoy) if not t.done and t.until != self.now]
        convoy.left = [
            (t.vehicle, t.left if t.until is None else t.until - self.now)
            for t in turns
        ]
        self.forget_turns(convoy)
        convoy.doing = "gate"
