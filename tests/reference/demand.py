"""People of a site over time in the reference, and room at a destination."""

from functools import partial

HOUR_S = 3600


class Demand:
    """A part of `Run`."""

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
        self.not_ready[who] = sum(people.ready_later.values())
        pace, begins, comes = people.ready_per_hour, people.ready_later.items(), 0
        if pace is not None:
            begins = sorted(begins)
        for moment, number in begins:
            comes = moment if pace is None else max(moment, comes)
            for done in range(0, number, pace or number):
                act = partial(self._get_ready, who, min(pace or number, number - done))
                path, tie = (*here, "ready", moment), (2, rank, 0)
                self.moments.on(comes, path, 4, tie, act)
                if pace is not None:
                    comes += HOUR_S

    def _get_ready(self, who, number):
        self.not_ready[who] -= min(number, self.not_ready[who])

    def unready(self, site, group):
        """Return how many people at a site are not ready yet."""
        return self.not_ready[site, group]

    def free_or_to_come(self, site, group):
        """Return how many have no convoy, with those still to get ready or to come."""
        free = self.free(site, group)
        return free + self.unready(site, group) + self.to_come[site, group]

    def _join(self, who, number):
        self.to_come[who] -= number
        self.crowd[who] += number

    def _withdraw(self, who, number):
        stay = min(number, self.not_ready[who])
        self.not_ready[who] -= stay
        self.crowd[who] -= stay
        self.crowd[who] -= min(number - stay, self.free(*who))
        self.look_whether_empty(who[0])

    def look_whether_empty(self, site):
        """Note if nobody is at a site who is to leave, nor still to come there."""
        groups = self.plan.sites[site].groups
        if not any(self.crowd[site, g] + self.to_come[site, g] for g in groups):
            self.moments.happens(site, "is empty")

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
