"""The exports that there are, and the one door to them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.errors import OptionError, RunError
from sim.exports.contents import Export, Exported, KeptRun, NothingToWriteError
from sim.registry import Registry, UnknownNameError, later
from sim.report.limits import refused
from sim.studies.folder import in_plain_words
from sim.words import Text, Words, say

FOLDER = "exports"
"""Folder of what is exported, among the results of a run."""


EXPORTS: Registry[Export] = Registry(
    "export",
    {
        "parquet": Export(
            say("Every replication as Parquet tables, for programs"),
            later("sim.exports.parquet", "write_parquet"),
        ),
        "hxl": Export(
            say("People and arrivals as HXL-tagged CSV"),
            later("sim.exports.hxl", "write_hxl"),
        ),
        "geojson": Export(
            say("Places and routes as GeoJSON, for maps"),
            later("sim.exports.geojson", "write_geojson"),
            follows=True,
        ),
        "kml": Export(
            say("Places and routes as KML, for Google Earth and phones"),
            later("sim.exports.kml", "write_kml"),
            follows=True,
        ),
        "xes": Export(
            say("The event log as XES, for process mining"),
            later("sim.exports.xes", "write_xes"),
            follows=True,
        ),
        "ro-crate": Export(
            say("The folder of the run as an RO-Crate, for archives"),
            later("sim.exports.ro_crate", "write_ro_crate"),
        ),
        "stress-des": Export(
            say("The checklist STRESS-DES, filled in as far as the run says"),
            later("sim.exports.checklists.stress_des", "write_stress_des"),
        ),
        "odd": Export(
            say("A description by the ODD protocol, filled in as far as the run says"),
            later("sim.exports.checklists.odd", "write_odd"),
        ),
        "model-card": Export(
            say("A model card, filled in as far as the run says"),
            later("sim.exports.checklists.model_card", "write_model_card"),
        ),
        "vidigi": Export(
            say("The event log in the columns of vidigi, for animations"),
            later("sim.exports.vidigi", "write_vidigi"),
            follows=True,
        ),
    },
)
"""Exports by name; a program may register its own."""


def exported(
    folder: Path,
    names: Sequence[str] = (),
    target: Path | None = None,
    language: str = "en",
) -> Iterator[Text]:
    """Write exports of a run; yield in a sentence each what was written or left out.

    Parameters
    ----------
    folder : with the results of a run.
    names : of exports; all that are possible if none.
    target : folder to write in, made if need be; the folder exports in that of the run
        if None.
    language : of what is written for readers.

    Raises
    ------
    OptionError
        If there is no such export.
    RunError
        If the folder is not that of a run, or an export that was asked for is not
        possible.
    UnusableError
        If something that the folder holds is damaged.
    ResultsError
        If the disk does not take them.
    """
    try:
        chosen = {name: EXPORTS[name] for name in names or EXPORTS}
    except UnknownNameError as error:
        raise OptionError("as", str(error)) from error
    run = KeptRun.of(folder)
    target = target or folder / FOLDER
    words = Words(language)
    refusals = []
    for name, export in chosen.items():
        try:
            for written in _written(run, export, target, words):
                yield say("{file}: {what}", file=str(written.path), what=written.said)
        except NothingToWriteError as error:
            (why,) = error.args
            refusals.append(say("Left out: {export}. {why}", export=name, why=why))
    if names and refusals:
        raise RunError("\n".join(map(words.of, refusals)))
    yield from refusals


def _written(
    run: KeptRun, export: Export, target: Path, words: Words
) -> Iterator[Exported]:
    if export.follows and run.ahead is not None and not run.ahead.consent:
        why = refused(run.ahead.judged, run.ahead.last)
        raise NothingToWriteError(say("Not without consent: {why}", why=why))
    with in_plain_words(target):
        target.mkdir(parents=True, exist_ok=True)
        yield from export.write(run, target, words)
