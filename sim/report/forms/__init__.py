"""The forms of a report. None computes or words anything.

To add one that is written to a file, write its function and register it in `FORMS`.
"""

from sim.report.forms.brief_pdf import can_write_pdf
from sim.report.forms.files import FORMS, Form, picture_alone, written

__all__ = ["FORMS", "Form", "can_write_pdf", "picture_alone", "written"]
