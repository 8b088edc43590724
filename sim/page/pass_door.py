"""Asks for the pass phrase of a followed operation, where it has one.

Who has said it gets a cookie that no other page is sent and no script can read. It is
worth something for this start of the program and this pass phrase alone. Nothing else
changes, so that it is opened also where the page is shared for reading only.
"""

import hashlib
import hmac
import os
import time
from pathlib import Path
from threading import BoundedSemaphore, Lock

from starlette.responses import Response

from sim.page.asked import NotThereError, PageVisit
from sim.page.follow_labels import FOLLOW
from sim.studies.following.pass_phrase import FILE, is_protected, opens

_WRONG_S = 1.0
"""Until who was wrong hears so."""
_one_at_a_time = Lock()
_MOST = 4
"""Who wait to be heard: others hear so at once, or all that answers would wait here."""
_waiting = BoundedSemaphore(_MOST)


def stopped_at_the_door(asked: PageVisit, folder: Path) -> Response | None:
    """Return the page that asks for the pass phrase; None if nobody need be asked.

    Parameters
    ----------
    asked : may hold what was said.
    folder : of the followed operation.
    """
    if not is_protected(folder) or _is_open(asked, folder):
        return None
    return _asks(asked, folder)


def at_the_door(asked: PageVisit, folder: Path) -> Response:
    """Open an operation for who knows its pass phrase, or lock it again.

    Parameters
    ----------
    asked : with what was said.
    folder : of the followed operation.

    Raises
    ------
    NotThereError
        If neither is asked for.
    """
    does = asked.text("do")
    if does == "lock":
        return locked(asked, folder)
    if does != "open":
        raise NotThereError
    if not is_protected(folder):
        return asked.moved("followed", folder.name)
    if not _waiting.acquire(blocking=False):
        return _asks(asked, folder, "many_phrases", 429)
    try:
        with _one_at_a_time:  # so that nobody tries many at the same time
            right = opens(folder, asked.given.get("phrase", ""))
            if not right:
                time.sleep(_WRONG_S)
    finally:
        _waiting.release()
    return opened(asked, folder) if right else _asks(asked, folder, "wrong_phrase", 403)


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


def _asks(
    asked: PageVisit, folder: Path, wrong: str = "", status: int = 200
) -> Response:
    return asked.shown(
        "pass_door.html.j2",
        status=status,
        own=FOLLOW,
        name=folder.name,
        wrong={"phrase": [FOLLOW[wrong]]} if wrong else {},
    )


def _name(folder: Path) -> str:
    """Return what its cookie is called: not every folder's name can name one."""
    return f"followed-{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:16]}"


def _worth(asked: PageVisit, folder: Path) -> str:
    """Return what the cookie must be: of this start, this operation and its phrase."""
    kept = (folder / FILE).read_bytes()
    told = os.fsencode(folder.name) + b"\0" + kept
    return hmac.new(asked.door.secret.encode(), told, hashlib.sha256).hexdigest()
