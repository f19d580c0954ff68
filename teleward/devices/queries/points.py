"""Single values of a patient by the day: what came from home, and what was kept in a consultation."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from teleward.access.grants import Action, Grant
from teleward.devices.models import HomeReading, Kept
from teleward.devices.queries.readings import CONTEXT as HOME
from teleward.devices.queries.sharings import CONTEXT as KEPT
from teleward.devices.readings import Reading, decode
from teleward.devices.rollups import Point, midnight
from teleward.devices.whose import whose
from teleward.kernel.envelope import opened_key, unseal_under
from teleward.kernel.models import PatientKey
from teleward.kernel.openings import without_grant

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(9000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=5)  # a gateway's clock may go wrong by


def points_of_day(
    *, grant: Grant, day: date, zone: ZoneInfo, after: datetime = LONG_AGO, upto: datetime = FAR_AHEAD
) -> dict[str, list[Point]]:
    """By code all values measured on this day that were taken after one instant and up to another.

    In the order in which they were measured. Raises KeyDestroyed.
    """
    grant.must_cover(Action.READING_READ)
    patient = whose(grant=grant)
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    home = HomeReading.objects.filter(
        patient=patient, at__gte=begins, at__lt=ends, received_at__gt=max(after, begins - AHEAD),
        received_at__lte=upto,
    )  # fmt: skip
    kept = Kept.objects.filter(
        sharing__patient=patient, at__gte=begins - timedelta(days=1), at__lt=ends + timedelta(days=1)
    ).filter(at__gt=after, at__lte=upto)
    found: dict[str, list[Point]] = {}
    for at, reading in _opened(patient, home.order_by("at", "sequence"), kept.order_by("at")):
        if begins <= at < ends:
            _take(found, at, reading)
    return {code: sorted(points, key=lambda point: point.at) for code, points in found.items()}


@without_grant("Opens the key of a patient whose rows a grant has opened.")
def key_of(*, patient: UUID) -> AESGCM:
    """The patient's key. Raises KeyDestroyed."""
    row = PatientKey.objects.filter(patient=patient).first()
    return opened_key(wrapped=bytes(row.wrapped) if row else None)


def _opened(
    patient: UUID, home: Iterable[HomeReading], kept: Iterable[Kept]
) -> Iterator[tuple[datetime, Reading]]:
    home, kept = list(home), list(kept)
    if not home and not kept:
        return
    key = key_of(patient=patient)
    for row in home:
        context = HOME.format(row.pairing, row.sequence)
        text = unseal_under(key=key, patient=patient, sealed=bytes(row.sealed), context=context)
        yield row.at, decode(text)
    for each in kept:
        context = KEPT.format(each.id)
        text = unseal_under(key=key, patient=patient, sealed=bytes(each.reading), context=context)
        reading = decode(text)
        yield reading.received_at, reading


def _take(found: dict[str, list[Point]], at: datetime, reading: Reading) -> None:
    for value in reading.values:
        if value.value is not None:
            found.setdefault(value.code, []).append(Point(at=at, value=value.value))
