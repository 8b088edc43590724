"""What stands in a new case until somebody writes something better."""

TITLE = "{name} (to be filled in)"
ABOUT = (
    "Begun in the shape of '{title}'. Every value is to be replaced; say here how. "
    "An aid to thinking, never for routing or timing live movements."
)
CAUSE = "To be replaced: what '{name}' is, in neutral words and attributed"
NOTE = "As in '{title}'; to be replaced."
README = """\
# {name}

*To be filled in; begun in the shape of {like}.*

> **Limits of use.** An aid to thinking, not for routing or timing live movements. No
> number it gives is a fact. It holds counts of groups only: no data on persons, and no
> place finer than a town. Keep it so.

## What to fill in

1. `{file}`: what the operation is, when it starts and ends, and in which time zone.
2. Who is where (sites and groups), which vehicles there are (fleets), and the ways
   between (legs, gates, checkpoints, routes).
3. Who leaves over which way, and how convoys are formed (flows and their phases).
4. What the sides agreed (agreements), and what closes gates (stoppages).
5. What is not known (uncertain): a range for each value that nobody could tell you.
   Ranges with a note "Like past operations" are what past operations propose, with how
   many of them; keep them, or write better ones.
6. Documented figures and their sources (evidence, sources): who said what, and when it
   was published. Both tables are empty but for the names of their columns. What each
   column means stands on the planner's page, at the evidence of the case, and in
   docs/evidence-reference.md; scenarios/evidence-template.csv has invented rows as
   examples.

After each step: `{program} check FILE`, which names every mistake with its place.
Then: `{program} run FILE`.

## Where values are from

*For each value: who says so, or that it is judgement.*

## What this does not say

*What was left out, and what that may change.*
"""
