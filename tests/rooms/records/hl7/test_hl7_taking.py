"""Messages that come in: what becomes of patients and appointments, in any order, any number of times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import hl7
import pytest
from django.db import DataError, OperationalError
from rooms.records.hl7.hl7_messages import PID, admit, head, merged, message, schedule
from stage.deliveries import deliver_again, deliver_all
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Patient
from teleward.access.operations.merging import unmerge
from teleward.access.operations.people import system_grant
from teleward.access.queries.merging import kept_file
from teleward.access.queries.patients import contact, patient_subject
from teleward.audit.queries import of_patient
from teleward.consult.models import Guest, Invitation, Visit
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal, unseal
from teleward.kernel.events import Event
from teleward.records.hl7.moments import written
from teleward.records.models import AppointmentRequest, Handling, KnownAs, Received, Sender
from teleward.records.operations.erasing import erase_traces
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer

pytestmark = pytest.mark.usefixtures("when_said")
APPLYING = "teleward.records.operations.hl7.applying"
HERE = Peer(address="127.0.0.1")
STRANGERS = [Peer(address="192.0.2.9"), Peer(address="127.0.0.1", certificate="ab" * 32)]
EARLIER, LATER = "20261122091500+0100", "20261122111500+0100"


@pytest.fixture
def sender(stage: Stage) -> Sender:
    made = Sender.objects.create(
        organisation=stage.practice.id,
        name="KIS",
        application="KIS",
        facility="HAUS",
        proof="address",
        known_by="127.0.0.1",
    )
    KnownAs.objects.create(sender=made, called="123", person=stage.doctor.id)
    return made


def told(raw: bytes, peer: Peer = HERE) -> str:
    """The code of the answer and the reason."""
    found = hl7.parse(answer_to(peer=peer, raw=raw).decode())
    reason = str(found["ERR"][0][5]).partition("^")[0] if "ERR" in str(found) else ""
    return f"{found['MSA'][0][1]} {reason}".strip()


def states() -> list[str]:
    return list(Handling.objects.order_by("at", "id").values_list("outcome", flat=True))


def only(**names: str) -> Patient:
    return Patient.objects.get(family_name="Müller", **names)


def calendar_follows() -> None:
    deliver_all(Event.APPOINTMENT_RECEIVED)


def visits() -> list[tuple[str, datetime]]:
    return list(Visit.objects.order_by("booked_at").values_list("state", "starts_at"))


def test_a_patient_who_is_not_known_is_registered_with_an_entry_in_the_ledger(
    sender: Sender,
) -> None:
    assert told(admit()) == "AA"
    found = only()
    assert (found.given_name, found.language) == ("Änne Käthe", "de")
    assert of_patient(patient=found.id)
    assert states() == ["applied"]
    assert bytes(Received.objects.get().sealed) == b""


def test_what_is_sent_again_is_answered_alike_and_applied_once(sender: Sender) -> None:
    assert [told(admit()) for _time in range(3)] == ["AA", "AA", "AA"]
    assert states() == ["applied"]
    assert only()


def test_the_same_number_for_another_message_is_rejected(sender: Sender) -> None:
    told(admit("1"))
    assert told(admit("1", event="A08", pid=PID.replace("19540321", "19540322"))) == "AR number-used"
    assert only().born_on.isoformat() == "1954-03-21"


def test_a_newer_word_corrects_and_an_older_one_does_not(sender: Sender) -> None:
    told(admit("1", at="20261122101500+0100"))
    told(admit("2", event="A08", at=LATER, pid=PID.replace("Änne", "Anna")))
    assert only().given_name == "Anna Käthe"
    assert told(admit("3", event="A08", at=EARLIER, pid=PID.replace("Änne", "Falsch"))) == "AA"
    assert only().given_name == "Anna Käthe"
    assert states() == ["applied", "applied", "older"]


def test_a_clock_that_runs_ahead_by_years_does_not_make_all_that_follows_older(sender: Sender) -> None:
    told(admit("1", at="29990101000000+0100"))
    told(admit("2", event="A08", pid=PID.replace("Änne", "Anna"), at=written(now() + timedelta(minutes=1))))
    assert only().given_name == "Anna Käthe"


def test_an_update_before_the_registration_registers(sender: Sender) -> None:
    told(admit("2", event="A08", at=LATER, pid=PID.replace("Änne", "Anna")))
    told(admit("1", event="A04", at=EARLIER))
    assert only().given_name == "Anna Käthe"


def test_how_somebody_is_reached_is_filled_in_and_never_redirected(sender: Sender) -> None:
    told(admit("1", pid=PID.replace("anne@example.org", "")))
    told(admit("2", event="A08", at=LATER))
    told(admit("3", event="A08", at="20261122121500+0100", pid=PID.replace("anne@", "thief@")))
    reading = patient_subject(patient=only().id)
    grant = system_grant(action=Action.PATIENT_READ, organisation=reading.organisation, subject=reading)
    assert contact(grant=grant, patient_id=only().id).email == "anne@example.org"


def test_a_wrong_check_digit_is_left_out_and_the_message_says_so_in_the_list(sender: Sender) -> None:
    told(admit(pid=PID.replace("T000000015", "T000000016")))
    assert only()
    assert list(Handling.objects.values_list("outcome", "reason", "place")) == [
        ("applied", "identifier-wrong", "PID-3")
    ]


def test_a_patient_without_a_birthday_is_refused_with_the_place(
    sender: Sender,
) -> None:
    short = message(head("ADT^A04"), "PID|1||4711^^^HAUS^MR||Müller^Änne")
    assert told(short) == "AE field-missing"
    assert told(short) == "AE field-missing"
    assert states() == ["refused", "refused"]
    assert told(admit("2")) == "AA"


@pytest.mark.parametrize("peer", STRANGERS, ids=["address", "tls"])
def test_a_system_that_is_not_registered_is_rejected_and_nothing_is_kept(sender: Sender, peer: Peer) -> None:
    assert told(admit(), peer) == "AR sender-unknown"
    assert told(admit().replace(b"|KIS|", b"|XIS|"), HERE) == "AR sender-unknown"
    assert told(admit().replace(b"|HAUS|", b"|NEBENAN|"), HERE) == "AR sender-unknown"
    assert not Received.objects.exists()


def test_what_is_no_message_is_rejected(sender: Sender) -> None:
    assert told(b"GET / HTTP/1.1") == "AR sender-unknown"
    assert told(admit().replace(b"UNICODE UTF-8", b"UNICODE UTF-32")) == "AR charset-unknown"
    assert told(admit(event="A11")) == "AR event-unsupported"


def test_a_merge_gives_a_number_nobody_has_to_the_patient(sender: Sender) -> None:
    told(admit())
    assert told(merged(kept="4711", gone="99")) == "AA"
    told(admit("3", event="A08", at=LATER, pid="PID|1||99^^^HAUS^MR||Müller^Anna||19540321"))
    assert only().given_name == "Anna"


def test_a_merge_makes_one_of_two_files_and_what_comes_later_finds_the_kept_one(sender: Sender) -> None:
    told(admit("1"))
    told(admit("2", pid="PID|1||4712^^^HAUS^MR||Müller^Anna||19540321"))
    kept, gone = Patient.objects.filter(family_name="Müller").order_by("registered_at")
    assert [told(merged("3")), told(merged("3")), told(merged("4"))] == ["AA", "AA", "AA"]
    assert kept_file(patient=gone.id) == kept.id
    told(admit("5", event="A08", at=LATER, pid="PID|1||4712^^^HAUS^MR||Müller^Annette||19540321"))
    kept.refresh_from_db()
    assert kept.given_name == "Annette"
    grant = system_grant(
        action=Action.PATIENT_MERGE,
        organisation=kept.organisation_id,
        subject=patient_subject(patient=kept.id),
    )
    unmerge(grant=grant, kept=kept.id, gone=gone.id)
    assert kept_file(patient=gone.id) == gone.id


def test_an_appointment_is_booked_moved_and_called_off(sender: Sender, stage: Stage) -> None:
    assert told(schedule("1")) == "AA"
    calendar_follows()
    assert visits() == [("booked", datetime(2026, 12, 1, 8, 30, tzinfo=UTC))]
    told(schedule("2", event="S13", starts="20261202100000+0100", at=LATER))
    calendar_follows()
    assert visits() == [("booked", datetime(2026, 12, 2, 9, tzinfo=UTC))]
    told(schedule("3", event="S15", at="20261122121500+0100"))
    calendar_follows()
    assert [state for state, _at in visits()] == ["cancelled"]
    assert states() == ["passed", "applied"] * 3
    assert Visit.objects.get().host == stage.doctor.id


def test_following_the_same_word_again_changes_nothing(sender: Sender) -> None:
    told(schedule())
    calendar_follows()
    deliver_again(Event.APPOINTMENT_RECEIVED)
    assert len(visits()) == 1


def test_who_did_not_come_there_is_missed_here(sender: Sender) -> None:
    told(schedule("1"))
    calendar_follows()
    told(schedule("2", event="S26", at=LATER))
    calendar_follows()
    assert [state for state, _at in visits()] == ["missed"]


def test_a_cancellation_that_overtakes_the_booking_leaves_nothing_booked(sender: Sender) -> None:
    told(schedule("2", event="S15", at=LATER))
    calendar_follows()
    told(schedule("1", event="S12", at=EARLIER))
    deliver_again(Event.APPOINTMENT_RECEIVED)
    assert visits() == []
    assert states() == ["passed", "applied", "older"]


def test_a_time_that_is_taken_waits_for_a_person(sender: Sender) -> None:
    told(schedule("1"))
    told(schedule("2", filler="F78"))
    calendar_follows()
    assert len(visits()) == 1
    assert sorted(states()) == ["applied", "passed", "passed", "waiting"]


def test_an_appointment_with_somebody_unknown_waits_and_names_whom(sender: Sender) -> None:
    assert told(schedule(doctor="999^Fremd^Kim")) == "AA"
    found = Handling.objects.get()
    assert (found.outcome, found.reason, found.about) == ("waiting", "practitioner-unknown", "999")
    assert not AppointmentRequest.objects.exists()
    assert only()


@pytest.mark.parametrize("fault", [ZeroDivisionError, DataError])
def test_a_fault_of_ours_loses_nothing_and_stops_nobody(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(f"{APPLYING}.keep_patient", Mock(side_effect=fault))
        assert told(admit()) == "AA"
    found = Received.objects.get()
    assert states() == ["waiting"]
    assert bytes(found.sealed)
    assert "Müller".encode() not in bytes(found.sealed)


def test_without_a_database_nothing_is_answered(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(f"{APPLYING}.keep_patient", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            told(admit())
    assert states() == []
    assert told(admit()) == "AA"
    assert states() == ["applied"]


def test_what_waits_of_somebody_who_is_forgotten_is_emptied(sender: Sender) -> None:
    told(schedule(doctor="999^Fremd^Kim"))
    assert bytes(Received.objects.get().sealed)
    about = replace(patient_subject(patient=only().id), kind="Erasure")
    grant = system_grant(action=Action.ERASURE_ANSWER, organisation=about.organisation, subject=about)
    erase_traces(grant=grant)
    assert bytes(Received.objects.get().sealed) == b""


def test_who_was_written_to_hears_of_the_new_time_by_a_new_link(sender: Sender, stage: Stage) -> None:
    told(schedule("1"))
    calendar_follows()
    visit, guest = Visit.objects.get(), Guest.objects.get()
    Invitation.objects.create(guest=guest, channel="shown", sent_at=now())
    first = Invitation.objects.create(guest=guest, channel="email", sent_at=now())
    first.address = seal(patient=visit.patient, plaintext=b"anne@example.org", context=f"address:{first.id}")
    first.save()
    told(schedule("2", event="S13", starts="20261202100000+0100", at=LATER))
    calendar_follows()
    again = Invitation.objects.get(sent_at=None)
    assert again.channel == "email"
    sealed = bytes(again.address or b"")
    assert unseal(patient=visit.patient, sealed=sealed, context=f"address:{again.id}") == b"anne@example.org"
    visit.refresh_from_db()
    assert visit.sequence == 1


def test_another_clinician_is_another_appointment(sender: Sender, stage: Stage) -> None:
    KnownAs.objects.create(sender=sender, called="Chen, Wei", person=stage.second.id)
    told(schedule("1"))
    calendar_follows()
    told(schedule("2", event="S14", doctor="^Chen^Wei", at=LATER))
    calendar_follows()
    assert [state for state, _at in visits()] == ["cancelled", "booked"]
    assert Visit.objects.get(state="booked").host == stage.second.id
