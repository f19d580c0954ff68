"""What kind of data it was and what for, in the words of a choice on the patient's page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "patient": _("Name, date of birth, how to reach you"),
    "appointment": _("Appointments"),
    "call": _("The consultation itself"),
    "consent": _("Your consent"),
    "receipt": _("Overview of a consultation"),
    "note": _("Notes of a consultation"),
    "message": _("Messages"),
    "resource": _("Health record"),
    "prescription": _("Prescriptions"),
    "reading": _("Readings of your devices"),
    "claim": _("Bills"),
    "window": _("Your own page"),
    "ledger": _("The list of accesses"),
    "objection": _("Your reports"),
    "erasure": _("Your requests for erasure"),
    "case": _("Checks by the privacy officer"),
    "account": _("Your account"),
    "team": _("Your care team"),
    "proxy": _("Who may open your page"),
    "reason": _("Reasons that were given"),
    "glass": _("Emergency accesses"),
    "tier": _("How closely your record is kept"),
    "safeguard": _("When you are told of an emergency access"),
    "app": _("Your apps"),
    "count": _("Counts without names"),
}
PURPOSES: dict[str, Promise] = {
    "TREAT": _("Treatment"),
    "CAREMGT": _("Planning your care"),
    "HOPERAT": _("Running the practice"),
    "HPAYMT": _("Bills"),
    "PATRQT": _("At your own request"),
    "FAMRQT": _("At the request of somebody you gave access"),
    "HSYSADMIN": _("Looking after accounts and machines"),
    "HCOMPL": _("Checking that rules are kept"),
    "BTG": _("Emergency"),
    "HRESCH": _("Research"),
}


def kind_of_data(kind: str) -> str:
    """The kind of data of a ledger entry in words."""
    return str(KINDS.get(kind) or _("Something else"))


def what_for(purpose: str) -> str:
    """The purpose of a ledger entry in words."""
    return str(PURPOSES.get(purpose) or _("Something else"))
