"""The hours in which people of a site could move, as the stoppages tell."""

from sim.calibration.baselines import Windows
from sim.scenario import Operation

_S_PER_H = 3600


def open_windows(operation: Operation, site: str, until_h: float) -> Windows:
    """Return the hours in which no stoppage closed any gate on the way out of a site.

    Parameters
    ----------
    operation : as it was, or as it was known at a moment; what is closed with an open
        end is expected to open after the mean of what it lasts.
    site : that people leave.
    until_h : how far to look [h after the start].
    """
    gates = {
        stage
        for flow in operation.flows.values()
        if operation.routes[flow.route].origin == site
        for stage in (
            *operation.routes[flow.route].inbound,
            *operation.routes[flow.route].through,
            *([flow.boards_at] if flow.boards_at else []),
        )
    }
    closed = []
    for plan in operation.stoppages.values():
        if plan.starts is None or not gates & set(plan.closes):
            continue
        begins_h = plan.starts / _S_PER_H
        if plan.until is not None:
            ends_h = plan.until / _S_PER_H
        elif plan.lasts is not None:
            ends_h = begins_h + plan.lasts.best / _S_PER_H
        else:
            renewal = operation.agreements[plan.until_agreement or ""]
            ends_h = (renewal.in_force or renewal.proposed or 0) / _S_PER_H
        closed.append((begins_h, min(ends_h, until_h)))
    windows = []
    at_h = 0.0
    for begins_h, ends_h in sorted(closed):
        if begins_h > at_h:
            windows.append((at_h, begins_h))
        at_h = max(at_h, ends_h)
    return [*windows, (at_h, until_h)] if at_h < until_h else windows
