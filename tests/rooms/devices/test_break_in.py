"""Tried from inside and outside: what fails for one holds up nobody, what is erased is gone."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec
import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from stage.deliveries import deliver_all
from stage.visits import HERE, Stage

from teleward.access.grants import NOBODY, Action, authorise
from teleward.access.models import Person
from teleward.access.operations.passes import claim_pass
from teleward.access.operations.people import system_grant
from teleward.access.queries.passes import COOKIE
from teleward.access.queries.patients import patient_subject
from teleward.consult.operations.guests import show_link
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.devices.models import Alert, AlertNotice, DayInShort, MinuteSpent, Threshold
from teleward.devices.operations import alerts
from teleward.devices.operations.by_itself import grant_for_alert, grant_for_readings
from teleward.devices.operations.erasing import erase_readings
from teleward.devices.operations.telling import tell_first
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.readings import Waveform
from teleward.devices.tasks import look_after_alerts, look_for_what_did_not_come
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.envelope import destroy_key
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"


def alert(stage: Stage, code: str = SYSTOLIC) -> UUID:
    wanted = Wanted(code=code, high=Decimal(100), silent_days=1, why="New tablets")
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    said = [Said(code=code, value=Decimal(120), at=now())]
    (made,) = alerts.weigh(grant=grant_for_readings(patient=stage.patient.id), said=said)
    return made


def test_what_was_watched_goes_with_the_patient_and_the_practice_keeps_its_list(
    stage: Stage, signed_in: SignIn
) -> None:
    stage.visit_now()
    doctor = signed_in(stage.doctor)
    alert(stage)
    deliver_all(Event.ALERT_RAISED)
    about = replace(patient_subject(patient=stage.patient.id), kind="Erasure")
    erase_readings(
        grant=system_grant(action=Action.ERASURE_ANSWER, organisation=stage.practice.id, subject=about)
    )
    destroy_key(patient=stage.patient.id)
    left = [model.objects.count() for model in (Threshold, Alert, AlertNotice, DayInShort, MinuteSpent)]
    assert left == [0] * 5
    assert doctor.get("/devices/alerts/").status_code == 200
    look_for_what_did_not_come(0)


def test_an_address_that_takes_no_mail_keeps_word_from_nobody_else(
    noon: time_machine.Traveller,
    stage: Stage,
    settings: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]  # of Django's settings
    stage.visit_now()
    for made in (alert(stage), alert(stage, DIASTOLIC)):
        tell_first(grant=grant_for_alert(alert=made), alert=made)
    tried: list[EmailMessage] = []

    def first_fails(letter: EmailMessage) -> int:
        tried.append(letter)
        if len(tried) == 1:
            raise ConnectionRefusedError
        return 1

    monkeypatch.setattr(EmailMessage, "send", first_fails)
    with pytest.raises(ConnectionRefusedError):
        look_after_alerts(0)
    assert AlertNotice.objects.filter(done_at=None).count() == 1
    look_after_alerts(0)
    assert AlertNotice.objects.filter(done_at=None).count() == 0


def patients_browser(stage: Stage) -> Client:
    visit = stage.visit_now()
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    someone = guests(grant=inviting)[0].id
    token = show_link(grant=inviting, visit=visit.id, guest=someone).url.rstrip("/").rpartition("/")[2]
    claiming = authorise(
        actor=NOBODY, action=Action.VISIT_CLAIM, subject=visit_subject(visit=visit.id), circumstances=HERE
    )
    client = Client(raise_request_exception=False)
    client.cookies[COOKIE] = claim_pass(grant=claiming, token=token).cookie
    return client


BODIES = {"deep": b"[" * 100_000 + b"]" * 100_000, "no-text": b'"\xff"'}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_made_to_break_the_server_is_the_senders_fault(stage: Stage, what: str) -> None:
    ids = str(uuid4()).encode()
    body = b'{"sharing":"%s","pairing":"%s","readings":[%s]}' % (ids, ids, BODIES[what])
    answer = patients_browser(stage).post("/devices/keep/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("leads", [[], [[]], [[1], []], [[32_768]], [[10**30]]], ids=str)
def test_a_curve_that_no_chart_can_hold_is_not_taken(leads: list[list[int]]) -> None:
    said = {"hertz": 250, "factor": "0.001", "unit": "mV", "leads": leads}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(said, Waveform)


@pytest.mark.parametrize("given", ["1e-9999999", "1e9999999"])
def test_a_limit_of_a_million_digits_is_not_written_out(
    stage: Stage, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    stage.visit_now()
    told = {"loaded_for": str(stage.patient.id), "code": SYSTOLIC, "high": given, "why": "New tablets"}
    written: list[Decimal] = []
    monkeypatch.setattr("teleward.devices.views.limits._plain", written.append)
    answer = signed_in(stage.doctor).post(f"/devices/patients/{stage.patient.id}/limits/", told)
    assert (answer.status_code, written) == (422, [])
