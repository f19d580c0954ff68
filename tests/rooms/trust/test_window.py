"""The patient's window: true sentences about who saw what, and a way to object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from stage.deliveries import deliver_all
from stage.window import about, account, ask, seen_entry, with_visit

from teleward.access.grants import Action, Actor, Refused, Subject
from teleward.access.models import Organisation, Patient
from teleward.access.policy import rules
from teleward.access.queries.explanations import FOR_PATIENT
from teleward.audit import queries as ledger
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.trust.models import Answer, Objection
from teleward.trust.operations.objections import (
    AlreadyAnswered,
    AlreadyObjected,
    OwnDeed,
    WordsMissing,
    answer_objection,
    open_objection,
)
from teleward.trust.queries.accesses import accesses
from teleward.trust.queries.objections import objection, objections, objections_of_patient
from teleward.trust.views import objecting, window
from teleward.watch.models import Case, Settlement

pytestmark = pytest.mark.django_db


def sentences(patient: Patient) -> list[str]:
    return [
        access.sentence
        for access in accesses(grant=ask(account(patient), Action.LEDGER_READ, about(patient))).deliberate
    ]


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
        "Dr. Jana Novak (Ärztin oder Arzt) hat die Notizen zu Ihrer Sprechstunde geöffnet, wegen"
    )


def test_a_refused_attempt_is_told_as_what_it_was(ada: Patient, staff: Callable[..., Actor]) -> None:
    with pytest.raises(Refused):
        ask(staff("Kai Curious", "physician"), Action.NOTE_READ, about(ada))
    with translation.override("en"):
        (told,) = sentences(ada)
    refused = "Kai Curious (doctor) tried to open the notes of your consultation and was refused."
    assert told == f"{refused} Nothing was shown or changed."


def test_the_same_access_on_a_day_is_told_once_with_its_count(ada: Patient, desk: Actor) -> None:
    with_visit(desk, ada)
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


def test_nobody_answers_a_report_about_what_they_did_themselves(
    ada: Patient, staff: Callable[..., Actor], officer: Actor, practice: Organisation
) -> None:
    both = staff("Vera Lind", "privacy-officer", "reception")
    mine = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    case = open_objection(grant=mine, entry=seen_entry(ada, both), words="I do not know her.")
    it = Subject(kind="Objection", id=case, organisation=practice.id, patient=ada.id)
    with pytest.raises(OwnDeed):
        answer_objection(
            grant=ask(both, Action.OBJECTION_ANSWER, it), finding="justified", words="It was right."
        )
    assert not Answer.objects.exists()
    answer_objection(grant=ask(officer, Action.OBJECTION_ANSWER, it), finding="misuse", words="It was not.")


def test_this_looks_wrong_opens_a_case_that_the_privacy_officer_answers(
    ada: Patient, desk: Actor, officer: Actor, practice: Organisation
) -> None:
    entry = seen_entry(ada, desk)
    mine = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    case = open_objection(grant=mine, entry=entry, words="I do not know her.")
    with pytest.raises(AlreadyObjected):
        open_objection(grant=mine, entry=entry, words="Again.")
    deliver_all(Event.OBJECTION_OPENED, objection=case)
    assert Case.objects.get(kind="report").about == case

    here = Subject(kind="Organisation", id=practice.id, organisation=practice.id)
    (listed,) = objections(grant=ask(officer, Action.OBJECTION_LIST, here))
    assert (listed.patient, listed.words, listed.answered_at) == ("Ada Osei", "", None)
    it = Subject(kind="Objection", id=case, organisation=practice.id, patient=ada.id)
    assert objection(grant=ask(officer, Action.OBJECTION_READ, it)).words == "I do not know her."
    answering = ask(officer, Action.OBJECTION_ANSWER, it)
    answer_objection(grant=answering, finding="justified", words="She booked your visit.")
    with pytest.raises(AlreadyAnswered):
        answer_objection(grant=answering, finding="misuse", words="No.")
    assert not Settlement.objects.exists()
    deliver_all(Event.OBJECTION_ANSWERED, objection=case)
    assert Settlement.objects.get().case.about == case

    (told,) = objections_of_patient(grant=ask(account(ada), Action.LEDGER_READ, about(ada)))
    assert (told.words, told.answer, told.finding) == (
        "I do not know her.",
        "She booked your visit.",
        "justified",
    )


def test_the_words_of_an_objection_are_sealed(ada: Patient, desk: Actor) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    open_objection(grant=grant, entry=seen_entry(ada, desk), words="I do not know her.")
    assert b"know" not in bytes(Objection.objects.get().words)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_an_objection_without_words_is_asked_for_them(ada: Patient, desk: Actor, words: str) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    with pytest.raises(WordsMissing):
        open_objection(grant=grant, entry=seen_entry(ada, desk), words=words)


def test_an_entry_of_somebody_elses_chain_cannot_be_named(
    ada: Patient, patient: Callable[[str], Patient], desk: Actor
) -> None:
    foreign = seen_entry(patient("Ben"), desk)
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    with pytest.raises(NotFound):
        open_objection(grant=grant, entry=foreign, words="Whose is this?")


def test_a_colleague_who_is_not_the_privacy_officer_reads_no_objection(
    ada: Patient, staff: Callable[..., Actor], desk: Actor, practice: Organisation
) -> None:
    grant = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
    case = open_objection(grant=grant, entry=seen_entry(ada, desk), words="Hm.")
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
def test_the_pages_speak_both_languages(ada: Patient, desk: Actor, language: str, words: str) -> None:
    entry = seen_entry(ada, desk)
    with translation.override(language):
        assert words in page(window.window, account(ada))
        assert "Mira Lindqvist" in page(window.who_saw, account(ada))
        assert "Mira Lindqvist" in page(objecting.objection, account(ada), entry=entry)
