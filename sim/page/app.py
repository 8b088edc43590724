"""All addresses of the page, and what answers them."""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from importlib import import_module
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route, Router, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from sim.errors import SimError
from sim.page.asked import Desk, NotThereError, PageVisit, text_of
from sim.page.files import FILES
from sim.page.guard import Doorway, Guard
from sim.page.labels import LABELS
from sim.words import languages

FIRST = "cases"
"""The part that whoever opens the page sees; the others are loaded after it."""
PARTS = (
    FIRST,
    "case",
    "evidence",
    "change",
    "several",
    "run",
    "compare",
    "ask",
    "studies",
    "results",
    "follow",
    "followed",
)
"""Modules with a table `ROUTES`; to add one, name it here."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MOST_FILES, _MOST_FIELDS, _MOST_OF_A_FIELD = 1, 2_000, 1_000_000


class PageAddress(NamedTuple):
    """An address and what answers it.

    Attributes
    ----------
    path : below that of the language.
    answer : looks, or does what a form asks.
    fills : whether it takes a form; nothing else ever changes anything.
    keeps : whether that form changes nothing that is kept either, so that it is taken
        also where the page is shared for reading only.
    """

    path: str
    answer: Callable[[PageVisit], Response]
    fills: bool = False
    keeps: bool = False


def planners_page(desk: Desk, door: Doorway) -> ASGIApp:
    """Return the application that is the planner's page.

    Parameters
    ----------
    desk : what it works with.
    door : who may come in.
    """

    async def home(_: Request) -> Response:
        return RedirectResponse(f"/{desk.language}/", 303)

    async def refused(request: Request, error: Exception) -> Response:
        asked = _asked(request, desk, door, language=_language(request, desk))
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = await run_in_threadpool(_problem, asked, status)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    always = [Route("/", home), *(Route(path, file) for path, file in FILES.items())]

    def every() -> Router:
        return Router([*always, *_routes(pages(), desk, door)])

    app = Starlette(
        routes=[*always, *_routes(_pages_of(FIRST), desk, door), _Later(every)],
        exception_handlers={HTTPException: refused, 500: refused},
    )
    return Guard(app, door, _changes_nothing)


@cache
def pages() -> tuple[PageAddress, ...]:
    """Return all addresses below that of a language, loading what answers them."""
    return tuple(page for part in PARTS for page in _pages_of(part))


def _changes_nothing(path: str) -> bool:
    """Tell whether a form that is sent to an address changes nothing that is kept."""
    return any(each.match(path) for each in _harmless())


@cache
def _harmless() -> tuple[re.Pattern[str], ...]:
    kept = (page for page in pages() if page.fills and page.keeps)
    return tuple(compile_path(_address(page))[0] for page in kept)


def _pages_of(part: str) -> Iterable[PageAddress]:
    rows = import_module(f"sim.page.{part}").ROUTES
    return [PageAddress(*row) for row in rows]


class _Later(BaseRoute):
    """All addresses, also asked of in another way, found only when one is asked for."""

    def __init__(self, every: Callable[[], Router]) -> None:
        self._every = cache(every)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take whatever comes."""
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it be answered by what has its address."""
        router = await run_in_threadpool(self._every)
        await router(scope, receive, send)


def _routes(
    pages: Iterable[PageAddress], desk: Desk, door: Doorway
) -> Iterable[BaseRoute]:
    for page in pages:
        methods = ["GET", "POST"] if page.fills else ["GET"]
        yield Route(_address(page), _endpoint(page, desk, door), methods=methods)


def _address(page: PageAddress) -> str:
    return f"/{{language}}{page.path}"


def _endpoint(
    page: PageAddress, desk: Desk, door: Doorway
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        language = request.path_params["language"]
        if language not in languages():
            raise HTTPException(404)
        form = await _form(request, door) if request.method == "POST" else None
        asked = _asked(request, desk, door, language=language, form=form)
        try:
            return await run_in_threadpool(page.answer, asked)
        except NotThereError as error:
            raise HTTPException(404) from error
        except SimError as error:
            return await run_in_threadpool(_problem, asked, 422, error)
        finally:
            if form is not None:
                await form.close()

    return endpoint


async def _form(request: Request, door: Doorway) -> FormData:
    """Return what was filled in, if the form is one of ours.

    Raises
    ------
    HTTPException
        If it is not, or is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        raise HTTPException(415)
    form = await request.form(
        max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_MOST_OF_A_FIELD
    )
    secret = form.get("secret")
    if not isinstance(secret, str) or not door.knows(secret):
        await form.close()
        raise HTTPException(403)
    return form


def _asked(
    request: Request,
    desk: Desk,
    door: Doorway,
    *,
    language: str,
    form: FormData | None = None,
) -> PageVisit:
    return PageVisit(
        desk,
        door,
        language,
        request.url.path,
        {k: str(v) for k, v in request.path_params.items() if k != "language"},
        request.query_params,
        form,
        request.cookies,
    )


def _language(request: Request, desk: Desk) -> str:
    first = request.url.path.strip("/").partition("/")[0]
    return first if first in languages() else desk.language


def _problem(asked: PageVisit, status: int, error: SimError | None = None) -> Response:
    """Return the page that says why something is not done."""
    says = LABELS[f"error {status}" if f"error {status}" in LABELS else "error 400"]
    detail = None if error is None else text_of(error)
    return asked.shown("problem.html.j2", status=status, says=says, detail=detail)
