"""What is left of a resource where patients read roles."""

import json
from collections.abc import Iterator

import pytest
from django.utils import translation

from teleward.access.queries.naming import Naming
from teleward.kernel.ids import new_id
from teleward.records.queries.naming import as_told, body_as_told

WHO = new_id()
CALLED = Naming(with_names=False, practice="Praxis Lindenhof", roles={WHO: ("administrator", "physician")})
NOBODY = {"reference": "Practitioner/of-elsewhere", "display": "Dr. Jana Novák"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def ways_to_refer() -> list[dict[str, str]]:
    kinds = (
        f"Practitioner/{WHO}",
        f"https://praxis.example/fhir/Practitioner/{WHO}",
        f"PractitionerRole/{WHO}",
    )
    return [{"reference": way, "display": "Dr. Jana Novák"} for way in kinds]


def test_wherever_somebody_is_referred_to_their_role_stands() -> None:
    encounter = {"resourceType": "Encounter", "deep": [{"who": each} for each in ways_to_refer()]}
    told = [each["who"] for each in as_told(resource=encounter, called=CALLED)["deep"]]
    assert {each["display"] for each in told} == {"Praxis Lindenhof (Doctor)"}
    assert [each["reference"] for each in told] == [each["reference"] for each in ways_to_refer()]
    by_type = [{"type": "Practitioner", "display": "Dr. Jana Novák"}, {**NOBODY, "reference": "#p"}]
    by_type[1]["type"] = "PractitionerRole"
    for nobody in (NOBODY, *by_type):
        assert as_told(resource={"who": nobody}, called=CALLED)["who"]["display"] == "Praxis Lindenhof"


@pytest.mark.parametrize("number", ["1.50", "9e999999", "123456789012345678901234567890.10"])
def test_every_digit_of_a_number_is_told(number: str) -> None:
    body = f'{{"resourceType":"Observation","valueQuantity":{{"value":{number}}}}}'.encode()
    assert body_as_told(body=body, called=CALLED) == body.replace(b"9e9", b"9E+9")


def test_a_practitioner_is_their_role_also_inside_another_resource_and_no_narrative_names_them() -> None:
    own = {"resourceType": "Practitioner", "id": str(WHO), "active": True, "birthDate": "1970-01-01"}
    own |= {"name": [{"family": "Novák"}], "telecom": [{"value": "novak@example.org"}]}
    outer = {"resourceType": "Task", "text": {"div": "<div>Novák</div>"}, "contained": [own]}
    told = as_told(resource=outer, called=CALLED)
    assert told["contained"] == [
        {
            "resourceType": "Practitioner",
            "id": str(WHO),
            "active": True,
            "name": [{"text": "Praxis Lindenhof (Doctor)"}],
        }
    ]
    assert "Nov" not in json.dumps(told)


def test_patients_and_relatives_keep_their_names_and_where_names_are_shown_nothing_changes() -> None:
    patient = {"resourceType": "Patient", "name": [{"family": "Demir"}], "managing": {"display": "Praxis"}}
    assert as_told(resource=patient, called=CALLED) == patient
    body = json.dumps({"resourceType": "Task", "owner": ways_to_refer()[0], "text": {"div": ""}}).encode()
    assert body_as_told(body=body, called=Naming()) == body
    assert body_as_told(body=b"", called=CALLED) == b""
