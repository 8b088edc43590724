"""What happens first when several things happen in the same second."""

from enum import IntEnum
from heapq import heappush

import simpy


class Tie(IntEnum):
    """The order within one second; within one rank, who was set going first.

    1. Gates open (a stoppage ends).
    2. Gates close (a stoppage begins): a gate that opens and closes in the same
       second lets nobody pass.
    3. Agreements change: proposed, preconditions, amendments, deadlines.
    4. Vehicles join or leave their fleet.
    5. Convoys in line look again, and go before those who only come now.
    6. Convoys move: they end a leg, a boarding, an inspection or a wait.
    7. Flows look whether a convoy can be formed, with all that happened before.
    """

    OPEN = 1
    CLOSE = 2
    AGREE = 3
    FLEET = 4
    LINE = 5
    MOVE = 6
    DISPATCH = 7


class Alarm(simpy.Event):
    """An event that happens after a number of seconds, in its rank.

    `simpy.Timeout` knows no rank: two timeouts of one second happen in the order
    in which they were made, whatever they stand for.
    """

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment, delay_s: int, tie: int) -> None:
        # As `simpy.Timeout` does it: born triggered, so the usual start is left out.
        # Scheduled here and not by `env.schedule`: a tenth of an event's cost.
        self.callbacks = []
        heappush(env._queue, (env._now + delay_s, tie, next(env._eid), self))  # type: ignore[misc]

    def ring_now(self, env: simpy.Environment) -> None:
        """Wake those who wait for it in this second; later nobody hears it."""
        turn = Turn(env)
        turn.callbacks, self.callbacks = self.callbacks, []
        turn.grant()


class Turn(simpy.Event):
    """What a convoy waits for in a line; granted by the gate it stands before."""

    def grant(self) -> None:
        """Let the convoy look again, in this second, before those who come."""
        self._ok = True
        self._value = None
        self.env.schedule(self, Tie.LINE)  # type: ignore[arg-type]
