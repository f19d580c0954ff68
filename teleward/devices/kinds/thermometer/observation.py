"""Body temperature, with the place where it was measured."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import (
    GERMAN,
    LOINC,
    MDC,
    US_CORE,
    Json,
    component,
    concept,
    observation,
    valued,
)
from teleward.devices.kinds.thermometer.decoding import TEMPERATURE
from teleward.devices.readings import Reading

BODY = concept((LOINC, TEMPERATURE), (MDC, "150364"))
SITE = concept((LOINC, "8327-9"))
PROFILES = (f"{US_CORE}-body-temperature", f"{GERMAN}-koerpertemperatur")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The temperature."""
    body = observation(reading, about, BODY, *PROFILES) | valued(reading.values[0])
    sites = [flag.removeprefix("site-") for flag in reading.flags if flag.startswith("site-")]
    parts = [component(SITE, {"valueCodeableConcept": {"text": site}}) for site in sites]
    return (body | {"component": parts} if parts else body,)
