"""Heart currents: frames of our own (docs/reference/ecg-frames.md). Nothing is filtered or smoothed."""

import struct
from datetime import UTC, datetime

from teleward.devices.kinds.frame import LONGEST, short
from teleward.devices.kinds.kind import Measured, Unreadable, Waveform

SERVICE = "74656c65-7761-7264-8001-000000000000"
MEASUREMENT = "74656c65-7761-7264-8001-000000000001"
HEADER = struct.Struct("<IdBBH")  # sequence, milliseconds since 1970, leads, samples of each, Hz
RATES = frozenset({100, 125, 128, 200, 250, 256, 500, 512, 1000})  # whose period in ms is a short decimal
LATEST = 253402300800000  # 10000-01-01 in milliseconds
NO_CONTACT = -32768


def decode(characteristic: str, octets: bytes) -> Measured:
    """The samples of one frame, lead after lead, in thousandths of a millivolt."""
    if short(characteristic) != MEASUREMENT:
        raise Unreadable("unknown-characteristic")
    if len(octets) > LONGEST:
        raise Unreadable("too-long")
    if len(octets) < HEADER.size:
        raise Unreadable("too-short")
    sequence, at, leads, samples, hertz = HEADER.unpack_from(octets)
    wave = Waveform(hertz=_rate(hertz), leads=_leads(octets[HEADER.size :], leads, samples))
    loose = any(NO_CONTACT in lead for lead in wave.leads)
    return Measured(
        values=(),
        measured_at=_moment(at),
        sequence=sequence,
        flags=("no-skin-contact",) if loose else (),
        waveform=wave,
    )


def _rate(hertz: int) -> int:
    if hertz not in RATES:
        raise Unreadable("unknown-rate")
    return hertz


def _moment(milliseconds: float) -> datetime:
    if not 0 <= milliseconds < LATEST:  # neither is it a number that is none
        raise Unreadable("impossible-date")
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _leads(body: bytes, leads: int, samples: int) -> tuple[tuple[int, ...], ...]:
    if not 1 <= leads <= 3 or samples == 0:
        raise Unreadable("wrong-leads")
    if len(body) != 2 * leads * samples:
        raise Unreadable("wrong-size")
    numbers = struct.unpack(f"<{leads * samples}h", body)
    return tuple(numbers[start : start + samples] for start in range(0, leads * samples, samples))
