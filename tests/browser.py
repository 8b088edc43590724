"""A real browser for tests of pages, where one is installed."""

import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# A browser looks for its maker's hosts at every start, unless told not to.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def path_of_browser():
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def opened(browser, path, **options):
    """Give a page that was opened, and all that went wrong or left it meanwhile."""
    page = browser.new_page(**options)
    page.complaints, page.asked = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    page.close()


@contextmanager
def a_browser():
    """Give a browser without a screen; skip the tests where there is none."""
    path = path_of_browser()
    if path is None:
        pytest.skip("no Chromium, Chrome or Edge is installed to try the page in")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as drive:
        browser = drive.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
