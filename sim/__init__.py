"""Evacuation convoys through gates, under agreements and stoppages.

Data flows one way::

    scenario -> model -> events -> metrics -> figures -> report

Experiments and inference sit above: they hand a scenario in and read events
or metrics, and know nothing of the model's inside.
"""

from sim.compiled import use_if_there

use_if_there()
