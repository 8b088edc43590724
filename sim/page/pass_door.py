"""Asks for the pass phrase of a followed operation, where it has one.

Who has said it gets a cookie that no other page is sent and no script can read. It is
worth something for this start of the program and this pass phrase alone.
"""

import hashlib
import hmac
import time
from pathlib import Path
from threading import Lock

from starlette.responses import Response

from sim.page.asked import PageVisit
from sim.page.follow_labels import FOLLOW
from sim.studies.following.pass_phrase import FILE, is_protected, opens

_WRONG_S = 1.0
"""Until who was wrong hears so."""
_one_at_a_time = Lock()


def stopped_at_the_door(asked: PageVisit, folder: Path) -> Response | None:
    """Return the page that asks for the pass phrase; None if nobody need be asked.

    Parameters
    ----------
    asked : may hold what was said.
    folder : of the followed operation.
    """
    if not is_protected(folder) or _is_open(asked, folder):
        return None
    said = asked.text("phrase") if asked.text("do") == "open" else None
    if asked.form is None or said is None:
        return _asks(asked, folder, wrong=False)
    with _one_at_a_time:  # so that nobody tries many at the same time
        right = opens(folder, asked.given.get("phrase", ""))
        if not right:
            time.sleep(_WRONG_S)
    return opened(asked, folder) if right else _asks(asked, folder, wrong=True)


def opened(asked: PageVisit, folder: Path) -> Response:
    """Return the way to an operation, with the cookie that opens it."""
    response = asked.moved("followed", folder.name)
    response.set_cookie(
        *(_name(folder), _worth(asked, folder)),
        httponly=True,
        samesite="strict",
        secure=asked.door.scheme == "https",
    )
    return response


def locked(asked: PageVisit, folder: Path) -> Response:
    """Return the way to an operation, without the cookie that opens it."""
    response = asked.moved("followed", folder.name)
    response.delete_cookie(_name(folder))
    return response


def _is_open(asked: PageVisit, folder: Path) -> bool:
    given = asked.cookies.get(_name(folder), "")
    return hmac.compare_digest(given.encode(), _worth(asked, folder).encode())


def _asks(asked: PageVisit, folder: Path, *, wrong: bool) -> Response:
    return asked.shown(
        "pass_door.html.j2",
        status=403 if wrong else 200,
        own=FOLLOW,
        name=folder.name,
        wrong={"phrase": [FOLLOW["wrong_phrase"]]} if wrong else {},
    )


def _name(folder: Path) -> str:
    return f"followed-{folder.name}"


def _worth(asked: PageVisit, folder: Path) -> str:
    """Return what the cookie must be: of this start, this operation and its phrase."""
    kept = (folder / FILE).read_bytes()
    told = folder.name.encode() + b"\0" + kept
    return hmac.new(asked.door.secret.encode(), told, hashlib.sha256).hexdigest()
