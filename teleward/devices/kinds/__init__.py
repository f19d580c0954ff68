"""Kinds of device, by name. Each folder beside this file exports `KIND`; this is the one list of them."""

from collections.abc import Mapping
from types import MappingProxyType

from teleward.devices.kinds.kind import About, Kind, Measured, Quantity, Unreadable, Value

__all__ = ["KINDS", "About", "Kind", "Measured", "Quantity", "Unreadable", "Value"]

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in tuple[Kind, ...]()})
