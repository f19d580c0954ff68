"""Body weight; body mass index and height where the scale told them."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import GERMAN, LOINC, MDC, US_CORE, Json, concept, observation, valued
from teleward.devices.kinds.weight.decoding import HEIGHT, INDEX, WEIGHT
from teleward.devices.readings import Reading

CODES = {
    WEIGHT: concept((LOINC, WEIGHT), (MDC, "188736"), text="Body weight"),
    INDEX: concept((LOINC, INDEX), (MDC, "188752"), text="Body mass index"),
    HEIGHT: concept((LOINC, HEIGHT), (MDC, "188740"), text="Body height"),
}
PROFILES = {
    WEIGHT: (f"{US_CORE}-body-weight", f"{GERMAN}-koerpergewicht"),
    INDEX: (f"{US_CORE}-bmi",),
    HEIGHT: (f"{US_CORE}-body-height",),
}


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """One Observation for each thing that was measured."""
    return tuple(
        observation(reading, about, CODES[value.code], *PROFILES[value.code]) | valued(value)
        for value in reading.values
        if value.code in CODES
    )
