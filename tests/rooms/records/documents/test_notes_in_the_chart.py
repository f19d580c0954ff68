"""A visit's note in the chart is a document, and found there only by those who may read notes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from stage.papers import pdf
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Person, Standing
from teleward.access.operations.people import system_grant
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.operations.directory import project_patient
from teleward.records.operations.documents import keep_document
from teleward.records.operations.facts import Attendance, NoteFacts
from teleward.records.operations.notes import project_note

SignIn = Callable[[Person], Client]


def note_in_the_chart(stage: Stage) -> UUID:
    """The note of a visit beside a document; the second physician has an alert of the patient's device."""
    visit, own = stage.visit(), stage.patient.id
    keep_document(
        grant=stage.of_patient(Action.RECORD_WRITE), patient=own, title="Augenklinik", content=pdf()
    )
    project_patient(patient=own)
    about, author = (
        visit_subject(visit=visit.id),
        Attendance(role="clinician", name="J", person=stage.doctor.id),
    )
    facts = NoteFacts(
        id=new_id(), encounter=visit.id, author=author, written_at=now(), began_at=now(), text="Panikattacken"
    )
    writing = system_grant(action=Action.RECORD_WRITE, organisation=stage.practice.id, subject=about)
    project_note(grant=writing, facts=facts)
    Standing.objects.create(
        kind="alert",
        source=new_id(),
        organisation=stage.practice,
        patient_id=own,
        staff=stage.second,
        starts_at=now(),
        ends_at=now() + timedelta(days=1),
    )
    return facts.id


@pytest.mark.parametrize("reads_notes", [True, False], ids=["host", "alert"])
def test_who_reads_no_notes_finds_documents_and_no_note(
    stage: Stage, signed_in: SignIn, reads_notes: bool
) -> None:
    note, own = note_in_the_chart(stage), stage.patient.id
    browser = signed_in(stage.doctor if reads_notes else stage.second)
    for address in (f"/records/documents/{own}/", f"/patients/{own}/timeline/?kind=documents"):
        page = browser.get(address).content.decode()
        assert "Augenklinik" in page
        assert ("Note on the consultation" in page or "Notiz" in page) is reads_notes, address
    for more in ("", "content/"):
        answer = browser.get(f"/records/documents/{own}/{note}/{more}")
        assert answer.status_code == (200 if reads_notes else 404)
