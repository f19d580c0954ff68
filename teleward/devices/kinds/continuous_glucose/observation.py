"""Sugar under the skin, how fast it changes and how good the measurement is."""

from teleward.devices.kinds.continuous_glucose.decoding import GLUCOSE, QUALITY, TREND
from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import LOINC, MDC, Json, concept, observation, valued
from teleward.devices.readings import Reading

CODES: dict[str, Json] = {
    GLUCOSE: concept((LOINC, GLUCOSE), (MDC, "160212"), text="Glucose, interstitial fluid"),
    TREND: concept((MDC, TREND), text="Glucose trend"),
    QUALITY: {"text": "Quality of the glucose measurement"},  # nobody has a code for it
}


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """One Observation for each thing that was measured, the glucose under the code of HL7's guide."""
    return tuple(
        observation(reading, about, CODES[value.code], lab=True) | valued(value)
        for value in reading.values
        if value.code in CODES
    )
