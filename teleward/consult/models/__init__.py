"""The rows of the consulting room."""

from teleward.consult.models.care import Consent, Ending, IdentityCheck, Note, NoteVersion, Withdrawal
from teleward.consult.models.room import (
    Admission,
    Company,
    EquipmentCheck,
    Leaving,
    ModePeriod,
    PathMeasured,
    Seat,
    TurningAway,
    Verification,
)
from teleward.consult.models.visits import Absence, Cancellation, Choice, Guest, Invitation, Visit

__all__ = [
    "Absence",
    "Admission",
    "Cancellation",
    "Choice",
    "Company",
    "Consent",
    "Ending",
    "EquipmentCheck",
    "Guest",
    "IdentityCheck",
    "Invitation",
    "Leaving",
    "ModePeriod",
    "Note",
    "NoteVersion",
    "PathMeasured",
    "Seat",
    "TurningAway",
    "Verification",
    "Visit",
    "Withdrawal",
]
