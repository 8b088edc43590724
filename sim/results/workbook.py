"""The workbook for planners: what came out, in sheets that any spreadsheet opens.

The same study gives the same bytes: nothing in it says when it was made.
"""

from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from sim.events import RunLog
from sim.experiment import Study
from sim.results import sheets
from sim.results.manifest import BANDS, LIMITS
from sim.results.sheet import Formats
from sim.scenario import scenario_hash

_CREATED = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(study: Study, log: RunLog) -> bytes:
    """Return the workbook of a study as the contents of an .xlsx file.

    Parameters
    ----------
    study : all runs.
    log : of its typical replication.
    """
    buffer = BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": study.operation.operation, "created": _CREATED})
        formats = Formats.of(book)
        _add_about(book, formats, study)
        sheets.add_summary(book, formats, study)
        sheets.add_daily(book, formats, study)
        sheets.add_curves(book, formats, study)
        sheets.add_score(book, formats, study)
        sheets.add_waiting(book, formats, study)
        sheets.add_events(book, formats, study, log)
    return buffer.getvalue()


def _add_about(book: Workbook, formats: Formats, study: Study) -> None:
    operation = study.operation
    runs = f"{len(study.runs)} runs, seed {study.seed}"
    if study.failures:
        runs += f"; {len(study.failures)} more failed and are left out"
    rows = {
        "What it is": operation.about or operation.operation,
        "Limits of use": LIMITS,
        "Runs": runs,
        "Bands": f"5 % to 95 % of the runs. {BANDS[study.band]}",
        "Moments": f"Local time, {operation.zone}. What did not come by the end of a "
        "run counts as later than all that came; a cell that would say so is empty.",
        "Typical run": f"Events are those of replication {study.typical}, whose last "
        "arrivals lie nearest to the median.",
        "Score": "Inside: the band of the runs and what is documented overlap. No "
        "source is judged right; sources that contradict each other cannot all be "
        "inside.",
        "Scenario": f"SHA-256 {scenario_hash(operation)}",
    }
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, operation.operation, formats.title)
    for line, (what, text) in enumerate(rows.items(), start=2):
        sheet.write_string(line, 0, what, formats.wrapped)
        sheet.write_string(line, 1, text, formats.wrapped)
