"""FHIR R4 (4.0.1) data types, as far as a consultation writes them. Unknown fields and codes are refused."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


class Fhir(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"):
    """Anything of FHIR: camel-case names, no empty fields, nothing that is not in the definition."""


class Coding(Fhir, frozen=True):
    system: str
    code: str
    display: str | None = None


class CodeableConcept(Fhir, frozen=True):
    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Reference(Fhir, frozen=True):
    reference: str | None = None
    display: str | None = None


class Period(Fhir, frozen=True):
    start: datetime | None = None
    end: datetime | None = None


class Extension(Fhir, frozen=True):
    url: str
    extension: tuple["Extension", ...] = ()
    value_coding: Coding | None = None
    value_url: str | None = None
    value_positive_int: int | None = None


class Meta(Fhir, frozen=True):
    version_id: str | None = None
    last_updated: datetime | None = None
    profile: tuple[str, ...] = ()


Participation = Literal["PPRF", "SPRF", "PART", "translator"]


def concept(system: str, code: str, display: str | None = None) -> CodeableConcept:
    """A concept with one coding."""
    return CodeableConcept(coding=(Coding(system=system, code=code, display=display),))


def reference(kind: str, identifier: object, display: str | None = None) -> Reference:
    """A relative reference such as `Patient/<id>`."""
    return Reference(reference=f"{kind}/{identifier}", display=display)
