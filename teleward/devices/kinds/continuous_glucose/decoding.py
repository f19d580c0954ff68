"""Sugar under the skin: Continuous Glucose Monitoring Service 1.0.2, 0x2AA7.

A record is as long as it says of itself. Two octets more than it announces are its checksum; it has to hold.
"""

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.continuous_glucose.summing import checked
from teleward.devices.kinds.frame import Frame, words
from teleward.devices.kinds.kind import Measured, Unreadable, Value

MEASUREMENT = "2AA7"
GLUCOSE = "99504-3"
TREND, QUALITY = "8418008", "glucose-quality"  # MDC_CONC_GLU_TREND, 128::29400; and a word of ours
SHORTEST = 6
TRENDING, RATED, WARNING, CALIBRATION, STATUS = 1, 2, 32, 64, 128
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


def records(octets: bytes, *, is_summed: bool | None) -> list[Measured]:
    """The records of a frame; `sequence` is the minute of the session. `is_summed` as the sensor says."""
    frame = Frame(octets)
    found = [_record(_cut(frame), is_summed=is_summed)]
    while frame.left:
        found.append(_record(_cut(frame), is_summed=is_summed))
    return found


def _cut(frame: Frame) -> bytes:
    size = frame.whole(1)
    if size < SHORTEST:
        raise Unreadable("wrong-size")
    return bytes((size,)) + frame.take(size - 1)


def _record(octets: bytes, *, is_summed: bool | None) -> Measured:
    frame = Frame(octets)
    flags = frame.whole(2) >> 8
    glucose, minute = value(GLUCOSE, frame.sfloat(), "mg/dL"), frame.whole(2)
    said = [
        word
        for bit, names in ANNUNCIATION
        if flags & bit
        for word in words(frame.whole(1), dict(enumerate(names)))
    ]
    values = (glucose, *_besides(frame, flags))
    _check(octets, frame.left, is_summed=is_summed)
    return Measured(values=values, sequence=minute, flags=tuple(dict.fromkeys(said)))


def _besides(frame: Frame, flags: int) -> tuple[Value, ...]:
    """How fast it changes, and how good the measurement is, where the sensor says so."""
    trend = (value(TREND, frame.sfloat(), "mg/dL/min"),) if flags & TRENDING else ()
    return trend + ((value(QUALITY, frame.sfloat(), "%"),) if flags & RATED else ())


def _check(octets: bytes, left: int, *, is_summed: bool | None) -> None:
    if left not in {0, 2} or (left and is_summed is False):
        raise Unreadable("wrong-size")
    if is_summed and not left:
        raise Unreadable("no-checksum")
    if left:
        checked(octets)
