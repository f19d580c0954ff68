"""Blood pressure as one panel with its components; the pulse of the cuff as an Observation of its own."""

from teleward.devices.kinds.blood_pressure.decoding import DIASTOLIC, MEAN, PULSE, SYSTOLIC
from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import (
    GERMAN,
    LOINC,
    MDC,
    SNOMED,
    US_CORE,
    Json,
    by_code,
    component,
    concept,
    missing,
    observation,
    valued,
)
from teleward.devices.kinds.pulse import pulse
from teleward.devices.readings import Reading, Value

PANEL = concept((LOINC, "85354-9"), (MDC, "150020"), (SNOMED, "75367002"))
PARTS = {
    SYSTOLIC: concept((LOINC, SYSTOLIC), (MDC, "150021"), (SNOMED, "271649006")),
    DIASTOLIC: concept((LOINC, DIASTOLIC), (MDC, "150022"), (SNOMED, "271650006")),
    MEAN: concept((LOINC, MEAN), (MDC, "150023"), (SNOMED, "6797001")),
}
PROFILES = (f"{US_CORE}-blood-pressure", f"{GERMAN}-blutdruck")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The panel, and the pulse if there is one."""
    values = by_code(reading)
    parts = [_part(code, values.get(code)) for code in PARTS if code in values or code != MEAN]
    panel = observation(reading, about, PANEL, *PROFILES) | {"component": parts}
    rate = values.get(PULSE)
    return (panel, pulse(reading, about, rate, mdc="149546")) if rate else (panel,)


def _part(code: str, value: Value | None) -> Json:
    return component(PARTS[code], valued(value) if value else missing("not measured"))
