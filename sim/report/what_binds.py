"""Which limits of a flow bind, so that more of something else does not help."""

from collections.abc import Iterator

from sim.events import Cause
from sim.experiment.bands import Bands
from sim.scenario.plans import FlowPlan
from sim.scenario.titles import of_flow
from sim.words import Number, Text, listed, say


def what_binds(bands: Bands) -> Iterator[Text]:
    """Say what would not help people who wait, since something else binds them."""
    yield from _paced(bands)
    yield from _never_used(bands)


def _paced(bands: Bands) -> Iterator[Text]:
    """Say which flows have sent all that they may in a day or a week.

    Nights and hours come first among causes, so that most of the wait for the next
    week is charged to them.
    """
    operation = bands.study.operation
    waited = {site for site, cause in bands.waiting if cause == Cause.HEADWAY}
    for name, flow in operation.flows.items():
        if flow.at_most is not None and operation.routes[flow.route].origin in waited:
            yield say(
                "{flow} may send {pace} at most ({path}). Once it has, longer hours or "
                "more vehicles do not help before the next {period}, also where "
                "'outside hours' or 'no vehicle' stands above.",
                flow=of_flow(operation, name),
                pace=str(flow.at_most),
                path=f"flows.{name}.at_most",
                period=say("week") if flow.at_most.period == "week" else say("day"),
            )


def _never_used(bands: Bands) -> Iterator[Text]:
    """Say of which fleets more vehicles would not help who waits for one.

    A flow sends no more convoys at a time than `at_once`, however many vehicles are
    free; people then wait for `no vehicle` all the same.
    """
    if not any(cause == Cause.NO_VEHICLE for _, cause in bands.waiting):
        return
    operation = bands.study.operation
    for name, fleet in operation.fleets.items():
        flows = {k: v for k, v in operation.flows.items() if name in v.ever_takes}
        most = sum(_most_under_way(flow, name) for flow in flows.values())
        used_again = all(flow.returns for flow in flows.values())
        if flows and used_again and not fleet.leaves and most < fleet.ever_joining:
            yield say(
                "Of the {all} vehicles of {fleet} at most {most} are under way at a "
                "time ({paths}): more of them would not help people who wait for one.",
                all=Number(fleet.ever_joining),
                fleet=name,
                most=Number(round(most)),
                paths=listed(f"flows.{flow}.at_once" for flow in flows),
            )


def _most_under_way(flow: FlowPlan, fleet: str) -> float:
    """Return how many vehicles of a fleet no phase of a flow can exceed."""
    plans = [flow, *map(flow.as_of, flow.phases.values())]
    largest = max(plan.largest(fleet) for plan in plans if fleet in plan.convoy)
    return max(plan.at_once for plan in plans) * largest
