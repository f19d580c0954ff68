"""Files that may be one person's: how alike they are, whom that shows, and that nothing follows by itself."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from stage.deliveries import deliver_again, deliver_all
from stage.visits import HERE, Stage, person

from teleward.access.grants import Action, Grant, NotCovered, authorise
from teleward.access.identifiers import kvnr
from teleward.access.matching.traits import traits
from teleward.access.matching.weights import Reason
from teleward.access.models import Kinship, Likeness, Merge, Patient, Person, Proposal, Restriction
from teleward.access.operations.corrections import correct_patient
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.matching import propose, without_keys
from teleward.access.operations.merging import find_different
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.likeness import alike_rows
from teleward.access.queries.matching import alike, proposals
from teleward.access.queries.patients import patient_subject
from teleward.access.tasks import compare_files
from teleward.audit.queries import of_patient
from teleward.kernel.clock import now
from teleward.kernel.events import Event

BORN = date(1979, 5, 3)
AYSE = {"given_name": "Ayşe", "family_name": "Demir", "born_on": BORN}


def enters(stage: Stage, **said: object) -> Patient:
    """Somebody is entered, and compared as after the event."""
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    made = register_patient(grant=grant, **{**AYSE, "language": "de", **said})  # type: ignore[arg-type]  # as the tests say
    deliver_all(Event.PATIENT_REGISTERED, patient=made.id)
    return Patient.objects.get(id=made.id)


@pytest.fixture
def known(stage: Stage) -> Stage:
    deliver_all(Event.PATIENT_REGISTERED, patient=stage.patient.id)
    return stage


def listing(stage: Stage, who: Person | None = None) -> Grant:
    return stage.grant(Action.PATIENT_LIST, by=who or stage.desk)


def pairs(stage: Stage, who: Person | None = None) -> list[set[str]]:
    found = proposals(grant=listing(stage, who))
    return [{pair.first.given_name, pair.second.given_name} for pair in found]


def test_a_second_file_is_proposed_and_nothing_is_put_together(known: Stage) -> None:
    second = enters(known, given_name="Ayse", family_name="Demyr")
    (pair,) = proposals(grant=listing(known))
    assert {pair.first.id, pair.second.id} == {known.patient.id, second.id}
    assert pair.is_likely
    assert Reason.BORN_SAME in pair.reasons
    assert not Merge.objects.exists()


def test_even_the_same_person_in_everything_is_only_proposed(known: Stage) -> None:
    """The one promise of matching: whatever fits, a person says it."""
    number = {
        "numbers": [(kvnr.SYSTEM, "A123456780")],
        "email": "ayse@example.org",
        "telephone": "+49 30 765",
    }
    one, two = enters(known, **number), enters(known, **number)
    assert Proposal.objects.filter(
        first=min(one.id, two.id), second=max(one.id, two.id), weight__gt=500
    ).exists()
    assert not Merge.objects.exists()
    assert {row.answer for row in Proposal.objects.all()} == {""}


def test_who_has_nothing_in_common_is_not_even_compared(known: Stage) -> None:
    for number, name in enumerate(("Karl Opitz", "Ewa Lis", "Tim Voigt", "Gül Ak", "Ivo Benz", "Rosa Funk")):
        given, family = name.split()
        enters(known, given_name=given, family_name=family, born_on=date(1940 + number, 2, 1))
    grant = about(known, known.patient.id)
    rows = alike_rows(grant=grant, known=traits("Ayşe", "Demir", BORN))
    assert [row.given_name for row in rows] == ["Ayşe"]
    assert not Proposal.objects.exists()


def test_those_who_are_alike_are_found_by_an_index(known: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Likeness.objects.filter(keyed_hash__in=[b"x" * 16, b"y" * 16]).values_list("patient_id")
    assert "one_likeness_of_a_patient" in rows.explain()


def test_what_is_kept_for_finding_says_no_name(known: Stage) -> None:
    kept = b"".join(bytes(row.keyed_hash) for row in Likeness.objects.all())
    assert len(kept) >= 64
    assert b"demir" not in kept.lower()
    assert {row.kind for row in Likeness.objects.all()} == {"names", "birth", "email", "telephone"}


def about(stage: Stage, patient: object) -> Grant:
    subject = patient_subject(patient=patient)  # type: ignore[arg-type]  # an id
    return authorise(
        actor=stage.actor(stage.desk), action=Action.PATIENT_MERGE, subject=subject, circumstances=HERE
    )


def test_two_people_are_never_proposed_again(known: Stage) -> None:
    second = enters(known)
    find_different(grant=about(known, known.patient.id), other=second.id)
    deliver_again(Event.PATIENT_REGISTERED, patient=second.id)
    assert pairs(known) == []
    said = Proposal.objects.get()
    assert (said.answer, said.answered_by_id) == ("different", known.desk.id)


def test_a_proposal_goes_when_a_slip_is_put_right(known: Stage) -> None:
    second = enters(known)
    assert len(pairs(known)) == 1
    subject = patient_subject(patient=second.id)
    grant = system_grant(action=Action.PATIENT_CHANGE, organisation=subject.organisation, subject=subject)
    right = {"given_name": "Ben", "family_name": "Ode", "born_on": date(2001, 1, 1)}
    correct_patient(grant=grant, patient_id=second.id, **right)
    deliver_all(Event.PATIENT_CHANGED, patient=second.id)
    assert not Proposal.objects.exists()


def test_the_same_number_with_all_else_different_is_for_a_person_to_look_at(known: Stage) -> None:
    card = {"numbers": [(kvnr.SYSTEM, "A123456780")]}
    enters(known, given_name="Karl", family_name="Opitz", born_on=date(1940, 1, 1), **card)
    enters(known, given_name="Ewa", family_name="Lis", born_on=date(2001, 7, 9), **card)
    assert pairs(known) == [{"Karl", "Ewa"}]


def test_who_is_shown_as_alike_has_it_in_their_ledger(known: Stage) -> None:
    second = enters(known)
    assert pairs(known)
    for patient in (known.patient.id, second.id):
        assert of_patient(patient=patient)[0].facts["outcome"] == "listed"


@pytest.mark.parametrize("hidden", ["restricted", "family"])
def test_whom_no_list_shows_no_proposal_shows(known: Stage, hidden: str) -> None:
    second = enters(known, given_name="Aişe")
    if hidden == "restricted":
        Restriction.objects.create(patient=second, tier="restricted", reason="request", set_by=known.doctor)
    else:
        Kinship.objects.create(patient=second, person=known.desk, relation="child", told_at=now())
    assert pairs(known) == []
    assert of_patient(patient=second.id)[0].facts["outcome"] != "listed"


def test_another_practice_is_never_compared(known: Stage, stranger: Person) -> None:
    there = system_grant(action=Action.PATIENT_CREATE, organisation=stranger.organisation_id)
    made = register_patient(grant=there, language="de", **AYSE)
    deliver_all(Event.PATIENT_REGISTERED, patient=made.id)
    assert not Proposal.objects.exists()


def test_who_was_entered_before_is_compared_at_night(stage: Stage) -> None:
    assert without_keys(grant=listing(stage)) == [stage.patient.id]
    compare_files(0)
    assert without_keys(grant=listing(stage)) == []


FORM = {"given_name": "Ayse", "family_name": "Demir", "born_on": "1979-05-03", "language": "de"}


@pytest.fixture
def desk(known: Stage, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(known.desk)


def test_before_a_second_file_is_made_the_desk_sees_the_first(desk: Client, known: Stage) -> None:
    answer = desk.post("/patients/new/", FORM)
    assert (answer.status_code, Patient.objects.count()) == (409, 1)
    body = answer.content.decode()
    assert "There is already somebody like this" in body
    assert f"/patients/{known.patient.id}/" in body
    entries = [entry.facts for entry in of_patient(patient=known.patient.id)]
    assert entries[0]["outcome"] == "listed"
    assert "Ayse" not in str(entries)


def test_it_is_somebody_else_and_is_entered(desk: Client) -> None:
    answer = desk.post("/patients/new/", {**FORM, "somebody_else": "yes"})
    assert (answer.status_code, Patient.objects.count()) == (302, 2)


def test_whom_the_desk_may_not_see_the_form_does_not_show(desk: Client, known: Stage) -> None:
    patient = Patient.objects.get(id=known.patient.id)
    Restriction.objects.create(patient=patient, tier="restricted", reason="request", set_by=known.doctor)
    answer = desk.post("/patients/new/", FORM)
    assert answer.status_code == 302
    assert all(entry.facts["outcome"] != "listed" for entry in of_patient(patient=patient.id))


@pytest.mark.parametrize(
    "typed",
    [{"telephone": "+49 30 765"}, {"email": "ayse@example.org"}, {"numbers": ((kvnr.SYSTEM, "A123456780"),)}],
    ids=["telephone", "email", "number"],
)
def test_the_form_is_no_search_by_telephone_address_or_number(known: Stage, typed: dict[str, str]) -> None:
    subject = patient_subject(patient=known.patient.id)
    changing = system_grant(action=Action.PATIENT_CHANGE, organisation=known.practice.id, subject=subject)
    give_identifier(grant=changing, patient=known.patient.id, system=kvnr.SYSTEM, value="A123456780")
    guess = {"given_name": "Xaver", "family_name": "Quint", "born_on": date(1950, 1, 1), **typed}
    assert alike(grant=listing(known), **guess) == ()  # type: ignore[arg-type]  # as the tests say


def test_comparing_asks_for_a_grant_of_its_own(known: Stage) -> None:
    subject = patient_subject(patient=known.patient.id)
    reading = system_grant(action=Action.PATIENT_READ, organisation=known.practice.id, subject=subject)
    with pytest.raises(NotCovered):
        propose(grant=reading)


def test_who_bills_sees_no_proposals_and_puts_no_files_together(
    known: Stage, signed_in: Callable[[Person], Client]
) -> None:
    second = enters(known)
    bills = signed_in(person(known.practice, "Bo", "billing"))
    address = f"/patients/{known.patient.id}/same/{second.id}/"
    assert bills.get("/patients/possibly-the-same/").status_code == 403
    assert bills.get(address).status_code == bills.post(address, {"why": "asked"}).status_code == 403


def test_the_page_shows_both_and_what_was_compared(desk: Client, known: Stage) -> None:
    enters(known, born_on=date(1979, 3, 5))
    body = desk.get("/patients/possibly-the-same/").content.decode()
    assert body.count("Demir, Ayşe<br>") == 2
    assert "day and month of birth have changed places" in body
