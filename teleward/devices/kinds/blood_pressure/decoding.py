"""Blood pressure: Blood Pressure Service 1.1.1 and the GATT Specification Supplement.

0x2A35 and, while the cuff fills, 0x2A36; enhanced, with UTC, 0x2B34 and 0x2B35.
"""

from datetime import UTC, datetime, timedelta

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, short, user, words
from teleward.devices.kinds.kind import Measured, Unreadable

MEASUREMENT, INTERMEDIATE = "2A35", "2A36"
ENHANCED, ENHANCED_INTERMEDIATE = "2B34", "2B35"
NEWER = {MEASUREMENT: ENHANCED, INTERMEDIATE: ENHANCED_INTERMEDIATE}
ALL = frozenset((*NEWER, *NEWER.values()))
SYSTOLIC, DIASTOLIC, MEAN, PULSE = "8480-6", "8462-4", "8478-0", "8867-4"
KPA, DATED, PULSED, USED, STATED, FACED, SINCE_2000 = (1 << bit for bit in range(7))
STATUS = {0: "body-movement", 1: "cuff-too-loose", 2: "irregular-pulse", 5: "wrong-position"}
RANGE = {1: ("pulse-above-range",), 2: ("pulse-below-range",)}


def decode(characteristic: str, octets: bytes) -> Measured:
    """One measurement. The pressure while the cuff fills is none: it says that the device measures."""
    name = short(characteristic)
    if name not in ALL:
        raise Unreadable("unknown-characteristic")
    said = _measurement(Frame(octets), enhanced=name in NEWER.values())
    return said if name in {MEASUREMENT, ENHANCED} else Measured(values=(), flags=("measuring",))


def _measurement(frame: Frame, *, enhanced: bool) -> Measured:
    flags = frame.whole(1)
    unit = "kPa" if flags & KPA else "mm[Hg]"
    values = [value(code, frame.sfloat(), "mm[Hg]", measured_in=unit) for code in (SYSTOLIC, DIASTOLIC, MEAN)]
    moment = _moment(frame, flags, enhanced=enhanced) if flags & DATED else None
    if flags & PULSED:
        values.append(value(PULSE, frame.sfloat(), "/min"))
    who, unknown = user(frame.whole(1)) if flags & USED else (None, ())
    said = unknown + _status(frame.whole(2) if flags & STATED else 0)
    shown = _seconds(frame, flags) if enhanced and flags & FACED else None
    return Measured(values=tuple(values), measured_at=moment or shown, user=who, flags=said)


def _moment(frame: Frame, flags: int, *, enhanced: bool) -> datetime | None:
    """Local as it mostly is; UTC where the cuff is enhanced."""
    if not enhanced:
        return frame.date()
    moment = _seconds(frame, flags)
    return moment and moment.replace(tzinfo=UTC)


def _seconds(frame: Frame, flags: int) -> datetime | None:
    """Seconds of 32 bits since the year that is announced; 0 of a clock that was never set."""
    seconds = frame.whole(4)
    year = 2000 if flags & SINCE_2000 else 1900
    return datetime(year, 1, 1) + timedelta(seconds=seconds) if seconds else None  # noqa: DTZ001 - of a display, or UTC


def _status(bits: int) -> tuple[str, ...]:
    return words(bits, STATUS) + RANGE.get(bits >> 3 & 3, ())
