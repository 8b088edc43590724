"""What is said to readers, as data: messages of a catalogue with typed fields.

Reports and pictures are worded from here in the reader's language; nothing in this
package looks at a study.
"""

from sim.messages import (
    Dated,
    Joined,
    Levels,
    Listed,
    Marked,
    Mean,
    Moment,
    Number,
    Sentence,
    Text,
    joined,
    listed,
    say,
    say_many,
)
from sim.words.catalogues import ENGLISH, languages
from sim.words.sentences import (
    NEVER,
    Words,
    count,
    decimal,
    duration,
    levels,
    moment,
    offset_of,
    share,
)

__all__ = [
    "ENGLISH",
    "NEVER",
    "Dated",
    "Joined",
    "Levels",
    "Listed",
    "Marked",
    "Mean",
    "Moment",
    "Number",
    "Sentence",
    "Text",
    "Words",
    "count",
    "decimal",
    "duration",
    "joined",
    "languages",
    "levels",
    "listed",
    "moment",
    "offset_of",
    "say",
    "say_many",
    "share",
]
