"""People of a site over time in the reference, and room at a destination."""

from functools import partial

HOUR_S = 3600


class Demand:
    """A part of `Run`; what is not ready stands in portions, the last moment last."""

    def plan_people(self):
        """Fix when people get ready, come, withdraw and move on."""
        rank = 0
        for site, plan in self.plan.sites.items():
            for group, people in plan.groups.items():
                rank += 1
                here = ("sites", site, "groups", group)
                self._plan_ready((site, group), people, here, rank)
                for field, act in (
                    ("joins", self._join),
                    ("withdraws", self._withdraw),
                ):
                    number_of = getattr(people, field)
                    for moment, number in number_of.items():
                        path, tie = (*here, field, moment), (2, rank, len(field))
                        does = partial(act, (site, group), number)
                        self.moments.on(moment, path, 4, tie, does)
                self.to_come[site, group] = sum(people.joins.values())
                self.crowd[site, group] = people.people - people.stay
        for rank, (site, plan) in enumerate(self.plan.sites.items()):
            for moment, number in plan.moves_on.items():
                path, tie = ("sites", site, "moves_on", moment), (3, rank, 0)
                act = partial(self._move_on, site, number)
                self.moments.on(moment, path, 4, tie, act)

    def _plan_ready(self, who, people, here, rank):
        portions = self.not_ready[who] = []
        earliest = 0
        begins = list(people.ready_later.items())
        if people.ready_per_hour is not None:
            begins.sort()
        for moment, number in begins:
            path, left, comes = (*here, "ready", moment), number, moment
            if people.ready_per_hour is not None:
                comes = max(moment, earliest)
            while left:
                portion = [min(left, people.ready_per_hour or left)]
                left -= portion[0]
                portions.append(portion)
                act = partial(self._get_ready, who, portion)
                self.moments.on(comes, path, 4, (2, rank, 0), act)
                if people.ready_per_hour is not None:
                    comes += HOUR_S
                    earliest = comes

    def _get_ready(self, who, portion):
        self.not_ready[who] = [p for p in self.not_ready[who] if p is not portion]

    def unready(self, site, group):
        """Return how many people at a site are not ready yet."""
        return sum(number for (number,) in self.not_ready[site, group])

    def _join(self, who, number):
        self.to_come[who] -= number
        self.crowd[who] += number

    def _withdraw(self, who, number):
        for portion in reversed(self.not_ready[who]):
            less = min(number, portion[0])
            portion[0] -= less
            self.crowd[who] -= less
            number -= less
        self.crowd[who] -= min(number, self.free(*who))

    # Room at a destination

    def _move_on(self, site, number):
        self.present[site] -= min(number, self.present[site])

    def room_at(self, site):
        """Return for how many more people a site has room; None for any number."""
        holds = self.plan.sites[site].holds
        if holds is None:
            return None
        on_the_way = sum(
            sum(convoy.riders.values())
            for convoy in self.convoys
            if convoy.phase in {"inbound", "through"}
            and self.route(convoy).destination == site
        )
        return max(0, holds - self.present[site] - on_the_way)
