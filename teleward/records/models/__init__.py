"""The chart's rows, by subject."""

from .connections import (
    Attempt,
    Connection,
    Disconnection,
    Elsewhere,
    Outgoing,
    OutgoingKey,
    Pause,
    Settlement,
)
from .resources import UNDATED, Amount, Current, Export, ExportCount, Moment, Resource

__all__ = [
    "UNDATED",
    "Amount",
    "Attempt",
    "Connection",
    "Current",
    "Disconnection",
    "Elsewhere",
    "Export",
    "ExportCount",
    "Moment",
    "Outgoing",
    "OutgoingKey",
    "Pause",
    "Resource",
    "Settlement",
]
