"""Sugar under the skin: Continuous Glucose Monitoring Service 1.0.2, 0x2AA7.

A record is as long as it says of itself. Two octets more than it announces are its checksum; it has to hold.
"""

from dataclasses import replace

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, words
from teleward.devices.kinds.frame import short as named
from teleward.devices.kinds.kind import Measured, Unreadable

MEASUREMENT = "2AA7"
GLUCOSE = "99504-3"
SHORTEST = 6
TREND, QUALITY, WARNING, CALIBRATION, STATUS = 1, 2, 32, 64, 128
# The annunciation of three octets, each of which may be missing, in the order in which they stand
ANNUNCIATION = (
    (
        STATUS,
        (
            *("session-stopped", "battery-low", "sensor-of-another-kind"),
            *("sensor-malfunction", "device-alert", "general-fault"),
        ),
    ),
    (
        CALIBRATION,
        (
            *("time-not-set", "calibration-not-allowed", "calibration-recommended"),
            *("calibration-required", "sensor-too-hot", "sensor-too-cold"),
        ),
    ),
    (
        WARNING,
        (
            *("below-patient-low", "above-patient-high", "below-hypo", "above-hyper"),
            *("falling-fast", "rising-fast", "below-range", "above-range"),
        ),
    ),
)


def decode(characteristic: str, octets: bytes) -> Measured:
    """The first record of the frame; the others stand in `more`. `sequence` is the minute of the session."""
    if named(characteristic) != MEASUREMENT:
        raise Unreadable("unknown-characteristic")
    frame = Frame(octets)
    first, *others = _records(frame)
    return replace(first, more=tuple(others))


def _records(frame: Frame) -> list[Measured]:
    found = [_record(_cut(frame))]
    while frame.left:
        found.append(_record(_cut(frame)))
    return found


def _cut(frame: Frame) -> bytes:
    size = frame.whole(1)
    if size < SHORTEST:
        raise Unreadable("wrong-size")
    return bytes((size,)) + frame.take(size - 1)


def _record(octets: bytes) -> Measured:
    frame = Frame(octets)
    flags = frame.whole(2) >> 8
    glucose, minute = value(GLUCOSE, frame.sfloat(), "mg/dL"), frame.whole(2)
    said = [
        word
        for bit, names in ANNUNCIATION
        if flags & bit
        for word in words(frame.whole(1), dict(enumerate(names)))
    ]
    frame.take(2 * (flags & TREND) + 2 * bool(flags & QUALITY))
    _check(octets, frame.left)
    return Measured(values=(glucose,), sequence=minute, flags=tuple(dict.fromkeys(said)))


def _check(octets: bytes, left: int) -> None:
    if left not in {0, 2}:
        raise Unreadable("wrong-size")
    if left and checksum(octets[:-2]) != int.from_bytes(octets[-2:], "little"):
        raise Unreadable("wrong-checksum")


def checksum(octets: bytes) -> int:
    """CRC-16/MCRF4XX: polynomial 0x1021 reflected, begun with 0xFFFF (section 3.11 of the service)."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc
