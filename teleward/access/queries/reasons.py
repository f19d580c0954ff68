"""Typed reasons: the one line somebody gave where nothing else explained an access."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from teleward.access.grants import Action, Grant
from teleward.access.models import ReasonKey, TypedReason
from teleward.access.queries.keys import practice_of
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

WORDS = "access.reason.words"


@dataclass(frozen=True, kw_only=True)
class ReasonFacts:
    """Ids and times of a typed reason, nobody's name and no words."""

    id: UUID
    organisation: UUID
    patient: UUID
    person: UUID
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReasonCard:
    """A typed reason with its words."""

    id: UUID
    person: UUID
    person_name: str
    words: str
    given_at: datetime
    ends_at: datetime


@without_grant("Ids and a time: what rooms above need to open a case.")
def reason_facts(*, reason: UUID) -> ReasonFacts:
    """Ids and times of one typed reason. Raises NotFound."""
    row = ReasonKey.objects.filter(id=reason).first()
    if row is None:
        raise NotFound
    return ReasonFacts(
        id=row.id,
        organisation=practice_of(patient=row.patient_id),
        patient=row.patient_id,
        person=row.person_id,
        given_at=row.given_at,
    )


def likeness(*, grant: Grant, reason: UUID) -> bytes:
    """A keyed hash of the words without case, spaces and marks: 32 bytes, alike for alike reasons.

    Raises NotFound.
    """
    grant.must_cover(Action.CASE_LIST)
    row = TypedReason.objects.filter(id=reason).first()
    if row is None:
        raise NotFound
    return _alike(_words(row))


def reason(*, grant: Grant, reason: UUID) -> ReasonCard:
    """One typed reason about the patient of the grant. Raises NotFound."""
    grant.must_cover(Action.CASE_READ, Action.CASE_REVIEW, Action.LEDGER_READ, Action.WINDOW_OPEN)
    rows = TypedReason.objects.select_related("person").filter(id=reason, patient=grant.subject.patient)
    row = rows.first()
    if row is None:
        raise NotFound
    return _card(row)


def reasons_of_patient(*, grant: Grant) -> dict[UUID, ReasonCard]:
    """Every reason typed about the patient of the grant, by its id, for the sentences of their page."""
    grant.must_cover(Action.LEDGER_READ, Action.WINDOW_OPEN)
    rows = TypedReason.objects.select_related("person").filter(patient=grant.subject.patient)
    return {row.id: _card(row) for row in rows}


def _card(row: TypedReason) -> ReasonCard:
    return ReasonCard(
        id=row.id,
        person=row.person_id,
        person_name=row.person.name,
        words=_words(row),
        given_at=row.given_at,
        ends_at=row.ends_at,
    )


def _words(row: TypedReason) -> str:
    return unseal(patient=row.patient_id, sealed=bytes(row.words), context=WORDS).decode()


def _alike(words: str) -> bytes:
    """The same for words that differ in case, spaces and marks only; without the key nobody can try words."""
    plain = re.sub(r"\W+", " ", words.casefold()).strip()
    return hmac.digest(settings.SECRET_KEY.encode(), b"teleward reason " + plain.encode(), "sha256")
