"""The versions of what is written to be read again, and what is done with older ones.

Whoever changes one of them so that older files mean something else, or cannot be read,
raises its number here and says what changed and what becomes of the older ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes
    ----------
    name : with its article.
    current : version that is written.
    assumed : version of a file that does not say; also the oldest that is read.
    told_by : where a file says its version.
    changes : by version, what changed with it.
    older : what to do with a version before `assumed`.
    """

    name: str
    current: int
    assumed: int
    told_by: str
    older: str
    changes: Mapping[int, str] = field(default_factory=dict)

    def refusal(self, version: int) -> tuple[str, str] | None:
        """Return why a version is not read and what to do; None if it is."""
        if self.assumed <= version <= self.current:
            return None
        reads = (
            str(self.current)
            if self.assumed == self.current
            else f"{self.assumed} to {self.current}"
        )
        return (
            f"{self.name} of format {version} is not read: this program reads {reads}",
            "Take a newer version of the program."
            if version > self.current
            else self.older,
        )


SCENARIO = Format(
    name="a scenario",
    current=2,
    assumed=2,
    told_by="the key 'format'",
    older="The command 'upgrade FILE' writes it anew and says what changed.",
    changes={
        2: "What is drawn under 'uncertain' for a field that varies by itself is the "
        "middle about which it varies; in format 1 it took the place of the whole "
        "spread, so that nothing varied within a run.",
    },
)
STUDY = Format(
    name="an unfinished study",
    current=1,
    assumed=1,
    told_by="'program' in study.json, the fingerprint of the program that began it",
    older="Start the study anew.",
)
RESULTS = Format(
    name="a folder of results",
    current=1,
    assumed=1,
    told_by="'format' in run.json",
    older="Run it anew, by the command that run.json names.",
)
FIT = Format(
    name="a fit",
    current=1,
    assumed=1,
    told_by="'form' in fit.npz, beside the digest of its scenario",
    older="Calibrate again.",
)
EVIDENCE = Format(
    name="an evidence table",
    current=1,
    assumed=1,
    told_by="its columns: those that are absent are taken as empty",
    older="Add the columns that are missing.",
)
CASE = Format(
    name="a packed case",
    current=1,
    assumed=1,
    told_by="'format' in its manifest.json",
    older="Ask whoever sent it to pack it with a newer program.",
)
