"""Giving a patient a number by which others know them, and taking a wrong one back."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.models import Patient, PatientIdentifier
from teleward.access.operations.proofs import by_staff
from teleward.access.queries.identifiers import NUMBER, digest_of
from teleward.access.queries.numbers import normalised
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event, publish


@transaction.atomic
def give_identifier(*, grant: Grant, patient: UUID, system: str, value: str) -> UUID:
    """Gives the grant's patient a number of a system, an absolute address. Returns its id. Idempotent.

    Raises IdentifierWrong or NotFound. That another file has the same number is no error here: two files
    of one person are proposed for a person to look at, and nothing says who else is a patient.
    """
    grant.must_cover(Action.PATIENT_CHANGE, patient=patient)
    digest = digest_of(organisation=grant.organisation, system=system, value=value)
    if not Patient.objects.select_for_update().filter(id=patient).exists():
        raise NotFound
    standing = PatientIdentifier.objects.filter(patient=patient, keyed_hash=digest, withdrawn_at=None).first()
    if standing:
        return standing.id
    given = add_identifiers(grant=grant, patient=patient, numbers=[(system, value)])[0]
    publish(Event.PATIENT_CHANGED, patient=patient)
    record(grant=grant, detail={"number": system})
    return given


@transaction.atomic
def withdraw_identifier(*, grant: Grant, identifier: UUID) -> None:
    """Takes a number of the grant's patient back: it was wrong. Raises NotFound."""
    grant.must_cover(Action.PATIENT_CHANGE)
    rows = PatientIdentifier.objects.select_for_update().filter(patient=grant.about, withdrawn_at=None)
    row = rows.filter(id=identifier).first()
    if row is None:
        raise NotFound
    row.withdrawn_at, row.withdrawn_by_id = now(), by_staff(grant)
    row.save(update_fields=["withdrawn_at", "withdrawn_by_id"])
    publish(Event.PATIENT_CHANGED, patient=row.patient_id)
    record(grant=grant, detail={"number-withdrawn": row.system})


def add_identifiers(*, grant: Grant, patient: UUID, numbers: Iterable[tuple[str, str]]) -> list[UUID]:
    """Keeps numbers (system and number) of a patient who has none of them. Raises IdentifierWrong."""
    grant.must_cover(Action.PATIENT_CREATE, Action.PATIENT_CHANGE)
    tidy = dict.fromkeys((system, normalised(system=system, value=value)) for system, value in numbers)
    return [
        PatientIdentifier.objects.create(
            organisation_id=grant.organisation,
            patient_id=patient,
            system=system,
            sealed=seal(patient=patient, plaintext=value.encode(), context=NUMBER),
            keyed_hash=digest_of(organisation=grant.organisation, system=system, value=value),
            given_by_id=by_staff(grant),
        ).id
        for system, value in tidy
    ]
