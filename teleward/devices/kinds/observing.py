"""Observations of FHIR from readings: what all kinds share. Nothing is computed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from teleward.devices.kinds.kind import About
from teleward.devices.readings import Reading, Value, Waveform

Json = dict[str, Any]
LOINC, UCUM, MDC = "http://loinc.org", "http://unitsofmeasure.org", "urn:iso:std:iso:11073:10101"
SNOMED = "http://snomed.info/sct"
HL7 = "http://terminology.hl7.org/CodeSystem"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core"
GERMAN = "http://fhir.de/StructureDefinition/observation-de-vitalsign"
NO_SAMPLE = -32768
# What FHIR has no word for, in its nearest; the text beside it says the rest
ABSENT = {"not-at-this-resolution": "not-a-number", "reserved": "error"}
UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "kg/m2": "kg/m²", "/min": "/min", "%": "%"}


def concept(*codings: tuple[str, str], text: str = "") -> Json:
    """A CodeableConcept of (system, code)."""
    coded: Json = {"coding": [{"system": system, "code": code} for system, code in codings]}
    return coded | ({"text": text} if text else {})


def observation(reading: Reading, about: About, code: Json, *profiles: str, lab: bool = False) -> Json:
    """The Observation without its value: whose, by what, when, and what the device said beside it."""
    body = {
        "resourceType": "Observation",
        "meta": {"profile": list(profiles)} if profiles else {},
        "status": "final",
        "category": [concept((f"{HL7}/observation-category", "laboratory" if lab else "vital-signs"))],
        "code": code,
        "subject": {"reference": f"Patient/{about.patient}"},
        "encounter": {"reference": f"Encounter/{about.encounter}"} if about.encounter else {},
        "effectiveDateTime": (reading.measured_at or reading.received_at).isoformat(),
        "device": {"reference": f"Device/{about.device}"},
        "note": [{"text": f"Said by the device: {', '.join(reading.flags)}"}] if reading.flags else [],
    }
    return {name: value for name, value in body.items() if value}


def valued(value: Value) -> Json:
    """The element with the quantity, or with why there is none."""
    if value.value is None:
        return {"dataAbsentReason": _absent(value.absent or "unknown")}
    return {"valueQuantity": quantity(value.value, value.unit)}


def quantity(number: str, unit: str) -> Json:
    """A Quantity with every digit of the number."""
    return {"value": Decimal(number), "unit": UNITS.get(unit, unit), "system": UCUM, "code": unit}


def component(code: Json, element: Json) -> Json:
    """A component, or, without code, the value of an Observation."""
    return {"code": code, **element}


def missing(text: str) -> Json:
    """What the profile asks for and the device did not measure."""
    return {"dataAbsentReason": concept((f"{HL7}/data-absent-reason", "not-performed"), text=text)}


def by_code(reading: Reading) -> Mapping[str, Value]:
    """The values of a reading by their LOINC code."""
    return {value.code: value for value in reading.values}


def sampled(wave: Waveform, lead: Iterable[int]) -> Json:
    """One lead as SampledData; E stands where the electrode had no contact."""
    return {
        "valueSampledData": {
            "origin": quantity("0", wave.unit),
            "period": Decimal(1000) / wave.hertz,
            "factor": Decimal(wave.factor),
            "dimensions": 1,
            "data": " ".join("E" if sample == NO_SAMPLE else str(sample) for sample in lead),
        }
    }


def _absent(word: str) -> Json:
    return concept((f"{HL7}/data-absent-reason", ABSENT.get(word, word)), text=word)
