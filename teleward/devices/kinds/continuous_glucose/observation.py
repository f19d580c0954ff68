"""Sugar under the skin."""

from teleward.devices.kinds.continuous_glucose.decoding import GLUCOSE
from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import LOINC, MDC, Json, concept, observation, valued
from teleward.devices.readings import Reading

FLUID = concept((LOINC, GLUCOSE), (MDC, "160212"), text="Glucose, interstitial fluid")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The measurement, under the code of HL7's guide for such sensors."""
    return tuple(
        observation(reading, about, FLUID, lab=True) | valued(value)
        for value in reading.values
        if value.code == GLUCOSE
    )
