"""A strip of heart currents: one component of samples for each lead."""

from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import HL7, LOINC, MDC, Json, component, concept, observation, sampled
from teleward.devices.readings import Reading, Waveform

STUDY = concept((LOINC, "11524-6"), (MDC, "131328"), text="ECG")
LEADS = (("131329", "I"), ("131330", "II"), ("131389", "III"))


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The strip; nothing where no samples came."""
    if reading.waveform is None:
        return ()
    body = observation(reading, about, STUDY) | {"component": _leads(reading.waveform)}
    return (body | {"category": [concept((f"{HL7}/observation-category", "procedure"))]},)


def _leads(wave: Waveform) -> list[Json]:
    return [
        component(concept((MDC, code), text=f"Lead {name}"), sampled(wave, lead))
        for (code, name), lead in zip(LEADS, wave.leads, strict=False)
    ]
