"""FHIR resources as HL7 v2.5.1: an Appointment as SIU, an Observation as ORU^R01."""

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from teleward.kernel.clock import now
from teleward.records.connections.kind import Item, Link, Refused
from teleward.records.hl7.building import Component, Envelope, Part, Repeated, header, line, message
from teleward.records.hl7.moments import written as hl7_time

Json = dict[str, Any]
DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)  # a value is kept as exactly as it was written
CANCELLED: Final = frozenset({"cancelled", "entered-in-error"})
STATUS: Final = {  # filler status code, table 0278
    "booked": "Booked",
    "arrived": "Started",
    "fulfilled": "Complete",
    "cancelled": "Cancelled",
    "noshow": "Noshow",
}
OBX_STATUS: Final = {"final": "F", "preliminary": "P", "amended": "C", "corrected": "C", "cancelled": "X"}
SYSTEMS: Final = {
    "http://loinc.org": "LN",
    "http://snomed.info/sct": "SCT",
    "http://unitsofmeasure.org": "UCUM",
}
KVNR, NHS = "http://fhir.de/sid/gkv/kvid-10", "https://fhir.nhs.uk/Id/nhs-number"
AUTHORITIES: Final = {KVNR: (("", "1.2.276.0.76.4.8", "ISO"), "NH"), NHS: (("NHS", "", ""), "NH")}


def written(link: Link, item: Item) -> bytes:
    """The message for an item; the same version has the same number each time. Raises Refused."""
    body, patient = (DECODER.decode(each) for each in (item.body, item.patient))
    kind, segments = _scheduling(item, body) if item.type == "Appointment" else _results(item, body)
    envelope = Envelope(
        facility=str(link.settings.get("own_facility", "")),
        to_application=str(link.settings.get("application", "")),
        to_facility=str(link.settings.get("facility", "")),
        control_id=hashlib.sha256(f"{item.key} {item.version}".encode()).hexdigest()[:20],
        at=now(),
    )
    first, *rest = segments
    person = _person(patient)
    ordered = (first, person, *rest) if item.type == "Appointment" else (person, first, *rest)
    return message((header(envelope, kind), *ordered))


def _scheduling(item: Item, body: Json) -> tuple[str, list[str]]:
    status, event = body.get("status", "booked"), _event(item, body)
    start, end = _instant(body.get("start", "")), _instant(body.get("end", ""))
    minutes = str(round((end - start).total_seconds() / 60)) if start and end else ""
    timing: Part = ["", "", "", _time(start), _time(end)]
    schedule: list[Part] = [""] * 25
    schedule[0] = schedule[1] = [str(item.logical_id), "TELEWARD"]
    schedule[5] = ["VR", "virtual"]
    schedule[8], schedule[9], schedule[10] = minutes, ["MIN"] if minutes else "", timing
    schedule[24] = STATUS.get(status, "Booked")
    lines = [line("SCH", *schedule), line("RGS", "1", "A")]
    lines += [
        line("AIP", str(number), "A", ["", *_name(who)], "", "", _time(start), "", "", minutes, ["MIN"])
        for number, who in enumerate(_practitioners(body), 1)
    ]
    return f"SIU^{event}^SIU_S12", lines


def _event(item: Item, body: Json) -> str:
    status = body.get("status", "")
    if status in CANCELLED:
        return "S15"
    if status == "noshow":
        return "S26"
    return "S12" if item.version == 1 else "S14"


def _results(item: Item, body: Json) -> tuple[str, list[str]]:
    code, at = _coded(body.get("code", {})), _time(_instant(_effective(body)))
    request: list[Part] = [""] * 25
    request[0], request[2], request[3] = "1", [str(item.logical_id), "TELEWARD"], code
    request[6], request[24] = at, OBX_STATUS.get(body.get("status", ""), "F")
    parts = [each for each in (body, *body.get("component", ())) if _value(each)[0]]
    if not parts:
        raise Refused("not-taken", said="no value")
    lines = [line("OBR", *request)]
    lines += [_observed(number, part, body, at) for number, part in enumerate(parts, 1)]
    return "ORU^R01^ORU_R01", lines


def _observed(number: int, part: Json, whole: Json, at: str) -> str:
    kind, value, unit = _value(part)
    fields: list[Part] = [""] * 14
    fields[0], fields[1], fields[2] = str(number), kind, _coded(part.get("code", {}))
    fields[4], fields[5] = value, unit
    fields[10], fields[13] = OBX_STATUS.get(whole.get("status", ""), "F"), at
    return line("OBX", *fields)


def _value(part: Json) -> tuple[str, Part, Part]:
    """Type, value and unit of an observation; "" as type where it holds none of these."""
    if quantity := part.get("valueQuantity"):
        system = SYSTEMS.get(quantity.get("system", ""), "")
        unit = [quantity.get("code", ""), quantity.get("unit", ""), system]
        return "NM", str(quantity.get("value", "")), unit
    if concept := part.get("valueCodeableConcept"):
        return "CWE", _coded(concept), ""
    if words := part.get("valueString"):
        return "ST", words, ""
    return ("NM", str(part["valueInteger"]), "") if "valueInteger" in part else ("", "", "")


def _coded(concept: Json) -> list[str]:
    coding: Json = next(iter(concept.get("coding", ())), {})
    words = concept.get("text") or coding.get("display", "")
    return [coding.get("code", ""), words, SYSTEMS.get(coding.get("system", ""), coding.get("system", ""))]


def _person(patient: Json) -> str:
    """PID. Raises Refused where the patient has no number that somebody else could know."""
    numbers = [_number(each) for each in patient.get("identifier", ())]
    if not numbers:
        raise Refused("patient-unnamed")
    name: Json = next(iter(patient.get("name", ())), {})
    first, *others = name.get("given", []) or [""]
    called = [name.get("family", ""), first, " ".join(others), "", "", "", "L"]
    born = patient.get("birthDate", "").replace("-", "")
    return line("PID", "1", "", Repeated(tuple(numbers)), "", called, "", born)


def _number(identifier: Json) -> list[Component]:
    """CX: the number, by whom it was given, and its kind."""
    system = identifier.get("system", "")
    authority, sort = AUTHORITIES.get(system) or (_authority(system), "MR")
    return [identifier.get("value", ""), "", "", authority, sort]


def _authority(system: str) -> tuple[str, str, str]:
    is_a_senders_own = system.startswith("urn:uuid:") and "#" in system
    name = unquote(system.partition("#")[2]) if is_a_senders_own else system
    if name.startswith("urn:oid:"):
        return "", name.removeprefix("urn:oid:"), "ISO"
    return (name, "", "") if is_a_senders_own and ":" not in name else ("", name, "URI")


def _practitioners(body: Json) -> list[str]:
    actors = [each.get("actor", {}) for each in body.get("participant", ())]
    staff = [each for each in actors if str(each.get("reference", "")).startswith("Practitioner/")]
    return [each.get("display", "") for each in staff]


def _name(display: str) -> list[str]:
    given, _space, family = display.rpartition(" ")
    return [family, given]


def _effective(body: Json) -> str:
    return str(body.get("effectiveDateTime") or body.get("effectivePeriod", {}).get("start", ""))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def _time(at: datetime | None) -> str:
    return hl7_time(at) if at else ""
