"""A planner's page for tests: a folder, a queue and a client that is a browser."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.errors import SimError
from sim.studies.finish import finished
from sim.studies.options import Where
from sim.studies.unfinished import begun

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PORT = 8765
HOST = f"127.0.0.1:{PORT}"


@dataclass
class Entry:
    address: str
    kind: str
    title: str
    typed: str
    began: datetime
    standing: str = "waiting"
    step: object = None
    folder: Path | None = None
    says: object = None


class SlowQueue:
    """Stands in for the queue: does nothing until it is told to."""

    def __init__(self, root):
        self.root, self.studies, self._entries = root, {}, {}

    def add(self, plan):
        study = begun(plan, self.root)
        address = study.path.name.removesuffix(".unfinished")
        self.studies[address] = study
        self._entries[address] = Entry(
            address, plan.kind, plan.title, plan.typed, plan.began
        )
        return address

    def work(self, tell=lambda told: None):
        for address, entry in self._entries.items():
            if entry.standing != "waiting":
                continue
            try:
                entry.folder = finished(self.studies[address], Where(1), tell).folder
                entry.standing = "finished"
            except SimError as error:
                entry.standing, entry.says = "failed", str(error)

    def entries(self):
        return [*self._entries.values()][::-1]

    def entry(self, address):
        return self._entries[address]

    def stop(self, address):
        self._entries[address].standing = "stopped"

    def resume(self, address):
        self._entries[address].standing = "waiting"

    def remove(self, address):
        del self._entries[address]

    def glimpse(self, address):
        self._entries[address]
