"""Write pictures to files, the same bytes for the same picture."""

from pathlib import Path

from matplotlib.figure import Figure

from sim.plots.style import styled

DPI = 150


@styled  # axes make some of their labels only now
def save(
    figure: Figure, folder: Path, name: str, *, png_too: bool = True
) -> tuple[Path, Path]:
    """Write a picture as PNG and SVG and return both files.

    Parameters
    ----------
    figure : to write.
    folder : made if it does not exist.
    name : of both files, without the ending.
    png_too : whether the first of them is written; it takes longer than the other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    if png_too:
        figure.savefig(png, dpi=DPI, metadata={"Software": None})
    figure.savefig(svg, metadata={"Date": None})
    return png, svg
