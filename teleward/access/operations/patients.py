"""Registering patients and keeping what is known of them right."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, ActorKind, Grant, Subject, record
from teleward.access.models import AccountRequest, ContactChange, Patient, StaffInvitation, Standing
from teleward.access.operations.identifiers import add_identifiers
from teleward.access.operations.invitations import AddressImpossible
from teleward.access.operations.proofs import by_staff
from teleward.access.queries.patients import ADDRESS_BEFORE, CONTACT, PatientCard, card, contact
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

OLDEST = date(1890, 1, 1)


class BirthDateImpossible(Problem):
    """Nobody alive was born on this day."""

    code = "access:birth-date-impossible"
    message = _("Please check the date of birth: it must be in the past and not before 1890.")


class NameMissing(Problem):
    """A patient has a given name and a family name."""

    code = "access:name-missing"
    message = _("Please enter both a given name and a family name.")


@transaction.atomic
def register_patient(
    *,
    grant: Grant,
    given_name: str,
    family_name: str,
    born_on: date,
    language: str,
    email: str = "",
    telephone: str = "",
    numbers: Iterable[tuple[str, str]] = (),
) -> PatientCard:
    """Registers a patient with the practice of the grant; `numbers` are pairs of system and number.

    Raises NameMissing, BirthDateImpossible, AddressImpossible or IdentifierWrong.
    """
    grant.must_cover(Action.PATIENT_CREATE)
    _check(given_name, family_name, born_on)
    patient_id = new_id()
    patient = Patient.objects.create(
        id=patient_id,
        organisation_id=grant.organisation,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        born_on=born_on,
        language=language,
        contact=_sealed_contact(patient_id, _possible(email), telephone),
    )
    add_identifiers(grant=grant, patient=patient_id, numbers=numbers)
    if email.strip():
        ContactChange.objects.create(patient=patient, by_id=by_staff(grant))
    if grant.actor.kind is ActorKind.STAFF and grant.actor.id:
        _may_finish(grant, patient.id, grant.actor.id)
    about = Subject(kind="Patient", id=patient_id, organisation=grant.organisation, patient=patient_id)
    record(grant=replace(grant, subject=about), detail={"registered": str(patient_id)})  # their chain begins
    publish(Event.PATIENT_REGISTERED, patient=patient_id)
    return card(patient)


@transaction.atomic
def change_contact(*, grant: Grant, patient_id: UUID, email: str, telephone: str) -> None:
    """Replaces how the patient can be reached. Raises AddressImpossible or NotFound.

    A new e-mail address ends what was on its way to the one before, which is told. What was erased stays
    empty until a person enters it: no message of another system brings it back.
    """
    grant.must_cover(Action.PATIENT_CHANGE, patient=patient_id)
    patient = Patient.objects.select_for_update().filter(id=patient_id).first()
    if patient is None:
        raise NotFound
    if not patient.contact and grant.actor.kind is ActorKind.SYSTEM:  # empty and not even sealed: erased
        return
    before = contact(grant=grant, patient_id=patient_id).email
    patient.contact = _sealed_contact(patient.id, _possible(email), telephone)
    patient.save(update_fields=["contact"])
    publish(Event.PATIENT_CHANGED, patient=patient_id)
    record(grant=grant, detail={"changed": ["contact"]})
    if before != email.strip():
        _address_changed(grant, patient_id, before)


def _address_changed(grant: Grant, patient: UUID, before: str) -> None:
    at = now()
    StaffInvitation.objects.filter(patient=patient, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    AccountRequest.objects.filter(patient=patient, ended_at=None, invitation=None).update(ended_at=at)
    sealed = seal(patient=patient, plaintext=before.encode(), context=ADDRESS_BEFORE) if before else b""
    change = ContactChange.objects.create(patient_id=patient, by_id=by_staff(grant), at=at, before=sealed)
    if before:
        publish(Event.ADDRESS_CHANGED, change=change.id, patient=patient)


def _possible(email: str) -> str:
    try:
        if email.strip():
            validate_email(email.strip())
    except ValidationError as impossible:
        raise AddressImpossible from impossible
    return email


def _may_finish(grant: Grant, patient: UUID, staff: UUID) -> None:
    """Whoever entered a patient may finish the entry for a day."""
    at = now()
    Standing.objects.create(
        kind="registration",
        source=patient,
        organisation_id=grant.organisation,
        patient_id=patient,
        staff_id=staff,
        starts_at=at,
        ends_at=at,
    )


def _sealed_contact(patient: UUID, email: str, telephone: str) -> bytes:
    text = json.dumps({"email": email.strip(), "telephone": telephone.strip()})
    return seal(patient=patient, plaintext=text.encode(), context=CONTACT)


def _check(given_name: str, family_name: str, born_on: date) -> None:
    if not given_name.strip() or not family_name.strip():
        raise NameMissing
    if not OLDEST <= born_on <= now().date():
        raise BirthDateImpossible
