"""Communication, R4: https://hl7.org/fhir/R4/communication.html. That somebody was written to; no content."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta as Must

from teleward.records.fhir.datatypes import CodeableConcept, Fhir, Meta, Reference

CATEGORY = "http://terminology.hl7.org/CodeSystem/communication-category"
MODE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"


class Communication(Fhir, frozen=True, tag_field="resourceType", tag="Communication"):
    id: str
    status: Literal[
        "preparation",
        "in-progress",
        "not-done",
        "on-hold",
        "stopped",
        "completed",
        "entered-in-error",
        "unknown",
    ]
    category: tuple[CodeableConcept, ...]
    medium: tuple[CodeableConcept, ...]
    subject: Reference
    about: Annotated[tuple[Reference, ...], Must(min_length=1)]
    sent: datetime
    recipient: tuple[Reference, ...]
    sender: Reference
    meta: Meta | None = None
