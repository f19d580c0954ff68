"""What was done, in the words a patient reads: after a name, or whole where the patient did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action

DEEDS: dict[Action, Promise] = {
    Action.PATIENT_READ: _("opened your entry (name, date of birth, how to reach you)"),
    Action.PATIENT_CREATE: _("entered you as a patient"),
    Action.PATIENT_CHANGE: _("changed how to reach you"),
    Action.PATIENT_LIST: _("saw your name in the list of patients"),
    Action.ACCOUNT_OPEN: _("sent you a way to open your own account"),
    Action.VISIT_LIST: _("saw your name in the list of the day"),
    Action.VISIT_BOOK: _("saw your name while booking an appointment"),
    Action.VISIT_READ: _("opened your appointment"),
    Action.VISIT_INVITE: _("sent an invitation to your appointment"),
    Action.VISIT_CANCEL: _("cancelled your appointment"),
    Action.VISIT_HOST: _("opened the consultation room"),
    Action.VISIT_ADMIT: _("let somebody into the consultation"),
    Action.VISIT_IDENTIFY: _("noted how they made sure it was you"),
    Action.VISIT_CONSENT: _("opened your consent"),
    Action.VISIT_END: _("ended the consultation"),
    Action.VISIT_PREPARE: _("opened the pages before the consultation"),
    Action.VISIT_JOIN: _("joined the consultation"),
    Action.VISIT_CLAIM: _("opened the invitation on a device"),
    Action.RECEIPT_READ: _("opened the overview of the consultation"),
    Action.NOTE_READ: _("opened the notes of your consultation"),
    Action.NOTE_WRITE: _("wrote a note about your consultation"),
    Action.RECORD_READ: _("opened your health record"),
    Action.RECORD_WRITE: _("wrote into your health record"),
    Action.WINDOW_OPEN: _("opened your page"),
    Action.LEDGER_READ: _("read the list of who saw your data"),
    Action.OBJECTION_OPEN: _("reported an access"),
    Action.OBJECTION_LIST: _("saw your name in the list of reports"),
    Action.OBJECTION_READ: _("read your report"),
    Action.OBJECTION_ANSWER: _("answered your report"),
}

TRIED: dict[Action, Promise] = {
    Action.PATIENT_READ: _("tried to open your entry (name, date of birth, how to reach you)"),
    Action.PATIENT_CREATE: _("tried to enter you as a patient"),
    Action.PATIENT_CHANGE: _("tried to change how to reach you"),
    Action.PATIENT_LIST: _("tried to open the list of patients"),
    Action.ACCOUNT_OPEN: _("tried to send you a way to open your own account"),
    Action.VISIT_LIST: _("tried to open the list of the day"),
    Action.VISIT_BOOK: _("tried to book an appointment"),
    Action.VISIT_READ: _("tried to open your appointment"),
    Action.VISIT_INVITE: _("tried to send an invitation to your appointment"),
    Action.VISIT_CANCEL: _("tried to cancel your appointment"),
    Action.VISIT_HOST: _("tried to open the consultation room"),
    Action.VISIT_ADMIT: _("tried to let somebody into the consultation"),
    Action.VISIT_IDENTIFY: _("tried to note how they made sure it was you"),
    Action.VISIT_CONSENT: _("tried to open your consent"),
    Action.VISIT_END: _("tried to end the consultation"),
    Action.VISIT_PREPARE: _("tried to open the pages before the consultation"),
    Action.VISIT_JOIN: _("tried to join the consultation"),
    Action.VISIT_CLAIM: _("tried to open the invitation on a device"),
    Action.RECEIPT_READ: _("tried to open the overview of the consultation"),
    Action.NOTE_READ: _("tried to open the notes of your consultation"),
    Action.NOTE_WRITE: _("tried to write a note about your consultation"),
    Action.RECORD_READ: _("tried to open your health record"),
    Action.RECORD_WRITE: _("tried to write into your health record"),
    Action.WINDOW_OPEN: _("tried to open your page"),
    Action.LEDGER_READ: _("tried to read the list of who saw your data"),
    Action.OBJECTION_OPEN: _("tried to report an access"),
    Action.OBJECTION_LIST: _("tried to open the list of reports"),
    Action.OBJECTION_READ: _("tried to read your report"),
    Action.OBJECTION_ANSWER: _("tried to answer your report"),
}

OWN: dict[Action, Promise] = {
    Action.VISIT_CONSENT: _("You opened or changed your consent"),
    Action.VISIT_PREPARE: _("You opened the pages before the consultation"),
    Action.VISIT_JOIN: _("You joined the consultation"),
    Action.RECEIPT_READ: _("You opened the overview of the consultation"),
    Action.WINDOW_OPEN: _("You opened this page"),
    Action.LEDGER_READ: _("You read this list"),
    Action.OBJECTION_OPEN: _("You reported an access"),
    Action.OBJECTION_READ: _("You read your report"),
}

ROLES: dict[str, Promise] = {
    "physician": _("doctor"),
    "nurse": _("nurse"),
    "reception": _("reception"),
    "interpreter": _("interpreter"),
    "administrator": _("administration"),
    "privacy-officer": _("privacy officer"),
    "patient": _("patient"),
    "relative": _("relative or friend"),
    "clinician": _("second clinician"),
    "system": _("the system"),
}


def deed(action: str) -> str:
    """What was done; plain words for an action that this version does not know."""
    return str(_of(DEEDS, action) or _("used your data"))


def tried(action: str) -> str:
    """What was tried and refused."""
    return str(_of(TRIED, action) or _("tried to use your data"))


def own(action: str) -> str:
    """What the patient did, with the patient as its subject."""
    return str(_of(OWN, action) or _("You used your own data"))


def roles(names: str) -> str:
    """The roles of a ledger entry in words."""
    return ", ".join(str(ROLES.get(name, name)) for name in names.split(",") if name)


def _of(words: dict[Action, Promise], action: str) -> Promise | None:
    return words.get(Action(action)) if action in set(Action) else None
