"""Keeping a record closer. Closing takes two people; until the second agrees it is restricted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.glass_words import TIER_REASONS
from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.models import BrokenGlass, Patient, Restriction, Standing
from teleward.access.queries.tiers import CLOSED, RESTRICTED
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem


class TierUnknown(Problem):
    """Neither restricted nor closed, or no reason from the list."""

    code = "access:tier-unknown"
    status = 422
    message = _("Choose how close the record is to be kept, and why.")


class AlreadySo(Problem):
    """It is kept like this already."""

    code = "access:already-so"
    status = 409
    message = _("This record is kept like this already. Reload the page to see how.")


class OtherPersonNeeded(Problem):
    """Who asked for it may not be the second."""

    code = "access:other-person-needed"
    status = 403
    message = _("Closing a record takes two people. Somebody else has to agree.")


@transaction.atomic
def keep_closer(*, grant: Grant, tier: str, reason: str) -> UUID:
    """Restricts or closes the record of the patient of the grant. Raises TierUnknown or AlreadySo.

    What two people closed stays closed when only the reason is put right.
    """
    grant.must_cover(Action.TIER_CHANGE)
    if tier not in {RESTRICTED, CLOSED} or reason not in TIER_REASONS:
        raise TierUnknown
    before = _in_force(grant)
    agreed: dict[str, Any] = {}
    if before is not None:
        if (before.tier, before.reason) == (tier, reason):
            raise AlreadySo
        if before.tier == tier:
            agreed = {"seconded_by_id": before.seconded_by_id, "seconded_at": before.seconded_at}
        _lift(grant, before)
    row = Restriction.objects.create(
        patient_id=grant.about, tier=tier, reason=reason, set_by_id=_who(grant), set_at=now(), **agreed
    )
    record(grant=grant, detail={"restriction": str(row.id), "tier": tier, "reason": reason})
    return row.id


@transaction.atomic
def second_closing(*, grant: Grant) -> None:
    """A second person agrees that the record is closed. Raises NotFound or OtherPersonNeeded.

    An emergency access that one person alone opened before ends with it.
    """
    grant.must_cover(Action.TIER_SECOND)
    row = _in_force(grant)
    if row is None or row.tier != CLOSED or row.seconded_at is not None:
        raise NotFound
    if row.set_by_id == grant.actor.id:
        raise OtherPersonNeeded
    row.seconded_by_id, row.seconded_at = _who(grant), now()
    row.save(update_fields=["seconded_by", "seconded_at"])
    _end_what_one_opened(row.patient_id, row.seconded_at)
    record(grant=grant, detail={"restriction": str(row.id), "tier": CLOSED})


@transaction.atomic
def lift(*, grant: Grant) -> None:
    """The record is normal again. Raises NotFound where it is."""
    grant.must_cover(Action.TIER_CHANGE)
    row = _in_force(grant)
    if row is None:
        raise NotFound
    _lift(grant, row)
    record(grant=grant, detail={"restriction": str(row.id), "tier": "normal"})


def _end_what_one_opened(patient: UUID, at: datetime) -> None:
    alone = BrokenGlass.objects.filter(patient=patient, seconded_by=None, ended_at=None, ends_at__gt=at)
    open_now = Standing.objects.filter(kind="glass", patient=patient, ended_at=None)
    open_now.filter(source__in=list(alone.values_list("id", flat=True))).update(ended_at=at, ends_at=at)
    alone.update(ends_at=at)


def _in_force(grant: Grant) -> Restriction | None:
    Patient.objects.select_for_update(no_key=True).get(id=grant.about)
    rows = Restriction.objects.select_for_update(of=("self",)).filter(patient=grant.about, lifted_at=None)
    return rows.first()


def _lift(grant: Grant, row: Restriction) -> None:
    row.lifted_by_id, row.lifted_at = _who(grant), now()
    row.save(update_fields=["lifted_by", "lifted_at"])


def _who(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotCovered
    return grant.actor.id
