"""A scenario as a workbook: the same tree, laid out in sheets.

One rule lays out whatever the plans may say, so that a new field needs no new code:

- What an operation says once stands in the sheet `operation`, a row for each field.
- Things by name, or by moment, have a sheet, named by their path (`flows.phases`), and
  a row each. Whose they are stands in the first columns, then their own name.
- A part within a part has columns of its own (`meets.first`).
- A list, or numbers by name, stand in one cell, one to a line or with commas between.
- An empty cell says nothing.
"""
