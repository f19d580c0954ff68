"""Microseconds to read a blood pressure strictly, to write it, and to take out what it is found by.

Each figure is the best of many short runs, because other programs share the machine: the time the
work itself takes. Floor of reading: the same bytes decoded to plain dictionaries, with nothing checked.
The goal of reading is a hundredth of what keeping a resource may cost (4 ms): beyond it nobody would notice.
"""

import time
from collections.abc import Callable
from decimal import Decimal

from msgspec.json import Decoder, encode

from bench.figures import Figure
from teleward.records.fhir.phrases import UCUM, concept, reference
from teleward.records.fhir.profiles.checking import check
from teleward.records.fhir.r4.coded import CodeableConcept, Coding
from teleward.records.fhir.r4.observation import Observation, ObservationComponent
from teleward.records.fhir.r4.quantities import Quantity
from teleward.records.fhir.r4.texts import Meta
from teleward.records.fhir.reading import read, write
from teleward.records.fhir.search import values

LOINC, CATEGORY = "http://loinc.org", "http://terminology.hl7.org/CodeSystem/observation-category"
PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure"
ID = "0198c0de-0000-7000-8000-00000000000"
AT_ONCE = 20
SECONDS = 5.0


def measure() -> list[Figure]:
    body = write(_pressure())
    found = read("Observation", body)
    print(f"an Observation of {len(body)} bytes with {len(values(found))} values to be found by")
    print(f"held against US Core: {_microseconds(lambda: check(found, PROFILE)):.0f} µs")
    plain = _microseconds(lambda: Decoder().decode(body))
    made = _microseconds(lambda: encode(found))
    reading = _microseconds(lambda: read("Observation", body))
    writing = _microseconds(lambda: write(found))
    taking = _microseconds(lambda: values(found))
    return [
        Figure(name="read", value=reading, unit="us", floor=plain, goal="<=40"),
        Figure(name="write", value=writing, unit="us", floor=made, goal="<=5"),
        Figure(name="values", value=taking, unit="us", goal="<=60"),
    ]


def _microseconds(work: Callable[[], object]) -> float:
    end, best = time.perf_counter() + SECONDS, float("inf")
    while time.perf_counter() < end:
        begun = time.perf_counter()
        for _time in range(AT_ONCE):
            work()
        best = min(best, (time.perf_counter() - begun) / AT_ONCE)
    return best * 1e6


def _pressure() -> Observation:
    return Observation(
        id=f"{ID}0",
        meta=Meta(version_id="1", last_updated="2026-01-01T10:00:00.000Z", profile=(PROFILE,)),
        status="final",
        category=(concept(CATEGORY, "vital-signs", "Vital Signs"),),
        code=_named("85354-9", "Blood pressure panel with all children optional"),
        subject=reference("Patient", f"{ID}1"),
        encounter=reference("Encounter", f"{ID}2"),
        performer=(reference("Practitioner", f"{ID}3"),),
        device=reference("Device", f"{ID}4"),
        effective_date_time="2026-01-01T10:00:00+01:00",
        component=(
            _part("8480-6", "Systolic blood pressure", "109.50"),
            _part("8462-4", "Diastolic", "44.0"),
        ),
    )


def _named(code: str, name: str) -> CodeableConcept:
    return CodeableConcept(coding=(Coding(system=LOINC, code=code, display=name),), text=name)


def _part(code: str, name: str, number: str) -> ObservationComponent:
    amount = Quantity(value=Decimal(number), unit="mmHg", system=UCUM, code="mm[Hg]")
    return ObservationComponent(code=_named(code, name), value_quantity=amount)
