"""Fits of what is not known to the documented figures, and how good they are."""
