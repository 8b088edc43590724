"""Compares the model with the reference: `python -m tests.reference --count 20000`.

Prints a line for each seed about which they differ; with `--show SEED` the scenario of
one seed (made as small as the difference allows with `--small`) and all differences.
"""

import argparse
import signal
import sys
import traceback
from functools import partial
from multiprocessing import Pool
from time import monotonic

import yaml

from sim.scenario import from_data
from tests.reference.compare import differences
from tests.reference.scenarios import scenario
from tests.reference.shrink import smaller

SHOWN = 3
MOST_S = 20
"""After so many seconds a scenario has failed."""


def too_long(*_):
    """Stop what takes too long."""
    raise TimeoutError


def of_seed(seed):
    """Return a seed and what differs about its scenario, or how one of them failed."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(MOST_S)
    try:
        return seed, differences(from_data(scenario(seed)), seed)
    except Exception:  # noqa: BLE001
        return seed, ["failed: " + traceback.format_exc(limit=-2).replace("\n", " | ")]


def text_of(data):
    """Return scenario data as a file that can be run."""
    full = {key: value for key, value in data.items() if value not in ({}, [])}
    return yaml.safe_dump(full, sort_keys=False, default_flow_style=None, width=100)


def compare_many(first, number, workers, most):
    """Compare many seeds; return how many of them differ."""
    say = partial(print, flush=True)
    found, began = 0, monotonic()
    with Pool(workers) as pool:
        seeds = range(first, first + number)
        for done, (seed, lines) in enumerate(pool.imap(of_seed, seeds, 20), 1):
            if lines:
                found += 1
                say(f"seed {seed}: {len(lines)} differences")
                for line in lines[:SHOWN]:
                    say(f"    {line}")
            if done % 1000 == 0:
                say(f"{done} compared, {found} differ, {monotonic() - began:.0f} s")
            if found >= most:
                pool.terminate()
                say(f"stopped after {found} differences, {done} compared")
                return found
    say(f"{number} compared, {found} differ, {monotonic() - began:.0f} s")
    return found


def show(seed, small):
    """Print the scenario of a seed and what differs."""
    data = scenario(seed)
    if small:
        data = smaller(data, seed)
    lines = [text_of(data)]
    try:
        lines += ["# " + line for line in differences(from_data(data), seed)]
    except Exception:  # noqa: BLE001
        lines.append("# " + traceback.format_exc().replace("\n", "\n# "))
    sys.stdout.write("\n".join(lines) + "\n")


def main():
    """Read the options and do it."""
    options = argparse.ArgumentParser(prog="python -m tests.reference")
    options.add_argument("--from", dest="first", type=int, default=0)
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--most", type=int, default=20, help="differing seeds")
    options.add_argument("--show", type=int, metavar="SEED")
    options.add_argument("--small", action="store_true")
    given = options.parse_args()
    if given.show is not None:
        show(given.show, given.small)
        return 0
    found = compare_many(given.first, given.count, given.workers, given.most)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
