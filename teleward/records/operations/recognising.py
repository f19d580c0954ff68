"""Of whom here each patient of a file is one: by number alone, whatever the name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.operations.showing import shown
from teleward.access.queries.identifiers import patients_with
from teleward.records.imports.outcomes import Reason
from teleward.records.imports.reading import Json
from teleward.records.models import Import


def recognised(*, grant: Grant, row: Import, patients: Sequence[Json]) -> list[UUID | Reason]:
    """For each patient there the one here, or why there is none, as who brought it may know.

    Whom no list shows to them is told as nobody. Everybody who was found has it in their ledger.
    """
    grant.must_cover(Action.PATIENT_LIST)
    found = [_with_numbers(grant.organisation, each) for each in patients]
    every = frozenset[UUID]().union(*found)
    if row.by is None or not every:
        return [Reason.NO_PATIENT] * len(found)
    told = {"import": str(row.id), "brought_by": str(row.by)}
    listed = shown(grant=grant, person=row.by, patients=every, detail=told)
    return [_one(each, listed) for each in found]


def _one(found: frozenset[UUID], listed: frozenset[UUID]) -> UUID | Reason:
    if not found or not found <= listed:
        return Reason.NO_PATIENT
    return Reason.SHARED if len(found) > 1 else next(iter(found))


def _with_numbers(practice: UUID, patient: Json) -> frozenset[UUID]:
    identifiers = patient.get("identifier")
    every = identifiers if isinstance(identifiers, list) else []
    return frozenset[UUID]().union(*(_with_number(practice, each) for each in every))


def _with_number(practice: UUID, identifier: Any) -> frozenset[UUID]:  # noqa: ANN401 - any JSON
    said = identifier if isinstance(identifier, dict) else {}
    system, value = said.get("system"), said.get("value")
    if not isinstance(system, str) or not isinstance(value, str):
        return frozenset()
    try:
        return patients_with(organisation=practice, system=system, value=value)
    except UnicodeEncodeError:  # half a character, which JSON can write
        return frozenset()
