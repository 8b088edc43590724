"""Refuses whatever does not come from the planner's own browser.

The page has no users and no passwords on the planner's own machine; what protects it
is that nobody else's page can ask it for anything, nor read what it says:

* a `Host` that is not ours is refused, so that no other name can lead here (DNS
  rebinding);
* what a foreign page asks for (`Sec-Fetch-Site`, `Origin`) is refused, and whatever
  changes something takes a secret that only our own forms hold;
* there are no WebSockets, no methods but those of links and forms, and no large or
  slow bodies;
* shared use takes a token, kept in a cookie that other pages do not send along; where
  it is for reading only, no form is taken but those that change nothing.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.page.labels import LABELS
from sim.words import ENGLISH, Sentence, Words, languages, say

TOKEN = "token"  # noqa: S105 (its name, not itself)
_METHODS = frozenset({"GET", "HEAD", "POST"})
_READING = frozenset({"GET", "HEAD"})
_OURS = frozenset({"same-origin", "none"})
LONGEST_ADDRESS = 32_000
MOST_BYTES = 8_000_000
"""Of a body: a workbook may have five million."""
_MOST_HEARD = 12 * MOST_BYTES
"""Of a body that is refused, though it is thrown away; more is refused unread."""
SLOWEST_S = 30.0
"""Until a body must be there."""
_REFUSED_HOST = say("This address is not the page's own. Open it as the program says.")
_REFUSED_SITE = say("Another site asked for this; only the page itself may.")
_REFUSED_METHOD = say("The page takes links and forms alone.")
_REFUSED_WRITING = say("This page is shared for reading only.")
_REFUSED_TOKEN = say(
    "This page is shared with a token. Open the whole address that the program showed."
)
_TOO_LONG = say("The address is too long.")
_TOO_LARGE = say("This is larger than anything that the page takes.")
_CLOSE = {"connection": "close"}
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<title>{why}</title>
</head>
<body class="page"><main><h1>{why}</h1>
<p><a href="/{language}/">{back}</a></p></main></body>
</html>
"""
POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: its style and its pictures, and no script at all."""
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # To others nothing; without it browsers tell us no origin of our own forms either.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-dns-prefetch-control": "off",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Doorway:
    """Who may come in, and what they may do.

    Attributes
    ----------
    hosts : names and ports under which the page is served, as a browser sends them.
    scheme : `http`, or `https`.
    token : that shared use takes; none is needed if empty.
    writable : whether anything may be changed.
    secret : that our forms hold; a new one at each start.
    most_bytes, slowest_s : of a body.
    """

    hosts: frozenset[str]
    scheme: str = "http"
    token: str = ""
    writable: bool = True
    secret: str = field(default_factory=secrets.token_urlsafe)
    most_bytes: int = MOST_BYTES
    slowest_s: float = SLOWEST_S

    @property
    def origins(self) -> frozenset[str]:
        """The origins of our own pages."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token; one for each port."""
        port = min(self.hosts).rpartition(":")[2]
        return f"convoys-{port}"

    def knows(self, secret: str) -> bool:
        """Return whether a form is one of ours."""
        return _same(secret, self.secret)


class Guard:
    """An application behind the door.

    Parameters
    ----------
    app : behind it.
    door : who may come in.
    keeps : whether a form sent to a path changes nothing, so that it is taken also
        where the page is shared for reading only.
    """

    def __init__(
        self, app: ASGIApp, door: Doorway, keeps: Callable[[str], bool]
    ) -> None:
        self._app = app
        self._door = door
        self._keeps = keeps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        response = self._refused(scope) or self._entered(scope)
        if response is None:
            await self._app(scope, self._bounded(receive), guarded)
            return
        if response.status_code == 413 and _claims(Headers(scope=scope)) <= _MOST_HEARD:
            await self._heard(receive)
        await response(scope, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        """Return what a request is refused with; None if it may pass."""
        door, headers = self._door, Headers(scope=scope)
        for refused, status, why in (
            (not self._is_ours(headers), 400, _REFUSED_HOST),
            (scope["method"] not in _METHODS, 405, _REFUSED_METHOD),
            ("upgrade" in headers, 400, _REFUSED_METHOD),
            (_length_of(scope) > LONGEST_ADDRESS, 414, _TOO_LONG),
            (self._is_foreign(scope["method"], headers), 403, _REFUSED_SITE),
            (_claims(headers) > door.most_bytes, 413, _TOO_LARGE),
            (
                not (
                    door.writable
                    or scope["method"] in _READING
                    or self._keeps(scope["path"])
                ),
                *(403, _REFUSED_WRITING),
            ),
        ):
            if refused:
                return _refusal(scope, status, why)
        return None

    def _is_ours(self, headers: Headers) -> bool:
        hosts = headers.getlist("host")
        return len(hosts) == 1 and hosts[0].lower() in self._door.hosts

    def _is_foreign(self, method: str, headers: Headers) -> bool:
        """Return whether another site asks.

        A link to us may be followed from anywhere, to look at; nothing else may.
        """
        site = headers.get("sec-fetch-site", "none")
        origins = headers.getlist("origin")
        if method in _READING:
            follows = headers.get("sec-fetch-mode", "navigate") == "navigate"
            embeds = headers.get("sec-fetch-dest", "document") != "document"
            return site not in _OURS and (not follows or embeds)
        ours = all(origin in self._door.origins for origin in origins)
        return site not in _OURS or not ours or len(origins) > 1

    def _entered(self, scope: Scope) -> Response | None:
        """Return what somebody without the cookie gets; None if it is there."""
        door = self._door
        if not door.token:
            return None
        given = parse_qs(scope["query_string"].decode("latin-1")).get(TOKEN, [""])
        if _same(given[0], door.token):
            response = RedirectResponse("/", status_code=303)
            response.set_cookie(
                *(door.cookie, door.token),
                httponly=True,
                samesite="strict",
                secure=door.scheme == "https",
            )
            return response
        if any(_same(each, door.token) for each in _cookies(scope, door.cookie)):
            return None
        return _refusal(scope, 401, _REFUSED_TOKEN)

    async def _heard(self, receive: Receive) -> None:
        """Let a browser send all of what is refused; it hears of nothing before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._door.slowest_s):
                message = await receive()
                while message.get("more_body", False):
                    message = await receive()

    def _bounded(self, receive: Receive) -> Receive:
        """Return what receives a body, as long as it is neither large nor slow."""
        door = self._door
        size, whole, due = 0, False, asyncio.get_running_loop().time() + door.slowest_s

        async def bounded() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()  # that the browser has gone
            try:
                async with asyncio.timeout_at(due):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, headers=_CLOSE) from error
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > door.most_bytes:
                raise HTTPException(413, headers=_CLOSE)
            return message

        return bounded


def hosts_of(names: Iterable[str], port: int) -> frozenset[str]:
    """Return what a browser sends as `Host` for names of this machine and a port."""
    return frozenset(f"{name}:{port}".lower() for name in names)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _claims(headers: Headers) -> int:
    """Return how long a body says it is; more than any if it says it in vain."""
    told = headers.getlist("content-length")
    if not told:
        return 0
    plain = len(told) == 1 and told[0].isascii() and told[0].isdigit()
    return int(told[0][:12]) if plain else MOST_BYTES**2


def _length_of(scope: Scope) -> int:
    return len(scope.get("raw_path") or b"") + len(scope["query_string"])


def _cookies(scope: Scope, name: str) -> Iterator[str]:
    for header in Headers(scope=scope).getlist("cookie"):
        try:
            found = SimpleCookie(header).get(name)
        except CookieError:
            continue
        if found is not None:
            yield found.value


def _refusal(scope: Scope, status: int, why: Sentence) -> Response:
    """Return why something is refused, in the language of the address."""
    first = urlsplit(scope["path"]).path.strip("/").partition("/")[0]
    language = first if first in languages() else ENGLISH
    headers = _CLOSE if status == 413 else None
    words = Words(language)
    told = {"why": words.of(why), "back": words.of(LABELS["back"])}
    page = _PAGE.format(language=language, direction=words.direction, **told)
    return HTMLResponse(page, status, headers)
