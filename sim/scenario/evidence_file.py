"""Where the evidence lies that a scenario names."""

from pathlib import Path

from sim.scenario.nodes import MappingNode, Scalar
from sim.scenario.workbook.layout import EVIDENCE


def evidence_file(root: MappingNode) -> Path | None:
    """Return the file with the evidence of a scenario, None if it names none.

    It lies beside the file that names it, which may be the base of a variant; or it is
    that file itself, a workbook with a sheet of evidence.
    """
    named = root.values.get("evidence")
    if not isinstance(named, Scalar) or named.place.source.folder is None:
        return None
    source = named.place.source
    if source.sheet == EVIDENCE:
        return named.place.source.folder / Path(source.name).name
    if Path(named.text).name != named.text or named.text.startswith("."):
        return None
    return named.place.source.folder / named.text
