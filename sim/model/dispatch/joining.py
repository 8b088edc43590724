"""People whom convoys of a flow pick up on their way, as their site sees that flow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sim.events import NO_REASON, Cause, Reason
from sim.model.convoy import Convoy
from sim.model.crowd import Crowd
from sim.model.pick_up import Stop
from sim.model.site import Site

_NO_VEHICLE = Cause.NO_VEHICLE, NO_REASON
_NO_SERVICE = Cause.NO_SERVICE, NO_REASON
_NOT_BEGUN = Cause.NOT_BEGUN, NO_REASON


class PicksUp(Protocol):
    """A flow, as those see it whom its convoys pick up."""

    @property
    def reason(self) -> tuple[str, Reason]:
        """Why the people at its origin wait."""
        ...

    def people_changed(self) -> None:
        """Look again: people have come to a site or left it, or have got ready."""
        ...


class Joining:
    """Those at one site whom convoys of one flow pick up.

    Attributes
    ----------
    bound_for : convoys that are still to come there.
    has_begun : convoys that set out now stop there, or did before.
    """

    __slots__ = ("_crowds", "_flow", "_site", "_stop", "bound_for", "has_begun")

    def __init__(
        self, flow: PicksUp, stop: Stop, site: Site, crowds: Sequence[Crowd]
    ) -> None:
        self.bound_for: dict[Convoy, None] = {}
        self.has_begun = False
        self._flow = flow
        self._stop = stop
        self._site = site
        self._crowds = crowds
        site.serve(self, crowds)

    @property
    def place(self) -> str:
        """The site."""
        return self._site.name

    @property
    def reason(self) -> tuple[str, Reason]:
        """Why they wait: as those at the origin, or for convoys that have set out."""
        if not self.has_begun:
            return _NOT_BEGUN
        if (why := self._flow.reason)[0] != Cause.NO_SERVICE:
            return why
        first: tuple[str, Reason] | None = None
        for convoy in self.bound_for:
            if convoy.held_by is None:
                return _NO_VEHICLE
            first = first or convoy.held_by
        return first or _NO_SERVICE

    def people_changed(self) -> None:
        """Look again: people have come to the site or left it, or have got ready."""
        self._flow.people_changed()

    def serves(self, crowd: Crowd) -> bool:
        """Whether people of a group are picked up here."""
        return crowd in self._crowds

    def look_again(self) -> None:
        """Let convoys look that wait there for somebody."""
        self._stop.look_again()

    def passes_by(self, convoy: Convoy) -> None:
        """Note that a convoy has been there, or does not come there any more."""
        self.bound_for.pop(convoy, None)
        self.explain()

    def explain(self) -> None:
        """Write down why they wait, if that has changed."""
        self._site.explain_waiting(self._crowds)

    def boarded(self) -> None:
        """Tell whoever waits for the site to be empty."""
        if self._site.when_empty:
            self._site.look_whether_empty()
