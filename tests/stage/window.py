"""A practice with people who ask for things, for what a patient sees of it."""

from datetime import timedelta
from uuid import UUID

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Subject, authorise
from teleward.access.models import Organisation, Patient, Person, Standing
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id

HERE = Circumstances(request_id="req", client_address="203.0.113.9", via="page")


def practice() -> Organisation:
    return Organisation.objects.create(name="Praxis Münsterplatz", short_name="Münsterplatz", language="de")


def patient(here: Organisation, name: str) -> Patient:
    key = new_id()
    contact = seal(
        patient=key, plaintext=b'{"email": "", "telephone": "+49 30 5"}', context="access.patient.contact"
    )
    return Patient.objects.create(
        id=key, organisation=here, given_name=name, family_name="Osei", born_on="1961-04-02", contact=contact
    )


def staff(here: Organisation, name: str, *roles: str) -> Actor:
    person = Person.objects.create(organisation=here, email=f"{new_id()}@example.org", name=name)
    return Actor(
        kind=ActorKind.STAFF,
        id=person.id,
        organisation=here.id,
        roles=frozenset(roles),
        name=name,
        aal=2,
        authenticated_at=now(),
    )


def account(whose: Patient) -> Actor:
    """The patient, signed in a moment ago; the person is made where there is none."""
    if whose.person_id is None:
        email = f"{new_id()}@example.org"
        name = f"{whose.given_name} {whose.family_name}"
        whose.person = Person.objects.create(organisation_id=whose.organisation_id, email=email, name=name)
        whose.save()
    return Actor(
        kind=ActorKind.PATIENT,
        id=whose.person_id,
        organisation=whose.organisation_id,
        patient=whose.id,
        aal=2,
        name=whose.given_name,
        authenticated_at=now(),
    )


def about(whom: Patient) -> Subject:
    return Subject(kind="Patient", id=whom.id, organisation=whom.organisation_id, patient=whom.id)


def here(whom: Patient) -> Subject:
    return Subject(kind="Organisation", id=whom.organisation_id, organisation=whom.organisation_id)


def ask(actor: Actor, action: Action, subject: Subject) -> Grant:
    return authorise(actor=actor, action=action, subject=subject, circumstances=HERE)


def with_visit(actor: Actor, whom: Patient) -> None:
    """The tie of an appointment in two days, which opens the entry to the desk as well."""
    starts_at = now() + timedelta(days=2)
    Standing.objects.create(
        visit=new_id(),
        organisation_id=whom.organisation_id,
        patient=whom,
        staff_id=actor.id,
        role="host",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
    )


def seen_entry(whom: Patient, by: Actor) -> UUID:
    """The reception opens the entry of a patient who has an appointment."""
    with_visit(by, whom)
    return ask(by, Action.PATIENT_READ, about(whom)).ledger
