"""What a resource is found by: the values of official examples, and times as wide as they were written."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from teleward.records.fhir.moments import stretch
from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.reading import read
from teleward.records.fhir.search import PARAMETERS, values
from teleward.records.fhir.values import Value

EXAMPLES = Path(__file__).parents[3] / "vectors" / "fhir"


def found(name: str) -> dict[str, list[Value]]:
    """Values of an example by parameter."""
    resource = read(name.split("-", maxsplit=1)[0], (EXAMPLES / f"{name}.json").read_bytes())
    by_parameter: dict[str, list[Value]] = {}
    for value in values(resource):
        by_parameter.setdefault(value.param, []).append(value)
    return by_parameter


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_a_blood_pressure_is_found_by_its_codes_and_by_the_numbers_of_its_components() -> None:
    pressure = found("Observation-blood-pressure")
    assert ("http://loinc.org", "85354-9") in {(v.system, v.code) for v in pressure["code"]}
    assert {v.code for v in pressure["component-code"]} >= {"8480-6", "8462-4", "271649006"}
    assert [v.number for v in pressure["component-value-quantity"]] == [Decimal(107), Decimal(60)]
    assert [(v.target_type, v.target_id) for v in pressure["patient"]] == [("Patient", "example")]
    assert [(v.start, v.end) for v in pressure["date"]] == [(at(2012, 9, 17), at(2012, 9, 18))]
    assert {v.code for v in pressure["category"]} == {"vital-signs"}
    assert {v.code for v in pressure["status"]} == {"final"}


def test_a_composite_keeps_together_what_belongs_together() -> None:
    pairs = found("Observation-blood-pressure")["component-code-value-quantity"]
    numbers = {(code.code, quantity.number) for code, quantity in (value.parts for value in pairs)}
    assert {("8480-6", Decimal(107)), ("8462-4", Decimal(60))} <= numbers
    assert ("8480-6", Decimal(60)) not in numbers


def test_a_patient_is_found_by_name_birth_and_telephone() -> None:
    patient = found("Patient-example")
    assert {v.text for v in patient["name"]} >= {"Chalmers", "Peter", "James", "Windsor", "Jim"}
    assert {v.text for v in patient["family"]} == {"Chalmers", "Windsor"}
    assert [(v.start, v.end) for v in patient["birthdate"]] == [(at(1974, 12, 25), at(1974, 12, 26))]
    assert "(03) 5555 6473" in {v.code for v in patient["phone"]}
    assert "email" not in patient
    assert [(v.system, v.code) for v in patient["identifier"]] == [
        ("urn:oid:1.2.36.146.595.217.0.1", "12345")
    ]
    assert [v.code for v in patient["deceased"]] == ["false"]
    assert {v.text for v in patient["address-city"]} == {"PleasantVille"}


def test_who_has_a_date_of_death_is_found_as_dead() -> None:
    body = b'{"resourceType":"Patient","deceasedDateTime":"2015-02-14"}'
    assert [v.code for v in values(read("Patient", body)) if v.param == "deceased"] == ["true"]


def test_a_code_is_found_by_the_system_that_it_leaves_unsaid() -> None:
    (gender,) = found("Patient-example")["gender"]
    assert (gender.system, gender.code) == ("http://hl7.org/fhir/administrative-gender", "male")


def test_a_parameter_for_one_type_leaves_references_to_others_out() -> None:
    appointment = found("Appointment-example")
    assert {v.target_type for v in appointment["actor"]} == {"Patient", "Practitioner", "Location"}
    assert {v.target_type for v in appointment["patient"]} == {"Patient"}
    assert {v.target_type for v in appointment["location"]} == {"Location"}


def test_every_parameter_of_every_type_leads_through_the_structs() -> None:
    assert PARAMETERS.keys() == TYPES.keys()
    for kind, known in PARAMETERS.items():
        bare = TYPES[kind]
        for path in (path for parameter in known.values() for path in parameter.paths):
            first = re.split(r"[@:.\[]", path)[0]
            assert not first or first in bare.__struct_fields__, f"{kind}: {path}"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_value_is_of_a_known_parameter_and_says_something(path: Path) -> None:
    kind = path.name.split("-")[0]
    for value in values(read(kind, path.read_bytes())):
        assert PARAMETERS[kind][value.param].type == value.type
        assert value != Value(value.param, value.type)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", at(2024, 1, 1), at(2025, 1, 1)),
        ("2024-12", at(2024, 12, 1), at(2025, 1, 1)),
        ("2024-02", at(2024, 2, 1), at(2024, 3, 1)),
        ("2024-02-29", at(2024, 2, 29), at(2024, 3, 1)),
        ("2024-05-01T10:00:00+02:00", at(2024, 5, 1, 8), at(2024, 5, 1, 8, 0, 1)),
        ("2024-05-01T10:00:00.250Z", at(2024, 5, 1, 10, 0, 0, 250_000), at(2024, 5, 1, 10, 0, 0, 251_000)),
        ("2016-12-31T23:59:60Z", at(2016, 12, 31, 23, 59, 59), at(2017, 1, 1)),
        (None, None, None),
    ],
)
def test_a_date_is_as_wide_as_it_was_written(text: str, start: datetime, end: datetime) -> None:
    assert stretch(text) == (start, end)
