"""Body temperature, with the place of the body where it was measured."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import (
    GERMAN,
    LOINC,
    MDC,
    SNOMED,
    US_CORE,
    Json,
    concept,
    observation,
    valued,
)
from teleward.devices.kinds.thermometer.decoding import TEMPERATURE
from teleward.devices.readings import Reading, Value

BODY = concept((LOINC, TEMPERATURE), (MDC, "150364"), text="Body temperature")
PLACES = {
    "armpit": "91470000",
    "ear": "117590005",
    "finger": "7569003",
    "gastrointestinal": "122865005",
    "mouth": "123851003",
    "rectum": "34402009",
    "toe": "29707007",
    "eardrum": "42859004",
}
PROFILES = (f"{US_CORE}-body-temperature", f"{GERMAN}-koerpertemperatur")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The temperature."""
    return tuple(_one(reading, about, value) for value in reading.values if value.code == TEMPERATURE)


def _one(reading: Reading, about: About, value: Value) -> Json:
    body = observation(reading, about, BODY, *PROFILES) | valued(value)
    sites = [flag.removeprefix("site-") for flag in reading.flags if flag.startswith("site-")]
    place = next((site for site in sites if site in PLACES), None)
    return body | {"bodySite": concept((SNOMED, PLACES[place]), text=place)} if place else body
