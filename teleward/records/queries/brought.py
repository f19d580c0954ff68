"""The documents that a patient sent, as they see them again: name, day, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.records.documents.limits import MOST_BROUGHT
from teleward.records.models import Current
from teleward.records.queries.resources import body_of
from teleward.records.store.digests import digests_of

DOCUMENT = "DocumentReference"


@dataclass(frozen=True, kw_only=True)
class BroughtCard:
    """One document a patient sent. `state` is FHIR's: current, superseded or entered-in-error."""

    title: str
    sent_at: datetime
    state: str


def brought(*, grant: Grant, patient: UUID) -> tuple[BroughtCard, ...]:
    """What the patient sent, the newest first, at most 20; with a visit's link, what came with that visit.

    What belongs to a visit that is kept closer is not among it.
    """
    grant.must_cover(Action.DOCUMENT_BRING, patient=patient)
    found = [
        (row, body_of(grant=grant, kind=DOCUMENT, logical_id=row.logical_id)) for row in _own(grant, patient)
    ]
    return tuple(_card(row, msgspec.json.decode(version.body)) for row, version in found if version)


def _own(grant: Grant, patient: UUID) -> QuerySet[Current]:
    grant.must_cover(Action.DOCUMENT_BRING, patient=patient)
    digests = digests_of(grant.organisation)
    wanted = [digests.of(f"{DOCUMENT}.author", f"Patient/{patient}")]
    if grant.subject.kind == "Visit":
        wanted.append(digests.of(f"{DOCUMENT}.encounter", str(grant.about)))
    closer = [
        digests.of(f"{DOCUMENT}.encounter", str(visit)) for visit in visits_kept_closer(patient=patient)
    ]
    rows = Current.objects.filter(patient=patient, type=DOCUMENT, removed_at=None, keys__contains=wanted)
    return rows.exclude(keys__overlap=closer).order_by("-low", "-logical_id")[:MOST_BROUGHT]


def _card(row: Current, said: dict[str, Any]) -> BroughtCard:
    title = said.get("description") or said["content"][0]["attachment"].get("title") or ""
    return BroughtCard(title=str(title), sent_at=row.low, state=str(said.get("status", "")))
