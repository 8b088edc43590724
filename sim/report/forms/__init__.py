"""The forms of a report. None computes or words anything.

To add one that is written to a file, write its function and name it in `FORMS`.
"""

from sim.report.forms.files import FORMS, written

__all__ = ["FORMS", "written"]
