"""The planner's page: a front in a browser, served on the machine it runs on.

It computes and words nothing: it asks `sim.studies` and shows `sim.report`.
"""
