"""How a second person made sure who a patient is, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IDENTITY: dict[str, Promise] = {
    "id-card": _("I saw an identity card or passport"),
    "known": _("I know the patient, and we have spoken about this"),
    "called": _("I called the patient on a number that we have had for longer"),
}


def identity_way(way: str) -> str:
    """The way in words; empty where nobody had to make sure."""
    return str(IDENTITY.get(way, ""))
