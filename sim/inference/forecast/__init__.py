"""What to expect as of a moment, from what was known by then."""
