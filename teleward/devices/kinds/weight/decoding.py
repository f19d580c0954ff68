"""Body weight: Weight Scale Service 1.0.1, 0x2A9D, in steps of 0.005 kg or 0.01 lb."""

from decimal import Decimal

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, Number, short, user
from teleward.devices.kinds.kind import Measured, Unreadable, Value

MEASUREMENT = "2A9D"
WEIGHT, INDEX, HEIGHT = "29463-7", "39156-5", "8302-2"
POUNDS, DATED, USED, BUILT = 1, 2, 4, 8
UNSUCCESSFUL = 0xFFFF


def decode(characteristic: str, octets: bytes) -> Measured:
    """One weighing, with body mass index and height where the scale knows the person."""
    if short(characteristic) != MEASUREMENT:
        raise Unreadable("unknown-characteristic")
    return _measurement(Frame(octets))


def _measurement(frame: Frame) -> Measured:
    flags, raw = frame.whole(1), frame.whole(2)
    moment = frame.date() if flags & DATED else None
    who, unknown = user(frame.whole(1)) if flags & USED else (None, ())
    build = _build(frame, flags & POUNDS) if flags & BUILT else ()
    failed = ("unsuccessful",) if raw == UNSUCCESSFUL else ()
    return Measured(
        values=(_weight(raw, flags & POUNDS), *build), measured_at=moment, user=who, flags=unknown + failed
    )


def _weight(raw: int, pounds: int) -> Value:
    steps = Decimal(raw).scaleb(-2) if pounds else Decimal(raw * 5).scaleb(-3)
    number: Number = "not-a-number" if raw == UNSUCCESSFUL else steps
    return value(WEIGHT, number, "kg", measured_in="[lb_av]" if pounds else "kg")


def _build(frame: Frame, inches: int) -> tuple[Value, ...]:
    index = value(INDEX, Decimal(frame.whole(2)).scaleb(-1), "kg/m2")
    height = Decimal(frame.whole(2)).scaleb(-1 if inches else -3)
    return index, value(HEIGHT, height, "cm", measured_in="[in_i]" if inches else "m")
