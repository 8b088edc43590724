"""Says in a planner's words why a text is not YAML."""

import re

import yaml

from sim.messages import say
from sim.scenario.nodes import Place, Source
from sim.scenario.problems import Problem, clipped

_SYNTAX = (
    (
        "mapping values are not allowed",
        say("a colon stands where none can"),
        say(
            "Put the text in quotation marks, or check the indentation of "
            "this line and the one before."
        ),
    ),
    (
        "could not find expected ':'",
        say("this line has no colon"),
        say("Write 'key: value', or indent a text that goes on."),
    ),
    (
        "expected <block end>",
        say("this line is not indented like the others of its part"),
        say("Indent all keys of a part by the same number of blanks."),
    ),
    (
        "expected ',' or",
        say(
            "the bracket that is opened here is not closed, or a comma is missing in it"
        ),
        say("Close it with ] or }}, and put commas between what is in it."),
    ),
    (
        "unexpected end of stream",
        say("a quotation mark is not closed"),
        say("Write the closing quotation mark."),
    ),
    (
        "cannot start any token",
        say("a text cannot begin with this character"),
        say("Put the text in quotation marks."),
    ),
    (
        "expected the node content",
        say("a bracket or comma stands where a value should"),
        say("Write the value, or put the text in quotation marks."),
    ),
    (
        "unknown escape character",
        say("a backslash in double quotation marks has a meaning of its own"),
        say("Use single quotation marks."),
    ),
    (
        "expected '<document start>'",
        say("this line does not belong to what stands above"),
        say("Indent all keys of a part by the same number of blanks."),
    ),
    (
        "alphabetic or numeric",
        say("anchors and aliases are not allowed"),
        say("Put the text in quotation marks."),
    ),
    (
        "tag handle",
        say("tags are not allowed"),
        say("Delete what begins with '!'."),
    ),
)


_OPENED = "expected ',' or"
_NO_COLON = "could not find expected ':'"
_SLIPS = (
    (
        re.compile(r"\s*(?:- )?([\w-]+):(\S.*)"),
        say("a colon needs a blank after it"),
        "{0}: {1}",
    ),
    (
        re.compile(r"\s*(?:- )?([\w-]+) *(?:=|\uff1a|:=|->|\u2192) *(.*)"),
        say("there is no colon between this key and its value"),
        "{0}: {1}",
    ),
    (
        re.compile(r"\s*-(\w\S*)()"),
        say("a hyphen needs a blank after it"),
        "- {0}",
    ),
)
"""What a line without a colon looks like, what is wrong with it, and what to write."""


_BEHIND = (
    say("something follows a closed quotation mark or bracket"),
    say(
        "Put the whole text in quotation marks; within single ones an "
        "apostrophe is written twice."
    ),
)


def _stands_behind(place: Place) -> bool:
    """Return whether something else stands before a place in its line."""
    lines = place.source.lines
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return bool(line[: place.column - 1].strip())


def syntax_problem(error: yaml.MarkedYAMLError, source: Source) -> Problem:
    """Return what is wrong with the form of the file, in a planner's words."""
    said = error.problem or ""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and (_NO_COLON in said or _OPENED in said):
        mark = error.context_mark
    place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source)
    if _NO_COLON in said and place.line:
        line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
        for pattern, slip, form in _SLIPS:
            if match := pattern.fullmatch(line.rstrip()):
                meant = form.format(*match.groups())
                return place.problem("", "", slip, say("Write '{text}'.", text=meant))
    if "expected <block end>" in said and _stands_behind(place):
        return place.problem("", "", *_BEHIND)
    for sign, problem, remedy in _SYNTAX:
        if sign in said:
            return place.problem("", "", problem, remedy)
    return place.problem(
        "", "", say("this is not YAML: {said}", said=clipped(said)), say("Correct it.")
    )
