"""How soon the moving picture of a report is drawn, and how many frames it holds.

    python -m benchmarks.moving                # the Aleppo replay
    python -m benchmarks.moving report.html    # a page that is there already

Needs a browser, and `playwright` to drive it. To play the whole run takes as long as a
reader would wait: a minute and a half at the usual speed.
"""

import shutil
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.timing import head, row
from sim.experiment import run_study
from sim.plots import draw
from sim.report.forms.html import as_html
from sim.report.forms.moving import SPEEDS, USUAL_SPEED
from sim.report.run import report_on_run
from sim.scenario import load
from sim.words import Words

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
ALEPPO = Path(__file__).resolve().parent.parent / "scenarios" / "aleppo-2016"
_FIRST = """
const look = () => {
  if (document.querySelector(".moving")?.dataset.time !== undefined)
    requestAnimationFrame(() => { window.firstDrawn = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes when the first frame after the script's first drawing begins."""
_PLAY = """async (speed) => {
  const figure = document.querySelector(".moving");
  const end = Number(figure.querySelector("input").max);
  figure.querySelector("select").value = speed;
  figure.scrollIntoView();
  const times = [];
  figure.querySelector(".play").click();
  await new Promise((resolve) => {
    const note = (time) => {
      times.push(time);
      const over = Number(figure.dataset.time) >= end;
      if (over) resolve(); else requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  return times;
}"""


def measure(page: Path) -> None:
    """Measure a page and print what was found."""
    head(f"Moving picture of {page.name}", "median", "worst")
    row("size of the page [kB]", f"{page.stat().st_size / 1000:,.0f}")
    with sync_playwright() as drive:
        browser = drive.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, _BROWSERS)), None),
            args=list(_QUIET),
        )
        first = [_first_drawn_ms(browser, page) for _ in range(5)]
        row("first frame drawn [ms]", f"{median(first):.0f}", f"{max(first):.0f}")
        for speed in (USUAL_SPEED, max(seconds for seconds, _ in SPEEDS)):
            times = _played(browser, page, speed)
            gaps = sorted(later - time for time, later in pairwise(times))
            slow = gaps[int(len(gaps) * 0.99)]
            name = f"frames a second, {speed / 3600:g} h a second"
            mean = 1000 * len(gaps) / (times[-1] - times[0])
            row(name, f"{mean:.1f}", f"{1000 / gaps[-1]:.1f}")
            row("of 99 in 100 frames at least", f"{1000 / slow:.1f}")
        browser.close()


def _opened(browser: Browser, page: Path) -> Any:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(600_000)
    opened.add_init_script(_FIRST)
    opened.goto(page.as_uri())
    return opened


def _first_drawn_ms(browser: Browser, page: Path) -> float:
    opened = _opened(browser, page)
    while (found := opened.evaluate("window.firstDrawn")) is None:
        opened.wait_for_timeout(20)
    opened.close()
    return float(found)


def _played(browser: Browser, page: Path, speed: int) -> list[float]:
    opened = _opened(browser, page)
    times: list[float] = opened.evaluate(_PLAY, str(speed))
    opened.close()
    return times


def page_of(scenario: Path, folder: Path, replications: int = 20) -> Path:
    """Write the report of some runs of a scenario, with all its pictures."""
    study = run_study(load(scenario), (), seed=1, replications=replications)
    log = study.log_of(study.typical)
    report = report_on_run(study, log, name=scenario.stem, command="")
    drawn = {}
    for picture in report.pictures():
        files = draw(picture.name, picture.arguments, folder, picture.name)
        if files:
            drawn[picture.name] = files[1].read_text("utf-8")
    page = folder / "report.html"
    page.write_text(as_html(report, Words(), drawn), encoding="utf-8")
    return page


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory() as made:
            measure(page_of(ALEPPO, Path(made)))
