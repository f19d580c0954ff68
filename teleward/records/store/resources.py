"""The resources that the chart keeps, as the store sees them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from teleward.records.fhir.appointment import Appointment
from teleward.records.fhir.communication import Communication
from teleward.records.fhir.consent import Consent
from teleward.records.fhir.encounter import Encounter

Resource = Appointment | Communication | Consent | Encounter


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value that a resource is found by."""

    param: str
    type: str
    system: str = ""
    code: str = ""
    text: str = ""
    start: datetime | None = None
    end: datetime | None = None
    target_type: str = ""
    target_id: str = ""
    number: Decimal | None = None


def kind_of(resource: Resource) -> str:
    """The name of the type."""
    return type(resource).__name__


def write(resource: Resource) -> bytes:
    """FHIR JSON."""
    return msgspec.json.encode(resource)


def values(_resource: Resource) -> tuple[Value, ...]:
    """What it is found by."""
    return ()
