"""A practice with two doctors and a receptionist, a patient, and a stranger's practice next door."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from teleward.access.grants import Action, Actor, Circumstances, Grant, Subject, authorise
from teleward.access.models import Organisation, Person, Role, Session
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.operations.sessions import actor_of
from teleward.access.queries.patients import PatientCard
from teleward.consult.cards import VisitCard
from teleward.consult.operations.booking import Host, Who, Wish
from teleward.consult.operations.guests import Link, show_link
from teleward.consult.operations.visits import book
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash

HERE = Circumstances(request_id="test-request", client_address="203.0.113.7", via="page")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everybody a test of the consulting room needs, and short ways to act for them."""

    practice: Organisation
    doctor: Person
    second: Person
    desk: Person
    patient: PatientCard

    def actor(self, person: Person) -> Actor:
        return actor_of(person, at=now(), aal=2)

    def grant(self, action: Action, visit: VisitCard | None = None, *, by: Person | None = None) -> Grant:
        subject = visit_subject(visit=visit.id) if visit else self.of_practice()
        return authorise(
            actor=self.actor(by or self.doctor), action=action, subject=subject, circumstances=HERE
        )

    def of_patient(self, action: Action, *, by: Person | None = None) -> Grant:
        own = self.patient.id
        subject = Subject(kind="Patient", id=own, organisation=self.practice.id, patient=own)
        return authorise(
            actor=self.actor(by or self.doctor), action=action, subject=subject, circumstances=HERE
        )

    def of_practice(self) -> Subject:
        own = self.practice.id
        return Subject(kind="Organisation", id=own, organisation=own, patient=self.patient.id)

    def wish(self, **changes: object) -> Wish:
        host = Host(
            id=self.doctor.id, name=self.doctor.name, organisation=self.practice.id, zone="Europe/Berlin"
        )
        who = Who(id=self.patient.id, name=self.patient.name, language="de")
        usual = {
            "host": host,
            "patient": who,
            "starts_at": tomorrow(),
            "minutes": 20,
            "purpose": "Knieschmerz",
        }
        return Wish(**{**usual, **changes})  # type: ignore[arg-type]  # the tests say which

    def visit(self, **changes: object) -> VisitCard:
        return book(grant=self.grant(Action.VISIT_BOOK, by=self.desk), wish=self.wish(**changes))

    def visit_now(self) -> VisitCard:
        return self.visit(starts_at=now(), planned=False)

    def link(self, visit: VisitCard) -> Link:
        grant = self.grant(Action.VISIT_INVITE, visit)
        return show_link(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id)


def tomorrow(hour: int = 10, minute: int = 0) -> datetime:
    """A time on the next day, UTC."""
    return (now() + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def person(practice: Organisation, name: str, *roles: str) -> Person:
    made = Person.objects.create(
        organisation=practice, name=name, email=f"{new_token()}@example.org", language="de"
    )
    Role.objects.bulk_create([Role(person=made, name=role) for role in roles])
    return made


def practice(name: str) -> Organisation:
    return Organisation.objects.create(
        name=f"Praxis {name}", short_name=f"Praxis {name}", telephone="030 1234567", language="de"
    )


def set_stage() -> Stage:
    """Builds it in the current database."""
    own = practice("Lindenhof")
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=own.id)
    patient = register_patient(
        grant=grant,
        given_name="Ayşe",
        family_name="Demir",
        born_on=date(1979, 5, 3),
        language="de",
        email="ayse@example.org",
        telephone="+49 30 765",
    )
    return Stage(
        practice=own,
        doctor=person(own, "Dr. Jana Novák", "physician"),
        second=person(own, "Dr. Wei Chen", "physician"),
        desk=person(own, "Olaf Brandt", "reception"),
        patient=patient,
    )


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


@pytest.fixture
def stranger(stage: Stage) -> Person:
    """A doctor of another practice."""
    return person(practice("Nebenan"), "Dr. Kim Fremd", "physician")


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A browser in which this person is signed in."""

    def sign_in(who: Person) -> Client:
        secret = new_token()
        Session.objects.create(person=who, secret_hash=token_hash(secret), aal=2, method="passkey")
        client = Client(headers={"accept-language": "en"})
        client.cookies["__Host-teleward"] = secret
        return client

    return sign_in


@pytest.fixture
def moved_clock() -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock forward, as often as wanted; it stands still in between."""
    with time_machine.travel(now(), tick=False) as clock:
        yield clock.shift
