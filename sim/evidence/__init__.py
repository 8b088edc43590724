"""Documented figures: what a table of them may say, and how each is read off a run.

Nothing here changes a simulation, and nothing here says which source is right.
"""
