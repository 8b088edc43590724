"""Makes columns of what was read off single runs."""

from collections.abc import Iterable, Sequence

import numpy as np

from sim.experiment.observe import Lens, Notes
from sim.experiment.rows import Failure, Layout, Numbers, Rows, no_rows


def tabulated(notes: Sequence[Notes], failures: Iterable[Failure], lens: Lens) -> Rows:
    """Return replications of one operation as columns.

    Raises
    ------
    ValueError
        If they do not have the same columns: they are not of one operation.
    """
    if not notes:
        return no_rows(failures)
    layout = _layout(notes[0], lens)
    if any(_layout(each, lens) != layout for each in notes):
        raise ValueError("all replications of a study have the same columns")
    arrivals, flows, daily, received = _arrived(notes, lens)
    unloading = np.array([each.unloading for each in notes], np.int32)
    return Rows(
        layout=layout,
        replications=np.array([each.replication for each in notes], np.int64),
        parameters=_table(list(each.parameters.values()) for each in notes),
        metrics=_table(list(each.metrics.values()) for each in notes),
        arrivals=arrivals,
        flows=flows,
        daily=daily,
        received=received,
        unloading=unloading.reshape(
            len(notes), len(lens.destinations), len(lens.hours_s)
        ),
        waiting=_table(each.waiting for each in notes),
        obstacles=np.array([each.obstacles for each in notes], np.int64),
        readings=lens.asked.readings([each.answers for each in notes]),
        failures=tuple(failures),
        followed=tuple(each.followed for each in notes if each.followed is not None),
    )


def _layout(notes: Notes, lens: Lens) -> Layout:
    return Layout(
        parameters=tuple(notes.parameters),
        metrics=tuple(notes.metrics),
        origins=lens.origins,
        flows=tuple(lens.flows),
        waiting=tuple(lens.waiting),
        figures=lens.asked.figures,
        received=lens.received,
        destinations=lens.destinations,
        obstacles=tuple(lens.obstacles),
    )


def _arrived(
    notes: Sequence[Notes], lens: Lens
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return who arrived.

    Until each moment by origin and by flow; on each day by origin; in each hour by
    destination and group.
    """
    rows = [arrival for each in notes for arrival in each.arrivals]
    time_s = np.array([at_s for at_s, *_ in rows], np.int64)
    people = np.array([count for *_, count in rows], np.int32)
    run = np.repeat(np.arange(len(notes)), [len(each.arrivals) for each in notes])
    flows, origins = lens.flows, lens.origins
    flow = np.array([flows.index(row.flow) for row in rows], np.int64)
    origin = np.array([origins.index(row.origin) for row in rows], np.int64)
    pairs = {pair: place for place, pair in enumerate(lens.received)}
    pair = np.array([pairs[row.place, row.group] for row in rows], np.int64)
    moment = np.searchsorted(lens.grid_s, time_s, side="left")
    day = np.searchsorted(lens.days_s, time_s, side="right") - 1
    hour = np.searchsorted(lens.hours_s, time_s, side="right") - 1

    def tally(column: Numbers, columns: int, step: Numbers, steps: int) -> Numbers:
        table = np.zeros((len(notes), columns, steps), np.int32)
        kept = (step >= 0) & (step < steps)
        np.add.at(table, (run[kept], column[kept], step[kept]), people[kept])
        return table

    moments, days, hours = len(lens.grid_s), len(lens.days_s), len(lens.hours_s)
    return (
        tally(origin, len(origins), moment, moments).cumsum(axis=2, dtype=np.int32),
        tally(flow, len(flows), moment, moments).cumsum(axis=2, dtype=np.int32),
        tally(origin, len(origins), day, days),
        tally(pair, len(pairs), hour, hours),
    )


def _table(rows: Iterable[Sequence[float]]) -> Numbers:
    return np.array(list(rows), np.float64)
