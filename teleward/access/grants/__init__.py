"""The gate: it asks the policies, the ledger holds the answer, and a Grant is handed over.

No page, message, job or command reaches personal data without one.
"""

from teleward.access.actions import Action, Purpose
from teleward.access.actors import NOBODY, SYSTEM, Actor, ActorKind
from teleward.access.subjects import Subject

from .appearances import record_appearances
from .decision import Detail, Written, authorise, record, written
from .foresight import would_allow
from .fresh import ConfirmNeeded, freshly
from .gates import gate, guest, open_because, whoever
from .proof import Circumstances, Grant
from .refusals import (
    GlassNeeded,
    NotCovered,
    OwnRecord,
    ReasonNeeded,
    Refused,
    SessionLocked,
    SignInNeeded,
    TieNeeded,
)
from .weighing import Weighed, weigh

__all__ = [
    "NOBODY",
    "SYSTEM",
    "Action",
    "Actor",
    "ActorKind",
    "Circumstances",
    "ConfirmNeeded",
    "Detail",
    "GlassNeeded",
    "Grant",
    "NotCovered",
    "OwnRecord",
    "Purpose",
    "ReasonNeeded",
    "Refused",
    "SessionLocked",
    "SignInNeeded",
    "Subject",
    "TieNeeded",
    "Weighed",
    "Written",
    "authorise",
    "freshly",
    "gate",
    "guest",
    "open_because",
    "record",
    "record_appearances",
    "weigh",
    "whoever",
    "would_allow",
    "written",
]
