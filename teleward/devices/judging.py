"""Whether a reading is one of its kind that can be believed."""

from decimal import Decimal

from teleward.devices.kinds import Kind, Quantity
from teleward.devices.readings import Reading, Value


def fault(reading: Reading, kind: Kind) -> str:
    """Why this is no believable reading of its kind, as a stable word; empty where it is one."""
    if not reading.values and reading.waveform is None:
        return "nothing-measured"
    seen = set()
    for value in reading.values:
        if value.code in seen:
            return "code-twice"
        seen.add(value.code)
        why = fault_of_value(value, kind.by_code.get(value.code))
        if why:
            return why
    return ""


def fault_of_value(value: Value, quantity: Quantity | None) -> str:
    """Why this is no believable value of a quantity, in the same words; None: its kind measures no such."""
    if quantity is None:
        return "code-of-another-kind"
    if value.unit != quantity.unit:
        return "unit-not-of-the-code"
    if (value.value is None) == (value.absent is None):
        return "value-or-why-not"
    return _out_of_reach(value.value, quantity) if value.value is not None else ""


def _out_of_reach(value: str, quantity: Quantity) -> str:
    return "" if quantity.lowest <= Decimal(value) <= quantity.highest else "not-plausible"
