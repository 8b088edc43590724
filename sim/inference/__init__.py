"""From documented figures to draws of what is not known, and to forecasts.

Everything here takes a simulator as a pure function of parameters and luck, so that
it can be tested on a small one whose answers are known.

Nothing here says which source is right: a source may be named as the reference, and
that is the choice of who asks.
"""
