"""Short ways to say what resources of ours say often."""

from datetime import UTC, datetime
from decimal import Decimal

from teleward.records.fhir.r4.coded import CodeableConcept, Coding, Period
from teleward.records.fhir.r4.quantities import Duration
from teleward.records.fhir.r4.referring import Reference

UCUM = "http://unitsofmeasure.org"


def concept(system: str, code: str, display: str | None = None) -> CodeableConcept:
    """A concept with one coding."""
    return CodeableConcept(coding=(Coding(system=system, code=code, display=display),))


def reference(kind: str, identifier: object, display: str | None = None) -> Reference:
    """A relative reference such as `Patient/<id>`."""
    return Reference(reference=f"{kind}/{identifier}", display=display)


def instant(at: datetime) -> str:
    """A moment in UTC, as exact as it is."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def period(start: datetime | None, end: datetime | None) -> Period:
    """From one moment to another."""
    return Period(start=instant(start) if start else None, end=instant(end) if end else None)


def minutes(value: int) -> Duration:
    """A length in minutes, in UCUM."""
    return Duration(value=Decimal(value), unit="min", system=UCUM, code="min")
