"""Where an address, a wish to invite and a new account stop being new: both sides of each edge are tried."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from stage.edges_of_accounts import lasts_until, opens, practice, somebody
from teleward.access.deciding import decide
from teleward.access.grants import Action, Actor, ActorKind, Grant, Subject
from teleward.access.models import ContactChange, Patient, Person, StaffInvitation
from teleward.access.operations import accounts
from teleward.access.operations.forgetting import forget_what_is_over
from teleward.access.operations.patients import change_contact, register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.accounts import account_asked, takes_two
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id, token_hash


def account_invitation(value: timedelta, travel: Any) -> bool:
    patient = _reachable()
    offer = accounts.offer_account(grant=_of(Action.ACCOUNT_OPEN, patient), patient=patient.id, by_mail=False)
    assert offer.issued
    return opens(offer.issued.link, value, travel)


def settled(value: timedelta, travel: Any) -> bool:
    patient, grant = _reachable(), partial(_of, Action.ACCOUNT_OPEN)
    return lasts_until(
        value, travel, lambda: takes_two(grant=grant(patient, somebody("nurse")), by_mail=True)
    )


def asked(value: timedelta, travel: Any) -> bool:
    patient, one = _reachable(), somebody("nurse")
    accounts.offer_account(grant=_of(Action.ACCOUNT_OPEN, patient, one), patient=patient.id, by_mail=False)
    card = partial(account_asked, grant=_of(Action.ACCOUNT_SECOND, patient, one))
    return lasts_until(value, travel, lambda: card() is not None)


def first_days(value: timedelta, travel: Any) -> bool:
    patient, owner = _reachable(), somebody()
    Patient.objects.filter(id=patient.id).update(person=owner)
    StaffInvitation.objects.create(
        organisation=practice(), patient=patient, email=owner.email, name="M", token_hash=token_hash("x"),
        expires_at=now(), accepted_at=now(), accepted_as=owner,
    )  # fmt: skip
    subject = _of(Action.WINDOW_EXPORT, patient).subject

    def waits() -> bool:
        account = Actor(
            kind=ActorKind.PATIENT, id=owner.id, organisation=practice().id, patient=patient.id, aal=2,
            authenticated_at=now(),
        )  # fmt: skip
        return not decide(actor=account, action=Action.WINDOW_EXPORT, subject=subject).allowed

    return lasts_until(value, travel, waits)


def kept_address(value: timedelta, travel: Any) -> bool:
    patient = _reachable()
    grant = _of(Action.PATIENT_CHANGE, patient)
    change_contact(grant=grant, patient_id=patient.id, email="new@example.org", telephone="")

    def is_kept() -> bool:
        forget_what_is_over()
        return ContactChange.objects.exclude(before=b"").exists()

    return lasts_until(value, travel, is_kept)


def _of(action: Action, patient: Patient, person: Person | None = None) -> Grant:
    """A grant about the patient: a colleague's, or the server's own."""
    subject = Subject(kind="Patient", id=patient.id, organisation=practice().id, patient=patient.id)
    grant = system_grant(action=action, organisation=practice().id, subject=subject)
    if person is None:
        return grant
    return replace(grant, actor=Actor(kind=ActorKind.STAFF, id=person.id, organisation=practice().id))


def _reachable() -> Patient:
    """A patient whose address was entered just now."""
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=practice().id)
    card = register_patient(
        grant=grant, given_name="Mia", family_name="Kern", born_on=date(1990, 1, 1), language="de",
        email=f"{new_id()}@example.org",
    )  # fmt: skip
    return Patient.objects.get(id=card.id)
