"""What was done, in the words a patient reads: after a name, or whole where the patient did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action

DEEDS: dict[Action, Promise] = {
    Action.PATIENT_READ: _("opened your entry (name, date of birth, how to reach you)"),
    Action.PATIENT_CREATE: _("entered you as a patient"),
    Action.PATIENT_CHANGE: _("changed how to reach you"),
    Action.PATIENT_MERGE: _("compared your file with another one that may be yours too"),
    Action.PATIENT_LIST: _("saw your name in the list of patients"),
    Action.ACCOUNT_OPEN: _("sent you a way to open your own account"),
    Action.ACCOUNT_SECOND: _("was asked to make sure that it is you before your account is opened"),
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
    Action.RECORD_SEND: _("began to send a part of your health record to another system of the practice"),
    Action.ELSEWHERE_READ: _("looked at what another system of the practice holds about you"),
    Action.APP_LIST: _("saw your name in the list of what did not reach another system of the practice"),
    Action.APP_CHANGE: _("saw your name in the list of what did not reach another system of the practice"),
    Action.PRACTICE_SEARCH: _("found you in a search of the practice's health records"),
    Action.PRACTICE_EXPORT: _("exported your health record with those of the whole practice"),
    Action.WINDOW_OPEN: _("opened your page"),
    Action.LEDGER_READ: _("read the list of who saw your data"),
    Action.OBJECTION_OPEN: _("reported an access"),
    Action.OBJECTION_LIST: _("saw your name in the list of reports"),
    Action.OBJECTION_READ: _("read your report"),
    Action.OBJECTION_ANSWER: _("answered your report"),
    Action.MESSAGE_READ: _("opened a message from you"),
    Action.TEAM_CHANGE: _("changed who is on your care team"),
    Action.PROXY_CHANGE: _("changed who may open your page"),
    Action.REASON_GIVE: _("gave a reason for opening your entry"),
    Action.GLASS_ASK: _("looked at the form for opening your record as an emergency"),
    Action.GLASS_BREAK: _("opened your record as an emergency"),
    Action.GLASS_SECOND: _("agreed that your closed record be opened in an emergency"),
    Action.GLASS_END: _("ended an emergency access to your record"),
    Action.TIER_CHANGE: _("looked at or changed how closely your record is kept"),
    Action.TIER_SECOND: _("was asked to agree to how closely your record is kept"),
    Action.SAFEGUARD: _("looked at or decided when you are told of an emergency access"),
    Action.RECORD_PRINT: _("printed a part of your health record"),
    Action.RECORD_EXPORT: _("exported a part of your health record"),
    Action.PRESCRIPTION_READ: _("opened your prescription"),
    Action.DOCUMENT_BRING: _("sent a document to the practice, or opened the page for it"),
    Action.READING_READ: _("looked at readings of your devices"),
    Action.READING_SHARE: _("began or stopped showing readings in the consultation"),
    Action.READING_KEEP: _("kept readings of the consultation in your record"),
    Action.READING_WRITE: _("sent a reading of yours, or marked one as wrong"),
    Action.PAIRING_CHANGE: _("looked at or changed which of your devices send readings"),
    Action.THRESHOLD_CHANGE: _("looked at or set from which of your readings on somebody is told"),
    Action.ALERT_LIST: _("saw your name in the list of alerts"),
    Action.ALERT_ACKNOWLEDGE: _("took care of an alert from your device"),
    Action.CLAIM_READ: _("opened the bill for your visit"),
    Action.COUNT_ASK: _("counted your data among those of many, without your name"),
    Action.WINDOW_EXPORT: _("downloaded what is kept about you"),
    Action.LEDGER_EXPORT: _("exported the list of accesses of the whole practice"),
    Action.ERASURE_ASK: _("asked for your data to be erased"),
    Action.ERASURE_LIST: _("saw your name in the list of requests for erasure"),
    Action.ERASURE_ANSWER: _("answered your request for erasure"),
    Action.CASE_LIST: _("saw your name in the list of cases to review"),
    Action.CASE_READ: _("read a case that concerns you"),
    Action.CASE_REVIEW: _("decided on a case that concerns you"),
}

TRIED: dict[Action, Promise] = {
    Action.PATIENT_READ: _("tried to open your entry (name, date of birth, how to reach you)"),
    Action.PATIENT_CREATE: _("tried to enter you as a patient"),
    Action.PATIENT_CHANGE: _("tried to change how to reach you"),
    Action.PATIENT_MERGE: _("tried to compare your file with another one"),
    Action.PATIENT_LIST: _("tried to open the list of patients"),
    Action.ACCOUNT_OPEN: _("tried to send you a way to open your own account"),
    Action.ACCOUNT_SECOND: _("tried to confirm who you are before your account is opened"),
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
    Action.RECORD_SEND: _("tried to send a part of your health record to another system of the practice"),
    Action.ELSEWHERE_READ: _("tried to look at what another system of the practice holds about you"),
    Action.APP_LIST: _("tried to open the list of what goes to other systems of the practice"),
    Action.APP_CHANGE: _("tried to change what goes to other systems of the practice"),
    Action.PRACTICE_SEARCH: _("tried to search the practice's health records"),
    Action.PRACTICE_EXPORT: _("tried to export the health records of the whole practice"),
    Action.WINDOW_OPEN: _("tried to open your page"),
    Action.LEDGER_READ: _("tried to read the list of who saw your data"),
    Action.OBJECTION_OPEN: _("tried to report an access"),
    Action.OBJECTION_LIST: _("tried to open the list of reports"),
    Action.OBJECTION_READ: _("tried to read your report"),
    Action.OBJECTION_ANSWER: _("tried to answer your report"),
    Action.MESSAGE_READ: _("tried to open your messages"),
    Action.TEAM_CHANGE: _("tried to change who is on your care team"),
    Action.PROXY_CHANGE: _("tried to change who may open your page"),
    Action.REASON_GIVE: _("tried to give a reason for opening your entry"),
    Action.GLASS_ASK: _("tried to look at the form for opening your record as an emergency"),
    Action.GLASS_BREAK: _("tried to open your record as an emergency"),
    Action.GLASS_SECOND: _("tried to agree that your closed record be opened"),
    Action.GLASS_END: _("tried to end an emergency access to your record"),
    Action.TIER_CHANGE: _("tried to change how closely your record is kept"),
    Action.TIER_SECOND: _("tried to agree that your record be closed"),
    Action.SAFEGUARD: _("tried to decide when you are told of an emergency access"),
    Action.RECORD_PRINT: _("tried to print a part of your health record"),
    Action.RECORD_EXPORT: _("tried to export a part of your health record"),
    Action.PRESCRIPTION_READ: _("tried to open your prescription"),
    Action.DOCUMENT_BRING: _("tried to send a document to the practice"),
    Action.READING_READ: _("tried to look at readings of your devices"),
    Action.READING_SHARE: _("tried to show readings in the consultation"),
    Action.READING_KEEP: _("tried to keep readings in your record"),
    Action.READING_WRITE: _("tried to send a reading of yours, or to mark one as wrong"),
    Action.PAIRING_CHANGE: _("tried to change which of your devices send readings"),
    Action.THRESHOLD_CHANGE: _("tried to set from which of your readings on somebody is told"),
    Action.ALERT_LIST: _("tried to see your name in the list of alerts"),
    Action.ALERT_ACKNOWLEDGE: _("tried to take care of an alert from your device"),
    Action.CLAIM_READ: _("tried to open the bill for your visit"),
    Action.COUNT_ASK: _("tried to count your data among those of many"),
    Action.WINDOW_EXPORT: _("tried to download what is kept about you"),
    Action.LEDGER_EXPORT: _("tried to export the list of accesses of the whole practice"),
    Action.ERASURE_ASK: _("tried to ask for your data to be erased"),
    Action.ERASURE_LIST: _("tried to open the list of requests for erasure"),
    Action.ERASURE_ANSWER: _("tried to answer your request for erasure"),
    Action.CASE_LIST: _("tried to open the list of cases to review"),
    Action.CASE_READ: _("tried to read a case that concerns you"),
    Action.CASE_REVIEW: _("tried to decide on a case that concerns you"),
}

FILES: dict[str, Promise] = {  # what was said of two files, as their entries have it
    "one": _("noted that another file here is yours too"),
    "two": _("noted that another file here is not yours"),
}

ARRIVED = _("sent a part of your health record to another system of the practice")
ENDS: dict[str, Promise] = {  # what became of what was to be sent, as the entry after the try has it
    "delivered": _("It arrived."),
    "refused": _("It did not arrive."),
    "unreachable": _("It did not work this time: it may not have arrived."),
    "superseded": _("It was not sent: there is a newer version."),
    "under-way": _("It was not sent again: it was under way already."),
    "": _("We do not know whether it arrived."),
}

PAIRED: dict[str, Promise] = {  # what was done to a pairing, as its entries have it
    "code": _("made a code to pair a device at your home"),
    "paired": _("was paired with you"),
    "key": _("changed the key that it signs with"),
    "ended": _("ended the pairing of a device at your home"),
}

OWN: dict[Action, Promise] = {
    Action.VISIT_CONSENT: _("You opened or changed your consent"),
    Action.VISIT_PREPARE: _("You opened the pages before the consultation"),
    Action.VISIT_JOIN: _("You joined the consultation"),
    Action.RECEIPT_READ: _("You opened the overview of the consultation"),
    Action.WINDOW_OPEN: _("You opened this page"),
    Action.LEDGER_READ: _("You read this list"),
    Action.RECORD_READ: _("You opened your health record"),
    Action.APP_ALLOW: _("You looked at or decided what an app may see of you"),
    Action.APP_WITHDRAW: _("You looked at or changed which apps may see your data"),
    Action.OBJECTION_OPEN: _("You reported an access"),
    Action.OBJECTION_READ: _("You read your report"),
    Action.PROXY_CHANGE: _("You changed who may open your page"),
    Action.PAIRING_CHANGE: _("You looked at or changed which devices send readings of yours"),
    Action.READING_READ: _("You looked at readings of your devices"),
    Action.READING_WRITE: _("You sent readings by an app of yours, or marked one as wrong"),
    Action.DOCUMENT_BRING: _("You opened the page for sending documents, or sent one"),
    Action.WINDOW_EXPORT: _("You downloaded what is kept about you"),
    Action.ERASURE_ASK: _("You asked for your data to be erased"),
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
    "billing": _("billing"),
    "pharmacist": _("pharmacist"),
    "researcher": _("researcher"),
    "device": _("device"),
    "client": _("connected program"),
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
