"""What forecasters, scores, designs and units of fields are called for readers."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.messages import Sentence, Text, say

NAMES: Mapping[str, Sentence] = MappingProxyType(
    {
        # Forecasters
        "stop-and-go, spells drawn again": say("stop-and-go, spells drawn again"),
        "stop-and-go, mean spells": say("stop-and-go, mean spells"),
        "Gompertz curves": say("Gompertz curves"),
        "logistic curves": say("logistic curves"),
        "damped trend": say("damped trend"),
        "constant rate": say("constant rate"),
        "open-hours rate": say("open-hours rate"),
        "rates by phase": say("rates by phase"),
        "agreed total, spread evenly": say("agreed total, spread evenly"),
        "last day again": say("last day again"),
        "mean of sources": say("mean of sources"),
        "simulation": say("simulation"),
        "pool": say("pool"),
        "as shipped": say("as shipped"),
        "comparator chosen before": say("comparator chosen before"),
        "fit": say("fit"),
        "bare prior": say("bare prior"),
        # Scores, and what they are of
        "ARD of the nearest draw": say("ARD of the nearest draw"),
        "CRPS skill over the prior": say("CRPS skill over the prior"),
        "CRPS, logarithm": say("CRPS, logarithm"),
        "weighted interval score": say("weighted interval score"),
        "inside 50%": say("inside 50%"),
        "inside 90%": say("inside 90%"),
        "all sites": say("all sites"),
        "all": say("all"),
        "figures": say("figures"),
        "counts, logarithm": say("counts, logarithm"),
        "moments, h": say("moments, h"),
        "each family in turn": say("each family in turn"),
        "the last days": say("the last days"),
        "pooled": say("pooled"),
        # Designs of a sweep
        "grid": say("grid"),
        "latin hypercube": say("latin hypercube"),
        "sobol": say("sobol"),
        # Units of fields
        "people": say("people"),
        "vehicles": say("vehicles"),
        "h": say("h"),
        "min": say("min"),
        "km": say("km"),
        "km/h": say("km/h"),
    }
)
"""By what the studies themselves call them."""


def named(name: str) -> Text:
    """Return what something of a study is called; else its own name."""
    return NAMES.get(name, name)
