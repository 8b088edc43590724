"""What a command is asked to do: how often to run, and where."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.experiment.cluster import Certificates
    from sim.experiment.replicate import Band


class Where(NamedTuple):
    """Where to run.

    Attributes
    ----------
    workers : processes of this machine.
    cluster : address of a scheduler; this machine if empty.
    certificates : for an address that begins with tls://.
    """

    workers: int
    cluster: str = ""
    certificates: "Certificates | None" = None


class Wanted(NamedTuple):
    """How often to run, and with which numbers.

    Attributes
    ----------
    per_draw : runs that share a draw of what is not known.
    fitted : whether the runs are draws of a fit.
    """

    replications: int
    seed: int
    knowledge: bool = False
    per_draw: int = 1
    fitted: bool = False

    @property
    def band(self) -> "Band":
        """What differs between the runs."""
        if self.fitted:
            return "calibrated"
        return "knowledge and chance" if self.knowledge else "chance"
