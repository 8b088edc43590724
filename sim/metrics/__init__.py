"""Numbers from the event log of one run: pure functions, one subject a file.

Nothing here runs a model, reads a file, draws a picture or keeps anything between
two calls. `registry` names the numbers that tables and comparisons are made of.
"""
