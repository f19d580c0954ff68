"""What stands in the invented patients' charts: enough to see a summary beside a call."""

from datetime import timedelta
from typing import Any

import msgspec

from teleward.access.grants import Action, Subject
from teleward.access.operations.people import system_grant
from teleward.command.demo.desk import Practice
from teleward.consult.operations.booking import Who
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.operations.versions import keep_text

Json = dict[str, Any]
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
ICD, ATC = "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "http://fhir.de/CodeSystem/bfarm/atc"
STATES = "http://terminology.hl7.org/CodeSystem"
OWNERS = {"AllergyIntolerance": "patient", "Immunization": "patient"}


def fill_charts(practice: Practice, everyone: list[Who]) -> None:
    """Write what is known of some of the patients, days and years back from now."""
    for number, rows in _charts().items():
        who = everyone[number]
        about = Subject(kind="Patient", id=who.id, organisation=practice.organisation, patient=who.id)
        grant = system_grant(action=Action.RECORD_WRITE, organisation=practice.organisation, subject=about)
        for kind, row in rows:
            owner = {OWNERS.get(kind, "subject"): {"reference": f"Patient/{who.id}"}}
            body = {"resourceType": kind, "id": str(new_id()), **owner, **row}
            keep_text(grant=grant, kind=kind, body=msgspec.json.encode(body))


def _charts() -> dict[int, list[tuple[str, Json]]]:
    """By the patient's place in `people.PATIENTS`."""
    return {
        0: [
            _problem("J45.1", "Asthma bronchiale", years=14),
            _allergy("Penicillin", "Hautausschlag"),
            _medicine("R03AC02", "Salbutamol 100 µg Dosieraerosol", "bei Bedarf 1 bis 2 Hübe"),
            _medicine("R03BA02", "Budesonid 200 µg Pulverinhalator", "morgens und abends 1 Hub"),
            _vaccine("J07BB02", "Influenza", days=41),
            _value("1988-5", "CRP", 12, "mg/L", days=6, high=5),
            _value("6690-2", "Leukozyten", 9.8, "10*9/L", days=6, high=10.5),
            _pressure(118, 76, days=6),
            _vital("2708-6", "Sauerstoffsättigung", 97, "%", days=6),
            _vital("8310-5", "Körpertemperatur", 37.4, "Cel", days=6),
        ],
        2: [
            _problem("I10.90", "Hypertonie", years=19),
            _problem("E11.90", "Diabetes mellitus Typ 2", years=8),
            _medicine("C09AA05", "Ramipril 5 mg", "morgens 1 Tablette"),
            _medicine("A10BA02", "Metformin 1000 mg", "morgens und abends 1 Tablette"),
            _value("4548-4", "HbA1c", 7.1, "%", days=23, high=6.5),
            _value("33914-3", "eGFR", 64, "mL/min/{1.73_m2}", days=23),
            _pressure(148, 86, days=2),
            _pressure(152, 88, days=9),
        ],
    }


def _problem(code: str, name: str, *, years: int) -> tuple[str, Json]:
    return "Condition", {
        "clinicalStatus": _coded(f"{STATES}/condition-clinical", "active"),
        "code": _coded(ICD, code, name),
        "onsetDateTime": str(now().year - years),
    }


def _allergy(name: str, reaction: str) -> tuple[str, Json]:
    return "AllergyIntolerance", {
        "clinicalStatus": _coded(f"{STATES}/allergyintolerance-clinical", "active"),
        "code": {"text": name},
        "reaction": [{"manifestation": [{"text": reaction}]}],
    }


def _medicine(code: str, name: str, dose: str) -> tuple[str, Json]:
    return "MedicationStatement", {
        "status": "active",
        "medicationCodeableConcept": _coded(ATC, code, name),
        "dosage": [{"text": dose}],
    }


def _vaccine(code: str, name: str, *, days: int) -> tuple[str, Json]:
    given = {"status": "completed", "vaccineCode": _coded(ATC, code, name)}
    return "Immunization", {**given, "occurrenceDateTime": _ago(days)[:10]}


def _vital(code: str, name: str, number: float, unit: str, *, days: int) -> tuple[str, Json]:
    kind, measured = _value(code, name, number, unit, days=days)
    return kind, {**measured, "category": [_coded(f"{STATES}/observation-category", "vital-signs")]}


def _value(
    code: str, name: str, number: float, unit: str, *, days: int, high: float | None = None
) -> tuple[str, Json]:
    limit = {"referenceRange": [{"high": _quantity(high, unit)}]} if high else {}
    return "Observation", {
        "status": "final",
        "category": [_coded(f"{STATES}/observation-category", "laboratory")],
        "code": _coded(LOINC, code, name),
        "effectiveDateTime": _ago(days),
        "valueQuantity": _quantity(number, unit),
        **limit,
    }


def _pressure(systolic: int, diastolic: int, *, days: int) -> tuple[str, Json]:
    parts = (("8480-6", "Systolisch", systolic), ("8462-4", "Diastolisch", diastolic))
    return "Observation", {
        "status": "final",
        "category": [_coded(f"{STATES}/observation-category", "vital-signs")],
        "code": _coded(LOINC, "85354-9", "Blutdruck"),
        "effectiveDateTime": _ago(days),
        "component": [
            {"code": _coded(LOINC, code, name), "valueQuantity": _quantity(number, "mm[Hg]")}
            for code, name, number in parts
        ],
    }


def _coded(system: str, code: str, text: str = "") -> Json:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def _quantity(number: float, unit: str) -> Json:
    return {"value": number, "unit": unit, "system": UCUM, "code": unit}


def _ago(days: int) -> str:
    return (now() - timedelta(days=days)).isoformat(timespec="seconds")
