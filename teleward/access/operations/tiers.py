"""Keeping a record closer. Closing takes two people, and so does every way back from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.glass_words import TIER_REASONS
from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.models import BrokenGlass, Loosening, Patient, Restriction, Standing
from teleward.access.queries.tiers import CLOSED, NORMAL, RESTRICTED
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
    message = _("This takes two people. Somebody else has to agree.")


@transaction.atomic
def keep_closer(*, grant: Grant, tier: str, reason: str) -> UUID:
    """Restricts or closes the record of the patient of the grant. Raises TierUnknown or AlreadySo.

    What two people closed stays closed when only the reason is put right; that it is merely restricted is
    asked for, and waits for a second person.
    """
    grant.must_cover(Action.TIER_CHANGE)
    if tier not in {RESTRICTED, CLOSED} or reason not in TIER_REASONS:
        raise TierUnknown
    before = _in_force(grant)
    if before is not None and (before.tier, before.reason) == (tier, reason):
        raise AlreadySo
    if before is not None and _two_closed(before) and tier != CLOSED:
        return _ask(grant, before, tier, reason)
    agreed: dict[str, Any] = {}
    if before is not None and before.tier == tier:
        agreed = {"seconded_by_id": before.seconded_by_id, "seconded_at": before.seconded_at}
    return _replace(grant, before, tier=tier, reason=reason, set_by_id=_who(grant), **agreed)


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
    """The record is normal again; where two people closed it, that is asked for.

    Raises NotFound or AlreadySo.
    """
    grant.must_cover(Action.TIER_CHANGE)
    row = _in_force(grant)
    if row is None:
        raise NotFound
    if _two_closed(row):
        _ask(grant, row, NORMAL, "")
        return
    _lift(grant, row)
    record(grant=grant, detail={"restriction": str(row.id), "tier": NORMAL})


@transaction.atomic
def second_loosening(*, grant: Grant, loosening: UUID, agrees: bool) -> None:
    """A second person agrees that a closed record is kept less close, or does not.

    Raises NotFound or OtherPersonNeeded.
    """
    grant.must_cover(Action.TIER_SECOND)
    row = _in_force(grant)
    asked = _asked(row)
    if row is None or asked is None or asked.id != loosening:
        raise NotFound
    if grant.actor.id in {asked.asked_by_id, None}:
        raise OtherPersonNeeded
    _answer(grant, asked, agrees=agrees)
    if not agrees:
        record(grant=grant, detail={"restriction": str(row.id), "asked": asked.tier, "declined": "yes"})
    elif asked.tier == NORMAL:
        _lift(grant, row)
        record(grant=grant, detail={"restriction": str(row.id), "tier": NORMAL})
    else:
        _replace(grant, row, tier=asked.tier, reason=asked.reason, set_by_id=asked.asked_by_id)


@transaction.atomic
def keep_closed(*, grant: Grant) -> None:
    """What was asked for is taken back: the record stays closed. Raises NotFound."""
    grant.must_cover(Action.TIER_CHANGE)
    asked = _asked(_in_force(grant))
    if asked is None:
        raise NotFound
    _answer(grant, asked, agrees=False)
    record(grant=grant, detail={"asked": asked.tier, "declined": "yes"})


def _two_closed(row: Restriction) -> bool:
    return row.tier == CLOSED and row.seconded_at is not None


def _ask(grant: Grant, row: Restriction, tier: str, reason: str) -> UUID:
    if _asked(row) is not None:
        raise AlreadySo
    asked = Loosening.objects.create(
        patient_id=row.patient_id, restriction=row, tier=tier, reason=reason, asked_by_id=_who(grant)
    )
    record(grant=grant, detail={"restriction": str(row.id), "asked": tier, "waits": "second"})
    return asked.id


def _asked(row: Restriction | None) -> Loosening | None:
    return Loosening.objects.filter(restriction=row, answered_at=None).first() if row else None


def _answer(grant: Grant, asked: Loosening, *, agrees: bool) -> None:
    asked.answered_by_id, asked.answered_at, asked.agreed = _who(grant), now(), agrees
    asked.save(update_fields=["answered_by", "answered_at", "agreed"])


def _replace(grant: Grant, before: Restriction | None, *, tier: str, reason: str, **by: Any) -> UUID:  # noqa: ANN401 - fields of the row
    """A new restriction in the place of the one in force, which is kept as what was."""
    if before is not None:
        _lift(grant, before)
    row = Restriction.objects.create(patient_id=grant.about, tier=tier, reason=reason, set_at=now(), **by)
    record(grant=grant, detail={"restriction": str(row.id), "tier": tier, "reason": reason})
    return row.id


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
    Loosening.objects.filter(restriction=row, answered_at=None).update(answered_at=now(), agreed=False)


def _who(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotCovered
    return grant.actor.id
