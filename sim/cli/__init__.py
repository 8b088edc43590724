"""The commands: the only place of the package that prints or exits."""

from sim.cli.group import main

__all__ = ["main"]
