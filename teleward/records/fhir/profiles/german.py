"""German basis profiles (de.basisprofil.r4 1.4 to 1.6): vital signs and the insurance number of a patient.

From https://github.com/hl7germany/basisprofil-de-r4; what a number means is from § 290 SGB V.
"""

from teleward.records.fhir.profiles.shape import Limit, Profile

FHIR_DE = "http://fhir.de/StructureDefinition"
BASE = f"{FHIR_DE}/observation-de-vitalsign"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
KVNR = "http://fhir.de/sid/gkv/kvid-10"


def _coded(code: str) -> dict[str, list[dict[str, str]]]:
    return {"coding": [{"system": LOINC, "code": code}]}


def _amount(at: str) -> tuple[Limit, ...]:
    return (
        Limit(id=f"{at}.value", min=1, max=1),
        Limit(id=f"{at}.unit", min=1, max=1),
        Limit(id=f"{at}.system", min=1, max=1, fixed=UCUM),
        Limit(id=f"{at}.code", min=1, max=1),
    )


def _sign(name: str, code: str, *units: str) -> Profile:
    limits = (
        Limit(id="Observation.code", pattern=_coded(code)),
        Limit(id="Observation.value[x]", types=("Quantity",)),
        Limit(id="Observation.valueQuantity.code", codes=units),
    )
    return Profile(url=f"{BASE}-{name}", type="Observation", parent=BASE, limits=limits)


def _component(name: str, code: str, *, least: int) -> tuple[Limit, ...]:
    at = f"Observation.component:{name}"
    return (
        Limit(id=at, min=least, max=1),
        Limit(id=f"{at}.code", pattern=_coded(code)),
        Limit(id=f"{at}.value[x]", types=("Quantity",)),
        Limit(id=f"{at}.valueQuantity", pattern={"system": UCUM, "code": "mm[Hg]"}),
    )


GERMAN = (
    Profile(
        url=BASE,
        type="Observation",
        limits=(
            Limit(id="Observation", obeys=("vs-2",)),
            Limit(id="Observation.category", min=1, by=("pattern:$this",)),
            Limit(
                id="Observation.category:vs-cat",
                min=1,
                max=1,
                pattern={"coding": [{"system": CATEGORY, "code": "vital-signs"}]},
            ),
            Limit(id="Observation.subject", min=1, max=1, targets=("Patient", "Group")),
            Limit(id="Observation.effective[x]", min=1, max=1),
            Limit(id="Observation.effectiveDateTime", obeys=("vs-1",)),
            *_amount("Observation.valueQuantity"),
            Limit(id="Observation.component", obeys=("vs-3",)),
            *_amount("Observation.component.valueQuantity"),
        ),
    ),
    Profile(
        url=f"{BASE}-blutdruck",
        type="Observation",
        parent=BASE,
        limits=(
            Limit(id="Observation.code", pattern=_coded("85354-9")),
            Limit(id="Observation.value[x]", max=0),
            Limit(id="Observation.component", min=2, by=("pattern:code",)),
            *_component("SystolicBP", "8480-6", least=1),
            *_component("DiastolicBP", "8462-4", least=1),
            *_component("meanBP", "8478-0", least=0),
        ),
    ),
    _sign("herzfrequenz", "8867-4", "/min"),
    _sign("sauerstoffsaettigung", "2708-6", "%"),
    _sign("koerpertemperatur", "8310-5", "Cel"),
    _sign("koerpergewicht", "29463-7", "kg", "g"),
    Profile(
        url=f"{FHIR_DE}/patient-de-basis",
        type="Patient",
        limits=(
            Limit(id="Patient.identifier", by=("value:system",)),
            Limit(id="Patient.identifier:kvid-10", max=1),
            Limit(id="Patient.identifier:kvid-10.system", min=1, max=1, fixed=KVNR),
            Limit(id="Patient.identifier:kvid-10.value", min=1, max=1, obeys=("kvnr",)),
        ),
    ),
)
