"""Write pictures to files, the same bytes for the same picture."""

from pathlib import Path

import matplotlib.style
from matplotlib.figure import Figure

DPI = 150
_REPRODUCIBLE = matplotlib.style.context(
    [
        "default",
        {
            "svg.hashsalt": "sim",
            "svg.fonttype": "path",
        },
    ]
)
"""Names inside an SVG come from its contents; letters are outlines, so that Arabic
and Latin look the same on every machine."""


@_REPRODUCIBLE
def save(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a picture as PNG and SVG and return both files.

    Parameters
    ----------
    figure : to write.
    folder : made if it does not exist.
    name : of both files, without the ending.
    """
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    figure.savefig(png, dpi=DPI, metadata={"Software": None})
    figure.savefig(svg, metadata={"Date": None})
    return png, svg
