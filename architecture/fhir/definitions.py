"""The published definitions of FHIR R4 (4.0.1), as HL7's own npm package brings them, under CC0.

    npm pack hl7.fhir.r4.examples@4.0.1

It is called "examples" and holds the definitions too. Other packages of the definitions have been changed
here and there (a reference to a type of some product, a field of R5), which is why this one is pinned.
"""

import hashlib
import json
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Json = dict[str, Any]
PACKAGE = "hl7.fhir.r4.examples@4.0.1"
SHA256 = "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682"


class OtherDefinitions(Exception):
    """The package is not the one whose hash is pinned."""


@dataclass(frozen=True)
class Definitions:
    """The definitions by what one asks for."""

    archive: Path

    @cached_property
    def structures(self) -> dict[str, Json]:
        """StructureDefinitions of resources, data types and profiles, by name."""
        return {found["id"]: found for found in self._found if found["resourceType"] == "StructureDefinition"}

    @cached_property
    def terminology(self) -> dict[str, Json]:
        """ValueSets and CodeSystems by canonical address."""
        listed = (found for found in self._found if found["resourceType"] in {"ValueSet", "CodeSystem"})
        return {found["url"]: found for found in listed if "url" in found}

    @cached_property
    def search_parameters(self) -> list[Json]:
        """Every search parameter, by id."""
        found = [found for found in self._found if found["resourceType"] == "SearchParameter"]
        return sorted(found, key=lambda parameter: str(parameter["id"]))

    @cached_property
    def _found(self) -> list[Json]:
        if hashlib.sha256(self.archive.read_bytes()).hexdigest() != SHA256:
            raise OtherDefinitions(f"{self.archive.name} is not {PACKAGE} as it is pinned.")
        kinds = ("StructureDefinition-", "ValueSet-", "CodeSystem-", "SearchParameter-")
        with tarfile.open(self.archive) as archive:
            wanted = (m for m in archive if m.name.endswith(".json") and Path(m.name).name.startswith(kinds))
            return [json.load(file) for member in wanted if (file := archive.extractfile(member))]
