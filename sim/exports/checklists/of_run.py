"""What a run says of itself, for checklists: how often, with what, what came out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sim.exports.contents import KeptRun
from sim.exports.gaps import gap
from sim.report.contents import Column, Group, Table
from sim.report.limits import BANDS
from sim.words import Number, Text, duration, joined, say, say_many
from sim.words.metrics import in_full

_MAIN = ("arrived", "not_arrived", "t50", "t90", "t100")
RANDOM = say(
    "Random numbers come from a counter-based generator (Philox, of numpy), asked for "
    "by name: a number depends on the seed, the replication, the place and the convoy, "
    "and on nothing else, so that variants share their luck."
)
ENGINE = say(
    "Events are processed by SimPy, in whole seconds; the order within a second is a "
    "numbered list (docs/mechanism.md)."
)


def replications(run: KeptRun) -> tuple[Text, ...]:
    """Return how often it was run, and what its bands show."""
    facts = run.facts
    band = BANDS.get(str(facts.get("band")))
    return (
        say_many(
            "{count} replication, of which {failed} failed.",
            "{count} replications, of which {failed} failed.",
            int(facts.get("replications", 0)),
            failed=Number(int(facts.get("failed", 0))),
        ),
        say("Seed: {seed}.", seed=str(facts.get("seed"))),
        band,
        say(
            "Bands go from the 5th to the 95th percentile of the runs, with the median "
            "between."
        ),
    )


def calibration(run: KeptRun) -> Text:
    """Return whether the values come from a fit."""
    if fit := run.facts.get("fit"):
        return say(
            "Values of what is not known are draws of the fit {file}; how it was made "
            "and what it reaches is in the report of the calibration.",
            file=str(fit),
        )
    return joined(
        (
            say("This run uses no fit: values are those of the scenario file."),
            gap(say("how these values were chosen, and on what figures, if any")),
        )
    )


def validation(run: KeptRun) -> tuple[Text, ...]:
    """Return how many documented figures the runs were compared with."""
    rows = run.table("score")
    if not rows:
        return (say("No documented figures are compared with this run."),)
    inside = sum(row["inside"] == "yes" for row in rows)
    return (
        say_many(
            "{count} documented figure is compared with the runs; {inside} inside.",
            "{count} documented figures are compared with the runs; {inside} inside.",
            len(rows),
            inside=Number(inside),
        ),
        say("Each is in score.csv, with its source and whether it was fitted."),
    )


def outputs(run: KeptRun) -> Table:
    """Return the metrics of the run, each with its unit and what it is."""
    seen = {
        row["metric"].partition("/")[0]: (row["unit"], row["description"])
        for row in run.table("summary")
    }
    rows = tuple((name, *told) for name, told in seen.items())
    return Table(
        "outputs",
        say("Outputs"),
        (Column(say("metric")), Column(say("unit")), Column(say("what it is"))),
        (Group(None, rows),),
    )


def results(run: KeptRun) -> Table:
    """Return the main metrics, the median of the runs and their band."""
    rows = tuple(
        (
            in_full(row["metric"], run.operation),
            _told(row, "median"),
            _told(row, "p5"),
            _told(row, "p95"),
        )
        for row in run.table("summary")
        if row["metric"].partition("/")[0] in _MAIN
    )
    return Table(
        "results",
        say("Main results"),
        (
            Column(say("metric")),
            Column(say("median")),
            Column(say("5 %")),
            Column(say("95 %")),
        ),
        (Group(None, rows),),
    )


def _told(row: Mapping[str, str], level: str) -> Text:
    """Return a value of the summary: a local time if it is one."""
    return row[f"{level}_local_time"] or row[level] or say("not by the end")


def software(run: KeptRun) -> tuple[Text, ...]:
    """Return with which programs it was run."""
    facts = run.facts
    return (
        say(
            "evacuation-convoys {version}, commit {commit}{changed}",
            version=str(_project(facts).get("version")),
            commit=str(_project(facts).get("commit") or "-"),
            changed=say(", changed since")
            if _project(facts).get("changed_since")
            else None,
        ),
        say("Python {version}", version=str(facts.get("python"))),
        *(f"{name} {version}" for name, version in _packages(facts).items()),
        say("The model ran as: {how}", how=str(facts.get("model"))),
    )


def system(run: KeptRun) -> tuple[Text, ...]:
    """Return on what machine it was run, and how long it took."""
    return (
        say("Platform: {platform}", platform=str(run.facts.get("platform"))),
        say("Time from start to end: {time}", time=_took(run.facts)),
        gap(say("processor, memory and number of processes")),
    )


def repeat(run: KeptRun) -> tuple[Text, ...]:
    """Return what it takes to get the same again."""
    return (
        say("Command: {command}", command=str(run.facts.get("command"))),
        say(
            "Scenario: SHA-256 {digest}, in scenario.yaml of the results with all its "
            "values.",
            digest=str(run.facts.get("scenario_sha256")),
        ),
    )


def _took(facts: Mapping[str, Any]) -> Text:
    try:
        began, ended = (
            datetime.fromisoformat(str(facts[end])) for end in ("began", "ended")
        )
    except (KeyError, ValueError):
        return None
    return duration(max(0, round((ended - began).total_seconds())))


def _project(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    said = facts.get("project")
    return said if isinstance(said, dict) else {}


def _packages(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    said = facts.get("packages")
    return said if isinstance(said, dict) else {}
