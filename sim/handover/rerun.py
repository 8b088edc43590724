"""A small run of a case, by which two machines see whether they have the same."""

import csv
import hashlib
import io
import platform

from sim.handover.manifest import Rerun
from sim.model import simulate
from sim.report.log_data import events_data
from sim.scenario import Operation
from sim.studies.manifest import program_facts

REPLICATIONS = 5
SEED = 1


def rerun(
    operation: Operation, seed: int = SEED, replications: int = REPLICATIONS
) -> Rerun:
    """Run an operation a few times; return the SHA-256 of each log.

    All that a report says is worked out from the logs, which are whole numbers and
    names, so that two machines with the same logs have the same results.
    """
    logs = [_digest(operation, seed, number) for number in range(replications)]
    return Rerun(seed=seed, logs=logs)


def _digest(operation: Operation, seed: int, replication: int) -> str:
    log = simulate(operation, seed=seed, replication=replication)
    data = events_data(log, operation.clock)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(data.columns)
    writer.writerows(data.rows)
    return hashlib.sha256(text.getvalue().encode()).hexdigest()


def here() -> dict[str, str]:
    """Return the versions of all that a run depends on, on this machine."""
    facts = program_facts()
    project = facts["project"]
    changed = " (changed)" if project["changed_since"] else ""
    return {
        "program": str(project["version"]),
        "commit": f"{project['commit'] or 'unknown'}{changed}",
        "model": str(facts["model"]),
        "python": str(facts["python"]),
        "platform": f"{platform.system()} {platform.machine()}",
        **{name: str(version) for name, version in facts["packages"].items()},
    }
