"""The event log of the typical run as XES (IEEE 1849): a case is a convoy.

Process mining tools read it: what follows what, where convoys wait, which paths they
take. Times carry their offset.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from sim.exports.contents import Exported, KeptRun, NothingToWriteError
from sim.exports.journeys import ConvoyJourney, JourneyStep, journeys
from sim.exports.xml_text import allowed, write_xml
from sim.words import Words, say, say_many

FILE = "events.xes"
_VERSION = "1849.2016"
_EXTENSIONS = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle"}
_TRANSITIONS = {"begins": "start", "ends": "complete", "happens": "complete"}
_BEGINNING = "1970-01-01T00:00:00+00:00"


def write_xes(run: KeptRun, folder: Path, words: Words) -> Iterator[Exported]:
    """Write the log; yield the file.

    Raises
    ------
    NothingToWriteError
        If no convoy sets out in the typical run.
    UnusableError
        If the log of the run is damaged.
    """
    cases = [*journeys(run.events)]
    if not cases:
        raise NothingToWriteError(say("No convoy sets out in the typical run."))
    log = Element("log", {"xes.version": _VERSION, "xes.features": ""})
    for name, prefix in _EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        SubElement(log, "extension", {"name": name, "prefix": prefix, "uri": uri})
    _declare(log)
    _put(log, "string", "concept:name", run.operation.operation)
    _put(log, "string", "lifecycle:model", "standard")
    _put(log, "string", "scenario", run.name)
    _put(log, "int", "replication", str(run.facts.get("typical_replication", 0)))
    _put(log, "string", "limits", words.of(run.remark))
    for case in cases:
        _add(log, case)
    write_xml(folder / FILE, log)
    count = say_many(
        "the typical run as a log of {count} case, a convoy",
        "the typical run as a log of {count} cases, each a convoy",
        len(cases),
    )
    yield Exported(folder / FILE, count)


def _declare(log: Element) -> None:
    """Say what every case and event has, and by what events are told apart."""
    case = SubElement(log, "global", {"scope": "trace"})
    _put(case, "string", "concept:name", "convoy")
    event = SubElement(log, "global", {"scope": "event"})
    _put(event, "string", "concept:name", "event")
    _put(event, "date", "time:timestamp", _BEGINNING)
    _put(event, "string", "lifecycle:transition", "complete")
    _put(event, "string", "place", "none")
    for name, keys in (
        ("Activity", "concept:name lifecycle:transition"),
        ("Activity-and-place", "concept:name place lifecycle:transition"),
    ):
        SubElement(log, "classifier", {"name": name, "scope": "event", "keys": keys})


def _add(log: Element, case: ConvoyJourney) -> None:
    trace = SubElement(log, "trace")
    _put(trace, "string", "concept:name", case.convoy)
    _put(trace, "string", "flow", case.flow)
    for step in case.steps:
        _add_step(trace, step)


def _add_step(trace: Element, step: JourneyStep) -> None:
    event = SubElement(trace, "event")
    _put(event, "string", "concept:name", step.what)
    _put(event, "date", "time:timestamp", step.local_time)
    _put(event, "string", "lifecycle:transition", _TRANSITIONS[step.part])
    _put(event, "string", "place", step.place)
    _put(event, "int", "people", str(step.people))
    _put(event, "int", "vehicles", str(step.vehicles))
    if step.cause:
        _put(event, "string", "cause", step.cause)


def _put(parent: Element, kind: str, key: str, value: str) -> None:
    SubElement(parent, kind, {"key": key, "value": allowed(value)})
