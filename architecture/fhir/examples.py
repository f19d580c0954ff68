"""Reads every official example of our types: `python -m architecture.fhir.examples <the npm package>`.

Prints each that is refused although it is not in `KNOWN`, and each that changes when it is written.
"""

import json
import sys
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.reading import Invalid, read, write

# Examples that break R4 themselves.
KNOWN = {
    "Questionnaire-qs1": "items without linkId, which R4 requires",
    "DeviceMetric-example": "a parent that is a DeviceDefinition",
    "MedicationRequest-medrx0301": "a performer of a dispense that is a Practitioner",
    "Observation-clinical-gender": "a performer that is a Device",
}
LARGEST = 3_000_000  # bytes; beyond are HL7's own definitions as bundles
FOREIGN = "There is no resource type"


def examples(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Name and body of each example of a type we know."""
    with tarfile.open(archive) as members:
        for member in members:
            name = Path(member.name).stem
            file = members.extractfile(member) if name.split("-", 1)[0] in TYPES else None
            if file and member.size < LARGEST:
                yield name, file.read()


def complaint(name: str, body: bytes) -> str | None:
    """What is not right about reading an example, if anything."""
    try:
        written = write(read(name.split("-", 1)[0], body))
    except Invalid as refused:
        mine = [issue for issue in refused.issues if not issue.diagnostics.startswith(FOREIGN)]
        return str(refused) if mine and name not in KNOWN else None
    return None if _digits(written) == _digits(body) else "changes when it is written"


def _digits(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(body, parse_float=lambda text: Decimal(text).as_tuple())


def main(archive: Path) -> int:
    """Prints every complaint; returns how many there are."""
    found = [(name, complaint(name, body)) for name, body in examples(archive)]
    bad = [f"{name}: {what}" for name, what in found if what]
    print("\n".join([*bad, f"{len(found)} examples, {len(bad)} complaints"]))
    return len(bad)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
