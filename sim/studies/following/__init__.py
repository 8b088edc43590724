"""An operation that goes on: figures as they come, each undoable, and forecasts.

All of it is one folder. Its log is only added to: a line is there whole or not at all,
and what is undone stays in it. Everything else in the folder follows from the log and
from the scenarios beside it, or can be made again.
"""
