"""Heart rate, and the time between two beats."""

from teleward.devices.kinds.heart_rate.decoding import INTERVAL, RATE
from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import LOINC, MDC, Json, concept, observation, valued
from teleward.devices.kinds.pulse import pulse
from teleward.devices.readings import Reading, Value

BETWEEN = concept((LOINC, INTERVAL), (MDC, "147240"), text="Time between two beats")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """One Observation for each thing that was measured."""
    return tuple(_one(reading, about, value) for value in reading.values if value.code in {RATE, INTERVAL})


def _one(reading: Reading, about: About, value: Value) -> Json:
    if value.code == RATE:
        return pulse(reading, about, value, mdc="147842")
    return observation(reading, about, BETWEEN) | valued(value)
