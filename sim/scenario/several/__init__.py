"""Several parts at once: lines copied out of a spreadsheet become changes.

Each line makes a site with its routes and flows, or a fleet, in the shape of one that
is there.
"""
