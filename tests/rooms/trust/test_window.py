"""The patient's window: true sentences about who saw what, and a way to object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Refused, Subject, authorise
from teleward.access.models import Organisation, Patient, Person, Standing
from teleward.access.policy import rules
from teleward.access.queries.explanations import FOR_PATIENT
from teleward.audit import queries as ledger
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.trust.models import Answer, Objection
from teleward.trust.operations.objections import (
    AlreadyAnswered,
    AlreadyObjected,
    WordsMissing,
    answer_objection,
    open_objection,
)
from teleward.trust.queries.accesses import accesses
from teleward.trust.queries.objections import objection, objections, objections_of_patient
from teleward.trust.views import window

pytestmark = pytest.mark.django_db
HERE = Circumstances(request_id="req", client_address="203.0.113.9", via="page")


@pytest.fixture
def practice() -> Organisation:
    return Organisation.objects.create(name="Praxis Münsterplatz", short_name="Münsterplatz", language="de")


@pytest.fixture
def patient(practice: Organisation) -> Callable[[str], Patient]:
    def register(name: str) -> Patient:
        key = new_id()
        sealed = seal(patient=key, plaintext=b"{}", context="x")
        return Patient.objects.create(
            id=key,
            organisation=practice,
            given_name=name,
            family_name="Osei",
            born_on="1961-04-02",
            contact=sealed,
        )

    return register


@pytest.fixture
def ada(patient: Callable[[str], Patient]) -> Patient:
    return patient("Ada")


@pytest.fixture
def staff(practice: Organisation) -> Callable[..., Actor]:
    def make(name: str, *roles: str) -> Actor:
        person = Person.objects.create(organisation=practice, email=f"{new_id()}@example.org", name=name)
        return Actor(
            kind=ActorKind.STAFF,
            id=person.id,
            organisation=practice.id,
            roles=frozenset(roles),
            name=name,
            aal=2,
        )

    return make


def account(patient: Patient) -> Actor:
    return Actor(
        kind=ActorKind.PATIENT,
        id=new_id(),
        organisation=patient.organisation_id,
        patient=patient.id,
        aal=2,
        name="Ada",
    )


def about(patient: Patient) -> Subject:
    return Subject(kind="Patient", id=patient.id, organisation=patient.organisation_id, patient=patient.id)


def ask(actor: Actor, action: Action, subject: Subject):  # noqa: ANN201 - a Grant
    return authorise(actor=actor, action=action, subject=subject, circumstances=HERE)


def sentences(patient: Patient) -> list[str]:
    return [
        access.sentence
        for access in accesses(grant=ask(account(patient), Action.LEDGER_READ, about(patient))).deliberate
    ]


def with_visit(actor: Actor, patient: Patient) -> None:
    starts_at = now() + timedelta(days=2)
    Standing.objects.create(
        visit=new_id(),
        organisation_id=patient.organisation_id,
        patient=patient,
        staff_id=actor.id,
        role="host",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
    )


def test_the_sentence_says_who_what_why_and_on_what_evidence(
    ada: Patient, staff: Callable[..., Actor]
) -> None:
    doctor = staff("Dr. Jana Novak", "physician")
    with_visit(doctor, ada)
    ask(doctor, Action.NOTE_READ, about(ada))
    with translation.override("en"):
        (told,) = sentences(ada)
    assert told.startswith(
        "Dr. Jana Novak (doctor) opened the notes of your consultation, because of your consultation"
    )
    assert str((now() + timedelta(days=2)).year) in told
    with translation.override("de"):
        (told,) = sentences(ada)
    assert told.startswith(
        "Dr. Jana Novak (Ärztin oder Arzt) hat die Notizen zu Ihrer Sprechstunde geöffnet, und zwar wegen"
    )


def test_a_refused_attempt_is_told_as_what_it_was(ada: Patient, staff: Callable[..., Actor]) -> None:
    with pytest.raises(Refused):
        ask(staff("Kai Curious", "physician"), Action.NOTE_READ, about(ada))
    with translation.override("en"):
        (told,) = sentences(ada)
    refused = "Kai Curious (doctor) tried to open the notes of your consultation and was refused."
    assert told == f"{refused} Nothing was shown or changed."


def test_the_same_access_on_a_day_is_told_once_with_its_count(
    ada: Patient, staff: Callable[..., Actor]
) -> None:
    desk = staff("Mira Lindqvist", "reception")
    for _ in range(3):
        ask(desk, Action.PATIENT_READ, about(ada))
    page = accesses(grant=ask(account(ada), Action.LEDGER_READ, about(ada)))
    assert [access.times for access in page.deliberate] == [3]


def test_own_accesses_are_apart_and_the_chain_is_checked(ada: Patient) -> None:
    grant = ask(account(ada), Action.LEDGER_READ, about(ada))
    page = accesses(grant=grant)
    assert page.deliberate == []
    assert [access.kind for access in page.own] == ["own"]
    assert page.is_whole


def test_a_chain_that_was_changed_is_not_called_whole(ada: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = ask(account(ada), Action.LEDGER_READ, about(ada))
    (kept,) = ledger.of_patient(patient=ada.id)
    changed = replace(kept, body=kept.body.replace("allow", "deny"))
    monkeypatch.setattr(ledger, "of_patient", lambda **_asked: [changed])
    assert not accesses(grant=grant).is_whole


def test_nobody_reads_another_patients_window(ada: Patient, patient: Callable[[str], Patient]) -> None:
    ben = patient("Ben")
    for action in (Action.WINDOW_OPEN, Action.LEDGER_READ, Action.OBJECTION_OPEN):
        with pytest.raises(Refused):
            ask(account(ben), action, about(ada))


def test_every_policy_that_can_allow_an_access_has_its_reason_in_words() -> None:
    permits = {each.id for each in rules().annotations.values() if each.effect == "permit"}
    assert permits <= set(FOR_PATIENT)


def seen_entry(patient: Patient, staff: Callable[..., Actor]) -> UUID:
    return ask(staff("Mira Lindqvist", "reception"), Action.PATIENT_READ, about(patient)).ledger


def test_this_looks_wrong_opens_a_case_that_the_privacy_officer_answers(
    ada: Patient, staff: Callable[..., Actor], practice: Organisation
) -> None:
    entry = seen_entry(ada, staff)
    mine = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    case = open_objection(grant=mine, entry=entry, words="I do not know her.")
    with pytest.raises(AlreadyObjected):
        open_objection(grant=mine, entry=entry, words="Again.")

    officer = staff("Priya Raman", "privacy-officer")
    here = Subject(kind="Organisation", id=practice.id, organisation=practice.id)
    (listed,) = objections(grant=ask(officer, Action.OBJECTION_LIST, here))
    assert (listed.patient, listed.words, listed.answered_at) == ("Ada Osei", "", None)
    it = Subject(kind="Objection", id=case, organisation=practice.id, patient=ada.id)
    assert objection(grant=ask(officer, Action.OBJECTION_READ, it)).words == "I do not know her."
    answering = ask(officer, Action.OBJECTION_ANSWER, it)
    answer_objection(grant=answering, finding="justified", words="She booked your visit.")
    with pytest.raises(AlreadyAnswered):
        answer_objection(grant=answering, finding="misuse", words="No.")

    (told,) = objections_of_patient(grant=ask(account(ada), Action.LEDGER_READ, about(ada)))
    assert (told.words, told.answer, told.finding) == (
        "I do not know her.",
        "She booked your visit.",
        "justified",
    )


def test_the_words_of_an_objection_are_sealed(ada: Patient, staff: Callable[..., Actor]) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    open_objection(grant=grant, entry=seen_entry(ada, staff), words="I do not know her.")
    assert b"know" not in bytes(Objection.objects.get().words)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_an_objection_without_words_is_asked_for_them(
    ada: Patient, staff: Callable[..., Actor], words: str
) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    with pytest.raises(WordsMissing):
        open_objection(grant=grant, entry=seen_entry(ada, staff), words=words)


def test_an_entry_of_somebody_elses_chain_cannot_be_named(
    ada: Patient, patient: Callable[[str], Patient], staff: Callable[..., Actor]
) -> None:
    foreign = seen_entry(patient("Ben"), staff)
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    with pytest.raises(NotFound):
        open_objection(grant=grant, entry=foreign, words="Whose is this?")


def test_a_colleague_who_is_not_the_privacy_officer_reads_no_objection(
    ada: Patient, staff: Callable[..., Actor], practice: Organisation
) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    case = open_objection(grant=grant, entry=seen_entry(ada, staff), words="Hm.")
    it = Subject(kind="Objection", id=case, organisation=practice.id, patient=ada.id)
    for role in ("physician", "nurse", "reception", "administrator"):
        with pytest.raises(Refused):
            ask(staff("Kai", role), Action.OBJECTION_READ, it)


def page(view: Callable[..., HttpResponse], actor: Actor, **kwargs: object) -> str:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]  # the middleware's attribute
    return view(request, **kwargs).content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Who saw my data"), ("de", "Wer hat meine Daten gesehen?")]
)
def test_the_pages_speak_both_languages(
    ada: Patient, staff: Callable[..., Actor], language: str, words: str
) -> None:
    entry = seen_entry(ada, staff)
    with translation.override(language):
        assert words in page(window.window, account(ada))
        assert "Mira Lindqvist" in page(window.who_saw, account(ada))
        assert "Mira Lindqvist" in page(window.objection, account(ada), entry=entry)
