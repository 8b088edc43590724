"""A moving picture for a page: a drawing that stands still, and the data to move it.

The page's own script (`page/moving.js`) moves what is drawn here. Without it the page
shows one moment, as it does in print.
"""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from sim.report.contents import MovingPicture
from sim.words import Number, Text, Words, say

_SCRIPT = (Path(__file__).parent / "page" / "moving.js").read_text("utf-8")
_COLOURS = (
    *("#0072B2", "#C14A00", "#00795A", "#A23B7B", "#5B4A9C"),
    *("#1C1C1C", "#2A7FA8", "#6B6B00"),
)
_SHAPES = (
    "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z",
    "M-.88-.88H.88V.88H-.88Z",
    "M0-1.15 1.1.8H-1.1Z",
    "M0-1.2 1.2 0 0 1.2-1.2 0Z",
    "M-1.15-.8H1.15L0 1.1Z",
    "M-1.1 0-.55-.95H.55L1.1 0 .55.95H-.55Z",
    "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
    "M0-1.1 1.05-.34.65.9H-.65L-1.05-.34Z",
)
"""Paths of about the same area around the origin, one for each flow and then again."""
SPEEDS = (
    (900, say("{minutes} min a second", minutes=Number(15))),
    (3600, say("{hours} h a second", hours=Number(1))),
    (10_800, say("{hours} h a second", hours=Number(3))),
    (21_600, say("{hours} h a second", hours=Number(6))),
)
"""Seconds of the run in a second of the reader, and how that is said."""
USUAL_SPEED = 10_800
LABELS = {
    "play": say("Play"),
    "pause": say("Pause"),
    "before": say("Previous event"),
    "after": say("Next event"),
    "speed": say("Speed"),
    "time": say("Moment of the run"),
    "map": say("Schematic map"),
    "people": say("People"),
    "site": say("site"),
    "inside": say("still there"),
    "arrived": say("arrived"),
    "aboard": say("people under way"),
    "convoys": say("convoys"),
    "vehicles": say("vehicles"),
    "deals": say("Exchange"),
    "yet": say("not yet"),
    "closed": say("Closed, and why"),
    "nothing": say("nothing"),
    "stands": say("Convoys that stand, and why"),
    "key": say("Key"),
    "loaded": say("with people"),
    "empty": say("empty"),
    "larger": say("the larger, the more vehicles"),
    "open": say("gate or checkpoint, open"),
    "shut": say("gate or checkpoint, closed"),
    "way": say("way of empty vehicles only"),
}


def script() -> Markup:
    """Return the script that moves the picture."""
    return Markup(_SCRIPT)  # noqa: S704 (a file of the program)


def script_hash() -> str:
    """Return by what a page's policy knows that script, and no other."""
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def flows_of(picture: MovingPicture) -> list[tuple[Text, str, str]]:
    """Return title, shape and colour of each flow."""
    return [
        (title, _SHAPES[number % len(_SHAPES)], _COLOURS[number % len(_COLOURS)])
        for number, title in enumerate(picture.scene.flows.values())
    ]


def data_of(picture: MovingPicture, words: Words) -> Markup:
    """Return all that the script needs, as JSON that can stand in a page."""
    data = picture.data(words.of) | {
        "digits": [words.of(Number(digit)) for digit in range(10)],
        "group": words.of(Number(1000))[1:-3],
        "labels": {name: words.of(said) for name, said in LABELS.items()},
        "flows": [[words.of(title), *rest] for title, *rest in flows_of(picture)],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (nothing in it can end it)
