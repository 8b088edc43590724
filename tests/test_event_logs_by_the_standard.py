"""The exported event log against the grammar of XES (IEEE 1849-2016), rule by rule.

The rules are those of clauses 4 and 5 of the standard, put in words of our own: which
elements stand in which order, what each attribute holds, what is declared.
"""

import re
from xml.etree import ElementTree

import pytest

from sim.exports import exported
from tests.exported_case import hard

WHOLE = re.compile(r"[+-]?\d{1,19}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NAME = re.compile(r"[A-Za-z_:][\w:.-]*", re.ASCII)
NAME_WITHOUT_COLON = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
VALUES = {
    "string": re.compile(r".*", re.DOTALL),
    "date": MOMENT,
    "int": WHOLE,
    "float": re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "boolean": re.compile(r"true|false|0|1"),
    "id": re.compile(r"[0-9a-fA-F-]{36}"),
}
"""What an attribute of each kind may hold; lists are not written."""
ATTRIBUTES = f"(({'|'.join(VALUES)}) )*"
ORDER = {
    "log": f"(extension )*(global )*(classifier )*{ATTRIBUTES}(trace )*(event )*",
    "trace": f"{ATTRIBUTES}(event )*",
    "event": ATTRIBUTES,
    "global": ATTRIBUTES,
    **dict.fromkeys(VALUES, ATTRIBUTES),
    **dict.fromkeys(("extension", "classifier"), ""),
}
"""What may stand in each element, in which order, each name with a blank behind it."""


def broken(log):
    """Yield the rules that a log breaks."""
    if log.tag != "log" or not re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version", "")):
        yield "a log has its version, a decimal number"
    prefixes = {each.get("prefix") for each in log.iterfind("extension")}
    for each in log.iter():
        inside = "".join(f"{child.tag} " for child in each)
        if not re.fullmatch(ORDER.get(each.tag, "nothing"), inside):
            yield f"{each.tag} holds {inside}"
        if each.tag in VALUES:
            yield from _broken_by(each, prefixes)
        keys = [child.get("key") for child in each if child.tag in VALUES]
        if len(set(keys)) < len(keys):
            yield f"two attributes of one {each.tag} have the same key"
    yield from _undeclared(log)


def _broken_by(attribute, prefixes):
    if {*attribute.keys()} != {"key", "value"}:
        yield "an attribute has a key and a value"
        return
    key, value = attribute.attrib["key"], attribute.attrib["value"]
    if not NAME.fullmatch(key) or not VALUES[attribute.tag].fullmatch(value):
        yield f"{attribute.tag} {key} holds {value}"
    prefix, colon, _ = key.partition(":")
    if colon and prefix not in prefixes:
        yield f"{key} is of no extension"


def _undeclared(log):
    """Yield what is not declared, or is declared and is not there."""
    declared = {}
    for found in log.iterfind("global"):
        declared[found.get("scope")] = {each.get("key"): each.tag for each in found}
    if not declared.keys() <= {"trace", "event"}:
        yield "declarations are of traces or of events"
    for scope, keys in declared.items():
        for each in log.iter(scope):
            there = {child.get("key"): child.tag for child in each}
            if not keys.items() <= there.items():
                yield f"not every {scope} has what is declared for all"
    for found in log.iterfind("classifier"):
        scope = found.get("scope", "event")
        if not NAME_WITHOUT_COLON.fullmatch(found.get("name", "")):
            yield f"a classifier is named {found.get('name')}"
        if not set(found.get("keys", "-").split()) <= declared.get(scope, {}).keys():
            yield f"a classifier has keys that are not declared for every {scope}"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    results = hard(tmp_path_factory.mktemp("hard"))
    [*exported(results, ["xes"])]
    return results / "exports" / "events.xes"


@pytest.fixture
def log(path):
    return ElementTree.parse(path).getroot()  # noqa: S314 - our own


def test_the_log_breaks_no_rule(log) -> None:
    assert [*broken(log)] == []
    assert len([*log.iter("event")]) > 10


def test_each_case_is_in_order_of_time(log) -> None:
    for case in log.iterfind("trace"):
        found = [
            each.get("value")
            for each in case.iterfind("event/date")
            if each.get("key") == "time:timestamp"
        ]
        assert found == sorted(found)


@pytest.mark.parametrize(
    "change",
    [
        lambda log: log.set("xes.version", "two"),
        lambda log: log.append(log.find("extension")),
        lambda log: log.find("trace").insert(0, log.find("trace/event")),
        lambda log: log.find("trace/event").append(log.find("trace/event/int")),
        lambda log: log.find("trace/event").remove(log.find("trace/event/date")),
        lambda log: log.find("trace/event/date").set("value", "2020-01-01 00:00"),
        lambda log: log.find("trace/event/int").set("value", "many"),
        lambda log: log.find("trace/event/int").set("key", "how many"),
        lambda log: log.find("trace/event/int").set("key", "cost:total"),
        lambda log: log.find("classifier").set("keys", "concept:name flow"),
        lambda log: log.find("classifier").set("name", "what: it is"),
        lambda log: ElementTree.SubElement(log.find("trace"), "remark"),
    ],
)
def test_a_log_that_breaks_one_is_found(log, change) -> None:
    change(log)

    assert [*broken(log)]
