"""A planner's page for tests: a folder, a queue and a client that is a browser."""

import re
import shutil
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.testclient import TestClient

from sim.errors import SimError
from sim.page.app import planners_page
from sim.page.asked import Desk
from sim.page.guard import Doorway, hosts_of
from sim.page.queues import Queues
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

    def __init__(self, root, workers=0, behind=False):
        self.root, self.workers, self.behind = root, workers, behind
        self.studies, self._entries = {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def add(self, plan):
        study = begun(plan, self.root)
        address = study.path.name.removesuffix(".unfinished")
        self.studies[address] = study
        self._entries[address] = Entry(
            address, plan.kind, plan.title, plan.typed, plan.began
        )
        return address

    def work(self, tell=lambda told: None, only=""):
        """Do what waits, or only the study that is shown at an address."""
        for address, entry in self._entries.items():
            if entry.standing != "waiting" or (only and not only.endswith(address)):
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


class Page:
    """A page and a browser before it."""

    def __init__(self, folder):
        self.folder = folder
        self.queues = Queues(folder / "results", make=SlowQueue)
        self.queue = self.queues.studies()
        self.door = Doorway(hosts_of(("127.0.0.1", "localhost"), PORT))
        self.app = planners_page(Desk(folder, self.queues), self.door)
        self.client = self.other(self.app)

    @staticmethod
    def other(app):
        return TestClient(app, base_url=f"http://{HOST}")

    def get(self, address, **more):
        return self.client.get(address, **more)

    def says(self, address):
        """Return the words of a page, without what sets them."""
        return re.sub("<[^>]*>", "", self.get(address).text)

    def fill(self, address, files=None, **fields):
        """Send a form of the page's own."""
        data = {"secret": self.door.secret, **fields}
        return self.client.post(
            f"/{address.lstrip('/')}", data=data, files=files, follow_redirects=False
        )

    def text_of(self, case):
        return (self.folder / f"scenarios/{case}/scenario.yaml").read_text("utf-8")


@contextmanager
def a_page(folder):
    """Give a page on a folder of its own, from within which it is served."""
    shutil.copytree(SCENARIOS, folder / "scenarios")
    with chdir(folder):
        yield Page(folder)
