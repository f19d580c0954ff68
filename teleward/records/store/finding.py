"""What a resource is found by: keyed hashes, stretches of time, amounts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from uuid import UUID

from teleward.records.fhir.values import Value

from .digests import Digests, beginnings, coded
from .ranges import FIRST, LAST, UNDATED

PRESENT, OF_TYPE = "present", "of-type"
ABOUT = {  # the parameter with the time a resource is about, by which a patient's are kept in order
    "AllergyIntolerance": "date",
    "Appointment": "date",
    "ChargeItem": "occurrence",
    "Claim": "created",
    "Communication": "sent",
    "Condition": "recorded-date",
    "Consent": "date",
    "DocumentReference": "date",
    "Encounter": "date",
    "Immunization": "date",
    "MedicationRequest": "authoredon",
    "MedicationStatement": "effective",
    "Observation": "date",
    "DiagnosticReport": "date",
    "Patient": "birthdate",
    "Procedure": "date",
    "Provenance": "recorded",
    "QuestionnaireResponse": "authored",
    "ServiceRequest": "authored",
    "Slot": "start",
    "Task": "authored-on",
}
MOST_AMOUNT = 1e300


@dataclass
class Found:
    """The search rows of one resource."""

    keys: set[int] = field(default_factory=set)
    low: datetime = UNDATED
    high: datetime = UNDATED
    moments: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    amounts: list[tuple[int, float, int]] = field(default_factory=list)


def holder_of(kind: str, logical_id: UUID) -> UUID:
    """The id of a resource's row in `Current`, as the migration computes it too. Names it, hides nothing."""
    return UUID(md5(f"{kind}/{logical_id}".encode(), usedforsecurity=False).hexdigest())


def found_by(kind: str, values: Iterable[Value], digests: Digests) -> Found:
    """The search rows of a resource with these values."""
    found = Found()
    for value in values:
        place = f"{kind}.{value.param}"
        found.keys.add(digests.of(place, PRESENT))
        _ADDERS[value.type](found, place, value, digests)
    return found


def token_forms(param: str, system: str, code: str) -> Iterator[str]:
    """How a token may be asked for: `system|code`, `|code` where it has no system, `code`, `system|`."""
    if code:
        yield coded(param, code)
        yield f"{system}|{coded(param, code)}"
    if system:
        yield f"{system}|"


def sorted_form(param: str, system: str, sort: str, number: str) -> str:
    """How a number of this sort is asked for."""
    return f"{system}|{sort}|{coded(param, number)}"


def _token(found: Found, place: str, value: Value, digests: Digests) -> None:
    for form in token_forms(value.param, value.system, value.code):
        found.keys.add(digests.of(place, form))
    for sort in value.parts:
        found.keys.add(
            digests.of(place, OF_TYPE, sorted_form(value.param, sort.system, sort.code, value.code))
        )


def _reference(found: Found, place: str, value: Value, digests: Digests) -> None:
    forms = [value.target_id, f"{value.target_type}/{value.target_id}"] if value.target_id else [value.text]
    found.keys.update(digests.of(place, form) for form in forms if form)


def _string(found: Found, place: str, value: Value, digests: Digests) -> None:
    found.keys.add(digests.of(place, "exactly", value.text))
    found.keys.update(digests.of(place, start) for start in beginnings(value.text))


def _uri(found: Found, place: str, value: Value, digests: Digests) -> None:
    found.keys.add(digests.of(place, value.text))


def _date(found: Found, place: str, value: Value, digests: Digests) -> None:
    low, high = value.start, value.end
    if low is None or high is None:
        return
    low, high = max(low, FIRST), min(max(high, FIRST), LAST)
    kind, _dot, param = place.partition(".")
    if ABOUT.get(kind) == param:
        found.low = low if found.low == UNDATED else min(found.low, low)
        found.high = max(found.high, high)
    else:
        found.moments.append((digests.of(place), low, high))


def _amount(found: Found, place: str, value: Value, digests: Digests) -> None:
    if value.number is None:
        return
    number = max(-MOST_AMOUNT, min(MOST_AMOUNT, float(value.number)))
    unit = value.code or value.text
    found.amounts.append((digests.of(place), number, digests.of("unit", unit) if unit else 0))


def _nothing(_found: Found, _place: str, _value: Value, _digests: Digests) -> None:
    """Composites are asked for by their parts."""


_ADDERS = {
    "token": _token,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": _date,
    "number": _amount,
    "quantity": _amount,
    "composite": _nothing,
}
