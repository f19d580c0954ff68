"""What stands beside the call: what goes on, what was found last, from whom, how old, for whom."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, Subject, authorise
from teleward.access.models import Patient, Person, Restriction, Standing
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.fhir.reading import read
from teleward.records.operations.versions import keep
from teleward.records.panels.units import sign

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
TERMS = "http://terminology.hl7.org/CodeSystem"


def brings(stage: Stage, kind: str, **said: Any) -> str:
    """Something of the patient's in the chart; returns its id."""
    own, made = stage.patient.id, str(new_id())
    about = "patient" if kind in {"AllergyIntolerance", "Immunization"} else "subject"
    body = {"resourceType": kind, "id": made, about: {"reference": f"Patient/{own}"}, **said}
    subject = Subject(kind="Patient", id=own, organisation=stage.practice.id, patient=own)
    grant = authorise(actor=SYSTEM, action=Action.RECORD_WRITE, subject=subject, circumstances=HERE)
    keep(grant=grant, resource=read(kind, msgspec.json.encode(body)))
    return made


def state(name: str, kind: str = "condition-clinical") -> dict[str, Any]:
    return {"coding": [{"system": f"{TERMS}/{kind}", "code": name}]}


def measured(stage: Stage, value: str, day: str, **more: Any) -> str:
    quantity = {"value": msgspec.Raw(value.encode()), "unit": "mmol/L"}
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Kalium"}
    return brings(
        stage,
        "Observation",
        status="final",
        code=code,
        valueQuantity=quantity,
        effectiveDateTime=day,
        **more,
    )


def panel(stage: Stage, signed_in: SignIn, language: str = "en") -> str:
    stage.visit_now()
    answer = signed_in(stage.doctor).get(
        f"/patients/{stage.patient.id}/summary/",
        headers={"accept-language": language, "hx-request": "true"},
    )
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_problem_that_goes_on_stands_there_with_its_source_and_its_age(
    stage: Stage, signed_in: SignIn
) -> None:
    three_weeks_ago = f"{now() - timedelta(days=22):%Y-%m-%d}"
    brings(
        stage,
        "Condition",
        code={"text": "Asthma"},
        clinicalStatus=state("active"),
        recordedDate=three_weeks_ago,
        asserter={"reference": "Practitioner/1", "display": "Dr. Okafor"},
    )
    brings(stage, "Condition", code={"text": "Masern"}, clinicalStatus=state("resolved"))
    shown = panel(stage, signed_in)
    assert "Asthma" in shown
    assert "3 weeks ago · from Dr. Okafor" in shown
    assert "Masern" not in shown


def test_whoever_works_here_is_called_by_name_though_only_an_id_was_kept(
    stage: Stage, signed_in: SignIn
) -> None:
    here = {"reference": f"Practitioner/{stage.second.id}"}
    brings(stage, "Condition", code={"text": "Gicht"}, clinicalStatus=state("active"), recorder=here)
    assert "from Dr. Wei Chen" in panel(stage, signed_in)


def test_nothing_recorded_is_not_said_as_nothing_there(stage: Stage, signed_in: SignIn) -> None:
    shown = panel(stage, signed_in)
    assert "No allergies recorded here. That does not mean that there are none: please ask." in shown


def test_an_allergy_shows_what_it_does_and_that_the_risk_is_high(stage: Stage, signed_in: SignIn) -> None:
    brings(
        stage,
        "AllergyIntolerance",
        code={"text": "Penicillin"},
        criticality="high",
        reaction=[{"manifestation": [{"text": "Atemnot"}]}],
    )
    shown = panel(stage, signed_in)
    assert "Penicillin Atemnot" in shown
    assert "high risk" in shown
    assert shown.count("Penicillin") == 1
    assert "No allergies recorded" not in shown


def test_a_draft_is_no_medication(stage: Stage, signed_in: SignIn) -> None:
    dose = [{"text": "1-0-1"}]
    for status, name in (("active", "Ramipril"), ("draft", "Tramadol")):
        brings(
            stage,
            "MedicationRequest",
            status=status,
            intent="order",
            medicationCodeableConcept={"text": name},
            dosageInstruction=dose,
        )
    shown = panel(stage, signed_in)
    assert "Ramipril 1-0-1" in shown
    assert "Tramadol" not in shown


def test_of_each_measurement_the_newest_stands_there_every_digit_and_what_is_usual(
    stage: Stage, signed_in: SignIn
) -> None:
    usual = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]
    measured(stage, "4.10", "2026-01-02")
    measured(stage, "5.70", "2026-03-04", referenceRange=usual)
    shown = panel(stage, signed_in)
    assert "5.70 mmol/L (usual: 3.5 to 5.1 mmol/L) above the usual" in shown
    assert "4.10" not in shown
    assert "5,70 mmol/L" in panel(stage, signed_in, "de")


def test_a_number_beyond_all_others_leaves_the_page_standing(stage: Stage, signed_in: SignIn) -> None:
    usual = [{"high": {"value": msgspec.Raw(b"-9e999999"), "unit": "mmol/L"}}]
    measured(stage, "9e999999", "2026-03-04", referenceRange=usual)
    assert "above the usual" in panel(stage, signed_in)


def test_blood_pressure_is_written_as_people_say_it(stage: Stage, signed_in: SignIn) -> None:
    def part(name: str, value: int) -> dict[str, Any]:
        return {"code": {"text": name}, "valueQuantity": {"value": value, "unit": "mmHg"}}

    vital = [{"coding": [{"system": f"{TERMS}/observation-category", "code": "vital-signs"}]}]
    brings(
        stage,
        "Observation",
        status="final",
        category=vital,
        code={"text": "Blutdruck"},
        component=[part("Systolisch", 124), part("Diastolisch", 79)],
    )
    assert "Blutdruck 124 / 79 mmHg" in panel(stage, signed_in)
    pulse = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}], "text": "Heart rate"}
    rate = {"value": 72, "unit": "/min"}
    brings(stage, "Observation", status="final", category=vital, code=pulse, valueQuantity=rate)
    assert "Herzfrequenz 72 /min" in panel(stage, signed_in, "de")


def test_the_ledger_names_every_resource_that_was_opened(stage: Stage, signed_in: SignIn) -> None:
    kept = brings(stage, "Condition", code={"text": "Asthma"}, clinicalStatus=state("active"))
    panel(stage, signed_in)
    opened = [
        entry.facts for entry in of_patient(patient=stage.patient.id) if entry.facts["detail"].get("panel")
    ]
    assert [facts["detail"]["resources"] for facts in opened] == [[f"Condition/{kept}"]]
    assert {facts["action"] for facts in opened} == {"records:resource:read"}


def test_of_a_restricted_person_it_is_closed_to_whoever_does_not_treat_them(
    stage: Stage, signed_in: SignIn
) -> None:
    Standing.objects.create(
        kind="alert",
        source=new_id(),
        organisation=stage.practice,
        patient_id=stage.patient.id,
        staff=stage.second,
        starts_at=now(),
        ends_at=now() + timedelta(days=1),
    )
    brings(stage, "Condition", code={"text": "Asthma"}, clinicalStatus=state("active"))
    address, second = f"/patients/{stage.patient.id}/summary/", signed_in(stage.second)
    assert "Asthma" in second.get(address).content.decode()
    whose = Patient.objects.get(id=stage.patient.id)
    Restriction.objects.create(patient=whose, tier="restricted", reason="request", set_by=stage.doctor)
    answer = second.get(address)
    assert answer.status_code == 403
    assert "Asthma" not in answer.content.decode()


def test_opened_alone_it_says_whose_it_is(stage: Stage, signed_in: SignIn) -> None:
    stage.visit_now()
    shown = signed_in(stage.doctor).get(f"/patients/{stage.patient.id}/summary/").content.decode()
    assert "Ayşe Demir" in shown
    assert "born on 3 May 1979" in shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("mm[Hg]", "mmHg"),
        ("Cel", "°C"),
        ("10*9/L", "10⁹/L"),
        ("10*-3", "10⁻³"),
        ("ug/L", "µg/L"),
        ("[IU]/L", "IU/L"),
        ("/min", "/min"),
        ("mg/dL", "mg/dL"),
        ("Stück", "Stück"),
    ],
)
def test_units_are_shown_as_people_write_them(written: str, shown: str) -> None:
    assert sign(written) == shown
