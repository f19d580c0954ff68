"""Slices are told apart by value, pattern, type and existence, as a StructureDefinition says."""

from typing import Any

import pytest

from teleward.records.fhir.profiles import checking
from teleward.records.fhir.profiles.shape import from_definition

Json = Any
URL = "http://example.org/profile"


def asks(kind: str, *elements: Json, codes: dict[str, tuple[str, ...]] | None = None) -> Json:
    """A StructureDefinition with these elements."""
    differential = {"element": [{"id": kind}, *elements]}
    return from_definition(
        {"url": URL, "type": kind, "baseDefinition": "", "differential": differential}, codes or {}
    )


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says the places that a body breaks a profile at; the quick way has to agree."""

    def held(profile: Json, body: Json) -> list[str]:
        monkeypatch.setattr(checking, "PROFILES", {URL: profile})
        checking._tree.cache_clear()
        checking._test.cache_clear()
        found = [issue.expression for issue in checking.against(URL, body)]
        assert checking.conforms(URL, body) is (found == [])
        return found

    yield held
    checking._tree.cache_clear()
    checking._test.cache_clear()


def sliced(path: str, kind: str, by: str, *, rules: str = "open") -> Json:
    return {"id": path, "slicing": {"discriminator": [{"type": kind, "path": by}], "rules": rules}}


def test_a_slice_by_existence_has_what_the_others_lack(hold: Any) -> None:
    profile = asks(
        "Patient",
        sliced("Patient.identifier", "exists", "period"),
        {"id": "Patient.identifier:now", "min": 1, "max": "1"},
        {"id": "Patient.identifier:now.period", "max": "0"},
        {"id": "Patient.identifier:past", "max": "1"},
        {"id": "Patient.identifier:past.period", "min": 1},
    )
    now, past = {"value": "a"}, {"value": "b", "period": {"end": "2020"}}
    assert hold(profile, {"resourceType": "Patient", "identifier": [now, past]}) == []
    assert hold(profile, {"resourceType": "Patient", "identifier": [past]}) == ["Patient.identifier"]
    assert hold(profile, {"resourceType": "Patient", "identifier": [now, past, past]}) == [
        "Patient.identifier"
    ]


def test_a_slice_by_type_is_asked_only_of_that_type(hold: Any) -> None:
    profile = asks(
        "Observation",
        sliced("Observation.value[x]", "type", "$this"),
        {"id": "Observation.value[x]:valueQuantity", "max": "1"},
        {"id": "Observation.value[x]:valueQuantity.unit", "min": 1},
    )
    assert hold(profile, {"resourceType": "Observation", "valueString": "x"}) == []
    assert hold(profile, {"resourceType": "Observation", "valueQuantity": {"value": 1, "unit": "kg"}}) == []
    assert hold(profile, {"resourceType": "Observation", "valueQuantity": {"value": 1}}) == [
        "Observation.value.unit"
    ]


def test_a_closed_slicing_lets_nothing_else_in(hold: Any) -> None:
    profile = asks(
        "Patient",
        sliced("Patient.identifier", "value", "system", rules="closed"),
        {"id": "Patient.identifier:ours", "min": 1, "max": "*"},
        {"id": "Patient.identifier:ours.system", "min": 1, "fixedUri": "urn:a"},
    )
    ours, other = {"system": "urn:a", "value": "1"}, {"system": "urn:b", "value": "2"}
    assert hold(profile, {"resourceType": "Patient", "identifier": [ours, ours]}) == []
    assert hold(profile, {"resourceType": "Patient", "identifier": [ours, other]}) == [
        "Patient.identifier[1]"
    ]


def test_codes_of_a_required_binding_are_asked_and_those_of_others_are_not(hold: Any) -> None:
    units = {"urn:units": ("kg", "g")}
    required = {"strength": "required", "valueSet": "urn:units|1"}
    example = {"strength": "example", "valueSet": "urn:units"}
    body = {"resourceType": "Observation", "valueQuantity": {"value": 1, "code": "mm"}}
    for binding, found in ((required, ["Observation.value.code"]), (example, [])):
        element = {"id": "Observation.valueQuantity.code", "binding": binding}
        assert hold(asks("Observation", element, codes=units), body) == found
