"""The same cases as the patient sees them, and as the member of staff sees their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.glass import GlassCard, glass_of_patient
from teleward.access.queries.naming import shows_names
from teleward.access.queries.people import staff_names
from teleward.access.queries.safeguards import held_until
from teleward.watch.models import Case
from teleward.watch.queries.cases import ReviewCard, review_of


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """An emergency access as its patient reads it, with the answer once there is one.

    Names or roles, as the practice has decided.
    """

    glass: GlassCard  # its names are empty where patients read roles
    roles: tuple[str, ...]
    second_roles: tuple[str, ...]  # empty where nobody had to agree
    due_at: datetime | None
    review: ReviewCard | None


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """An emergency access as the member of staff reads it in the evening: no name of a patient."""

    id: UUID
    code: str
    opened_at: datetime
    is_denied: bool
    outcome: str  # empty while it is being checked


def emergencies_of_patient(*, grant: Grant) -> list[Emergency]:
    """Every emergency access to the patient of the grant, the newest first, with what was found.

    None while two people hold back word to this patient.
    """
    grant.must_cover(Action.LEDGER_READ)
    if held_until(patient=grant.about) is not None:
        return []
    rows = Case.objects.select_related("review__by").filter(patient=grant.subject.patient, kind="emergency")
    known = {row.about: row for row in rows}
    roles = {key: who.roles for key, who in staff_names(organisation_id=grant.organisation).items()}
    cards = glass_of_patient(grant=grant)
    if not shows_names(organisation=grant.organisation):
        cards = [replace(card, person_name="", second_name="") for card in cards]
    return [_emergency(card, known.get(card.id), roles) for card in cards]


def own_cases(*, grant: Grant) -> list[OwnCase]:
    """The emergency accesses in the name of the person of the grant, the newest first."""
    grant.must_cover(Action.CASE_ANSWER, subject=grant.actor.id)
    rows = Case.objects.select_related("review", "denial").filter(person=grant.about, kind="emergency")
    return [_own(row) for row in rows.order_by("-opened_at")[:50]]


def _emergency(card: GlassCard, row: Case | None, people: Mapping[UUID, tuple[str, ...]]) -> Emergency:
    return Emergency(
        glass=card,
        roles=people.get(card.person, ()),
        second_roles=people.get(card.second, ()) if card.second else (),
        due_at=row.due_at if row else None,
        review=review_of(row, with_words=True) if row else None,
    )


def _own(row: Case) -> OwnCase:
    review = getattr(row, "review", None)
    return OwnCase(
        id=row.id,
        code=row.code,
        opened_at=row.opened_at,
        is_denied=hasattr(row, "denial"),
        outcome=review.outcome if review else "",
    )
