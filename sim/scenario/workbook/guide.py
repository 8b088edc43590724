"""What whoever fills in a workbook should know first."""

GUIDE = (
    "This workbook is a scenario: every command takes it as it takes a text. Save it, "
    "then: python run.py check FILE, or bring it in again on the planner's page, at "
    "'Show and edit the text'. Each mistake is named with its sheet and cell.",
    "A sheet holds things of one kind, a row each. Blue columns say which thing a row "
    "is about: whose it is, then its own name (lower-case letters, digits, hyphens). "
    "Yellow columns must be filled in. Leave empty what you have nothing to say about.",
    "Point at the head of a column to read what it means, with unit and default. The "
    "second row says in short what is written there.",
    "Durations and speeds carry units: 90 min, 2 h, 30 km/h. What varies is said in "
    "words: 1 h to 4 h, mostly 2 h. Dates may be typed as dates; in the midst of a "
    "text they are written 2016-12-15T14:30. Times are local.",
    "Several names stand in one cell with commas between. Numbers by name stand as "
    "buses: 20, ambulances: 5, or one to a line (Alt+Enter).",
    "Rows and columns whose first cell begins with #, and sheets whose name does, are "
    "notes and are not read. Hidden sheets, merged cells and errors of formulas are "
    "refused.",
    "It holds counts of groups only: no data on persons, no place finer than a town.",
)
