"""What two files have in common, and how somebody knows that they are one person's, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .matching.weights import Reason

REASONS: dict[str, Promise] = {
    Reason.NUMBER_SAME: _("the same number"),
    Reason.NUMBER_OTHER: _("another number of the same kind"),
    Reason.BORN_SAME: _("the same date of birth"),
    Reason.BORN_TURNED: _("day and month of birth have changed places"),
    Reason.BORN_SLIP: _("the date of birth differs by one digit"),
    Reason.BORN_OTHER: _("another date of birth"),
    Reason.NAMES_TURNED: _("given name and family name have changed places"),
    Reason.FAMILY_SAME: _("the same family name"),
    Reason.FAMILY_ALIKE: _("a family name that sounds alike"),
    Reason.FAMILY_OTHER: _("another family name"),
    Reason.GIVEN_SAME: _("the same given name"),
    Reason.GIVEN_ALIKE: _("a given name that is alike"),
    Reason.GIVEN_OTHER: _("another given name"),
    Reason.EMAIL_SAME: _("the same e-mail address"),
    Reason.EMAIL_OTHER: _("another e-mail address"),
    Reason.TELEPHONE_SAME: _("the same telephone number"),
    Reason.TELEPHONE_OTHER: _("another telephone number"),
}
WHY: dict[str, Promise] = {
    "number": _("Both have the same number on the card"),
    "document": _("I saw an identity document"),
    "asked": _("I asked the patient"),
    "known": _("I know the patient"),
    "message": _("Another system of the practice said so"),
}
