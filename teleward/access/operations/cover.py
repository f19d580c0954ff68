"""Cover by rota: for some days one colleague stands in for another, with that one's patients."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Cover, Person
from teleward.access.operations.administrators import not_to_oneself
from teleward.access.operations.proofs import by_staff
from teleward.access.operations.roles import DatesTurned
from teleward.access.signin.limits import COVER
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem

TREATING = ("physician", "nurse")


class CoverImpossible(Problem):
    """Only one who treats can stand in for another who treats."""

    code = "access:cover-impossible"
    message = _("Choose two different people who treat patients: a doctor or a nurse stands in for another.")


class CoverTooLong(Problem):
    """Cover is for a holiday or an illness, not for good."""

    code = "access:cover-too-long"
    message = _("Cover can last 35 days at most. Give it again when that time is over.")


@transaction.atomic
def give_cover(*, grant: Grant, person: UUID, covers: UUID, starts_at: datetime, ends_at: datetime) -> UUID:
    """`person` stands in for `covers` between two instants. Returns the cover's id.

    Raises CoverImpossible, DatesTurned, CoverTooLong or SomebodyElseMust.
    """
    grant.must_cover(Action.STAFF_CHANGE, subject=covers)
    not_to_oneself(actor=grant.actor.id, person=person, organisation=grant.organisation)
    if person == covers or _treating(grant, {person, covers}) != 2:
        raise CoverImpossible
    if ends_at <= max(starts_at, now()):
        raise DatesTurned
    if ends_at - starts_at > COVER.longest:
        raise CoverTooLong
    row = Cover.objects.create(
        person_id=person, covers_id=covers, starts_at=starts_at, ends_at=ends_at, given_by_id=by_staff(grant)
    )
    detail = {"cover": str(row.id), "by": str(person)}
    record(grant=grant, detail=detail | {"from": starts_at.isoformat(), "to": ends_at.isoformat()})
    return row.id


@transaction.atomic
def end_cover(*, grant: Grant, person: UUID, cover: UUID) -> None:
    """The cover for `person` ends now, or never begins. Raises NotFound."""
    grant.must_cover(Action.STAFF_CHANGE, subject=person)
    at = now()
    row = Cover.objects.select_for_update().filter(id=cover, covers=person, ends_at__gt=at).first()
    if row is None:
        raise NotFound
    row.starts_at, row.ends_at = min(row.starts_at, at), at
    row.save(update_fields=["starts_at", "ends_at"])
    record(grant=grant, detail={"cover-ended": str(cover)})


def _treating(grant: Grant, people: set[UUID]) -> int:
    """How many of them treat patients here, now or from a day that is known."""
    still = Q(roles__ends_at=None) | Q(roles__ends_at__gt=now())
    rows = Person.objects.filter(still, id__in=people, roles__name__in=TREATING, deactivation=None)
    return rows.filter(organisation=grant.organisation).distinct().count()
