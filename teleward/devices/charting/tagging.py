"""The mark of what patients supply themselves (US Core 9, Writing Vital Signs)."""

from typing import Any

TAG = {"system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-tags", "code": "patient-supplied"}


def supplied(body: dict[str, Any]) -> dict[str, Any]:
    """The same resource, marked."""
    meta = body.get("meta", {})
    return body | {"meta": meta | {"tag": [*meta.get("tag", []), TAG]}}
