"""Heart rate as an Observation: of a cuff, an oximeter or a chest strap."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import GERMAN, LOINC, MDC, US_CORE, Json, concept, observation, valued
from teleward.devices.readings import Reading, Value

RATE = "8867-4"
PROFILES = (f"{US_CORE}-heart-rate", f"{GERMAN}-herzfrequenz")


def pulse(reading: Reading, about: About, value: Value, *, mdc: str) -> Json:
    """The rate; `mdc` tells by what it was counted."""
    code = concept((LOINC, RATE), (MDC, mdc), text="Heart rate")
    return observation(reading, about, code, *PROFILES) | valued(value)
