"""The files of the page itself: a fixed table, and nothing from the disk by name."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from sim.report.forms.pages import styled

_HERE = Path(__file__).parent / "templates"
_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path
 fill="#004b87" d="M1 4h10v7H1zM11 6h2l2 2v3h-4z"/><circle cx="4" cy="12" r="1.6"/>
<circle cx="12" cy="12" r="1.6"/></svg>"""


def _answers(contents: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        headers = {"cache-control": "no-cache"}
        return Response(contents, media_type=kind, headers=headers)

    return answer


def _style() -> str:
    own = (_HERE / "page.css").read_text("utf-8")
    return "\n".join([styled("report"), styled("moving"), own])


FILES: Mapping[str, Callable[[Request], Awaitable[Response]]] = MappingProxyType(
    {
        "/page.css": _answers(_style(), "text/css"),
        "/favicon.ico": _answers(_ICON, "image/svg+xml"),
    }
)
"""What answers the address of each file."""
