"""What a scenario and its evidence may say, for editors and for readers."""

import json

from sim.evidence import reference as evidence
from sim.scenario.schema import REFERENCE_FILE, SCHEMA_FILE, json_schema, write
from sim.studies.planners_folder import root
from sim.words import Text, say


def schema() -> str:
    """Return the JSON Schema of scenario files."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False)


def renewed() -> Text:
    """Renew the schema in scenarios/ and the references in docs/; return that."""
    write(root())
    evidence.write(root())
    return say(
        "Wrote {schema}, {reference} and {evidence}.",
        schema=SCHEMA_FILE,
        reference=REFERENCE_FILE,
        evidence=evidence.REFERENCE_FILE,
    )
