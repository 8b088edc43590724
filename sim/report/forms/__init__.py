"""The forms of a report. None computes or words anything.

To add one that is written to a file, write its function and register it in `FORMS` of
`files.py`.
"""
