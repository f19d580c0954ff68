"""One finding of the other side as a person reads it, from whatever its resource holds."""

from collections.abc import Iterator

from teleward.records.fhir.reading import Invalid, read
from teleward.records.panels.units import sign

from .client import objects
from .wire import Json, encoded

LONGEST_TEXT = 300


def is_sound(kind: str, resource: Json) -> bool:
    """Whether it is written as FHIR R4 asks."""
    try:
        read(kind, encoded(resource))
    except Invalid:
        return False
    return True


def statuses(resource: Json) -> set[str]:
    """All that it says about how it stands."""
    said = {str(resource.get("status", ""))}
    for name in ("clinicalStatus", "verificationStatus"):
        said |= {str(coding.get("code", "")) for coding in _codings(resource.get(name))}
    return said


def words(value: object) -> str:
    """A concept, a reference or a text; empty where it says nothing."""
    if isinstance(value, str):
        return value.strip()[:LONGEST_TEXT]
    if not isinstance(value, dict):
        return ""
    codings = list(_codings(value))
    said = [value.get("text"), value.get("display"), *(each.get("display") for each in codings)]
    said += [each.get("code") for each in codings]
    return _first(said)


def amount(resource: Json) -> str:
    """What was measured, or how it is taken; empty where it does not say."""
    measured = resource.get("valueQuantity")
    if isinstance(measured, dict) and "value" in measured:
        unit = sign(str(measured.get("unit") or measured.get("code") or ""))
        return f"{measured['value']} {unit}".strip()[:LONGEST_TEXT]
    dosage = objects(resource.get("dosage")) + objects(resource.get("dosageInstruction"))
    said = [words(resource.get("valueCodeableConcept")), words(resource.get("valueString"))]
    said += [_part(each) for each in objects(resource.get("component"))]
    said += [words(each.get("text")) for each in dosage]
    return "; ".join(word for word in said if word)[:LONGEST_TEXT]


def _part(component: Json) -> str:
    measured = amount(component)
    return f"{words(component.get('code'))}: {measured}" if measured else ""


def _first(said: list[object]) -> str:
    return next((word.strip()[:LONGEST_TEXT] for word in said if isinstance(word, str) and word.strip()), "")


def _codings(value: object) -> Iterator[Json]:
    yield from objects(value.get("coding") if isinstance(value, dict) else None)
