"""Registering patients and keeping what is known of them right."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, ActorKind, Grant, Subject, record
from teleward.access.models import Patient, Standing
from teleward.access.queries.patients import CONTACT, PatientCard, card
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
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
) -> PatientCard:
    """Registers a patient with the practice of the grant. Raises NameMissing or BirthDateImpossible."""
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
        contact=_sealed_contact(patient_id, email, telephone),
    )
    if grant.actor.kind is ActorKind.STAFF and grant.actor.id:
        _may_finish(grant, patient.id, grant.actor.id)
    about = Subject(kind="Patient", id=patient_id, organisation=grant.organisation, patient=patient_id)
    record(grant=replace(grant, subject=about), detail={"registered": str(patient_id)})  # their chain begins
    return card(patient)


@transaction.atomic
def change_contact(*, grant: Grant, patient_id: UUID, email: str, telephone: str) -> None:
    """Replaces how the patient can be reached. Raises NotFound."""
    grant.must_cover(Action.PATIENT_CHANGE, patient=patient_id)
    patient = Patient.objects.select_for_update().filter(id=patient_id).first()
    if patient is None:
        raise NotFound
    patient.contact = _sealed_contact(patient.id, email, telephone)
    patient.save(update_fields=["contact"])
    record(grant=grant, detail={"changed": ["contact"]})


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
