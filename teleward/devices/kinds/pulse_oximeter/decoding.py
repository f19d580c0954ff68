"""Oxygen in the blood: Pulse Oximeter Service 1.0.1, 0x2A5E (once) and 0x2A5F (all the time)."""

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, short, words
from teleward.devices.kinds.kind import Measured, Unreadable, Value

SPOT, CONTINUOUS = "2A5E", "2A5F"
OXYGEN, PULSE, PERFUSION = "59408-5", "8867-4", "61006-3"
MEASUREMENT_STATUS = {
    5: "measuring",
    6: "early-estimate",
    9: "from-storage",
    12: "calibrating",
    13: "measurement-unavailable",
    14: "questionable-measurement",
    15: "invalid-measurement",
}
NOT_OF_A_PERSON = 1 << 10 | 1 << 11  # data to demonstrate, data to test
NO_MEASUREMENT = 1 << 13 | 1 << 15
SENSOR_STATUS = {
    1: "sensor-malfunction",
    2: "signal-irregular",
    3: "signal-inadequate",
    4: "signal-poor",
    5: "low-perfusion",
    6: "signal-erratic",
    7: "signal-without-pulse",
    8: "questionable-pulse",
    10: "sensor-interference",
    11: "sensor-disconnected",
    12: "unknown-sensor",
    13: "sensor-displaced",
    14: "sensor-malfunction",
    15: "sensor-disconnected",
}


def decode(characteristic: str, octets: bytes) -> Measured:
    """What was measured. Of a device that tells averages over several times, the normal one."""
    read = {SPOT: _spot, CONTINUOUS: _continuous}.get(short(characteristic))
    if read is None:
        raise Unreadable("unknown-characteristic")
    return read(Frame(octets))


def _spot(frame: Frame) -> Measured:
    flags = frame.whole(1)
    values = _pair(frame)
    moment = frame.date() if flags & 1 else None
    status, said = _statuses(frame, flags >> 1)
    unset = bool(flags & 16)
    return Measured(
        values=_valid((*values, *_perfusion(frame, flags & 8)), status),
        measured_at=None if unset else moment,
        flags=(*said, "clock-not-set") if unset else said,
    )


def _continuous(frame: Frame) -> Measured:
    flags = frame.whole(1)
    values = _pair(frame)
    frame.take(4 * (flags & 1) + 4 * (flags >> 1 & 1))  # the fast and the slow average
    status, said = _statuses(frame, flags >> 2)
    return Measured(values=_valid((*values, *_perfusion(frame, flags & 16)), status), flags=said)


def _pair(frame: Frame) -> tuple[Value, ...]:
    return value(OXYGEN, frame.sfloat(), "%"), value(PULSE, frame.sfloat(), "/min")


def _perfusion(frame: Frame, there: int) -> tuple[Value, ...]:
    return (value(PERFUSION, frame.sfloat(), "%"),) if there else ()


def _statuses(frame: Frame, flags: int) -> tuple[int, tuple[str, ...]]:
    measurement = frame.whole(2) if flags & 1 else 0
    sensor = frame.whole(3) if flags & 2 else 0
    if measurement & NOT_OF_A_PERSON:
        raise Unreadable("not-of-a-person")
    said = words(measurement, MEASUREMENT_STATUS) + words(sensor, SENSOR_STATUS)
    return measurement, said


def _valid(values: tuple[Value, ...], status: int) -> tuple[Value, ...]:
    """A number of which the device says that it is none is not shown as one."""
    if not status & NO_MEASUREMENT:
        return values
    return tuple(Value(code=each.code, unit=each.unit, absent="not-a-number") for each in values)
