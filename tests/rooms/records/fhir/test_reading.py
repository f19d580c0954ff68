"""FHIR is read strictly: official examples come through whole; each error is told with its place."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from teleward.records.fhir.r4.coded import CodeableConcept, Coding
from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.r4.observation import Observation
from teleward.records.fhir.r4.quantities import Quantity
from teleward.records.fhir.reading import Invalid, read, write

EXAMPLES = sorted(Path(__file__).parents[3].joinpath("vectors", "fhir").glob("*.json"))
Json = dict[str, Any]
Spoil = Callable[[Json], object]


def with_digits(body: bytes) -> Any:
    """JSON in which 1.50 and 1.5 differ."""
    return json.loads(body, parse_float=lambda text: ("number", Decimal(text).as_tuple()))


def kind_of(path: Path) -> str:
    return path.name.split("-")[0]


@pytest.fixture
def pressure() -> Json:
    (path,) = (path for path in EXAMPLES if path.name == "Observation-blood-pressure.json")
    found: Json = json.loads(path.read_bytes())
    return found


def issues(kind: str, body: bytes) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        read(kind, body)
    return {(issue.code, issue.expression) for issue in caught.value.issues}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_official_example_is_read_and_written_without_loss(path: Path) -> None:
    body = path.read_bytes()
    assert with_digits(write(read(kind_of(path), body))) == with_digits(body)


def test_every_type_has_an_official_example_where_hl7_has_a_valid_one() -> None:
    assert TYPES.keys() - {kind_of(path) for path in EXAMPLES} == {"DeviceMetric", "Parameters"}


def test_numbers_keep_every_digit() -> None:
    start = b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":'
    for number in (b"1.50", b"0.00", b"1E+2", b"-3.1400000000000000001", b"12345678901234567890.10", b"7"):
        body = start + number + b"}}"
        assert write(read("Observation", body)) == body


PATIENT = {"resourceType": "Patient", "id": "b"}
WRONG: dict[str, tuple[Spoil, set[tuple[str, str]]]] = {
    "unknown element": (lambda r: r.update(colour="red"), {("structure", "Observation.colour")}),
    "unknown element deep inside": (
        lambda r: r["component"][1]["code"]["coding"][0].update(colour="red"),
        {("structure", "Observation.component[1].code.coding[0].colour")},
    ),
    "a required element is missing": (lambda r: r.pop("status"), {("required", "Observation.status")}),
    "a required element of a part is missing": (
        lambda r: r["component"][1].pop("code"),
        {("required", "Observation.component[1].code")},
    ),
    "a code outside its list": (lambda r: r.update(status="bogus"), {("code-invalid", "Observation.status")}),
    "a list where one is allowed": (
        lambda r: r.update(code=[r["code"]]),
        {("structure", "Observation.code")},
    ),
    "one where a list is expected": (
        lambda r: r.update(category=r["category"][0]),
        {("structure", "Observation.category")},
    ),
    "an empty list": (lambda r: r.update(category=[]), {("structure", "Observation.category")}),
    "an empty object": (lambda r: r.update(bodySite={}), {("structure", "Observation.bodySite")}),
    "an empty text": (lambda r: r["code"].update(text=""), {("value", "Observation.code.text")}),
    "null": (lambda r: r.update(issued=None), {("structure", "Observation.issued")}),
    "two values": (
        lambda r: r.update(valueString="a", valueBoolean=True),
        {("structure", "Observation.value")},
    ),
    "a day that does not exist": (
        lambda r: r.update(effectiveDateTime="2023-02-29"),
        {("value", "Observation.effective")},
    ),
    "a time without zone": (
        lambda r: r.update(issued="2023-02-28T10:00:00"),
        {("value", "Observation.issued")},
    ),
    "an id with a space": (lambda r: r.update(id="a b"), {("value", "Observation.id")}),
    "an id of 65 letters": (lambda r: r.update(id="a" * 65), {("value", "Observation.id")}),
    "a code with two spaces": (
        lambda r: r["code"]["coding"][0].update(code="85354  9"),
        {("value", "Observation.code.coding[0].code")},
    ),
    "an address with a space": (
        lambda r: r["code"]["coding"][0].update(system="http://loinc.org "),
        {("value", "Observation.code.coding[0].system")},
    ),
    "a number in quotes": (
        lambda r: r["component"][0]["valueQuantity"].update(value="107"),
        {("value", "Observation.component[0].value.value")},
    ),
    "a text instead of an object": (
        lambda r: r.update(subject="Patient/1"),
        {("structure", "Observation.subject")},
    ),
    "a reference that leads nowhere": (
        lambda r: r["subject"].update(reference="patient one"),
        {("value", "Observation.subject.reference")},
    ),
    "a reference to the wrong type": (
        lambda r: r["subject"].update(reference="Appointment/1"),
        {("value", "Observation.subject.reference")},
    ),
    "an extension without value": (
        lambda r: r.update(extension=[{"url": "http://example.org/x"}]),
        {("invariant", "Observation.extension[0]")},
    ),
    "a value of an extension that is wrong inside": (
        lambda r: r.update(
            extension=[{"url": "http://example.org/x", "valuePeriod": {"start": "yesterday"}}]
        ),
        {("value", "Observation.extension[0].value.start")},
    ),
    "a narrative that does something": (
        lambda r: r["text"].update(div='<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>'),
        {("invariant", "Observation.text.div")},
    ),
    "a contained resource of no type": (
        lambda r: r.update(contained=[{"id": "a"}]),
        {("required", "Observation.contained[0].resourceType")},
    ),
    "a contained resource that is wrong": (
        lambda r: r.update(contained=[{"resourceType": "Patient", "id": "a", "gender": "unsaid"}]),
        {("code-invalid", "Observation.contained[0].gender")},
    ),
    "a contained resource without id": (
        lambda r: r.update(contained=[{"resourceType": "Patient"}]),
        {("required", "Observation.contained[0].id")},
    ),
    "a contained resource that contains": (
        lambda r: r.update(contained=[{"resourceType": "Patient", "id": "a", "contained": [PATIENT]}]),
        {("invariant", "Observation.contained[0].contained")},
    ),
    "a reference to what is not contained": (
        lambda r: r["performer"][0].update(reference="#nobody"),
        {("invariant", "Observation.performer[0].reference")},
    ),
    "another type": (lambda r: r.update(resourceType="Patient"), {("structure", "Observation.resourceType")}),
    "no type": (lambda r: r.pop("resourceType"), {("required", "Observation.resourceType")}),
    "many at once": (
        lambda r: (r.update(status="bogus", issued="now"), r.pop("code")),
        {
            ("code-invalid", "Observation.status"),
            ("value", "Observation.issued"),
            ("required", "Observation.code"),
        },
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_its_place(what: str, pressure: Json) -> None:
    spoil, expected = WRONG[what]
    spoil(pressure)
    assert issues("Observation", json.dumps(pressure).encode()) == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", b'{"resourceType":NaN}', b"null", b'"x"', b"[" * 100_000, b"<Patient/>"],
)
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    assert issues("Patient", body) <= {("structure", "Patient")}


def test_a_number_that_cannot_be_held_is_refused() -> None:
    body = b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":%s}}'
    assert issues("Observation", body % b"1e1000000000000000000") == {("structure", "Observation")}


def test_a_key_given_twice_is_refused() -> None:
    body = b'{"resourceType":"Patient","active":true,"active":false}'
    assert issues("Patient", body) == {("structure", "Patient")}


def test_spaces_in_the_place_of_what_is_missing_hide_nothing() -> None:
    for spaces in range(40):
        assert issues("Patient", b'{"active":' + b" " * spaces + b"true}") == {
            ("required", "Patient.resourceType")
        }


def test_a_type_that_is_not_there_is_refused() -> None:
    assert issues("Dragon", b"{}") == {("not-supported", "Dragon")}


def test_primitives_carry_extensions_and_lists_may_have_gaps_for_them() -> None:
    body = (
        b'{"resourceType":"Patient","name":[{"given":["Ada",null],"_given":[null,{"id":"x"}]}],'
        b'"_birthDate":{"extension":[{"url":"http://example.org/x","valueString":"unknown"}]}}'
    )
    assert with_digits(write(read("Patient", body))) == with_digits(body)


def test_a_gap_in_a_list_needs_an_extension_there() -> None:
    body = b'{"resourceType":"Patient","name":[{"given":["Ada",null]}]}'
    assert issues("Patient", body) == {("structure", "Patient.name[0].given[1]")}


def test_a_concept_of_a_required_list_has_one_of_its_codes() -> None:
    condition = {"subject": {"reference": "Patient/1"}, "clinicalStatus": {"text": "going on"}}
    body = json.dumps({"resourceType": "Condition", **condition}).encode()
    assert issues("Condition", body) == {("code-invalid", "Condition.clinicalStatus")}


def test_a_struct_made_in_python_obeys_the_same_rules() -> None:
    code = CodeableConcept(coding=(Coding(system="http://loinc.org", code="8867-4"),))
    with pytest.raises(ValueError, match="one type only"):
        Observation(status="final", code=code, value_string="x", value_quantity=Quantity(value=Decimal(60)))
