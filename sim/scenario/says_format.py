"""The format that a scenario file says it has."""

from sim.errors import ScenarioError
from sim.formats import SCENARIO
from sim.messages import say
from sim.scenario.nodes import MappingNode, Scalar

KEY = "format"


def version_in(root: MappingNode) -> int | None:
    """Return the format that a file names, None if it names none.

    Raises
    ------
    ScenarioError
        If what it names is no format.
    """
    node = root.values.get(KEY)
    if node is None:
        return None
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text):
        return int(text)
    problem = say("'{key}' is not a whole number of 1 or more", key=KEY)
    remedy = say(
        "Write '{key}: {current}', or leave it out.", key=KEY, current=SCENARIO.current
    )
    raise ScenarioError((node.place.problem(KEY, text, problem, remedy),))


def take_format(root: MappingNode) -> None:
    """Take the format off a tree, which is then read as what it is now.

    Raises
    ------
    ScenarioError
        If the file has another format than those that are read. Nothing else is said of
        it then, since its words may have had another meaning.
    """
    version = version_in(root)
    if version is None:
        return
    refusal = SCENARIO.refusal(version)
    if refusal is not None:
        place = root.keys[KEY]
        raise ScenarioError((place.problem(KEY, str(version), *refusal),))
    del root.values[KEY], root.keys[KEY]
