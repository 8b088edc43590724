"""What time it is: asked here and nowhere else, so that tests can say so instead.

No number of a run depends on it: only when a study began, and whether what it shows
lies ahead.
"""

from datetime import datetime


def now() -> datetime:
    """Return the date and time, with the zone of this machine."""
    return datetime.now().astimezone()
