"""Blood pressure: Blood Pressure Service 1.1.1 and the GATT Specification Supplement, 0x2A35 and 0x2A36."""

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, short, user, words
from teleward.devices.kinds.kind import Measured, Unreadable

MEASUREMENT, INTERMEDIATE = "2A35", "2A36"
SYSTOLIC, DIASTOLIC, MEAN, PULSE = "8480-6", "8462-4", "8478-0", "8867-4"
KPA, DATED, PULSED, USED, STATED = (1 << bit for bit in range(5))
STATUS = {0: "body-movement", 1: "cuff-too-loose", 2: "irregular-pulse", 5: "wrong-position"}
RANGE = {1: ("pulse-above-range",), 2: ("pulse-below-range",)}


def decode(characteristic: str, octets: bytes) -> Measured:
    """One measurement. The pressure while the cuff fills is none: it says that the device measures."""
    if short(characteristic) not in {MEASUREMENT, INTERMEDIATE}:
        raise Unreadable("unknown-characteristic")
    said = _measurement(Frame(octets))
    return said if short(characteristic) == MEASUREMENT else Measured(values=(), flags=("measuring",))


def _measurement(frame: Frame) -> Measured:
    flags = frame.whole(1)
    unit = "kPa" if flags & KPA else "mm[Hg]"
    values = [value(code, frame.sfloat(), "mm[Hg]", measured_in=unit) for code in (SYSTOLIC, DIASTOLIC, MEAN)]
    moment = frame.date() if flags & DATED else None
    if flags & PULSED:
        values.append(value(PULSE, frame.sfloat(), "/min"))
    who, unknown = user(frame.whole(1)) if flags & USED else (None, ())
    said = unknown + _status(frame.whole(2) if flags & STATED else 0)
    return Measured(values=tuple(values), measured_at=moment, user=who, flags=said)


def _status(bits: int) -> tuple[str, ...]:
    return words(bits, STATUS) + RANGE.get(bits >> 3 & 3, ())
