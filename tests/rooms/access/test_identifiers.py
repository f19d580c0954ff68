"""Numbers of patients: check digits, one way to write them, sealed and found by a keyed hash."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from fakes.members import practice
from stage.visits import HERE, person

from teleward.access.grants import SYSTEM, Action, Grant, NotCovered, authorise
from teleward.access.identifiers import kvnr, nhs
from teleward.access.identifiers.kinds import Wrong, WrongNumber, normalised, recognised
from teleward.access.models import (
    Organisation,
    Patient,
    PatientIdentifier,
    PatientIdentifierKey,
    Person,
    Standing,
)
from teleward.access.operations.erasing import erase_identity
from teleward.access.operations.identifiers import give_identifier, withdraw_identifier
from teleward.access.operations.merging import merge
from teleward.access.queries.identifiers import IdentifierShared, identifiers, patient_with
from teleward.access.queries.numbers import is_kvnr
from teleward.access.queries.patients import patient_subject
from teleward.audit.queries import of_patient
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id

OID = "urn:oid:1.2.276.0.76.3.1.81"
KVNR = "A123456780"
ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize("number", [KVNR, "X110411675", "X110465770"])  # gematik's test cards
def test_published_insurance_numbers_fit(number: str) -> None:
    assert is_kvnr(number)
    assert normalised(kvnr.SYSTEM, number) == number


@pytest.mark.parametrize("number", ["9434765919", "9449305552", "9876543210", "4010232137"])
def test_published_nhs_numbers_fit(number: str) -> None:
    assert normalised(nhs.SYSTEM, number) == number


@pytest.mark.parametrize(("system", "number"), [(kvnr.SYSTEM, KVNR), (nhs.SYSTEM, "9434765919")])
def test_each_other_check_digit_is_refused(system: str, number: str) -> None:
    for digit in set("0123456789") - {number[-1]}:
        with pytest.raises(WrongNumber) as wrong:
            normalised(system, number[:-1] + digit)
        assert wrong.value.why is Wrong.DIGIT


def test_no_nhs_number_has_ten_as_its_check_digit() -> None:
    for digit in "0123456789":
        with pytest.raises(WrongNumber):
            normalised(nhs.SYSTEM, f"100000001{digit}")


@pytest.mark.parametrize(
    ("typed", "system", "kept"),
    [
        ("a 123-456 780", kvnr.SYSTEM, KVNR),
        ("943 476 5919", nhs.SYSTEM, "9434765919"),
        ("943\u2013476\u20135919", nhs.SYSTEM, "9434765919"),
        ("\uff19434765919", nhs.SYSTEM, "9434765919"),  # a full-width digit
    ],
)
def test_a_number_is_read_as_it_stands_on_a_card(typed: str, system: str, kept: str) -> None:
    assert recognised(typed) == (system, kept)


@pytest.mark.parametrize(
    ("system", "value", "why"),
    [
        (kvnr.SYSTEM, "123456780", Wrong.SHAPE),
        (nhs.SYSTEM, "\u0663434765919", Wrong.SHAPE),  # an Arabic digit is no digit of the NHS
        (OID, " ", Wrong.SHAPE),
        (OID, "7" * 65, Wrong.SHAPE),
        (OID, "7\x007", Wrong.SHAPE),
        ("the clinic", "7", Wrong.SYSTEM),
        ("urn:oid:1|2", "7", Wrong.SYSTEM),
    ],
)
def test_what_is_no_number_is_refused_and_says_why(system: str, value: str, why: Wrong) -> None:
    with pytest.raises(WrongNumber) as wrong:
        normalised(system, value)
    assert wrong.value.why is why


def test_a_number_of_another_system_keeps_its_letters_and_hyphens() -> None:
    assert normalised(OID, " ab-7  c ") == "ab-7 c"


@pytest.fixture
def ada(db: None) -> Patient:
    return new_patient("Ada", practice())


def new_patient(name: str, where: Organisation) -> Patient:
    return Patient.objects.create(
        id=new_id(), organisation=where, given_name=name, family_name="Osei", born_on="1961-04-02"
    )


def about(patient: Patient) -> Grant:
    subject = patient_subject(patient=patient.id)
    return authorise(actor=SYSTEM, action=Action.PATIENT_CHANGE, subject=subject, circumstances=HERE)


def gives(patient: Patient, value: str = KVNR, system: str = kvnr.SYSTEM) -> UUID:
    return give_identifier(grant=about(patient), patient=patient.id, system=system, value=value)


def found(value: str = KVNR, system: str = kvnr.SYSTEM, where: Organisation | None = None) -> UUID | None:
    return patient_with(organisation=(where or practice()).id, system=system, value=value)


def test_a_number_finds_its_patient_however_it_is_written_and_in_this_practice_only(ada: Patient) -> None:
    gives(ada, "a 123 456 780")
    assert found("A1234-56780") == ada.id
    assert found("X110411675") is None
    assert found(system=OID) is None
    next_door = Organisation.objects.create(short_name="Nebenan", name="Nebenan", language="de")
    assert found(where=next_door) is None


def test_a_number_that_cannot_be_is_nobodys(ada: Patient) -> None:
    gives(ada)
    assert found("A123456781") is None


def test_the_same_number_twice_is_one(ada: Patient) -> None:
    assert gives(ada) == gives(ada, "a123 456 780")
    assert [number.value for number in identifiers(grant=about(ada), patient=ada.id)] == [KVNR]


def test_what_is_stored_does_not_say_the_number(ada: Patient) -> None:
    gives(ada)
    row = PatientIdentifier.objects.get()
    assert KVNR.encode() not in bytes(row.sealed) + bytes(row.keyed_hash)
    entries = of_patient(patient=ada.id)
    assert entries[0].facts["detail"] == {"number": kvnr.SYSTEM}
    assert KVNR not in str([entry.body for entry in entries])


def test_a_number_of_two_files_is_answered_for_neither(ada: Patient) -> None:
    gives(ada)
    gives(new_patient("Adele", practice()))
    with pytest.raises(IdentifierShared):
        found()


def test_a_number_of_two_files_of_one_person_finds_the_file_that_is_kept(ada: Patient) -> None:
    second = new_patient("Adele", practice())
    gives(ada)
    gives(second)
    subject = patient_subject(patient=ada.id)
    grant = authorise(actor=SYSTEM, action=Action.PATIENT_MERGE, subject=subject, circumstances=HERE)
    merge(grant=grant, kept=ada.id, gone=second.id, why="message")
    assert found() == ada.id


def test_a_number_taken_back_finds_nobody_and_the_row_says_when(ada: Patient) -> None:
    given = gives(ada)
    withdraw_identifier(grant=about(ada), identifier=given)
    assert found() is None
    assert identifiers(grant=about(ada), patient=ada.id) == ()
    assert PatientIdentifier.objects.get().withdrawn_at
    with pytest.raises(NotFound):
        withdraw_identifier(grant=about(ada), identifier=given)
    assert gives(ada) != given


@pytest.mark.parametrize(
    "attempt",
    [
        lambda grant, other: give_identifier(grant=grant, patient=other, system=OID, value="7"),
        lambda grant, other: identifiers(grant=grant, patient=other),
    ],
    ids=["give", "read"],
)
def test_a_grant_about_one_patient_covers_no_other(
    ada: Patient, attempt: Callable[[Grant, UUID], object]
) -> None:
    with pytest.raises(NotCovered):
        attempt(about(ada), new_patient("Adele", practice()).id)


def test_erasing_who_somebody_is_erases_their_numbers(ada: Patient) -> None:
    gives(ada)
    subject = replace(patient_subject(patient=ada.id), kind="Erasure")
    asked = authorise(actor=SYSTEM, action=Action.ERASURE_ANSWER, subject=subject, circumstances=HERE)
    erase_identity(grant=asked)
    assert not PatientIdentifier.objects.exists()
    assert found() is None


def test_looking_up_a_number_asks_an_index(ada: Patient) -> None:
    gives(ada)
    rows = PatientIdentifierKey.objects.filter(keyed_hash=b"x" * 32, withdrawn_at=None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "one_number_of_a_patient" in rows.explain()


@pytest.fixture
def desk(ada: Patient, signed_in: Callable[[Person], Client]) -> Client:
    olga, at = person(practice(), "Olga Brandt", "reception"), now()
    ties = {"staff": olga, "patient": ada, "organisation": practice()}
    Standing.objects.create(kind="registration", source=ada.id, starts_at=at, ends_at=at, **ties)
    return signed_in(olga)


def test_the_desk_gives_a_number_and_takes_it_back(desk: Client, ada: Patient) -> None:
    address = f"/patients/{ada.id}/numbers/"
    assert desk.post(address, {"value": "a123 456 780"}).status_code == 302
    assert desk.post(address, {"value": "7 a", "system": OID}).status_code == 302
    body = desk.get(address, headers=ENGLISH).content.decode()
    assert f"Insurance number: <strong>{KVNR}" in body
    assert "Number in another system: <strong>7 a" in body
    given = PatientIdentifier.objects.get(system=OID)
    assert desk.post(f"{address}{given.id}/withdrawal/").status_code == 302
    assert "7 a" not in desk.get(address).content.decode()


def test_a_slip_of_the_pen_is_told_beside_the_field_and_what_was_typed_stays(
    desk: Client, ada: Patient
) -> None:
    answer = desk.post(f"/patients/{ada.id}/numbers/", {"value": "A123456781"}, headers=ENGLISH)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "The last digit does not fit. Please compare with the card." in body
    assert 'value="A123456781"' in body


def test_a_patient_is_registered_with_the_number_on_their_card(desk: Client) -> None:
    typed = {"given_name": "Ben", "family_name": "Ode", "born_on": "1980-02-01", "language": "en"}
    wrong = desk.post("/patients/new/", {**typed, "number": "943 476 5918"}, headers=ENGLISH)
    assert (wrong.status_code, PatientIdentifier.objects.count()) == (422, 0)
    assert "The last digit does not fit." in wrong.content.decode()
    made = desk.post("/patients/new/", {**typed, "number": "943 476 5919"})
    assert made["Location"] == f"/patients/{found('9434765919', nhs.SYSTEM)}/"
