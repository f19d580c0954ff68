"""Grouped by visit, sieved, with names or roles, and silent where safety asks for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import translation
from stage.visits import set_stage
from stage.window import about, account, ask, here, seen_entry, with_visit

from teleward.access.grants import Action, Actor
from teleward.access.models import BrokenGlass, Patient, SafeguardingHold, Standing
from teleward.access.operations.naming import decide_naming
from teleward.audit import queries as ledger
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.trust.operations.objections import AlreadyObjected, answer_objection, ask_for_name
from teleward.trust.queries.accesses import Accesses, Sieve, accesses
from teleward.trust.queries.objections import objection_subject, objections, objections_of_patient

pytestmark = pytest.mark.django_db


def page_of(whom: Patient, sieve: Sieve | None = None) -> Accesses:
    with translation.override("en"):
        return accesses(grant=ask(account(whom), Action.LEDGER_READ, about(whom)), sieve=sieve)


def roles_only(officer: Actor, whom: Patient) -> None:
    decide_naming(grant=ask(officer, Action.OBJECTION_LIST, here(whom)), shows="roles")


def test_the_list_can_be_sieved_by_person_purpose_and_kind(
    ada: Patient, desk: Actor, staff: Callable[..., Actor]
) -> None:
    doctor = staff("Dr. Jana Novak", "physician")
    seen_entry(ada, desk)
    with_visit(doctor, ada)
    ask(doctor, Action.NOTE_READ, about(ada))
    every = page_of(ada)
    assert {name for _id, name in every.actors} == {"Dr. Jana Novak", "Mira Lindqvist"}
    assert {"note", "patient"} <= set(every.data)
    for sieve in (Sieve(actor=str(doctor.id)), Sieve(data="note"), Sieve(purpose="TREAT", data="note")):
        (only,) = page_of(ada, sieve).deliberate
        assert "Dr. Jana Novak" in only.sentence
    assert page_of(ada, Sieve(actor=str(new_id()))).deliberate == []


def test_where_the_practice_says_roles_no_name_is_read_anywhere(
    ada: Patient, desk: Actor, officer: Actor
) -> None:
    seen_entry(ada, desk)
    assert "Mira Lindqvist (reception)" in page_of(ada).deliberate[0].sentence
    roles_only(officer, ada)
    page = page_of(ada)
    assert "Somebody from the practice (reception)" in page.deliberate[0].sentence
    assert "Mira" not in repr(page)
    assert str(desk.id) not in repr(page)
    assert page.deliberate[0].may_ask_name


def test_the_patient_asks_for_the_name_and_the_officer_gives_it_or_not(
    ada: Patient, desk: Actor, officer: Actor
) -> None:
    roles_only(officer, ada)
    for finding, is_named in (("not-named", False), ("named", True)):
        entry = seen_entry(ada, desk)
        asking = ask(account(ada), Action.OBJECTION_OPEN, about(ada))
        wish = ask_for_name(grant=asking, entry=entry)
        with pytest.raises(AlreadyObjected):
            ask_for_name(grant=asking, entry=entry)
        answering = ask(officer, Action.OBJECTION_ANSWER, objection_subject(objection=wish))
        with pytest.raises(NotFound):
            answer_objection(grant=answering, finding="misuse", words="An answer to another question.")
        answer_objection(grant=answering, finding=finding, words="She books your visits.")
        (told,) = [each for each in page_of(ada).deliberate if each.id == entry]
        assert ("Mira Lindqvist" in told.sentence) is is_named
    (listed, _other) = objections(grant=ask(officer, Action.OBJECTION_LIST, here(ada)))
    assert listed.wish == "name"


def test_what_the_patient_reported_names_nobody_either(ada: Patient, desk: Actor, officer: Actor) -> None:
    entry = seen_entry(ada, desk)
    roles_only(officer, ada)
    ask_for_name(grant=ask(account(ada), Action.OBJECTION_OPEN, about(ada)), entry=entry)
    (mine,) = objections_of_patient(grant=ask(account(ada), Action.WINDOW_OPEN, about(ada)))
    assert "Mira" not in mine.sentence


def test_accesses_of_a_visit_stand_together_and_others_under_their_day(db: None) -> None:
    stage = set_stage()
    visit = stage.visit_now()
    stage.grant(Action.NOTE_READ, visit)
    stage.of_patient(Action.PATIENT_READ)
    stage.grant(Action.VISIT_HOST, visit)
    groups = {group.host: group for group in page_of(Patient.objects.get(id=stage.patient.id)).groups}
    assert set(groups) == {visit.host_name, ""}
    assert {each.visit for each in groups[visit.host_name].accesses} == {visit.id}
    assert {"note", "call"} <= {each.data for each in groups[visit.host_name].accesses}
    assert {each.visit for each in groups[""].accesses} == {None}


def broken_glass(whom: Patient, by: Actor) -> UUID:
    words = seal(patient=whom.id, plaintext=b"Found unconscious in the hall", context="access.glass.words")
    ends_at = now() + timedelta(hours=4)
    row = BrokenGlass.objects.create(
        person_id=by.id, patient=whom, session=new_id(), code="emergency", words=words,
        opened_at=now(), ends_at=ends_at,
    )  # fmt: skip
    Standing.objects.create(
        kind="glass", source=row.id, organisation_id=whom.organisation_id, patient=whom, staff_id=by.id,
        starts_at=now(), ends_at=ends_at,
    )  # fmt: skip
    return row.id


def held(whom: Patient, by: Actor, second: Actor) -> None:
    words = seal(patient=whom.id, plaintext=b"The husband reads along", context="access.safeguard.words")
    SafeguardingHold.objects.create(
        patient=whom, words=words, asked_by_id=by.id, asked_at=now(), confirmed_by_id=second.id,
        confirmed_at=now(), until=now() + timedelta(days=3),
    )  # fmt: skip


def test_an_emergency_access_is_told_with_its_words(ada: Patient, staff: Callable[..., Actor]) -> None:
    doctor = staff("Dr. Jana Novak", "physician")
    broken_glass(ada, doctor)
    ask(doctor, Action.NOTE_READ, about(ada))
    (told,) = page_of(ada).deliberate
    assert "as an emergency access that began on" in told.sentence
    assert told.sentence.endswith("The reason they gave: “Found unconscious in the hall”")


def test_while_two_people_hold_it_back_it_is_told_without_name_and_words(
    ada: Patient, staff: Callable[..., Actor], officer: Actor
) -> None:
    doctor = staff("Dr. Jana Novak", "physician")
    broken_glass(ada, doctor)
    ask(doctor, Action.NOTE_READ, about(ada))
    held(ada, doctor, officer)
    page = page_of(ada)
    (told,) = page.deliberate
    assert told.is_held
    assert told.sentence == "Somebody opened your record in an emergency. For safety, more is told later."
    assert not any(word in repr(page) for word in ("Novak", "unconscious", str(doctor.id)))


def test_what_was_erased_is_told_as_a_seal_without_words(
    ada: Patient, desk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_entry(ada, desk)
    grant = ask(account(ada), Action.LEDGER_READ, about(ada))
    own, opened = ledger.of_patient(patient=ada.id)
    erased = replace(opened, body="", salt=b"")
    monkeypatch.setattr(ledger, "of_patient", lambda **_asked: [own, erased])
    with translation.override("en"):
        page = accesses(grant=grant)
    (told,) = page.deliberate
    assert (told.is_erased, told.actor, page.is_whole) == (True, "", True)
    assert told.sentence == "What stood here was erased. Its seal shows that it was there."
