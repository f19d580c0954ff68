"""The rows of the consulting room."""

from teleward.consult.models.care import Consent, Ending, IdentityCheck, Note, NoteVersion, Withdrawal
from teleward.consult.models.keys import GuestKey, InvitationKey, VisitKey
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
    "GuestKey",
    "IdentityCheck",
    "Invitation",
    "InvitationKey",
    "Leaving",
    "ModePeriod",
    "Note",
    "NoteVersion",
    "PathMeasured",
    "Seat",
    "TurningAway",
    "Verification",
    "Visit",
    "VisitKey",
    "Withdrawal",
]
