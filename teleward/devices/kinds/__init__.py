"""Kinds of device, by name. Each folder beside this file exports `KIND`; this is the one list of them."""

from collections.abc import Mapping
from types import MappingProxyType

from teleward.devices.kinds import (
    blood_pressure,
    continuous_glucose,
    ecg,
    glucose,
    heart_rate,
    pulse_oximeter,
    thermometer,
    weight,
)
from teleward.devices.kinds.kind import About, Kind, Measured, Quantity, Unreadable, Value

__all__ = ["KINDS", "About", "Kind", "Measured", "Quantity", "Unreadable", "Value"]

_FOLDERS = (
    blood_pressure,
    pulse_oximeter,
    heart_rate,
    thermometer,
    weight,
    glucose,
    continuous_glucose,
    ecg,
)
KINDS: Mapping[str, Kind] = MappingProxyType({each.KIND.name: each.KIND for each in _FOLDERS})
