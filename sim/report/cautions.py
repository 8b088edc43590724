"""What is not as comparable as it looks, in words."""

from sim.experiment.compare import Caution, Lacking, OtherEnd, OtherStart, Overdrawn
from sim.experiment.sweep import Apart
from sim.metrics.waiting import SECONDS_PER_HOUR
from sim.words import Number, Text, joined, say


def of_variant(caution: Caution) -> Text:
    """Return what is to be known of a variant beside its base."""
    name = caution.variant
    match caution:
        case OtherStart():
            return say(
                "{name} starts at another time than the base: its moments, too, are in "
                "hours after the start of the base.",
                name=name,
            )
        case OtherEnd():
            return say(
                "{name} lasts {hours} h and the base {base} h: what is counted until "
                "the end differs by this alone.",
                name=name,
                hours=Number(caution.lasts_s / SECONDS_PER_HOUR, ",.1f"),
                base=Number(caution.base_lasts_s / SECONDS_PER_HOUR, ",.1f"),
            )
        case Lacking():
            return say(
                "{name} does not have {metrics}: not compared.",
                name=name,
                metrics=joined(caution.metrics, ", "),
            )
        case Overdrawn():
            drops = (f"'uncertain.{path}: drop'" for path in caution.paths)
            return say(
                "{name} changes {paths}, but the runs draw what stands there from the "
                "range of the base, so this part of the variant is not in them. To "
                "keep it, add under 'change:' of the variant: {drops}.",
                name=name,
                paths=joined(caution.paths, ", "),
                drops=joined(drops, ", "),
            )
    return say(
        "{name} says something of its own about {values}: its runs keep that and take "
        "everything else from the fit.",
        name=name,
        values=joined(caution.names, ", "),
    )


def of_points(apart: Apart) -> Text:
    """Return what is to be known of the points of a sweep beside each other."""
    if apart == "starts":
        return say(
            "The points start at different times: hours are counted from the start of "
            "each."
        )
    return say(
        "The points last differently long: what is counted until the end differs by "
        "this alone."
    )
