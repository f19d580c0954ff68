"""Minutes that a member of staff spent with a patient's readings, counted once each."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from teleward.access.grants import Action, ActorKind, Grant, record
from teleward.devices.models import MinuteSpent
from teleward.devices.whose import whose
from teleward.kernel.clock import now

MINUTE = timedelta(minutes=1)


@transaction.atomic
def count_minutes(*, grant: Grant, minutes: Collection[datetime], since: datetime) -> int:
    """Keeps minutes (their beginnings) of the grant's person from `since` to now; returns how many are new.

    A minute the person spent elsewhere already is not counted again. Only staff spend minutes.
    """
    grant.must_cover(Action.READING_READ)
    if grant.actor.kind is not ActorKind.STAFF or grant.actor.id is None:
        return 0
    possible = {each for each in minutes if since - MINUTE < each <= now()}
    taken = MinuteSpent.objects.filter(person=grant.actor.id, minute__in=possible)
    fresh = possible - set(taken.values_list("minute", flat=True))
    MinuteSpent.objects.bulk_create(
        [
            MinuteSpent(
                organisation=grant.organisation,
                patient=whose(grant),
                person=grant.actor.id,
                minute=each,
            )
            for each in sorted(fresh)
        ],
        ignore_conflicts=True,
    )
    record(grant=grant, detail={"minutes": len(fresh)})
    return len(fresh)
