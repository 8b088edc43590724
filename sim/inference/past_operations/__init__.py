"""Past operations, each foretold from the others, as on its eve.

A scenario says what was announced and agreed; all else comes from the reference class
without the operation. What then happened is compared, and never enters.
"""
