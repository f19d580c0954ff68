"""Holding back word to a patient where a letter could put somebody in danger: two people, and an end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.models import SafeguardingHold
from teleward.access.queries.safeguards import WORDS
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem

LONGEST = timedelta(days=90)
SHORTEST_WORDS, LONGEST_WORDS = 15, 500


class HoldUnclear(Problem):
    """No words that explain it, or no end within 90 days."""

    code = "access:hold-unclear"
    status = 422
    message = _("Write why in at least 15 characters, and choose a last day within the next 90 days.")


class HoldNeedsAnother(Problem):
    """Who asked for the hold may not confirm it."""

    code = "access:hold-needs-another"
    status = 403
    message = _("Holding back word to a patient takes two people. Somebody else has to agree.")


@transaction.atomic
def ask_for_hold(*, grant: Grant, until: datetime, words: str) -> UUID:
    """Asks that word to the patient of the grant waits. It holds nothing back yet. Raises HoldUnclear."""
    grant.must_cover(Action.SAFEGUARD)
    at, said = now(), " ".join(words.split())
    if not SHORTEST_WORDS <= len(said) <= LONGEST_WORDS or not at < until <= at + LONGEST:
        raise HoldUnclear
    row = SafeguardingHold.objects.create(
        patient_id=grant.about,
        asked_by_id=_who(grant),
        asked_at=at,
        words=seal(patient=grant.about, plaintext=said.encode(), context=WORDS),
        until=until,
    )
    record(grant=grant, detail={"hold": str(row.id), "until": until.isoformat(), "step": "asked"})
    return row.id


@transaction.atomic
def confirm_hold(*, grant: Grant, hold: UUID) -> None:
    """A second person agrees; from now on word waits. Raises NotFound or HoldNeedsAnother."""
    grant.must_cover(Action.SAFEGUARD)
    row = _open(grant, hold)
    if row.asked_by_id == grant.actor.id:
        raise HoldNeedsAnother
    row.confirmed_by_id, row.confirmed_at = _who(grant), now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(grant=grant, detail={"hold": str(row.id), "until": row.until.isoformat(), "step": "confirmed"})


@transaction.atomic
def lift_hold(*, grant: Grant, hold: UUID) -> None:
    """One person is enough to let word go out again. Raises NotFound."""
    grant.must_cover(Action.SAFEGUARD)
    row = _open(grant, hold)
    row.lifted_by_id, row.lifted_at = _who(grant), now()
    row.save(update_fields=["lifted_by", "lifted_at"])
    record(grant=grant, detail={"hold": str(row.id), "step": "lifted"})


def _open(grant: Grant, hold: UUID) -> SafeguardingHold:
    rows = SafeguardingHold.objects.select_for_update(of=("self",)).filter(
        id=hold, patient=grant.subject.patient, lifted_at=None, until__gt=now()
    )
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def _who(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotCovered
    return grant.actor.id
