"""How long the planner's page takes to answer: alone, and with clients and studies.

Run as `python -m benchmarks.page [SECONDS]`. It serves a scratch folder by the program
itself. Prints seconds from the start to the first answer, from Run to the first curve
of a large case, drawn, and from Run to the first band of a case with one change; how
long forecasts of a followed operation take, the first and after each further figure;
then how long answers take to eight clients while studies run, and the server's memory.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from statistics import median, quantiles

import httpx2

LARGE, SMALL = "aleppo-2016", "two-towns"
CHANGE = "fleets.buses.seats=50"
CLIENTS = 8
PAGES = ("", f"case/{LARGE}", f"case/{SMALL}", f"change/{SMALL}", "studies")
PATIENCE_S = 300
FOLLOWED = "2016-12-18T20:00"
FIGURES = (
    ("2016-12-19T12:00", "15000"),
    ("2016-12-20T06:00", "25000"),
    ("2016-12-21T06:00", "29000"),
)
"""By when, and how many had arrived from East Aleppo: to time forecasts by."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[httpx2.Client, int]]:
    """Give a client of a page that the program serves, and the server's process."""
    command = [sys.executable, "run.py", "page", "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        said = "" if process.stdout is None else process.stdout.readline()
        try:
            address = first(r"(http://\S+?)/?\s", said)
            with httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
                yield client, process.pid
        finally:
            process.send_signal(signal.SIGINT)


def first(pattern: str, text: str) -> str:
    """Return what the group of a pattern finds first.

    Raises
    ------
    ValueError
        If it finds nothing.
    """
    if found := re.search(pattern, text):
        return f"{found[1]}"
    raise ValueError(pattern, text)


def asked(client: httpx2.Client, path: str, **fields: str) -> str:
    """Return the address of a study that is asked for in a form."""
    form = client.get(path).raise_for_status().text
    secret = first(r'name="secret" value="([^"]+)"', form)
    changes = client.build_request("GET", path).url.params.get_list("change")
    data = {"secret": secret, "change": changes, **fields}
    return f"{client.post(path.partition('?')[0], data=data).headers['location']}"


def seconds_until(client: httpx2.Client, address: str, sign: str) -> float:
    """Return how long it takes until a page holds something.

    Raises
    ------
    TimeoutError
        If it does not for minutes.
    """
    began = time.monotonic()
    while sign not in client.get(address).text:
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError(address)
        time.sleep(0.1)
    return time.monotonic() - began


def seconds_until_drawn(client: httpx2.Client, address: str) -> float:
    """Return how long it takes until the first picture of a study is there."""
    began = time.monotonic()
    seconds_until(client, address, ".svg")
    for _ in range(PATIENCE_S):  # once all runs are done, its place is another
        page = client.get(address).text
        picture = first(r'src="([^"]+\.svg)', page)
        if client.get(unescape(picture)).is_success:
            break
    return time.monotonic() - began


def followed(client: httpx2.Client) -> Iterator[float]:
    """Yield how long forecasts take [s]: the first, then one after each new figure."""
    page = "/en/followed/op"
    posted(client, "/en/follow", name="op", case=LARGE, published_by=FOLLOWED)
    yield forecast_s(client, page, FOLLOWED)
    for moment, people in FIGURES:
        cells = {"origin": "east-aleppo", "metric": "cumulative_arrivals"}
        said = {"attributed_to": "Somebody", "best": people, "from": moment}
        posted(client, page, do="enter", published=moment, **cells, **said)
        yield forecast_s(client, page, moment)


def posted(client: httpx2.Client, path: str, **fields: str) -> None:
    """Fill in a form.

    Raises
    ------
    ValueError
        If it is refused.
    """
    secret = first(r'name="secret" value="([^"]+)"', client.get(path).text)
    answer = client.post(path, data={"secret": secret, **fields})
    if not answer.is_redirect:
        raise ValueError(path, fields, answer.text)


def forecast_s(client: httpx2.Client, page: str, moment: str) -> float:
    """Return how long it takes from asking for a forecast until it is shown [s]."""
    began = time.monotonic()
    posted(client, page, do="forecast", as_of=moment)
    while "refresh" in client.get(page).headers:
        time.sleep(0.1)
    return time.monotonic() - began


def memory_mb(process: int) -> float:
    """Return how much memory a process holds [MB]; of Linux alone."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return int(first(r"VmRSS:\s+(\d+)", status)) / 1000


def waits(client: httpx2.Client, until_s: float, first: int) -> list[float]:
    """Return how long each answer to one client takes [s]."""
    found, number = [], first
    while time.monotonic() < until_s:
        began = time.monotonic()
        client.get(f"/en/{PAGES[number % len(PAGES)]}").raise_for_status()
        found.append(time.monotonic() - began)
        number += 1
        time.sleep(0.2)
    return found


def loaded(client: httpx2.Client, last_s: float) -> list[float]:
    """Return how long answers take to all clients while studies run [s]."""
    until_s = time.monotonic() + last_s
    with ThreadPoolExecutor(CLIENTS) as pool:
        tasks = [pool.submit(waits, client, until_s, each) for each in range(CLIENTS)]
        return [each for task in tasks for each in task.result()]


def main() -> None:
    """Print all of it."""
    last_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()}")
    folder = Path(tempfile.mkdtemp())
    began = time.monotonic()
    with served(folder / "own") as (client, process):
        client.get("/en/").raise_for_status()
        print(f"start to first answer: {time.monotonic() - began:.1f} s")
        address = asked(client, f"/en/run/{LARGE}", runs="100")
        took_s = seconds_until_drawn(client, address)
        print(f"Run to the first curve of {LARGE}: {took_s:.1f} s")
        seconds_until(client, address, "all.zip")
        address = asked(client, f"/en/run/{SMALL}?change={CHANGE}", runs="100")
        took_s = seconds_until_drawn(client, address)
        print(f"Run to the first band of {SMALL} with {CHANGE}: {took_s:.1f} s")
        took_s += seconds_until(client, address, "all.zip")
        print(f"Run to all 100 runs and files: {took_s:.1f} s")
        whole_s, *quick_s = followed(client)
        print(
            f"first forecast of {LARGE}: {whole_s:.1f} s, after further figures: "
            + ", ".join(f"{each:.1f} s" for each in quick_s)
        )
        before_mb = memory_mb(process)
        for seed in range(4):
            asked(client, f"/en/run/{LARGE}", runs="2000", seed=f"{seed}")
        found_s = loaded(client, last_s)
        print(
            f"{len(found_s)} answers to {CLIENTS} clients: median "
            f"{1000 * median(found_s):.0f} ms, 95 of 100 within "
            f"{1000 * quantiles(found_s, n=20)[-1]:.0f} ms"
        )
        print(f"memory: {before_mb:.0f} MB before, {memory_mb(process):.0f} MB after")


if __name__ == "__main__":
    main()
