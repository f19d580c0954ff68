"""Beginning and ending stretches of a mode. A stretch ends where its last proof is, if that is long ago."""

from datetime import timedelta

from django.db.models import F, QuerySet

from teleward.consult.models import ModePeriod, Seat
from teleward.kernel.clock import now

SILENCE = timedelta(minutes=2)  # a gap no longer than this was the server's, not the people's: media go on


def close(open_periods: QuerySet[ModePeriod]) -> None:
    """Ends these periods: now, or at their last proof when they were silent for too long."""
    at = now()
    mine = open_periods.filter(until__isnull=True)
    mine.filter(seen_at__lt=at - SILENCE).update(until=F("seen_at"))
    mine.update(until=at, seen_at=at)


def follow(seat: Seat, mode: str) -> None:
    """From now on the seat is in this mode; the same mode again proves that it lasts."""
    at = now()
    lasting = ModePeriod.objects.filter(seat=seat, until__isnull=True, seen_at__gte=at - SILENCE, mode=mode)
    if lasting.update(seen_at=at):
        return
    close(ModePeriod.objects.filter(seat=seat))
    ModePeriod.objects.create(seat=seat, mode=mode, from_at=at, seen_at=at)
