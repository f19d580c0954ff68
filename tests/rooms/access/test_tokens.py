"""Whom a bearer token belongs to, and everything that ends it with the next request."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from stage.programs import allows, connects, holds, signed_in
from stage.visits import HERE, Stage

from teleward.access.grants import Action, ActorKind, Refused, Subject, authorise
from teleward.access.models import AppGrant, AppToken, ClientEnd, Deactivation, Patient, Person, Session
from teleward.access.queries.tokens import TokenInvalid, TooFast, asker, narrowing
from teleward.audit.queries import of_patient
from teleward.kernel.clock import now


def about(stage: Stage, interaction: str) -> Subject:
    own = stage.patient.id
    return Subject(
        kind="Patient", id=own, organisation=stage.practice.id, patient=own, interaction=interaction
    )


def reads(stage: Stage, token: str, *, interaction: str = "Observation.r") -> bool:
    subject = about(stage, interaction)
    try:
        authorise(actor=asker(token=token), action=Action.RECORD_READ, subject=subject, circumstances=HERE)
    except Refused:
        return False
    return True


@pytest.fixture
def visited(stage: Stage) -> Stage:
    stage.visit_now()
    return stage


def test_a_system_that_works_by_itself_has_its_scopes_and_nobody_behind_it(stage: Stage) -> None:
    client = connects(stage.practice, kind="backend", scopes="system/Observation.rs")
    actor = asker(token=holds(client))
    assert (actor.kind, actor.id, actor.name, actor.behalf) == (ActorKind.CLIENT, client.id, "Puls", None)
    assert reads(stage, holds(client))
    assert not reads(stage, holds(client), interaction="Condition.r")
    assert not reads(stage, holds(client), interaction="Observation.c")  # to write is another action


def test_an_app_sees_what_its_scopes_and_its_user_both_may(visited: Stage) -> None:
    client = connects(visited.practice)
    by_host = allows(client, visited.doctor)
    assert reads(visited, holds(client, by_host))
    assert not reads(visited, holds(client, allows(client, visited.second)))  # no tie to the patient
    assert not reads(visited, holds(client, allows(client, visited.desk)))  # reads no records
    narrow = allows(client, visited.doctor, scopes="user/Condition.rs")
    assert not reads(visited, holds(client, narrow))
    assert reads(visited, holds(client, narrow), interaction="Condition.s")


def test_a_scope_for_one_patient_opens_no_other(visited: Stage) -> None:
    client = connects(visited.practice)
    given = allows(
        client, visited.doctor, patient_id=visited.patient.id, scopes="launch/patient patient/*.rs"
    )
    assert reads(visited, holds(client, given))
    other = Patient.objects.create(
        organisation=visited.practice, given_name="Ulf", family_name="Kern", born_on="1950-01-01"
    )
    elsewhere = allows(client, visited.doctor, patient=other, scopes=given.scopes)
    assert not reads(visited, holds(client, elsewhere))


def test_a_patients_app_reads_their_own_record(stage: Stage) -> None:
    own = Person.objects.create(organisation=stage.practice, name="Ich", email="ich@example.org")
    Patient.objects.filter(id=stage.patient.id).update(person=own)
    client = connects(stage.practice)
    given = allows(client, own, patient_id=stage.patient.id, scopes="patient/*.rs")
    actor = asker(token=holds(client, given))
    assert actor.behalf is not None
    assert actor.behalf.kind is ActorKind.PATIENT
    assert reads(stage, holds(client, given))
    assert not reads(stage, holds(client, given), interaction="Observation.u")


def test_the_ledger_names_the_app_the_person_behind_it_and_why_that_person_may(visited: Stage) -> None:
    client = connects(visited.practice)
    assert reads(visited, holds(client, allows(client, visited.doctor)))
    facts = of_patient(patient=visited.patient.id)[0].facts
    assert (facts["actor_kind"], facts["actor_id"], facts["policy"]) == (
        "Client",
        str(client.id),
        "p-app-user",
    )
    assert facts["detail"]["for"] == str(visited.doctor.id)
    assert facts["detail"]["by"] == "p-appointment"
    assert facts["detail"]["starts_at"]
    assert {"asked=Observation.r", "scope=user/*.r"} <= set(facts["detail"]["facts"])


ENDS: dict[str, Callable[[AppGrant], object]] = {
    "the token was revoked": lambda given: AppToken.objects.filter(given=given).update(revoked_at=now()),
    "the token is too old": lambda given: AppToken.objects.filter(given=given).update(expires_at=now()),
    "it is no access token": lambda given: AppToken.objects.filter(given=given).update(kind="refresh"),
    "the person took it back": lambda given: AppGrant.objects.filter(id=given.id).update(ended_at=now()),
    "the consent is over": lambda given: AppGrant.objects.filter(id=given.id).update(ends_at=now()),
    "the program was disconnected": lambda given: ClientEnd.objects.create(client=given.client, reason="x"),
    "the person left": lambda given: Deactivation.objects.create(person=given.person),
    "the session ended": lambda given: Session.objects.filter(person=given.person).update(ended_at=now()),
    "the session is too old": lambda given: Session.objects.filter(person=given.person).update(
        begun_at=now() - timedelta(days=2)
    ),
}


@pytest.mark.parametrize("what", ENDS)
def test_a_token_is_over_with_the_next_request_once(stage: Stage, what: str) -> None:
    client = connects(stage.practice)
    given = allows(client, stage.doctor, session=signed_in(stage.doctor))
    token = holds(client, given)
    assert asker(token=token).id == client.id
    ENDS[what](given)
    with pytest.raises(TokenInvalid):
        asker(token=token)


def test_a_locked_screen_closes_the_apps_that_were_opened_from_it(visited: Stage) -> None:
    client = connects(visited.practice)
    session = signed_in(visited.doctor)
    token = holds(client, allows(client, visited.doctor, session=session))
    assert reads(visited, token)
    Session.objects.filter(id=session.id).update(locked_at=now())
    assert not reads(visited, token)


def test_a_made_up_token_belongs_to_nobody(db: None) -> None:
    with pytest.raises(TokenInvalid):
        asker(token="made-up")


def test_a_program_that_asks_too_often_has_to_wait(stage: Stage) -> None:
    client = connects(stage.practice, kind="backend", scopes="system/*.rs", per_minute=6)
    token = holds(client)
    assert asker(token=token)
    with pytest.raises(TooFast) as slower:
        asker(token=token)
    assert 1 <= slower.value.wait <= 10


def test_a_narrowed_scope_says_what_a_resource_has_to_match(stage: Stage) -> None:
    client = connects(stage.practice, kind="backend", scopes="system/Observation.rs?category=laboratory")
    actor = asker(token=holds(client))
    assert narrowing(actor=actor, kind="Observation", letter="r") == ((("category", "laboratory"),),)
    assert narrowing(actor=actor, kind="Condition", letter="r") is None
    assert narrowing(actor=replace(actor, scopes="system/*.r"), kind="Condition", letter="r") == ((),)
    assert narrowing(actor=stage.actor(stage.doctor), kind="Condition", letter="r") == ((),)


def test_an_app_is_as_fresh_as_the_sign_in_it_was_opened_from_and_never_fresher(stage: Stage) -> None:
    client = connects(stage.practice)
    session = signed_in(stage.doctor)
    Session.objects.filter(id=session.id).update(authenticated_at=now() - timedelta(hours=1))
    opened = asker(token=holds(client, allows(client, stage.doctor, session=session))).behalf
    lasting = asker(token=holds(client, allows(client, stage.doctor))).behalf
    assert opened is not None
    assert lasting is not None
    assert opened.authenticated_at == Session.objects.get().authenticated_at
    assert lasting.authenticated_at is None
