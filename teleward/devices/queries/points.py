"""Single values of a patient by the day: what came from home, and what was kept in a consultation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import QuerySet

from teleward.access.grants import Action, Grant
from teleward.devices.models import HomeReading, Kept
from teleward.devices.queries.readings import CONTEXT as HOME
from teleward.devices.queries.sharings import CONTEXT as KEPT
from teleward.devices.readings import decode
from teleward.devices.rollups import Point, midnight
from teleward.devices.whose import whose
from teleward.kernel.envelope import KeyDestroyed, opened_key, unseal_under
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
    patient = whose(grant)
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    home = HomeReading.objects.filter(
        patient=patient, at__gte=begins, at__lt=ends, received_at__gt=max(after, begins - AHEAD),
        received_at__lte=upto,
    )  # fmt: skip
    kept = Kept.objects.filter(
        sharing__patient=patient, at__gte=begins - timedelta(days=1), at__lt=ends + timedelta(days=1)
    ).filter(at__gt=after, at__lte=upto)
    found: dict[str, list[Point]] = {}
    for at, values in chain(_from_home(patient, home), _from_visits(patient, kept)):
        if begins <= at < ends:
            _take(found, at, values)
    return {code: sorted(points, key=lambda point: point.at) for code, points in found.items()}


@without_grant("Opens the key of a patient whose rows a grant has opened.")
def key_of(*, patient: UUID) -> AESGCM:
    """The patient's key. Raises KeyDestroyed."""
    row = PatientKey.objects.filter(patient=patient).first()
    return opened_key(wrapped=bytes(row.wrapped) if row else None)


class OnlyValue(msgspec.Struct):
    """Of a value, what a plot needs; the rest is passed over unread."""

    code: str
    value: str | None = None


class OnlyValues(msgspec.Struct):
    """Of a reading, what a plot needs."""

    values: list[OnlyValue]


only_values = msgspec.json.Decoder(OnlyValues).decode


def _from_home(patient: UUID, home: QuerySet[HomeReading]) -> Iterator[tuple[datetime, list[OnlyValue]]]:
    rows = home.order_by("at", "sequence").values_list("at", "pairing", "sequence", "sealed")
    key = key_of(patient=patient) if rows else None
    for at, pairing, sequence, sealed in rows:
        text = _unsealed(key, patient, bytes(sealed), HOME.format(pairing, sequence))
        yield at, only_values(text).values


def _from_visits(patient: UUID, kept: QuerySet[Kept]) -> Iterator[tuple[datetime, list[OnlyValue]]]:
    rows = kept.order_by("at").values_list("id", "reading")
    key = key_of(patient=patient) if rows else None
    for each, sealed in rows:
        text = _unsealed(key, patient, bytes(sealed), KEPT.format(each))
        yield decode(text).received_at, only_values(text).values


def _unsealed(key: AESGCM | None, patient: UUID, sealed: bytes, context: str) -> bytes:
    if key is None:
        raise KeyDestroyed
    return unseal_under(key=key, patient=patient, sealed=sealed, context=context)


def _take(found: dict[str, list[Point]], at: datetime, values: list[OnlyValue]) -> None:
    for value in values:
        if value.value is not None:
            found.setdefault(value.code, []).append(Point(at=at, value=value.value))
