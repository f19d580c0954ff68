"""Appointment, R4: https://hl7.org/fhir/R4/appointment.html."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta as Must

from teleward.records.fhir.datatypes import CodeableConcept, Extension, Fhir, Meta, Reference

VIRTUAL_SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"
CANCELLATION = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
Status = Literal[
    "proposed",
    "pending",
    "booked",
    "arrived",
    "fulfilled",
    "cancelled",
    "noshow",
    "entered-in-error",
    "checked-in",
    "waitlist",
]


class AppointmentParticipant(Fhir, frozen=True):
    status: Literal["accepted", "declined", "tentative", "needs-action"]
    actor: Reference
    type: tuple[CodeableConcept, ...] = ()
    required: Literal["required", "optional", "information-only"] | None = None


class Appointment(Fhir, frozen=True, tag_field="resourceType", tag="Appointment"):
    id: str
    status: Status
    participant: Annotated[tuple[AppointmentParticipant, ...], Must(min_length=1)]
    start: datetime
    end: datetime
    minutes_duration: Annotated[int, Must(gt=0)]
    created: datetime
    cancelation_reason: CodeableConcept | None = None
    extension: tuple[Extension, ...] = ()
    meta: Meta | None = None
