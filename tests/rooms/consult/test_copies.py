"""What leaves the page, on paper or as a file, is asked for by itself and told to the patient as such."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.test import Client
from fakes.members import listening
from stage.visits import HERE, Stage

from teleward.access.grants import Action, Refused, Subject, authorise
from teleward.access.models import Person
from teleward.consult.operations.notes import save_note
from teleward.consult.queries import copies
from teleward.consult.queries.copies import record_as_bundle

SignIn = Callable[[Person], Client]


@pytest.fixture
def noted(stage: Stage) -> Stage:
    visit = stage.visit()
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Knee, <b>left</b>", after=0)
    return stage


def of_patient(stage: Stage) -> Subject:
    own = stage.patient.id
    return Subject(kind="Patient", id=own, organisation=stage.practice.id, patient=own)


def test_notes_to_print_say_whose_they_are_and_who_printed_them(noted: Stage, signed_in: SignIn) -> None:
    page = signed_in(noted.doctor).get(f"/patients/{noted.patient.id}/print/").content.decode()
    assert all(words in page for words in ("Ayşe Demir", "3 May 1979", "Printed by", "Dr. Jana Novák"))
    assert "Knee, &lt;b&gt;left&lt;/b&gt;" in page


def test_printing_is_told_as_printing(
    noted: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    signed_in(noted.doctor).get(f"/patients/{noted.patient.id}/print/")
    told = [(entry.action, entry.outcome, entry.patient) for entry in heard]
    assert told == [("records:resource:print", "allow", noted.patient.id)]


@pytest.mark.parametrize("who", ["second", "desk"])
def test_nobody_prints_without_an_appointment(noted: Stage, signed_in: SignIn, who: str) -> None:
    answer = signed_in(getattr(noted, who)).get(f"/patients/{noted.patient.id}/print/")
    assert answer.status_code == 403
    assert "Knee" not in answer.content.decode()


def test_a_browser_that_nobody_looks_after_gets_no_file(
    noted: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    answer = signed_in(noted.doctor).post(f"/patients/{noted.patient.id}/export/")
    assert answer.status_code == 403
    assert [(entry.action, entry.outcome) for entry in heard] == [("records:resource:export", "deny")]


def test_the_file_holds_the_record_and_the_notes_in_fhir(noted: Stage) -> None:
    actor = replace(noted.actor(noted.doctor), managed=True)
    asked = {"actor": actor, "subject": of_patient(noted), "circumstances": HERE}
    bundle = json.loads(record_as_bundle(grant=authorise(action=Action.RECORD_EXPORT, **asked)))
    found = [entry["resource"] for entry in bundle["entry"]]
    note = next(each for each in found if each["resourceType"] == "DocumentReference")
    assert bundle["resourceType"] == "Bundle"
    assert base64.b64decode(note["content"][0]["attachment"]["data"]).decode() == "Knee, <b>left</b>"
    with pytest.raises(Refused):
        authorise(action=Action.RECORD_EXPORT, **asked | {"actor": noted.actor(noted.doctor)})


def test_the_file_has_every_digit_of_a_number_however_large(
    noted: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"resourceType":"Observation","component":[{"value":1.50},{"value":9e999999}]}'
    monkeypatch.setattr(copies, "whole", lambda **_asked: [SimpleNamespace(body=body)])
    asked = {"actor": replace(noted.actor(noted.doctor), managed=True), "subject": of_patient(noted)}
    made = record_as_bundle(grant=authorise(action=Action.RECORD_EXPORT, circumstances=HERE, **asked))
    assert b'"value": 1.50' in made
    assert b'"value": 9e999999' in made


def test_a_search_is_told_by_its_length_and_its_hits_and_never_by_its_words(
    noted: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    signed_in(noted.desk).post("/patients/", {"q": "Demir"})
    told = [entry for entry in heard if entry.outcome == "done"]
    assert [entry.detail for entry in told] == [{"typed": 5, "found": 1}]
    assert not any("Demir" in str(entry) for entry in heard)
