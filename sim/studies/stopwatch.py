"""How long what is under way may still take."""

from time import monotonic


class Stopwatch:
    """How long counted work may still take, from how long it took so far."""

    def __init__(self) -> None:
        self._began: dict[str, tuple[float, int]] = {}

    def seconds_left(self, what: str, done: int, whole: int) -> float | None:
        """Return an estimate; None until there is something to go by.

        What was done before this session, or while it began, is not counted.

        Parameters
        ----------
        what : is being done; each work has a pace of its own.
        done, whole : of it.
        """
        now_s = monotonic()
        began_s, before = self._began.setdefault(what, (now_s, done))
        if done <= before:
            return None
        return (now_s - began_s) / (done - before) * (whole - done)
