"""`_summary` and `_elements` leave in what R4 marks as such: the examples are read off HL7's pages."""

import msgspec
import pytest

from teleward.records.api.shrinking import shrunk
from teleward.records.fhir.r4.every import TYPES
from teleward.records.fhir.r4.summary import NEEDED, SUMMARY

WHOLE = {
    "resourceType": "Observation",
    "id": "a",
    "meta": {"versionId": "1"},
    "implicitRules": "http://example.org",
    "text": {"status": "generated", "div": "<div>x</div>"},
    "status": "final",
    "_status": {"id": "x"},
    "code": {"text": "x"},
    "valueQuantity": {"value": 1},
    "method": {"text": "x"},
    "note": [{"text": "x"}],
    "component": [{"code": {"text": "x"}}],
}
NEEDS = {"resourceType", "id", "meta", "implicitRules", "status", "_status", "code"}


@pytest.mark.parametrize(
    ("summary", "elements", "left"),
    [
        ("true", "", NEEDS | {"valueQuantity", "component"}),
        ("text", "", NEEDS | {"text"}),
        ("data", "", set(WHOLE) - {"text"}),
        ("", "note,value", NEEDS | {"note", "valueQuantity"}),
        ("", "nothing", NEEDS),
        ("false", "", set(WHOLE)),
    ],
)
def test_what_stays_is_what_was_asked_for_and_what_is_needed(
    summary: str, elements: str, left: set[str]
) -> None:
    wanted = frozenset(filter(None, elements.split(",")))
    body = shrunk(msgspec.json.encode(WHOLE), kind="Observation", summary=summary, elements=wanted)
    assert set(msgspec.json.decode(body)) == left


def test_every_type_knows_its_summary() -> None:
    assert SUMMARY.keys() == NEEDED.keys() == TYPES.keys()
    assert "value[x]" in SUMMARY["Observation"].split()
    assert "name" in SUMMARY["Patient"].split()
    assert "photo" not in SUMMARY["Patient"].split()
