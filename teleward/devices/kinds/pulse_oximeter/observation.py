"""Oxygen saturation under both of its codes, with the pulse and the strength of the signal."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import (
    GERMAN,
    LOINC,
    MDC,
    US_CORE,
    Json,
    by_code,
    concept,
    observation,
    valued,
)
from teleward.devices.kinds.pulse import pulse
from teleward.devices.kinds.pulse_oximeter.decoding import OXYGEN, PERFUSION, PULSE
from teleward.devices.readings import Reading, Value

SATURATION = concept((LOINC, "2708-6"), (LOINC, OXYGEN), (MDC, "150456"), text="Oxygen saturation")
STRENGTH = concept((LOINC, PERFUSION), text="Perfusion index")
PROFILES = (f"{US_CORE}-pulse-oximetry", f"{GERMAN}-sauerstoffsaettigung")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """One Observation for each thing that was measured."""
    return tuple(
        _one(reading, about, value)
        for code, value in by_code(reading).items()
        if code in {OXYGEN, PULSE, PERFUSION}
    )


def _one(reading: Reading, about: About, value: Value) -> Json:
    if value.code == PULSE:
        return pulse(reading, about, value, mdc="149530")
    if value.code == PERFUSION:
        return observation(reading, about, STRENGTH) | valued(value)
    return observation(reading, about, SATURATION, *PROFILES) | valued(value)
