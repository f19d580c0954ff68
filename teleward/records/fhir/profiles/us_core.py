"""The vital signs of US Core 7.0.0, from its definitions: https://hl7.org/fhir/us/core/STU7/."""

from teleward.records.fhir.profiles.shape import Limit, Profile

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
BASE = f"{US_CORE}/us-core-vital-signs"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def _coding(code: str) -> dict[str, str]:
    return {"system": LOINC, "code": code}


def _coded(code: str) -> dict[str, list[dict[str, str]]]:
    return {"coding": [_coding(code)]}


def _amount(at: str, *units: str) -> tuple[Limit, ...]:
    """A quantity, where there is one, with number, unit and one of the UCUM codes."""
    return (
        Limit(id=f"{at}.value", min=1, max=1),
        Limit(id=f"{at}.unit", min=1, max=1),
        Limit(id=f"{at}.system", min=1, max=1, fixed=UCUM),
        Limit(id=f"{at}.code", min=1, max=1, codes=units),
    )


def _sign(name: str, code: str, *units: str) -> Profile:
    limits = (
        Limit(id="Observation.code", pattern=_coded(code)),
        *_amount("Observation.valueQuantity", *units),
    )
    return Profile(url=f"{US_CORE}/{name}", type="Observation", parent=BASE, limits=limits)


def _component(name: str, code: str, unit: str, *, least: int) -> tuple[Limit, ...]:
    at = f"Observation.component:{name}"
    return (
        Limit(id=at, min=least, max=1),
        Limit(id=f"{at}.code", pattern=_coded(code)),
        *_amount(f"{at}.valueQuantity", unit),
    )


def _pressure(name: str, code: str, systolic: str, diastolic: str) -> Profile:
    limits = (
        Limit(id="Observation.code", pattern=_coded(code)),
        Limit(id="Observation.component", min=2, by=("pattern:code",)),
        *_component("systolic", systolic, "mm[Hg]", least=1),
        *_component("diastolic", diastolic, "mm[Hg]", least=1),
    )
    return Profile(url=f"{US_CORE}/{name}", type="Observation", parent=BASE, limits=limits)


US_CORE_VITAL_SIGNS = (
    Profile(
        url=BASE,
        type="Observation",
        parent="http://hl7.org/fhir/StructureDefinition/vitalsigns",
        limits=(
            Limit(id="Observation.subject", min=1, max=1, targets=("Patient",)),
            Limit(
                id="Observation.value[x]",
                max=1,
                types=(
                    *("Quantity", "CodeableConcept", "string", "boolean", "integer", "Range"),
                    *("Ratio", "SampledData", "time", "dateTime", "Period"),
                ),
            ),
        ),
    ),
    _pressure("us-core-blood-pressure", "85354-9", "8480-6", "8462-4"),
    _pressure("us-core-average-blood-pressure", "96607-7", "96608-5", "96609-3"),
    _sign("us-core-heart-rate", "8867-4", "/min"),
    _sign("us-core-respiratory-rate", "9279-1", "/min"),
    _sign("us-core-body-temperature", "8310-5", "Cel", "[degF]"),
    _sign("us-core-body-height", "8302-2", "cm", "[in_i]"),
    _sign("us-core-body-weight", "29463-7", "kg", "[lb_av]", "g"),
    _sign("us-core-bmi", "39156-5", "kg/m2"),
    _sign("us-core-head-circumference", "9843-4", "cm", "[in_i]"),
    Profile(
        url=f"{US_CORE}/us-core-pulse-oximetry",
        type="Observation",
        parent=BASE,
        limits=(
            Limit(id="Observation.code.coding", min=2, by=("pattern:$this",)),
            Limit(id="Observation.code.coding:PulseOx", min=1, max=1, pattern=_coding("59408-5")),
            Limit(id="Observation.code.coding:O2Sat", min=1, max=1, pattern=_coding("2708-6")),
            *_amount("Observation.valueQuantity", "%"),
            Limit(id="Observation.component", by=("pattern:code",)),
            *_component("FlowRate", "3151-8", "L/min", least=0),
            *_component("Concentration", "3150-0", "%", least=0),
        ),
    ),
)
