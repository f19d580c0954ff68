"""The numbers of a patient, and whose number one is."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant
from teleward.access.identifiers.kinds import word_of
from teleward.access.models import PatientIdentifier, PatientIdentifierKey
from teleward.access.queries.merging import kept_file
from teleward.access.queries.numbers import IdentifierWrong, normalised
from teleward.kernel.envelope import hashing_key, unseal
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant

NUMBER = "access.patientidentifier.value"
NUMBERED = (Action.PATIENT_READ, Action.PATIENT_CHANGE, Action.WINDOW_EXPORT)


class IdentifierShared(Problem):
    """Two files of the practice have this number, and nobody has said that they are one person."""

    code = "access:identifier-shared"
    status = 409
    message = _(
        "Two patients have this number. Open “Possibly the same person” and say whether they are one person."
    )


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """One number that stands. `system` is the address of its kind, `word` that kind: kvnr, nhs or mrn."""

    id: UUID
    system: str
    value: str
    word: str
    given_at: datetime


def identifiers(*, grant: Grant, patient: UUID) -> tuple[Identifier, ...]:
    """The numbers of the grant's patient, the first given first."""
    grant.must_cover(*NUMBERED, patient=patient)
    rows = PatientIdentifier.objects.filter(patient=patient, withdrawn_at=None)
    return tuple(_card(row) for row in rows.order_by("given_at", "id"))


@without_grant("An id only: it is what the gate is asked about.")
def patient_with(*, organisation: UUID, system: str, value: str) -> UUID | None:
    """The patient of a practice who has this number, in the file that is kept. None also for no number.

    Raises IdentifierShared where two have it.
    """
    found = patients_with(organisation=organisation, system=system, value=value)
    if len(found) > 1:
        raise IdentifierShared
    return next(iter(found), None)


@without_grant("Ids only: they are what the gate is asked about.")
def patients_with(*, organisation: UUID, system: str, value: str) -> frozenset[UUID]:
    """Every patient of a practice who has this number, in the file that is kept. None also for no number."""
    try:
        digest = digest_of(organisation=organisation, system=system, value=value)
    except IdentifierWrong:
        return frozenset()
    rows = PatientIdentifierKey.objects.filter(keyed_hash=digest, withdrawn_at=None)
    return frozenset(kept_file(patient=each) for each in rows.values_list("patient_id", flat=True)[:20])


@without_grant("A keyed hash of what was typed, inside of another query or operation.")
def digest_of(*, organisation: UUID, system: str, value: str) -> bytes:
    """What a number is found by in one practice: 32 bytes. Raises IdentifierWrong."""
    text = f"{organisation} {system} {normalised(system=system, value=value)}"
    return hmac.digest(hashing_key(context="access.identifier"), text.encode(), "sha256")


def _card(row: PatientIdentifier) -> Identifier:
    value = unseal(patient=row.patient_id, sealed=bytes(row.sealed), context=NUMBER).decode()
    return Identifier(
        id=row.id, system=row.system, value=value, word=word_of(row.system).value, given_at=row.given_at
    )
