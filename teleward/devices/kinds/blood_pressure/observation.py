"""Blood pressure as one panel with its components; the pulse of the cuff as an Observation of its own."""

from collections.abc import Mapping

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

PANEL = concept((LOINC, "85354-9"), (MDC, "150020"), (SNOMED, "75367002"), text="Blood pressure")
PARTS = {
    SYSTOLIC: concept((LOINC, SYSTOLIC), (MDC, "150021"), (SNOMED, "271649006"), text="Systolic"),
    DIASTOLIC: concept((LOINC, DIASTOLIC), (MDC, "150022"), (SNOMED, "271650006"), text="Diastolic"),
    MEAN: concept((LOINC, MEAN), (MDC, "150023"), (SNOMED, "6797001"), text="Mean"),
}
PROFILES = (f"{US_CORE}-blood-pressure", f"{GERMAN}-blutdruck")


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The panel, and the pulse if there is one; a panel of nothing is none."""
    values = by_code(reading)
    panel = _panel(reading, about, values) if values.keys() & PARTS.keys() else None
    rate = pulse(reading, about, values[PULSE], mdc="149546") if PULSE in values else None
    return tuple(body for body in (panel, rate) if body)


def _panel(reading: Reading, about: About, values: Mapping[str, Value]) -> Json:
    parts = [_part(code, values.get(code)) for code in PARTS if code in values or code != MEAN]
    return observation(reading, about, PANEL, *PROFILES) | {"component": parts}


def _part(code: str, value: Value | None) -> Json:
    return component(PARTS[code], valued(value) if value else missing("not measured"))
