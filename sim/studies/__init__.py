"""What each command does, without a terminal: plan it, run it, resume it.

A front (the command line, a page, a notebook) asks for a plan, begins and finishes it,
and shows the report that comes back.
"""
