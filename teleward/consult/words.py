"""The words for codes: modes, states, roles, reasons. One place, so that all pages say the same."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MODES = {
    "video": _("Video: we see and hear each other"),
    "audio": _("Sound only: we hear each other, nobody is seen"),
    "text": _("Writing: we write to each other"),
    "phone": _("Telephone: the practice calls you"),
}
SHORT_MODES = {
    "video": _("Video"),
    "low-video": _("Video with a small picture"),
    "one-way": _("Video in one direction"),
    "photo-audio": _("Sound with photos"),
    "audio": _("Sound only"),
    "phone": _("Telephone"),
    "text": _("Writing"),
}
NOT_THIS = {
    "video": _("I would rather not be on camera"),
    "audio": _("I would rather not talk"),
    "text": _("I would rather not write"),
}
DECLINE = {
    "privacy": _("I worry about my privacy"),
    "trust": _("I do not trust the technology"),
    "camera": _("I do not want to be on camera"),
    "equipment": _("I do not have the equipment"),
    "other": _("Another reason, or I would rather not say"),
}
ORDERS = {
    "lab": _("Laboratory test"),
    "imaging": _("Imaging"),
    "referral": _("Referral"),
    "medicine": _("Medicine"),
}
PLANNED = {
    "lab": _("A test in the laboratory is planned"),
    "imaging": _("A picture, such as an X-ray or an ultrasound, is planned"),
    "referral": _("Somebody else is to look at it with you"),
    "medicine": _("A medicine was talked about. This is not a prescription"),
}
TIMELINE = {
    "visits": _("Consultations"),
    "notes": _("Notes"),
    "documents": _("Documents"),
    "results": _("Results"),
    "answers": _("Questionnaires"),
}
STATES = {
    "booked": pgettext_lazy("state of an appointment", "Planned"),
    "invited": pgettext_lazy("state of an appointment", "Invited"),
    "waiting": pgettext_lazy("state of an appointment", "Waiting"),
    "in-call": pgettext_lazy("state of an appointment", "Talking"),
    "ended": pgettext_lazy("state of an appointment", "Done"),
    "cancelled": pgettext_lazy("state of an appointment", "Cancelled"),
    "missed": pgettext_lazy("state of an appointment", "Did not come"),
}
ROLES = {
    "host": _("Clinician"),
    "patient": _("Patient"),
    "relative": _("Relative or friend"),
    "interpreter": _("Interpreter"),
    "clinician": _("Second clinician"),
}
STAFF_ROLES = {
    "physician": _("Doctor"),
    "nurse": _("Nurse"),
    "reception": _("Reception"),
    "interpreter": _("Interpreter"),
    "administrator": _("Administrator"),
    "privacy-officer": _("Privacy officer"),
}
CANCELLED = {
    "clinic": _("The practice cannot keep it"),
    "patient": _("The patient cancelled it"),
    "moved": _("It takes place at another time"),
    "other": _("Another reason"),
}
IDENTITY = {
    "known": _("I know the patient in person"),
    "id-card": _("The patient showed an identity card"),
    "asked": _("I asked for date of birth and address"),
    "by-another": _("Somebody else confirmed who it is"),
}
CATEGORIES = {
    "": _("No, as usual"),
    "mental-health": _("Yes: mental health"),
    "sexual-health": _("Yes: sexual health"),
    "genetics": _("Yes: genetics"),
}
DISPOSITIONS = {
    "completed": _("Everything was settled"),
    "follow-up-in-person": _("Come to the practice"),
    "follow-up-video": _("Talk again online"),
    "referral": _("Referred to somebody else"),
    "emergency": _("Emergency: help was called"),
    "technical": _("Broken off for technical reasons"),
    "no-show": _("The patient did not come"),
}
CHANNELS = {"email": _("E-mail"), "sms": _("Text message"), "shown": _("Link shown")}
KINDS = {
    "appointment": _("your appointment"),
    "call": _("the conversation"),
    "consent": _("your consent"),
    "note": _("the note on your consultation"),
    "receipt": _("this page"),
    "patient": _("your entry: name and date of birth"),
    "resource": _("your health record"),
}
LANGUAGES = {"en": "English", "de": "Deutsch"}
