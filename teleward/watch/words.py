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
