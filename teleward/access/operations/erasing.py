"""Erasing what a patient may have erased: contact, access of others, the account, in the end everything."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import (
    AccountRequest,
    AppGrant,
    ContactChange,
    Likeness,
    Merge,
    Passkey,
    Patient,
    PatientIdentifier,
    Person,
    Proposal,
    Proxy,
    ProxyOffer,
    Session,
    StaffInvitation,
)
from teleward.access.operations.sessions import end_all
from teleward.access.queries.patients import NOBODY
from teleward.kernel.clock import now
from teleward.kernel.envelope import destroy_key
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

NOBODY_BORN = date(1900, 1, 1)


@transaction.atomic
def erase_contact(*, grant: Grant) -> None:
    """E-mail address and telephone of the grant's patient are gone."""
    grant.must_cover(Action.ERASURE_ANSWER)
    Patient.objects.filter(id=_patient(grant).id).update(contact=b"")
    AccountRequest.objects.filter(patient=grant.subject.patient, ended_at=None).update(ended_at=now())
    StaffInvitation.objects.filter(patient=grant.subject.patient, accepted_at=None).delete()
    ContactChange.objects.filter(patient=grant.subject.patient).update(before=b"")
    record(grant=grant, detail={"erased": "contact"})


@transaction.atomic
def erase_sharing(*, grant: Grant) -> None:
    """Nobody has access by the patient's leave any more, and nothing says who had."""
    grant.must_cover(Action.ERASURE_ANSWER)
    Proxy.objects.filter(patient=grant.subject.patient).delete()
    ProxyOffer.objects.filter(patient=grant.subject.patient).delete()
    AppGrant.objects.filter(person__patient=grant.subject.patient).delete()
    record(grant=grant, detail={"erased": "sharing"})


@transaction.atomic
def erase_identity(*, grant: Grant) -> None:
    """Account, name, date of birth, numbers and the key are gone; what was sealed with it stays closed.

    No other file leads to this one any more, nor this one to another: each is erased by itself.
    """
    grant.must_cover(Action.ERASURE_ANSWER)
    found = _patient(grant)
    if found.person_id:
        _erase_account(found.person_id)
    found.given_name = found.family_name = NOBODY
    found.born_on, found.contact, found.person = NOBODY_BORN, b"", None
    found.save(update_fields=["given_name", "family_name", "born_on", "contact", "person"])
    PatientIdentifier.objects.filter(patient=found).delete()
    Likeness.objects.filter(patient=found).delete()
    Proposal.objects.filter(Q(first=found) | Q(second=found)).delete()
    _stand_alone(found)
    record(grant=grant, detail={"erased": "identity"})
    destroy_key(patient=found.id)


def _patient(grant: Grant) -> Patient:
    patient = grant.subject.patient
    found = Patient.objects.select_for_update().filter(id=patient).first() if patient else None
    if found is None:
        raise NotFound
    return found


def _stand_alone(erased: Patient) -> None:
    """Nobody says who ended it: it is told from what a person takes back (queries.merging)."""
    for row in Merge.objects.filter(Q(kept=erased) | Q(gone=erased), ended_at=None):
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        publish(Event.PATIENT_CHANGED, patient=row.gone_id if row.kept_id == erased.id else row.kept_id)


def _erase_account(person: UUID) -> None:
    end_all(Session.objects.filter(person=person))
    Passkey.objects.filter(person=person).delete()
    AppGrant.objects.filter(person=person).delete()
    gone = {"name": NOBODY, "email": f"{new_id()}@erased.invalid", "password": "", "joined_at": now()}
    Person.objects.filter(id=person).update(**gone)
