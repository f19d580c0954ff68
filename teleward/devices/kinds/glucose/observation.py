"""Sugar in the blood, by mass or by amount of substance as it was measured, each with its own code."""

from decimal import Decimal

from teleward.devices.kinds.glucose.decoding import GLUCOSE, SAMPLES
from teleward.devices.kinds.glucose.saying import said
from teleward.devices.kinds.kind import About
from teleward.devices.kinds.observing import LOINC, MDC, Json, concept, observation, quantity, valued
from teleward.devices.readings import Reading, Value

CAPILLARY, BLOOD, FLUID = (GLUCOSE, "14743-9"), ("2339-0", "15074-8"), ("99504-3", "105272-9")
BY_SAMPLE = {"capillary": CAPILLARY, "venous": BLOOD, "arterial": BLOOD, "interstitial": FLUID}
IN_MOLES = {"mol/L": 3, "mmol/L": 0}
SPECIMENS = frozenset(name for (name,) in SAMPLES.values())


def observe(reading: Reading, about: About) -> tuple[Json, ...]:
    """The measurement; it counts as a laboratory's, for US Core knows no such vital sign."""
    return tuple(_one(reading, about, value) for value in reading.values if value.code == GLUCOSE)


def _one(reading: Reading, about: About, value: Value) -> Json:
    sample = next((flag for flag in reading.flags if flag in SPECIMENS), "capillary")
    by_mass, by_moles = BY_SAMPLE.get(sample.partition("-")[0], CAPILLARY)
    moles = _in_moles(value)
    mdc = ((MDC, "160184"),) if sample == "capillary-whole-blood" else ()
    code = concept((LOINC, by_moles if moles else by_mass), *mdc, text=f"Glucose, {sample.replace('-', ' ')}")
    body = observation(reading, about, code, lab=True) | (moles or valued(value))
    parts = said(reading.flags)
    return body | {"component": parts} if parts else body


def _in_moles(value: Value) -> Json:
    """As it was measured, if that was an amount of substance."""
    if value.original is None or value.original.unit not in IN_MOLES:
        return {}
    number = Decimal(value.original.value).scaleb(IN_MOLES[value.original.unit])
    return {"valueQuantity": quantity(format(number, "f"), "mmol/L")}
