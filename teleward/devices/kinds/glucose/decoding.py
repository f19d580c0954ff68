"""Sugar in the blood: Glucose Service 1.0.1, 0x2A18 and, about the same measurement, 0x2A34."""

from dataclasses import replace

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, later, short, words
from teleward.devices.kinds.glucose.context import context
from teleward.devices.kinds.kind import Measured, Unreadable, Value

MEASUREMENT, CONTEXT = "2A18", "2A34"
FOLLOWS = "context-follows"
GLUCOSE = "41653-7"
OFFSET, MEASURED, MOLES, STATED, FOLLOWED = (1 << bit for bit in range(5))
CONTROL = 10
SAMPLES = {
    1: ("capillary-whole-blood",),
    2: ("capillary-plasma",),
    3: ("venous-whole-blood",),
    4: ("venous-plasma",),
    5: ("arterial-whole-blood",),
    6: ("arterial-plasma",),
    7: ("undetermined-whole-blood",),
    8: ("undetermined-plasma",),
    9: ("interstitial-fluid",),
}
PLACES = {1: ("from-finger",), 2: ("from-other-place",), 3: ("from-earlobe",)}
STATUS = {
    0: "battery-low",
    1: "sensor-malfunction",
    2: "sample-too-small",
    3: "strip-inserted-wrongly",
    4: "strip-of-another-kind",
    5: "above-range",
    6: "below-range",
    7: "sensor-too-hot",
    8: "sensor-too-cold",
    9: "strip-pulled-too-soon",
    10: "general-fault",
    11: "time-fault",
}


def decode(characteristic: str, octets: bytes) -> Measured:
    """One measurement, or what the person said about one (without a value, with its sequence number)."""
    read = {MEASUREMENT: _measurement, CONTEXT: context}.get(short(characteristic))
    if read is None:
        raise Unreadable("unknown-characteristic")
    return read(Frame(octets))


def joined(measured: Measured, about: Measured) -> Measured:
    """The measurement with what was said about it; as it was, if that is about another one."""
    if about.sequence != measured.sequence:
        return measured
    own = (flag for flag in measured.flags if flag != FOLLOWS)
    return replace(measured, flags=tuple(dict.fromkeys((*own, *about.flags))))


def _measurement(frame: Frame) -> Measured:
    flags, sequence, moment = frame.whole(1), frame.whole(2), frame.date()
    if flags & OFFSET:
        moment = later(moment, frame.whole(2, signed=True))
    values, sample = _concentration(frame, flags) if flags & MEASURED else ((), ())
    status = words(frame.whole(2), STATUS) if flags & STATED else ()
    follows = (FOLLOWS,) if flags & FOLLOWED else ()
    return Measured(values=values, measured_at=moment, sequence=sequence, flags=(*sample, *status, *follows))


def _concentration(frame: Frame, flags: int) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    unit = "mol/L" if flags & MOLES else "kg/L"
    glucose, about = value(GLUCOSE, frame.sfloat(), "mg/dL", measured_in=unit), frame.whole(1)
    sample, place = about & 15, about >> 4
    if sample == CONTROL:
        raise Unreadable("not-of-a-person")
    return (glucose,), SAMPLES.get(sample, ()) + PLACES.get(place, ())
