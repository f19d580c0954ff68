"""The demonstration practice, made in an empty database."""

import pytest

from teleward.command.demo import open_practice
from teleward.records.models import Current


@pytest.mark.django_db(transaction=False)
def test_two_patients_have_a_chart_to_look_at() -> None:
    open_practice()
    found = Current.objects.exclude(type="Patient").values_list("patient", "type").distinct()
    by_patient: dict[object, set[str]] = {}
    for patient, kind in found:
        by_patient.setdefault(patient, set()).add(kind)
    clinical = {"Condition", "MedicationStatement", "Observation"}
    assert sum(kinds >= clinical for kinds in by_patient.values()) == 2
    assert any(kinds >= {*clinical, "AllergyIntolerance", "Immunization"} for kinds in by_patient.values())
