"""What was done, in the words a patient reads: one phrase per action, to stand behind a name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action

DEEDS: dict[Action, Promise] = {
    Action.PATIENT_READ: _("opened your entry (name, date of birth, how to reach you)"),
    Action.PATIENT_CHANGE: _("changed how to reach you"),
    Action.PATIENT_LIST: _("saw your name in the list of patients"),
    Action.ACCOUNT_OPEN: _("sent you a way to open your own account"),
    Action.VISIT_LIST: _("saw your name in the list of the day"),
    Action.VISIT_BOOK: _("saw your name while booking"),
    Action.VISIT_READ: _("opened your appointment"),
    Action.VISIT_INVITE: _("sent you an invitation"),
    Action.VISIT_CANCEL: _("cancelled your appointment"),
    Action.VISIT_HOST: _("opened the consultation room"),
    Action.VISIT_ADMIT: _("let somebody into the consultation"),
    Action.VISIT_IDENTIFY: _("noted how they made sure it was you"),
    Action.VISIT_CONSENT: _("opened your consent"),
    Action.VISIT_END: _("ended the consultation"),
    Action.VISIT_PREPARE: _("opened the pages before the consultation"),
    Action.VISIT_JOIN: _("joined the consultation"),
    Action.VISIT_CLAIM: _("opened an invitation link on a device"),
    Action.RECEIPT_READ: _("opened the receipt of the consultation"),
    Action.NOTE_READ: _("opened the notes of your consultation"),
    Action.NOTE_WRITE: _("wrote a note about your consultation"),
    Action.RECORD_READ: _("opened your record"),
    Action.RECORD_WRITE: _("wrote into your record"),
    Action.WINDOW_OPEN: _("opened this window"),
    Action.LEDGER_READ: _("read this list"),
    Action.OBJECTION_OPEN: _("reported an access"),
    Action.OBJECTION_LIST: _("saw your name in the list of reports"),
    Action.OBJECTION_READ: _("read your report"),
    Action.OBJECTION_ANSWER: _("answered your report"),
}

ROLES: dict[str, Promise] = {
    "physician": _("doctor"),
    "nurse": _("nurse"),
    "reception": _("front desk"),
    "interpreter": _("interpreter"),
    "administrator": _("administration"),
    "privacy-officer": _("privacy officer"),
    "patient": _("patient"),
    "relative": _("relative"),
    "clinician": _("second clinician"),
    "system": _("the system"),
}


def deed(action: str) -> str:
    """The phrase for an action; a plain one for an action that this version does not know."""
    known = DEEDS.get(Action(action)) if action in set(Action) else None
    return str(known or _("used your data"))


def roles(names: str) -> str:
    """The roles of a ledger entry in words."""
    return ", ".join(str(ROLES.get(name, name)) for name in names.split(",") if name)
