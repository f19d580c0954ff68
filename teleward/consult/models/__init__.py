"""The rows of the consulting room."""

from teleward.consult.models.beside import (
    Aside,
    FormAnswered,
    FormAsked,
    FormDraft,
    NoteTemplate,
    NoteTemplateEnd,
    OrderShared,
    OrderShareEnd,
)
from teleward.consult.models.care import Consent, Ending, IdentityCheck, Note, NoteVersion, Withdrawal
from teleward.consult.models.feeds import CalendarFeed
from teleward.consult.models.keys import AsideKey, GuestKey, InvitationKey, PeriodKey, VisitKey
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
from teleward.consult.models.tables import AppointmentTable, TableKey
from teleward.consult.models.visits import Absence, Cancellation, Choice, Guest, Invitation, Visit

__all__ = [
    "Absence",
    "Admission",
    "AppointmentTable",
    "Aside",
    "AsideKey",
    "CalendarFeed",
    "Cancellation",
    "Choice",
    "Company",
    "Consent",
    "Ending",
    "EquipmentCheck",
    "FormAnswered",
    "FormAsked",
    "FormDraft",
    "Guest",
    "GuestKey",
    "IdentityCheck",
    "Invitation",
    "InvitationKey",
    "Leaving",
    "ModePeriod",
    "Note",
    "NoteTemplate",
    "NoteTemplateEnd",
    "NoteVersion",
    "OrderShareEnd",
    "OrderShared",
    "PathMeasured",
    "PeriodKey",
    "Seat",
    "TableKey",
    "TurningAway",
    "Verification",
    "Visit",
    "VisitKey",
    "Withdrawal",
]
