"""A body that came from a gateway: unpacked within limits, and read reading by reading. Pure.

What is wrong with one reading is said of that reading; the others stand.
"""

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from teleward.devices.judging import fault
from teleward.devices.kinds import KINDS
from teleward.devices.readings import Batch, Reading
from teleward.devices.usual import Usual, usual
from teleward.kernel.errors import Problem

LARGEST = 1_000_000  # bytes, unpacked
MOST = 1_000  # readings
AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=90)
EVER = datetime.min.replace(tzinfo=UTC)
GZIP = 16 + zlib.MAX_WBITS
SOMEBODY = frozenset({"patient", "subject", "pairing"})
SPECIAL = frozenset({"NaN", "NRes", "INF", "+INF", "-INF", "Infinity", "-Infinity"})
_read = msgspec.json.Decoder(Reading).decode


class BodyTooLarge(Problem):
    """More than is taken at once, packed or unpacked."""

    code = "devices:body-too-large"
    status = 413
    message = _("This is too much at once. Please send fewer readings at a time.")


class BodyUnreadable(Problem):
    """No JSON, or not the object with readings in it."""

    code = "devices:body-unreadable"
    status = 400
    message = _("This is no batch of readings as their description has it. Please check the program.")


class EncodingNotTaken(Problem):
    """Packed by something else than gzip."""

    code = "devices:encoding"
    status = 415
    message = _("Readings are taken plain or packed with gzip. Please send them so.")


class Arrived(msgspec.Struct, gc=False):
    """One reading as it came, or the stable word for what is wrong with it. `at`: when it was measured."""

    raw: bytes
    fault: str = ""
    id: str | UUID = ""
    sequence: int | None = None
    kind: str = ""
    at: datetime = EVER

    @property
    def reading(self) -> Reading:
        """What was read already, read again: seldom asked for, so that it need not be kept."""
        return _read(self.raw)


_decode = msgspec.json.Decoder(Batch).decode


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as JSON. Raises EncodingNotTaken, BodyTooLarge or BodyUnreadable."""
    if encoding in {"", "identity"}:
        found = body
    elif encoding == "gzip":
        found = _inflated(body)
    else:
        raise EncodingNotTaken
    if len(found) > LARGEST:
        raise BodyTooLarge
    return found


def batch_of(body: bytes) -> Batch:
    """What is in a body. Raises BodyUnreadable or BodyTooLarge."""
    try:
        batch = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unreadable:
        raise BodyUnreadable from unreadable
    if len(batch.readings) > MOST:
        raise BodyTooLarge
    return batch


def arrived(raw: bytes, *, at: datetime) -> Arrived:
    """One reading, and whether it can be believed at this moment; of its number nothing is said yet."""
    first, last = at - OLDEST, at + AHEAD
    found = usual(raw)
    if found is None:
        return _read_strictly(raw, first, last)
    why = _fault_of_time(found, first, last)
    return Arrived(raw, why, found.id, found.sequence, found.kind, found.measured_at or found.received_at)


def _read_strictly(raw: bytes, first: datetime, last: datetime) -> Arrived:
    """The same for what is not usual: this is where it is said what is wrong."""
    try:
        found = _read(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unread(raw)
    kind = KINDS.get(found.kind)
    why = _fault_of_time(found, first, last) or fault(found, kind) if kind else "kind-not-known"
    return Arrived(raw, why, found.id, found.sequence, found.kind, found.measured_at or found.received_at)


def _fault_of_time(reading: Reading | Usual, first: datetime, last: datetime) -> str:
    received, measured = reading.received_at, reading.measured_at or reading.received_at
    if received > last or measured > last:
        return "in-the-future"
    return "too-old" if received < first or measured < first else ""


def _inflated(body: bytes) -> bytes:
    """One gzip member, never more of it than may come. Raises BodyTooLarge or BodyUnreadable."""
    machine = zlib.decompressobj(GZIP)
    try:
        found = machine.decompress(body, LARGEST + 1)
    except zlib.error as broken:
        raise BodyUnreadable from broken
    if len(found) > LARGEST:
        raise BodyTooLarge
    if not machine.eof or machine.unused_data:
        raise BodyUnreadable
    return found


def _unread(raw: bytes) -> Arrived:
    """What can still be said of a reading that is none."""
    try:
        said = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Arrived(raw, "unreadable")
    why = "names-a-patient" if SOMEBODY & said.keys() else "special-value" if _special(said) else "unreadable"
    return Arrived(raw, why, _text(said.get("id")), _number(said.get("sequence")))


def _special(said: dict[str, Any]) -> bool:
    values = said.get("values")
    each = values if isinstance(values, list) else []
    found = [value.get("value") for value in each if isinstance(value, dict)]
    return any(isinstance(value, str) and value in SPECIAL for value in found)


def _text(given: object) -> str:
    return given if isinstance(given, str) and len(given) <= 36 else ""


def _number(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 2**63 else None
