"""Encounter, R4: https://hl7.org/fhir/R4/encounter.html."""

from typing import Annotated, Literal

from msgspec import Meta as Must
from msgspec import field

from teleward.records.fhir.datatypes import CodeableConcept, Coding, Fhir, Meta, Period, Reference

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
VIRTUAL = Coding(system=ACT_CODE, code="VR", display="virtual")
Status = Literal[
    "planned",
    "arrived",
    "triaged",
    "in-progress",
    "onleave",
    "finished",
    "cancelled",
    "entered-in-error",
    "unknown",
]


class EncounterParticipant(Fhir, frozen=True):
    individual: Reference
    type: tuple[CodeableConcept, ...] = ()


class Length(Fhir, frozen=True):
    """Duration, in minutes."""

    value: Annotated[int, Must(ge=0)]
    unit: Literal["min"]
    system: Literal["http://unitsofmeasure.org"]
    code: Literal["min"]


class Encounter(Fhir, frozen=True, tag_field="resourceType", tag="Encounter"):
    id: str
    status: Status
    subject: Reference
    class_: Coding = field(name="class")
    participant: tuple[EncounterParticipant, ...] = ()
    appointment: tuple[Reference, ...] = ()
    period: Period | None = None
    length: Length | None = None
    service_provider: Reference | None = None
    meta: Meta | None = None


def minutes(value: int) -> Length:
    """A length in minutes, in UCUM."""
    return Length(value=value, unit="min", system="http://unitsofmeasure.org", code="min")
