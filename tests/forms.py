"""What the forms of a report hold, as text."""

import io
import zipfile

from rich.console import Console

from sim.report.forms.csv_file import write_csv
from sim.report.forms.html import as_html
from sim.report.forms.terminal import as_terminal
from sim.report.forms.workbook import as_workbook
from sim.words import Words


def shown(report, folder):
    """Return what each form of a report holds, by its name."""
    words = Words()
    for name, data in report.data.items():
        write_csv(folder / f"{name}.csv", data)
    with zipfile.ZipFile(io.BytesIO(as_workbook(report, words))) as book:
        sheets = [name for name in book.namelist() if name.endswith(".xml")]
        cells = "\n".join(book.read(name).decode() for name in sheets)
    return {
        "terminal": on_a_terminal(report),
        "csv": "\n".join(path.read_text("utf-8") for path in folder.glob("*.csv")),
        "workbook": cells,
        "html": as_html(report, words, {}),
    }


def on_a_terminal(report):
    screen = Console(width=100, file=io.StringIO(), markup=False, highlight=False)
    for part in as_terminal(report, Words()):
        screen.print(part)
    return screen.file.getvalue()
