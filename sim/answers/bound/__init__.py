"""What physics alone would take: a bound that no run can beat.

**Why it is a bound.** Take any run, any moment t, and the people of some sites who
have arrived by t. Each of them rode in a vehicle of some fleet, in a convoy of some
flow that set out under some regime of it; count them so, and count the convoys. These
counts are numbers that satisfy every limit of `limits`:

- *people*: who has arrived was ready at least the shortest way before.
- *vehicles*: a vehicle that joins at j brings its k-th load no earlier than j, k - 1
  shortest rounds and one shortest way out later, and no load is above its most.
- *convoys*: none has more vehicles than its size. Of those that bring people, the
  n-th sets out a least headway after the one before; and where k may be under way, it
  is a shortest round after the one k before, since of n - 1 earlier ones no more than
  k - 1 are under way, so that one of the others is no earlier than that.
- *pace, departures, room*: as the file says.
- *lanes, bays, roads, releases, ferries*: a place that gives each vehicle a turn of d
  has given no more than so many times c, with c places, as whole turns fit between
  the first moment at which anybody can be there, and t less the shortest way behind
  it.

What the file leaves to chance is taken at its least (times) or most (loads, sizes),
and moments that hang on something at their earliest. Stoppages and agreements only
ever hold people up, or divert them, and ways on which they may be diverted count
among the ways; where they let somebody pass without a turn, the place is no limit. So
the counts of the run are a solution of a linear program whose limits are those of t,
and the most people of any solution is no less than those who have arrived. All limits
grow with t, so the first moment at which that most reaches a number bounds the moment
in the run. None of this needs the other limits: leaving one out keeps it valid. Who has
arrived of all sites is the sum of who has of each, so that the sum of their bounds is
one of all, too.

Where moments that hang on something are given as they came in a run (`Sure(came)`), the
same holds for every run in which they come so. Convoys of the same second may still
have set out as if the moment had not come.

With means in the place of least values (`Usual`) it is no bound of single runs: it
says what the same vehicles, lanes and pace would commonly do if nobody held them up.
"""

from sim.answers.bound.beside import BesideRuns, beside_runs, capacity_of
from sim.answers.bound.bounds import Bound, Bounds, bounds_of, came_in, needed
from sim.answers.bound.envelope import Binding, Envelope
from sim.answers.bound.limits import LimitKind
from sim.answers.bound.readings import SURE, Sure, Usual

__all__ = [
    "SURE",
    "BesideRuns",
    "Binding",
    "Bound",
    "Bounds",
    "Envelope",
    "LimitKind",
    "Sure",
    "Usual",
    "beside_runs",
    "bounds_of",
    "came_in",
    "capacity_of",
    "needed",
]
