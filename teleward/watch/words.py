"""The words of this room's codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "emergency": _("Emergency access"),
    "reason": _("Typed reason, drawn to be looked at"),
    "report": _("Report of a patient"),
}
OUTCOMES: dict[str, Promise] = {
    "justified": _("The access was right"),
    "policy-gap": _("The access was right, but a rule is missing or wrong"),
    "misuse": _("The access was misuse"),
}
TOLD: dict[str, Promise] = {  # what a patient or a member of staff reads of an outcome
    "justified": _("checked: the access was right"),
    "policy-gap": _("checked: we are changing a rule"),
    "misuse": _("checked: this should not have happened"),
}
SAYS: dict[str, Promise] = {
    "opened": _("Patient: that the record was opened"),
    "was-it-you": _("Member of staff: “Was it you?”"),
    "outcome": _("Patient: that there is an answer"),
}
FIGURES: dict[str, Promise] = {  # of sign-in, as counted by access
    "passkey": _("Staff with a passkey"),
    "device-bound": _("Staff with a passkey that cannot leave its device"),
    "passkey-only": _("Staff who cannot be phished: every way in is a passkey"),
    "phishing-resistant": _("Sign-ins of the last 30 days that withstand phishing"),
    "stolen-password": _("Passwords in use that are known to be stolen"),
    "unused": _("Accounts that nobody has used for long"),
    "overdue": _("Roles that nobody confirmed in time"),
    "shared-login": _("People whose account shows signs of two"),
    "managed": _("Marked browsers seen in the last 30 days"),
    "accounts": _("Patients' accounts opened in the last 30 days"),
}
