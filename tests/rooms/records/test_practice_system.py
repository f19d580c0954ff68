"""The practice's own system, played by another practice whose chart is served: what goes there and back."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine
from django.db import transaction
from rooms.records.chart import Chart
from stage.deliveries import deliver_again, deliver_all
from stage.elsewhere import FILES, Elsewhere, elsewhere, numbered, patient_of
from stage.programs import holds
from stage.visits import tomorrow

from teleward.access.grants import Action, NotCovered
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.audit.queries import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import Visit
from teleward.consult.operations.endings import end
from teleward.consult.operations.moves import move_visit
from teleward.consult.operations.notes import save_note
from teleward.consult.states import VisitEvent
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id
from teleward.records.fhir.phrases import concept, reference
from teleward.records.fhir.r4.observation import Observation
from teleward.records.models import Attempt, Connection, Outgoing, Resource
from teleward.records.models import Elsewhere as Cached
from teleward.records.operations.sending import send_due
from teleward.records.operations.versions import keep
from teleward.records.queries.elsewhere import HeldElsewhere, summary
from teleward.records.queries.outgoing import stuck

SAME = "urn:ietf:rfc:3986"


@pytest.fixture(scope="module")
def there(chart: Chart) -> Elsewhere:
    chart.stage.visit_now()  # so that the doctor may look
    return elsewhere(chart.stage, f"{chart.url}/fhir")


@pytest.fixture
def their(chart: Chart, there: Elsewhere) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {holds(there.client)}"}
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=headers, timeout=60) as client:
        yield client


def put_in_line(there: Elsewhere, kind: str, logical_id: object) -> Outgoing:
    """The newest version of something, as the event would have it."""
    newest = Resource.objects.filter(type=kind, logical_id=logical_id).order_by("-version")[0]
    deliver_all(Event.RESOURCE_KEPT, resource=newest.id)
    return Outgoing.objects.get(
        connection=there.connection, type=kind, logical_id=logical_id, version=newest.version
    )


def sent(there: Elsewhere, row: Outgoing) -> Attempt:
    send_due(connection=there.connection)
    return row.attempts.order_by("-began_at")[0]


def booked(chart: Chart, there: Elsewhere, hour: int) -> tuple[VisitCard, Outgoing]:
    visit = chart.stage.visit(starts_at=tomorrow(hour))
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    return visit, put_in_line(there, "Appointment", visit.id)


def somebody_waits(visit: VisitCard) -> None:
    with transaction.atomic():
        move_visit(Visit.objects.get(id=visit.id), VisitEvent.ARRIVE)
    deliver_all(Event.VISIT_ARRIVED, visit=visit.id)


def named(their: httpx.Client, kind: str, identifier: object) -> list[dict[str, Any]]:
    """What has our identifier there."""
    form = {"identifier": f"{SAME}|urn:uuid:{identifier}"}
    bundle = their.post(f"/{kind}/_search", data=form).json()
    return [entry["resource"] for entry in bundle.get("entry", ())]


def look(chart: Chart) -> HeldElsewhere:
    patient = chart.stage.patient.id
    (held,) = summary(grant=chart.stage.of_patient(Action.RECORD_READ), patient=patient)
    return held


def texts(held: HeldElsewhere, section: str) -> list[str]:
    found = {each.name: each for each in held.sections}
    return [finding.text for finding in found[section].findings]


def test_what_was_kept_here_lies_there_with_the_patient_they_know(
    chart: Chart, there: Elsewhere, their: httpx.Client
) -> None:
    visit, row = booked(chart, there, 8)
    attempt = sent(there, row)
    assert (attempt.outcome, attempt.reason, attempt.said) == ("delivered", "", "")
    found = their.get(f"/{attempt.remote}").json()
    assert found["identifier"][0] == {"system": SAME, "value": f"urn:uuid:{visit.id}"}
    assert found["participant"][0]["actor"]["reference"] == f"Patient/{there.patient}"
    assert found["status"] == "booked"


def test_sent_twice_it_lies_there_once_and_a_change_changes_that(
    chart: Chart, there: Elsewhere, their: httpx.Client
) -> None:
    visit, row = booked(chart, there, 9)
    first = sent(there, row)
    Outgoing.objects.filter(id=row.id).update(due_at=now())  # as if the answer had been lost
    assert sent(there, row).remote == first.remote
    somebody_waits(visit)
    assert sent(there, put_in_line(there, "Appointment", visit.id)).remote == first.remote
    (only,) = named(their, "Appointment", visit.id)
    assert (only["status"], f"Appointment/{only['id']}") == ("arrived", first.remote)


def test_an_older_version_never_follows_a_newer_one(chart: Chart, there: Elsewhere) -> None:
    visit, older = booked(chart, there, 10)
    somebody_waits(visit)
    newer = put_in_line(there, "Appointment", visit.id)
    assert sent(there, newer).outcome == "delivered"
    assert older.attempts.get().outcome == "superseded"


def ended(chart: Chart, text: str) -> VisitCard:
    """A consultation that is over, with a note."""
    visit = chart.stage.visit_now()
    save_note(grant=chart.stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text=text, after=0)
    Visit.objects.filter(id=visit.id).update(state="in-call")
    end(
        grant=chart.stage.grant(Action.VISIT_END, visit),
        visit=visit.id,
        disposition="completed",
        follow_up_offered=False,
    )
    return visit


def test_a_note_arrives_as_text_and_as_a_paper_and_points_at_its_consultation_there(
    chart: Chart, there: Elsewhere, their: httpx.Client
) -> None:
    visit = ended(chart, "Meniskus links.\nKühlen, in einer Woche wieder.")
    deliver_all(Event.VISIT_ENDED, visit=visit.id)
    document = Resource.objects.filter(type="DocumentReference").order_by("-last_updated")[0]
    for kind, logical_id in (("Encounter", visit.id), ("DocumentReference", document.logical_id)):
        row = put_in_line(there, kind, logical_id)
    assert sent(there, row).outcome == "delivered"
    (encounter,), (note,) = named(their, "Encounter", visit.id), named(their, kind, document.logical_id)
    assert note["context"]["encounter"][0]["reference"] == f"Encounter/{encounter['id']}"
    assert note["subject"]["reference"] == f"Patient/{there.patient}"
    text, paper = (base64.b64decode(part["attachment"]["data"]) for part in note["content"])
    assert text.decode() == "Meniskus links.\nKühlen, in einer Woche wieder."
    assert paper.startswith(b"%PDF-")
    deliver_again(Event.VISIT_ENDED, visit=visit.id)
    assert Resource.objects.filter(logical_id=document.logical_id).count() == 1
    writing = chart.stage.grant(Action.NOTE_WRITE, visit)
    save_note(grant=writing, visit=visit.id, text="Meniskus links, im MRT bestätigt.", after=1)
    deliver_all(Event.NOTE_WRITTEN, visit=visit.id)
    assert Resource.objects.filter(logical_id=document.logical_id).count() == 2


def test_a_note_of_a_visit_that_is_kept_closer_stays_where_it_is(chart: Chart, there: Elsewhere) -> None:
    visit = ended(chart, "Vertraulich")
    Visit.objects.filter(id=visit.id).update(category="mental-health")
    before = Resource.objects.filter(type="DocumentReference").count()
    deliver_all(Event.VISIT_ENDED, visit=visit.id)
    assert Resource.objects.filter(type="DocumentReference").count() == before


def test_the_patient_reads_what_was_sent_where(chart: Chart, there: Elsewhere) -> None:
    _visit, row = booked(chart, there, 11)
    sent(there, row)
    facts = [entry.facts for entry in of_patient(patient=chart.stage.patient.id)][:4]
    told = [each for each in facts if each["action"] == "records:resource:send"]
    assert [each["outcome"] for each in told] == ["done", "allow"]
    assert told[1]["detail"]["system"] == "Praxissystem Nord"


def test_whom_they_do_not_know_by_a_number_is_not_sent_and_nobody_is_taken_for_them(
    chart: Chart, there: Elsewhere
) -> None:
    stranger = patient_of(chart.stage.practice, (FILES, "B"), given="Ada")
    row = put_in_line(there, "Observation", observed(stranger))
    assert (sent(there, row).outcome, row.attempts.get().reason) == ("refused", "patient-unknown")
    assert stuck(practice=chart.stage.practice.id).filter(id=row.id).exists()


def test_two_entries_there_with_the_number_are_nobody(chart: Chart, there: Elsewhere) -> None:
    twin = patient_of(chart.stage.practice, (FILES, "C"), given="Zwei")
    for given in ("Eins", "Noch"):
        patient_of(there.practice, (FILES, "C"), given=given)
    row = put_in_line(there, "Observation", observed(twin))
    assert (sent(there, row).outcome, row.attempts.get().reason) == ("refused", "patient-unclear")


def observed(patient: UUID) -> UUID:
    """An observation of this patient, kept by Teleward itself."""
    made, subject = new_id(), patient_subject(patient=patient)
    grant = system_grant(action=Action.RECORD_WRITE, organisation=None, subject=subject, via="job")
    pulse, whose = concept("http://loinc.org", "8867-4"), reference("Patient", patient)
    keep(grant=grant, resource=Observation(id=str(made), status="final", code=pulse, subject=whose))
    return made


def held_there(their: httpx.Client, patient: object, text: str, **changes: Any) -> None:
    body = {
        "resourceType": "Condition",
        "subject": {"reference": f"Patient/{patient}"},
        "code": {"text": text},
        "recordedDate": "2026-10-01",
    }
    answer = their.post("/Condition", json={**body, **changes})
    assert answer.status_code == 201, answer.text


def test_what_they_hold_is_shown_now_and_later_with_its_age(
    chart: Chart, there: Elsewhere, their: httpx.Client
) -> None:
    Cached.objects.all().delete()
    held_there(their, there.patient, "Meniskusriss")
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    over = {"clinicalStatus": {"coding": [{"system": system, "code": "resolved"}]}}
    held_there(their, there.patient, "Grippe", **over)
    seen = look(chart)
    assert (seen.system, seen.is_live, seen.problem) == ("Praxissystem Nord", True, "")
    assert texts(seen, "problems") == ["Meniskusriss"]
    Connection.objects.filter(id=there.connection).update(address=f"{chart.url}/nothing")
    try:
        with time_machine.travel(now() + timedelta(minutes=9), tick=False):
            later = look(chart)
    finally:
        Connection.objects.filter(id=there.connection).update(address=f"{chart.url}/fhir")
    assert (later.is_live, later.asked_at, bool(later.problem)) == (False, seen.asked_at, True)
    assert texts(later, "problems") == ["Meniskusriss"]


def test_what_they_hold_is_kept_sealed_and_each_look_stands_in_the_patients_list(
    chart: Chart, there: Elsewhere, their: httpx.Client
) -> None:
    Cached.objects.all().delete()
    held_there(their, there.patient, "Gonarthrose")
    look(chart)
    assert b"Gonarthrose" not in bytes(Cached.objects.get().body)
    entry = of_patient(patient=chart.stage.patient.id)[0].facts
    assert (entry["action"], entry["outcome"]) == ("records:elsewhere:read", "allow")
    assert entry["detail"]["system"] == "Praxissystem Nord"
    assert entry["actor_id"] == str(chart.stage.doctor.id)


def test_nobody_looks_without_a_grant_for_this_very_patient(chart: Chart, there: Elsewhere) -> None:
    with pytest.raises(NotCovered):
        summary(grant=chart.stage.of_patient(Action.RECORD_READ), patient=new_id())


def test_numbers_that_mean_two_people_there_are_nobody(chart: Chart, there: Elsewhere) -> None:
    """All numbers of ours have to mean one person there."""
    both = patient_of(chart.stage.practice, (FILES, "D"), given="Beide")
    numbered(both, (FILES, "E"))
    for number in ((FILES, "D"), (FILES, "E")):
        patient_of(there.practice, number, given="Eine")
    row = put_in_line(there, "Observation", observed(both))
    assert sent(there, row).reason == "patient-unclear"
