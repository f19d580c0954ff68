"""What a later word about an appointment changes, what it leaves, and whose it is."""

import pytest
from rooms.records.hl7.hl7_messages import schedule
from stage.visits import Stage

from teleward.access.models import Patient
from teleward.kernel.envelope import unseal
from teleward.records.models import AppointmentRequest, Handling, KnownAs, Sender
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer
from teleward.records.queries.requests import WORDS

pytestmark = pytest.mark.usefixtures("when_said")
EARLY, MIDDLE, LATE = "20261122091500+0100", "20261122101500+0100", "20261122111500+0100"


def system(stage: Stage, application: str) -> Sender:
    known = {"facility": "HAUS", "proof": "address", "known_by": "127.0.0.1"}
    made = Sender.objects.create(
        organisation=stage.practice.id, name=application, application=application, **known
    )
    KnownAs.objects.create(sender=made, called="123", person=stage.doctor.id)
    return made


@pytest.fixture(autouse=True)
def sender(stage: Stage) -> Sender:
    return system(stage, "KIS")


def say(raw: bytes) -> Handling:
    """What became of it."""
    answer_to(peer=Peer(address="127.0.0.1"), raw=raw)
    return Handling.objects.latest("at", "id")


def test_what_a_later_word_leaves_out_stays_as_it_was(stage: Stage) -> None:
    say(schedule("1", at=EARLY))
    before = AppointmentRequest.objects.get()
    later = schedule("2", event="S14", starts="", minutes="", doctor="", at=MIDDLE)
    say(later.replace(b"^Kontrolle \\T\\ Befund", b""))
    after = AppointmentRequest.objects.get()
    kept = (after.starts_at, after.minutes, after.host, bytes(after.words))
    assert kept == (before.starts_at, 30, stage.doctor.id, bytes(before.words))
    assert after.said_at > before.said_at
    assert after.received_id != before.received_id


def test_a_later_word_names_another_clinician_and_another_length(stage: Stage, sender: Sender) -> None:
    KnownAs.objects.create(sender=sender, called="Chen", person=stage.second.id)
    say(schedule("1", at=EARLY))
    say(schedule("2", event="S14", minutes="45", doctor="^Chen", at=MIDDLE))
    row = AppointmentRequest.objects.get()
    assert (row.host, row.minutes) == (stage.second.id, 45)


def test_a_word_between_the_first_and_the_newest_is_older_and_noted_with_whose_it_is() -> None:
    known = say(schedule("1", at=EARLY))
    say(schedule("3", event="S13", starts="20261203093000+0100", at=LATE))
    found = say(schedule("2", event="S13", starts="20261202093000+0100", at=MIDDLE))
    whose = Patient.objects.get(family_name="Müller").id
    assert (known.outcome, known.patient) == ("passed", whose)
    assert (found.outcome, found.patient) == ("older", whose)
    row = AppointmentRequest.objects.get()
    assert row.starts_at
    assert row.starts_at.day == 3


def test_two_words_of_one_moment_both_count() -> None:
    say(schedule("1", at=EARLY))
    assert say(schedule("2", event="S15", at=EARLY)).outcome == "passed"
    assert AppointmentRequest.objects.get().deed == "cancel"


def test_each_system_has_numbers_of_its_own(stage: Stage) -> None:
    system(stage, "LAB")
    say(schedule("1"))
    other = schedule("2", pid="PID|1||4712^^^HAUS^MR||Müller^Anna||19540321", at=LATE)
    assert say(other.replace(b"|KIS|", b"|LAB|")).outcome == "passed"
    for each in ("patient", "keyed_hash"):
        assert AppointmentRequest.objects.values(each).distinct().count() == 2


def test_an_appointment_without_its_time_is_refused_with_the_place() -> None:
    found = say(schedule("1", starts=""))
    assert (found.outcome, found.reason, found.place) == ("refused", "field-missing", "SCH-11")
    assert not AppointmentRequest.objects.exists()


def test_the_number_goes_before_the_name_and_neither_is_longer_than_it_is_kept(
    stage: Stage, sender: Sender
) -> None:
    KnownAs.objects.create(sender=sender, called="Wolf, Eva", person=stage.second.id)
    KnownAs.objects.create(sender=sender, called="9" * 180, person=stage.second.id)
    say(schedule("1"))
    assert AppointmentRequest.objects.get().host == stage.doctor.id
    say(schedule("2", filler="F78", doctor="9" * 200))
    assert AppointmentRequest.objects.latest("received__received_at").host == stage.second.id


def test_a_reason_without_end_is_kept_to_two_thousand_characters() -> None:
    say(schedule("1").replace(b"Kontrolle", b"K" * 2500))
    row = AppointmentRequest.objects.get()
    words = unseal(patient=row.patient, sealed=bytes(row.words), context=f"{WORDS}:{row.id}")
    assert words == b"K" * 2000
