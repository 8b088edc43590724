"""Writes the cells of a table as comma-separated values."""

import csv
import io

from sim.evidence.cells import Cells


def as_csv(cells: Cells) -> str:
    """Return a table as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cells.header)
    writer.writerows([row[name] for name in cells.header] for _, row in cells.rows)
    return text.getvalue()
