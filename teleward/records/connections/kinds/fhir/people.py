"""Who our patient is over there: by identifiers alone, and only where all of them agree."""

from collections.abc import Iterator

from teleward.records.connections.kind import Link, Refused

from .client import address_of, objects, search
from .wire import Json, decoded


def patient_there(link: Link, patient: bytes) -> str:
    """The reference of the patient there. Raises Refused where it is none or not clearly one; Unreachable."""
    known = list(_identifiers(decoded(patient)))
    if not known:
        raise Refused("patient-unnamed")
    found = {reference for each in known for reference in _with(link, each)}
    if not found:
        raise Refused("patient-unknown")
    if len(found) > 1:
        raise Refused("patient-unclear")
    return found.pop()


def _with(link: Link, identifier: str) -> Iterator[str]:
    found = search(link, "Patient", {"identifier": identifier})
    for each in found.resources:
        yield from _whom(link, each)


def _identifiers(patient: Json) -> Iterator[str]:
    for each in patient.get("identifier", []):
        system, value = each.get("system"), each.get("value")
        if system and value and each.get("use") != "old" and "end" not in each.get("period", {}):
            yield f"{_plain(str(system))}|{_plain(str(value))}"


def _whom(link: Link, patient: Json) -> Iterator[str]:
    """The patient found, or the one that took its place when two entries were one person."""
    kept = [_reference(each) for each in objects(patient.get("link")) if each.get("type") == "replaced-by"]
    if kept and patient.get("active") is False:
        yield from (address_of(link, each) for each in kept if each)
    elif isinstance(patient.get("id"), str):
        yield f"Patient/{patient['id']}"


def _reference(link: Json) -> str:
    other = link.get("other")
    return str(other.get("reference", "")) if isinstance(other, dict) else ""


def _plain(word: str) -> str:
    """Commas, bars and dollars mean something in a search (FHIR R4, search.html#escaping)."""
    return "".join(f"\\{letter}" if letter in "\\,$|" else letter for letter in word)
