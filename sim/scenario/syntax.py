"""Says in a planner's words why a text is not YAML."""

import yaml

from sim.scenario.nodes import Place, Source
from sim.scenario.problems import Problem, clipped

_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon stands where none can",
        "Put the text in quotation marks, or check the indentation of this line and "
        "the one before.",
    ),
    (
        "could not find expected ':'",
        "a line before this one has no colon",
        "Write 'key: value', or indent a text that goes on.",
    ),
    (
        "expected <block end>",
        "this line is not indented like the others of its part",
        "Indent all keys of a part by the same number of blanks.",
    ),
    (
        "expected ',' or",
        "a bracket is not closed, or a comma is missing",
        "Close it with ] or }.",
    ),
    (
        "unexpected end of stream",
        "a quotation mark is not closed",
        "Write the closing quotation mark.",
    ),
    (
        "cannot start any token",
        "a text cannot begin with this character",
        "Put the text in quotation marks.",
    ),
    (
        "expected the node content",
        "a bracket or comma stands where a value should",
        "Write the value, or put the text in quotation marks.",
    ),
    (
        "unknown escape character",
        "a backslash in double quotation marks has a meaning of its own",
        "Use single quotation marks.",
    ),
    (
        "expected '<document start>'",
        "this line does not belong to what stands above",
        "Indent all keys of a part by the same number of blanks.",
    ),
    (
        "alphabetic or numeric",
        "anchors and aliases are not allowed",
        "Put the text in quotation marks.",
    ),
    ("tag handle", "tags are not allowed", "Delete what begins with '!'."),
)


def syntax_problem(error: yaml.MarkedYAMLError, source: Source) -> Problem:
    """Return what is wrong with the form of the file, in a planner's words."""
    mark = error.problem_mark or error.context_mark
    place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source)
    said = error.problem or ""
    for sign, problem, remedy in _SYNTAX:
        if sign in said:
            return place.problem("", "", problem, remedy)
    return place.problem("", "", f"this is not YAML: {clipped(said)}", "Correct it.")
