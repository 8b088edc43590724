"""What a good analyst would foretell without a simulation, as distributions.

Each comparator is a pure function of what was known at an origin (`known`) and a stream
of its own; it returns an ensemble of curves (`ensemble`). On top of it go the same
reporting errors as on a simulation (`reporting`). `registry` names all of them.
"""
