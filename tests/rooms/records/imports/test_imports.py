"""Records of another system: read strictly, kept by number alone, told line by line, however often."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fakes.members import listening
from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st
from stage.bringing import PATIENT, STRANGER, admin, allergy, bring, bundle, chart, counts, left, ndjson
from stage.visits import Stage, person

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.records.fhir.reading import read
from teleward.records.imports.outcomes import Outcome, Reason
from teleward.records.imports.problems import (
    BundleOfOtherKind,
    ImportEmpty,
    ImportRefused,
    ImportTooLarge,
    SourceMissing,
)
from teleward.records.imports.reading import items_of
from teleward.records.models import Import, Resource
from teleward.records.operations.imports import bring_import, carry_out, forget_imports
from teleward.records.queries.resources import newest

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize("make", [ndjson, bundle], ids=["ndjson", "bundle"])
def test_what_another_system_holds_goes_to_the_patient_with_the_same_number(
    numbered: Stage, make: Callable[..., bytes]
) -> None:
    brought = bring(numbered, make(PATIENT, allergy(), allergy("a2", note=[{"text": "seit 2019"}])))
    assert counts(numbered, brought) == {Outcome.KEPT: 2, Outcome.LEFT: 1}
    found = chart(numbered, "AllergyIntolerance")
    assert {each["patient"]["reference"] for each in found} == {f"Patient/{numbered.patient.id}"}
    for each in found:
        read("AllergyIntolerance", json.dumps(each).encode())


def test_brought_again_nothing_is_kept_twice_and_a_change_is_a_version(numbered: Stage) -> None:
    bring(numbered, ndjson(PATIENT, allergy()))
    again = bring(numbered, ndjson(PATIENT, allergy()))
    assert counts(numbered, again) == {Outcome.SAME: 1, Outcome.LEFT: 1}
    changed = bring(numbered, ndjson(PATIENT, allergy(code={"text": "Amoxicillin"})))
    assert counts(numbered, changed) == {Outcome.KEPT: 1, Outcome.LEFT: 1}
    assert sorted(Resource.objects.filter(type="AllergyIntolerance").values_list("version", flat=True)) == [
        1,
        2,
    ]
    bring(numbered, ndjson(PATIENT, allergy()), source="Another")
    assert len(chart(numbered, "AllergyIntolerance")) == 2


def test_whom_nobody_here_has_the_number_of_waits_whatever_the_name(numbered: Stage) -> None:
    twin = {**STRANGER, "name": [{"family": "Demir", "given": ["Ayşe"]}], "birthDate": "1979-05-03"}
    brought = bring(numbered, ndjson(twin, allergy(patient="Patient/p2")))
    told = [(line.outcome, line.reason) for line in left(numbered, brought)]
    assert told == [(Outcome.WAITS, Reason.NO_PATIENT)] * 2
    assert chart(numbered, "AllergyIntolerance") == []


def test_what_is_wrong_is_told_with_its_place_and_without_its_words(numbered: Stage) -> None:
    brought = bring(
        numbered, ndjson(PATIENT, allergy(criticality="Knieschmerz"), {"resourceType": "Nonsense"})
    )
    wrong, unknown = left(numbered, brought)[1:]
    assert (wrong.outcome, wrong.reason) == (Outcome.REFUSED, Reason.INVALID)
    assert wrong.issues == (("AllergyIntolerance.criticality", "code-invalid"),)
    assert "Knieschmerz" not in str(left(numbered, brought))
    assert (unknown.outcome, unknown.number) == (Outcome.LEFT, 3)


def test_what_is_not_for_the_chart_is_left_out_with_its_reason(numbered: Stage) -> None:
    others = (
        {"resourceType": "Encounter", "id": "e"},
        {"resourceType": "Location", "id": "l", "name": "Haus 3"},
        {"resourceType": "Goal", "id": "g", "subject": {"reference": "Patient/p1"}},
    )
    told = [line.reason for line in left(numbered, bring(numbered, ndjson(PATIENT, *others)))[1:]]
    assert told == [Reason.OURS, Reason.NOBODYS, Reason.UNKNOWN_TYPE]


def test_a_transaction_removes_nothing(numbered: Stage) -> None:
    entry = {"request": {"method": "DELETE", "url": "AllergyIntolerance/1"}, "resource": allergy()}
    content = {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": PATIENT}, entry]}
    assert left(numbered, bring(numbered, json.dumps(content).encode()))[1].reason == Reason.REMOVAL


def test_what_points_to_something_in_the_file_points_to_it_here_and_else_by_name(numbered: Stage) -> None:
    condition = {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}}
    medicine = {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Ibuprofen"},
        "reasonReference": [{"reference": "Condition/c1"}, {"reference": "Condition/c9", "display": "alt"}],
    }
    bring(numbered, ndjson(medicine, condition, PATIENT))
    (here,) = chart(numbered, "Condition")
    (found,) = chart(numbered, "MedicationStatement")
    inside, outside = found["reasonReference"]
    assert inside["reference"] == f"Condition/{here['id']}"
    assert (outside["display"], outside["identifier"]["value"]) == ("alt", "Praxis Meier Condition/c9")
    assert "reference" not in outside


def test_a_document_brings_its_bytes_along(numbered: Stage) -> None:
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "application/pdf", "data": "JVBERi0="}
    document = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"contentType": "application/pdf", "url": "Binary/b1"}}],
    }
    brought = bring(numbered, ndjson(PATIENT, binary, document))
    assert counts(numbered, brought)[Outcome.KEPT] == 2
    (kept,) = chart(numbered, "Binary")
    (pointer,) = chart(numbered, "DocumentReference")
    assert pointer["content"][0]["attachment"]["url"] == f"Binary/{kept['id']}"


def test_every_digit_is_kept(numbered: Stage) -> None:
    value = '"valueQuantity":{"value":6.10,"unit":"mmol/L"}'
    observation = (
        '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Glukose"},'
        f'"subject":{{"reference":"Patient/p1"}},{value}}}'
    )
    bring(numbered, ndjson(PATIENT) + b"\n" + observation.encode())
    (version,) = newest(grant=numbered.of_patient(Action.RECORD_READ), kind="Observation")
    assert value.encode() in version.body


def test_broken_off_it_goes_on_where_it_was(numbered: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teleward.records.operations.imports.PIECE", 2)
    content = ndjson(PATIENT, *(allergy(f"a{number}") for number in range(4)))
    brought = bring_import(grant=admin(numbered), content=content, source="Praxis Meier")
    with monkeypatch.context() as broken:
        broken.setattr("teleward.records.operations.imports._finish", lambda *_a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_out(brought=brought)
    carry_out(brought=brought)
    carry_out(brought=brought)
    assert counts(numbered, brought) == {Outcome.KEPT: 4, Outcome.LEFT: 1}
    assert Resource.objects.filter(type="AllergyIntolerance").count() == 4


def test_the_file_is_sealed_and_then_gone_and_the_report_after_a_month(
    numbered: Stage, moved_clock: Callable[[timedelta], None]
) -> None:
    brought = bring_import(grant=admin(numbered), content=ndjson(PATIENT, allergy()), source="Praxis Meier")
    assert b"Penicillin" not in bytes(Import.objects.get(id=brought).file)
    carry_out(brought=brought)
    assert bytes(Import.objects.get(id=brought).file) == b""
    moved_clock(timedelta(days=29))
    forget_imports()
    assert Import.objects.exists()
    moved_clock(timedelta(days=2))
    forget_imports()
    assert not Import.objects.exists()


def test_the_ledger_has_who_brought_it_and_each_resource(
    numbered: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    brought = bring(numbered, ndjson(PATIENT, allergy()))
    (asked,) = [entry for entry in heard if entry.patient == numbered.patient.id and entry.outcome == "allow"]
    assert (asked.action, asked.detail["import"]) == ("records:resource:write", str(brought))
    assert UUID(str(asked.detail["brought_by"]))
    assert not any("Penicillin" in str(entry) for entry in heard)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ImportEmpty),
        (b"<Bundle/>", ImportRefused),
        (b"[1, 2]", ImportRefused),
        (b'{"resourceType": 1e1000000000000000000}', ImportRefused),
        (bundle(kind="searchset"), BundleOfOtherKind),
        (bundle(), ImportEmpty),
        (b" " * (21 * 1024 * 1024), ImportTooLarge),
    ],
    ids=["empty", "xml", "list", "beyond", "searchset", "bare", "large"],
)
def test_what_is_no_file_of_records_is_refused(content: bytes, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        items_of(content)


def test_where_it_comes_from_has_to_be_said(numbered: Stage) -> None:
    with pytest.raises(SourceMissing):
        bring_import(grant=admin(numbered), content=ndjson(PATIENT), source="  ")


def test_from_the_file_to_the_report_in_a_browser(numbered: Stage, signed_in: SignIn) -> None:
    who = person(numbered.practice, "Eva Admin", "administrator")
    browser = signed_in(who)
    file = SimpleUploadedFile("export.ndjson", ndjson(PATIENT, allergy(), allergy("x", patient="Patient/p2")))
    place = browser.post("/imports/new/", {"source": "Praxis Meier", "file": file}).headers["Location"]
    waiting = browser.get(place).content.decode()
    assert "0 of 3 are through." in waiting
    assert "<progress" in waiting
    carry_out(brought=UUID(place.split("/")[2]))
    page = browser.get(place).content.decode()
    assert "Nobody whom you may be shown has a number of this patient." in page
    assert "Penicillin" not in page
    assert "Praxis Meier" in browser.get("/imports/").content.decode()


@pytest.mark.parametrize("who", ["doctor", "desk"])
def test_nobody_else_brings_a_file(numbered: Stage, signed_in: SignIn, who: str) -> None:
    browser = signed_in(getattr(numbered, who))
    assert {browser.get(path).status_code for path in ("/imports/", "/imports/new/")} == {403}


@properties(max_examples=30)
@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: b'{"type":1}\n' + text.encode()))
def test_whatever_comes_is_taken_apart_or_refused(content: bytes) -> None:
    try:
        items = items_of(content)
    except ImportRefused:
        return
    assert all(item.number >= 1 for item in items)
