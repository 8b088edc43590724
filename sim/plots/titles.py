"""What metrics are called in pictures."""

from sim.experiment.compare import better

_BETTER = {-1: ", less is better", 0: "", 1: ", more is better"}


def of_metric(metric: str, unit: str) -> str:
    """Return what is measured, in which unit, and what of it is better.

    Parameters
    ----------
    metric : its full name; what it is given for is left out.
    unit : in which it is drawn.
    """
    words = metric.partition("/")[0].replace("_", " ")
    return f"{words} [{unit}]{_BETTER[better(metric)]}"
