"""Heart rate: Heart Rate Service 1.0, 0x2A37. Each further time between beats is a measurement of its own."""

from decimal import Decimal

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, short
from teleward.devices.kinds.kind import Measured, Unreadable, Value

MEASUREMENT = "2A37"
RATE, INTERVAL = "8867-4", "8637-1"
WIDE, CONTACT, HAS_CONTACT, ENERGY, INTERVALS = (1 << bit for bit in range(5))


def decode(characteristic: str, octets: bytes) -> Measured:
    """The rate, and the times between the last beats where the device tells them."""
    if short(characteristic) != MEASUREMENT:
        raise Unreadable("unknown-characteristic")
    return _measurement(Frame(octets))


def _measurement(frame: Frame) -> Measured:
    flags = frame.whole(1)
    rate = value(RATE, Decimal(frame.whole(2 if flags & WIDE else 1)), "/min")
    frame.take(2 if flags & ENERGY else 0)
    intervals = [_interval(frame) for _ in range(frame.left // 2 if flags & INTERVALS else 0)]
    loose = flags & HAS_CONTACT and not flags & CONTACT
    return Measured(
        values=(rate, *intervals[:1]),
        flags=("no-skin-contact",) if loose else (),
        more=tuple(Measured(values=(each,)) for each in intervals[1:]),
    )


def _interval(frame: Frame) -> Value:
    return value(INTERVAL, Decimal(frame.whole(2)), "ms", measured_in="s/1024")
