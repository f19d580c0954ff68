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
from .hl7 import (
    AppointmentRequest,
    AppointmentRequestKey,
    Handling,
    KnownAs,
    LastSaid,
    Received,
    Sender,
    SenderEnd,
)
from .imports import Import, ImportKey, ImportLine
from .questionnaires import QuestionnaireDraft
from .resources import UNDATED, Amount, Current, Export, ExportCount, Moment, Resource

__all__ = [
    "UNDATED",
    "Amount",
    "AppointmentRequest",
    "AppointmentRequestKey",
    "Attempt",
    "Connection",
    "Current",
    "Disconnection",
    "Elsewhere",
    "Export",
    "ExportCount",
    "Handling",
    "Import",
    "ImportKey",
    "ImportLine",
    "KnownAs",
    "LastSaid",
    "Moment",
    "Outgoing",
    "OutgoingKey",
    "Pause",
    "QuestionnaireDraft",
    "Received",
    "Resource",
    "Sender",
    "SenderEnd",
    "Settlement",
]
