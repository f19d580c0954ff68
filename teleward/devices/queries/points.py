"""Single values of a patient by the day: what came from home, and what was kept in a consultation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from teleward.access.grants import Action, Grant
from teleward.devices.rollups import Point, midnight
from teleward.devices.whose import whose
from teleward.kernel.envelope import opened_key, unseal_all
from teleward.kernel.models import PatientKey
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import Rows, rows

# $1 patient, $2 and $3 when it was measured, $4 and $5 when it came; the place it is sealed for, made here:
# in the words of queries.readings.CONTEXT and queries.sharings.CONTEXT
OWNED = """NOT EXISTS (SELECT FROM devices_disowned d WHERE (d.source, d.sequence) = ({})
AND NOT EXISTS (SELECT FROM devices_reowned b WHERE b.disowned_id = d.id))"""
HOME = f"""SELECT r.at, 'devices:home:' || r.pairing || '/' || r.sequence, r.sealed FROM devices_homereading r
WHERE r.patient = $1::uuid AND r.at >= $2::timestamptz AND r.at < $3::timestamptz
AND r.received_at > $4::timestamptz AND r.received_at <= $5::timestamptz
AND {OWNED.format("r.pairing, r.sequence")} ORDER BY r.at, r.sequence""".encode()  # noqa: S608 - constants
# The same of what was kept: when it was measured stands in it, and it was kept a while later.
KEPT = f"""SELECT NULL::timestamptz, 'devices:kept:' || k.id, k.reading
FROM devices_kept k JOIN devices_sharing s ON s.id = k.sharing_id
WHERE s.patient = $1::uuid AND k.at >= $2::timestamptz AND k.at < $3::timestamptz
AND k.at > $4::timestamptz AND k.at <= $5::timestamptz AND {OWNED.format("k.id, 0")}
AND NOT EXISTS (SELECT FROM access_closervisit_key z WHERE z.visit = s.visit AND z.category <> '')
ORDER BY k.at""".encode()  # noqa: S608 - constants
WHEN = attrgetter("at")
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
    home = rows(HOME, [patient, begins, ends, max(after, begins - AHEAD), upto])
    kept = rows(KEPT, [patient, begins - timedelta(days=1), ends + timedelta(days=1), after, upto])
    found: dict[str, list[Point]] = {}
    for at, values in chain(_opened(patient, home), _opened(patient, kept)):
        if begins <= at < ends:
            _take(found, at, values)
    return {code: sorted(points, key=WHEN) for code, points in found.items()}


def points_between(*, grant: Grant, code: str, first: datetime, last: datetime) -> tuple[Point, ...]:
    """All values of one code from one instant to another, both included; at most of 90 days before `last`."""
    grant.must_cover(Action.READING_READ)
    utc = ZoneInfo("UTC")
    begins = max(first, last - timedelta(days=90)).date()
    days = [begins + timedelta(days=number) for number in range((last.date() - begins).days + 1)]
    found = (points_of_day(grant=grant, day=day, zone=utc).get(code, []) for day in days)
    return tuple(point for points in found for point in points if first <= point.at <= last)


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
    """Of a reading, what a plot needs; `received_at` where nothing else says when it was."""

    received_at: datetime
    values: list[OnlyValue]


only_values = msgspec.json.Decoder(OnlyValues).decode


def _opened(patient: UUID, sealed: Rows) -> Iterator[tuple[datetime, list[OnlyValue]]]:
    if not sealed:
        return
    key = key_of(patient=patient)
    texts = unseal_all(key=key, patient=patient, each=((context, body) for _at, context, body in sealed))
    for (at, _context, _body), text in zip(sealed, texts, strict=True):
        said = only_values(text)
        yield at or said.received_at, said.values


def _take(found: dict[str, list[Point]], at: datetime, values: list[OnlyValue]) -> None:
    for value in values:
        if value.value is not None:
            found.setdefault(value.code, []).append(Point(at=at, value=value.value))
