"""A fleet against a plain list of its vehicles: what is free, kept, and for whom."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sim.model.fleet import Fleet
from sim.scenario.plans import FleetPlan

FLOWS = ("a", "b", "c")


class Fleets(RuleBasedStateMachine):
    """Vehicles join, leave, are taken, come back and are lost in any order."""

    @initialize(reserve=st.dictionaries(st.sampled_from(FLOWS), st.integers(1, 4)))
    def build(self, reserve):
        plan = FleetPlan.model_construct(
            kind="bus",
            seats=50,
            joins={},
            leaves={},
            carries=None,
            reserve=reserve,
            priority={},
        )
        self.fleet = Fleet("buses", plan)
        self.reserve = dict(reserve)
        self.idle = []
        self.convoys = []  # flow and vehicles
        self.joined = 0
        self.to_leave = 0
        self.told = 0
        self.fleet.when_changed.append(self.count)

    def count(self):
        self.told += 1

    @property
    def present(self):
        return len(self.idle) + sum(len(vehicles) for _, vehicles in self.convoys)

    def let_leave(self):
        while self.to_leave and self.idle:
            self.idle.pop(0)
            self.to_leave -= 1

    def free_for(self, flow):
        free = len(self.idle)
        for other, number in self.reserve.items():
            if other != flow:
                away = sum(len(v) for name, v in self.convoys if name == other)
                free -= max(number - away, 0)
        return max(free, 0)

    @rule(number=st.integers(1, 5))
    def join(self, number):
        told = self.told
        self.fleet.join(number)
        self.idle += range(self.joined, self.joined + number)
        self.joined += number
        assert self.told > told

    @rule(number=st.integers(1, 4))
    def leave(self, number):
        """No more are withdrawn than there are; who is away goes when it is back."""
        self.fleet.leave(number)
        self.to_leave = min(self.to_leave + number, self.present)
        self.let_leave()

    @rule(data=st.data(), flow=st.sampled_from(FLOWS))
    def take(self, data, flow):
        free = self.free_for(flow)
        assert self.fleet.free_for(flow) == free
        if free:
            number = data.draw(st.integers(1, free), "number")
            taken = self.fleet.take(number, flow)
            assert taken == [self.idle.pop(0) for _ in range(number)]
            self.convoys.append((flow, taken))

    @rule(data=st.data(), lost=st.integers(0, 2))
    @precondition(lambda self: self.convoys)
    def come_back(self, data, lost):
        """Some of a convoy are lost, and the others come back."""
        told = self.told
        flow, vehicles = self.convoys.pop(
            data.draw(st.integers(0, len(self.convoys) - 1), "convoy")
        )
        lost = min(lost, len(vehicles))
        if lost:
            self.fleet.lose(lost, flow)
            self.to_leave = min(self.to_leave, self.present + len(vehicles) - lost)
        self.fleet.give_back(vehicles[lost:], flow)
        self.idle += vehicles[lost:]
        self.let_leave()
        assert self.told > told

    @rule(flow=st.sampled_from(FLOWS))
    def send_no_more(self, flow):
        told = self.told
        self.fleet.may_send[flow] = lambda: False
        self.fleet.reserve_is_free()
        self.reserve.pop(flow, 0)
        assert self.told > told

    @invariant()
    def both_say_the_same(self):
        if not hasattr(self, "fleet"):
            return
        fleet = self.fleet
        fleet.check()
        assert list(fleet.idle) == self.idle
        assert fleet.present == self.present
        for flow in FLOWS:
            assert fleet.free_for(flow) == self.free_for(flow)

    @invariant()
    def what_is_kept_is_there_for_whom_it_is_kept(self):
        """Nobody can take what another has reserved and does not have under way."""
        if not hasattr(self, "fleet"):
            return
        for flow in FLOWS:
            free = self.fleet.free_for(flow)
            kept = 0
            for other, number in self.reserve.items():
                if other != flow:
                    away = sum(len(v) for name, v in self.convoys if name == other)
                    kept += max(number - away, 0)
            assert free == 0 or len(self.idle) - free >= kept


def test_a_fleet_is_what_a_list_of_its_vehicles_says():
    run_state_machine_as_test(
        Fleets, settings=settings(max_examples=300, stateful_step_count=30)
    )
