"""The gate: asks the policies, writes the answer down, and only then hands over a grant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from teleward.access.grants import (
    NOBODY,
    Action,
    Actor,
    ActorKind,
    Circumstances,
    Grant,
    NotCovered,
    Purpose,
    Refused,
    SessionLocked,
    SignInNeeded,
    Subject,
    authorise,
    gate,
)
from teleward.access.models import Organisation, Patient, Person, Standing
from teleward.audit import queries
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

HERE = Circumstances(request_id="req-1", client_address="203.0.113.9", via="page")


@pytest.fixture
def practice() -> Organisation:
    return Organisation.objects.create(name="Praxis am Münsterplatz", short_name="Münsterplatz")


@pytest.fixture
def ada(practice: Organisation) -> Patient:
    return Patient.objects.create(
        organisation=practice, given_name="Ada", family_name="Osei", born_on="1961-04-02", contact=b""
    )


@pytest.fixture
def staff(practice: Organisation) -> Callable[..., Actor]:
    def make(*roles: str, **changes: object) -> Actor:
        person = Person.objects.create(
            organisation=practice, email=f"{new_id()}@example.org", name="Jana Novak"
        )
        facts: dict[str, object] = {
            "kind": ActorKind.STAFF,
            "id": person.id,
            "organisation": practice.id,
            "roles": frozenset(roles),
            "aal": 2,
            "authenticated_at": now(),
        }
        return Actor(**{**facts, **changes})  # type: ignore[arg-type]  # facts of mixed types

    return make


def about(patient: Patient) -> Subject:
    return Subject(kind="Patient", id=patient.id, organisation=patient.organisation_id, patient=patient.id)


def has_visit(actor: Actor, patient: Patient, *, days: float, ended: float | None = None) -> UUID:
    starts_at = now() + timedelta(days=days)
    visit = new_id()
    Standing.objects.create(
        visit=visit,
        organisation_id=patient.organisation_id,
        patient=patient,
        staff_id=actor.id,
        role="host",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
        ended_at=now() + timedelta(days=ended) if ended is not None else None,
    )
    return visit


def ask(actor: Actor, action: Action, subject: Subject) -> Grant:
    return authorise(actor=actor, action=action, subject=subject, circumstances=HERE)


@pytest.mark.django_db
def test_an_allowed_access_is_in_the_ledger_before_anything_is_read(
    staff: Callable[..., Actor], ada: Patient
) -> None:
    doctor = staff("physician")
    has_visit(doctor, ada, days=1)
    grant = ask(doctor, Action.NOTE_READ, about(ada))
    (kept,) = queries.of_patient(patient=ada.id)
    assert grant.ledger == kept.id
    wanted = {"outcome": "allow", "policy": "p-appointment", "purpose": "TREAT", "kind": "note"}
    assert wanted.items() <= kept.facts.items()
    assert kept.facts["actor_role"] == "physician"
    assert (kept.facts["request_id"], kept.facts["client_address"]) == ("req-1", "203.0.113.9")
    assert len(kept.facts["policy_set"]) == 64


@pytest.mark.django_db
def test_a_colleague_without_an_appointment_is_refused_and_the_attempt_is_on_the_patients_chain(
    staff: Callable[..., Actor], ada: Patient
) -> None:
    curious = staff("physician")
    with pytest.raises(Refused):
        ask(curious, Action.NOTE_READ, about(ada))
    (kept,) = queries.of_patient(patient=ada.id)
    assert kept.facts["outcome"] == "deny"
    assert kept.facts["actor_id"] == str(curious.id)
    assert kept.facts["policy"] == ""


@pytest.mark.parametrize(
    ("days", "ended", "allowed"),
    [
        (14.9, None, True),
        (15.1, None, False),
        (-2.9, None, True),
        (-3.1, None, False),
        (-10, -2.9, True),
        (-10, -3.1, False),
    ],
)
@pytest.mark.django_db
def test_an_appointment_explains_an_access_only_in_its_time(
    staff: Callable[..., Actor], ada: Patient, days: float, ended: float | None, allowed: bool
) -> None:
    doctor = staff("physician")
    has_visit(doctor, ada, days=days, ended=ended)
    if allowed:
        assert ask(doctor, Action.NOTE_READ, about(ada)).policy == "p-appointment"
    else:
        with pytest.raises(Refused):
            ask(doctor, Action.NOTE_READ, about(ada))


@pytest.mark.parametrize(
    ("roles", "changes", "problem"),
    [
        (("reception",), {}, Refused),
        (("administrator", "privacy-officer"), {}, Refused),
        (("physician",), {"aal": 1}, Refused),
        (("physician",), {"active": False}, Refused),
        (("physician",), {"locked": True}, SessionLocked),
    ],
)
@pytest.mark.django_db
def test_neither_role_nor_rank_replaces_what_is_missing(
    staff: Callable[..., Actor],
    ada: Patient,
    roles: tuple[str, ...],
    changes: dict[str, object],
    problem: type[Exception],
) -> None:
    actor = staff(*roles, **changes)
    has_visit(actor, ada, days=0)
    with pytest.raises(problem):
        ask(actor, Action.NOTE_READ, about(ada))
    assert queries.of_patient(patient=ada.id)[0].facts["outcome"] == "deny"


@pytest.mark.django_db
def test_another_practice_sees_nothing(staff: Callable[..., Actor], ada: Patient) -> None:
    stranger = staff("physician", organisation=new_id())
    has_visit(stranger, ada, days=0)
    for action in (Action.NOTE_READ, Action.PATIENT_READ):
        with pytest.raises(Refused):
            ask(stranger, action, about(ada))


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_and_cannot_lengthen_a_patients_chain(ada: Patient) -> None:
    with pytest.raises(SignInNeeded):
        ask(NOBODY, Action.PATIENT_READ, about(ada))
    assert queries.of_patient(patient=ada.id) == []


@pytest.mark.django_db
def test_a_guest_opens_the_one_visit_of_the_pass_and_no_other(ada: Patient) -> None:
    mine, other = new_id(), new_id()
    guest = Actor(
        kind=ActorKind.GUEST,
        id=new_id(),
        organisation=ada.organisation_id,
        visit=mine,
        patient=ada.id,
        roles=frozenset({"patient"}),
    )
    visit = Subject(kind="Visit", id=mine, organisation=ada.organisation_id, patient=ada.id)
    assert ask(guest, Action.VISIT_JOIN, visit).policy == "p-guest"
    elsewhere = Subject(kind="Visit", id=other, organisation=ada.organisation_id, patient=ada.id)
    for action, subject in [
        (Action.VISIT_JOIN, elsewhere),
        (Action.VISIT_ADMIT, visit),
        (Action.NOTE_READ, visit),
        (Action.PATIENT_READ, about(ada)),
        (Action.WINDOW_OPEN, about(ada)),
    ]:
        with pytest.raises(Refused):
            ask(guest, action, subject)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.django_db
def test_every_action_is_known_to_the_policies_and_closed_to_strangers(action: Action, ada: Patient) -> None:
    if action in {Action.SIGN_IN, Action.VISIT_CLAIM}:  # the ways in: their operations check what they carry
        return
    for kind in ("Patient", "Visit", "Organisation", "Person", "Objection"):
        subject = Subject(kind=kind, id=ada.id, organisation=ada.organisation_id, patient=ada.id)
        with pytest.raises(SignInNeeded):
            ask(NOBODY, action, subject)


@pytest.mark.django_db
def test_a_grant_covers_what_it_was_given_for_and_nothing_else(
    staff: Callable[..., Actor], ada: Patient
) -> None:
    desk = staff("reception")
    has_visit(desk, ada, days=1)
    grant = ask(desk, Action.PATIENT_READ, about(ada))
    grant.must_cover(Action.PATIENT_READ, subject=ada.id, patient=ada.id)
    for wrong in ({"patient": new_id()}, {"subject": new_id()}):
        with pytest.raises(NotCovered):
            grant.must_cover(Action.PATIENT_READ, **wrong)
    with pytest.raises(NotCovered):
        grant.must_cover(Action.NOTE_READ)
    assert grant.purpose is Purpose.OPERATIONS


def test_the_decision_stands_when_what_follows_is_rolled_back(
    fresh_database: str, practice: Organisation, ada: Patient, staff: Callable[..., Actor]
) -> None:
    class Stop(Exception):
        pass

    doctor = staff("physician")
    has_visit(doctor, ada, days=1)
    grant = ask(doctor, Action.PATIENT_READ, about(ada))
    with pytest.raises(Stop), transaction.atomic():
        raise Stop
    assert queries.of_patient(patient=ada.id)[0].id == grant.ledger


def test_a_decision_inside_a_transaction_that_could_be_rolled_back_is_a_mistake(
    fresh_database: str, practice: Organisation, ada: Patient, staff: Callable[..., Actor]
) -> None:
    doctor = staff("physician")
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(doctor, Action.PATIENT_READ, about(ada))


@pytest.mark.django_db
def test_without_a_ledger_there_is_no_data(
    monkeypatch: pytest.MonkeyPatch, staff: Callable[..., Actor], ada: Patient
) -> None:
    class DiskFull(Exception):
        pass

    def full(**_entry: object) -> None:
        raise DiskFull

    read: list[Grant] = []

    @gate(Action.PATIENT_READ, subject=lambda request: about(ada))
    def view(request: HttpRequest, *, grant: Grant) -> HttpResponse:
        read.append(grant)
        return HttpResponse(ada.family_name)

    request = RequestFactory().get("/")
    desk = staff("reception")
    has_visit(desk, ada, days=1)
    request.actor = desk  # type: ignore[attr-defined]  # the middleware's attribute
    assert view(request).content == b"Osei"
    monkeypatch.setattr("teleward.audit.ledger.append", full)
    with pytest.raises(DiskFull):
        view(request)
    assert len(read) == 1


@pytest.mark.django_db
def test_who_is_no_clinician_any_more_does_not_hold_the_visits_they_were_booked_for(
    staff: Callable[..., Actor], ada: Patient
) -> None:
    doctor = staff("physician")
    visit = has_visit(doctor, ada, days=0)
    subject = Subject(kind="Visit", id=visit, organisation=ada.organisation_id, patient=ada.id)
    assert ask(doctor, Action.VISIT_HOST, subject).policy == "p-consult"
    with pytest.raises(Refused):
        ask(replace(doctor, roles=frozenset({"reception"})), Action.VISIT_HOST, subject)
