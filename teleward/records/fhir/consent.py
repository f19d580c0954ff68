"""Consent, R4: https://hl7.org/fhir/R4/consent.html."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta as Must

from teleward.records.fhir.datatypes import CodeableConcept, Fhir, Meta, Period, Reference

SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
LOINC = "http://loinc.org"


class Provision(Fhir, frozen=True):
    type: Literal["deny", "permit"]
    period: Period


class Consent(Fhir, frozen=True, tag_field="resourceType", tag="Consent"):
    id: str
    status: Literal["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"]
    scope: CodeableConcept
    category: Annotated[tuple[CodeableConcept, ...], Must(min_length=1)]
    patient: Reference
    date_time: datetime
    performer: tuple[Reference, ...]
    organization: tuple[Reference, ...]
    policy_rule: CodeableConcept
    provision: Provision
    meta: Meta | None = None
