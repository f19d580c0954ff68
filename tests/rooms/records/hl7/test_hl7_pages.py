"""The administrator's pages: systems are registered and ended, waiting messages are applied or put aside."""

from collections.abc import Callable

import pytest
from django.test import Client
from rooms.records.hl7.hl7_messages import admit, schedule
from stage.deliveries import deliver_all
from stage.visits import Stage, person

from teleward.access.grants import Action
from teleward.access.models import Patient
from teleward.access.operations.people import system_grant
from teleward.consult.models import Visit
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id
from teleward.records.hl7.framing import framed
from teleward.records.models import AppointmentRequest, Handling, Received, Sender
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.operations.hl7.settling import KEPT, WAITS, sweep
from teleward.records.queries.hl7.inbox import how_many_wait
from teleward.records.queries.hl7.senders import Peer

pytestmark = pytest.mark.usefixtures("when_said")
HERE = Peer(address="127.0.0.1")
FINGERPRINT = ":".join(["AB"] * 32)
HOUSE = {"application": "KIS", "facility": "HAUS", "known_by": "127.0.0.1"}
TYPED = {"name": "Hospital", "charset": "8859/1", **HOUSE}


@pytest.fixture
def admin(stage: Stage, signed_in: Callable[..., Client]) -> Client:
    return signed_in(person(stage.practice, "Ada Amt", "administrator"))


@pytest.fixture
def sender(admin: Client) -> Sender:
    admin.post("/records/senders/new/", TYPED)
    return Sender.objects.get()


def newest() -> str:
    return Handling.objects.latest("at", "id").outcome


def test_a_system_is_registered_by_its_address_or_its_fingerprint(admin: Client, sender: Sender) -> None:
    assert (sender.proof, sender.known_by, sender.charset) == ("address", "127.0.0.1", "8859/1")
    admin.post("/records/senders/new/", {**TYPED, "known_by": f"SHA256 Fingerprint={FINGERPRINT}"})
    assert Sender.objects.filter(proof="certificate", known_by="ab" * 32).exists()
    assert "ab" * 32 in admin.get(f"/records/senders/{Sender.objects.latest('made_at').id}/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"application": " "}, {"known_by": "somewhere"}, {"charset": "EBCDIC"}], ids=str
)
def test_what_is_missing_is_marked_and_what_was_typed_stays(admin: Client, wrong: dict[str, str]) -> None:
    answer = admin.post("/records/senders/new/", {**TYPED, **wrong})
    assert answer.status_code == 422
    assert "HAUS" in answer.content.decode()
    assert not Sender.objects.exists()


def test_what_another_practice_holds_cannot_be_registered(admin: Client) -> None:
    other = Sender.objects.create(organisation=new_id(), name="Theirs", proof="address", known_by="127.0.0.1")
    answer = admin.post("/records/senders/new/", TYPED)
    assert answer.status_code == 422
    assert "Theirs" not in answer.content.decode()
    assert Sender.objects.get() == other


def test_what_waits_goes_after_ninety_days(admin: Client, sender: Sender, stage: Stage) -> None:
    answer_to(peer=HERE, raw=schedule())
    assert newest() == "waiting"
    assert "90 days" in admin.get("/records/messages/").content.decode()
    taking = system_grant(action=Action.MESSAGE_TAKE, organisation=stage.practice.id)
    left = []
    for age in (KEPT * 2, WAITS * 2):
        Received.objects.update(received_at=now() - age)
        sweep(grant=taking)
        left.append(Received.objects.count())
    assert left == [1, 0]


def test_a_waiting_message_names_no_patient_and_is_applied_once_it_is_known_who_is_meant(
    admin: Client, sender: Sender, stage: Stage
) -> None:
    answer_to(peer=HERE, raw=schedule(doctor="999^Fremd^Kim"))
    page = admin.get("/records/messages/").content.decode()
    assert "Appointment booked" in page
    assert "“999”" in page
    assert "Müller" not in page
    assert "Kontrolle" not in page
    admin.post(f"/records/senders/{sender.id}/called/", {"called": "999", "person": stage.doctor.id})
    admin.post(f"/records/messages/{Received.objects.get().id}/again/")
    deliver_all(Event.APPOINTMENT_RECEIVED)
    assert Visit.objects.get().host == stage.doctor.id
    assert "No messages here" in admin.get("/records/messages/").content.decode()
    assert "applied" in admin.get("/records/messages/done/").content.decode()


def test_a_booking_that_was_not_possible_is_tried_again(admin: Client, sender: Sender, stage: Stage) -> None:
    admin.post(f"/records/senders/{sender.id}/called/", {"called": "123", "person": stage.doctor.id})
    answer_to(peer=HERE, raw=schedule("1"))
    answer_to(peer=HERE, raw=schedule("2", filler="F78"))
    first, second = AppointmentRequest.objects.order_by("received__received_at")
    deliver_all(Event.APPOINTMENT_RECEIVED, request=first.id)
    deliver_all(Event.APPOINTMENT_RECEIVED, request=second.id)
    assert newest() == "waiting"
    Visit.objects.update(state="cancelled")
    admin.post(f"/records/messages/{second.received_id}/again/")
    deliver_all(Event.APPOINTMENT_RECEIVED, request=second.id)
    assert newest() == "applied"
    assert Visit.objects.count() == 2


def test_a_message_is_put_aside_and_then_it_is_done(admin: Client, sender: Sender) -> None:
    answer_to(peer=HERE, raw=schedule())
    waiting = Received.objects.get()
    admin.post(f"/records/messages/{waiting.id}/aside/")
    waiting.refresh_from_db()
    assert (newest(), bytes(waiting.sealed)) == ("dropped", b"")
    assert admin.post(f"/records/messages/{waiting.id}/again/").status_code == 409


def test_the_text_of_what_was_applied_goes_and_of_nothing_else(sender: Sender) -> None:
    answer_to(peer=HERE, raw=schedule("1"))  # nobody has said yet who its doctor is here
    answer_to(peer=HERE, raw=admit("2"))
    waiting, applied = Received.objects.order_by("received_at")
    assert (bool(bytes(waiting.sealed)), bytes(applied.sealed)) == (True, b"")
    listing = system_grant(action=Action.APP_LIST, organisation=sender.organisation)
    assert how_many_wait(grant=listing) == 1


def test_of_an_ended_system_nothing_is_taken(admin: Client, sender: Sender) -> None:
    assert admin.post(f"/records/senders/{sender.id}/end/", {"why": " "}).status_code == 422
    admin.post(f"/records/senders/{sender.id}/end/", {"why": "replaced"})
    assert b"sender-unknown" in answer_to(peer=HERE, raw=admit())
    assert "replaced" in admin.get(f"/records/senders/{sender.id}/").content.decode()


def test_a_name_is_for_somebody_who_treats(admin: Client, sender: Sender, stage: Stage) -> None:
    place = f"/records/senders/{sender.id}/called/"
    assert admin.post(place, {"called": "1", "person": stage.desk.id}).status_code == 422
    assert admin.post(place, {"called": "1", "person": "nobody"}).status_code == 422
    assert admin.post(place, {"called": "", "person": stage.doctor.id}).status_code == 422
    admin.post(place, {"called": "1", "person": stage.doctor.id})
    known = sender.staff.get()
    admin.post(f"/records/senders/{sender.id}/called/{known.id}/removal/")
    assert not sender.staff.exists()


def test_the_server_applies_what_was_cut_off_and_forgets_what_is_old(
    stage: Stage, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut_off:
        cut_off.setattr("teleward.records.operations.hl7.intake.apply", lambda **_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer_to(peer=HERE, raw=admit())
    Received.objects.update(received_at=now() - KEPT / 2)
    taking = system_grant(action=Action.MESSAGE_TAKE, organisation=stage.practice.id)
    assert sweep(grant=taking).applied == 1
    assert Patient.objects.filter(family_name="Müller").exists()
    Received.objects.update(received_at=now() - KEPT * 2)
    assert sweep(grant=taking).forgotten == 1
    assert framed(answer_to(peer=HERE, raw=admit()))
    assert Patient.objects.filter(family_name="Müller").count() == 1


def test_nobody_else_reads_or_changes_them(
    stage: Stage, sender: Sender, signed_in: Callable[..., Client]
) -> None:
    doctor = signed_in(stage.doctor)
    assert doctor.get("/records/messages/").status_code == 403
    assert doctor.post("/records/senders/new/", TYPED).status_code == 403
    officer = signed_in(person(stage.practice, "Olga", "privacy-officer"))
    assert officer.get("/records/messages/").status_code == 200
    assert officer.post(f"/records/senders/{sender.id}/end/", {"why": "x"}).status_code == 403
