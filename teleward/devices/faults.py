"""Why a reading is not taken: stable words, and the sentence for each that says what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, Promise] = {
    "unreadable": _("This is no reading that we understand. Please update the program that sent it."),
    "nothing-measured": _("There is no value in this reading. Please measure again."),
    "code-twice": _("One value stands in this reading twice. Please measure again."),
    "code-of-another-kind": _("This value does not belong to this kind of device. Please measure again."),
    "unit-not-of-the-code": _("The unit does not fit the value. Please check which unit the device uses."),
    "value-or-why-not": _("A value is missing without a reason. Please measure again."),
    "not-plausible": _("This value cannot be right. Please look at the device and measure again."),
    "kind-not-shared": _("You did not agree to show this kind of reading. Choose it first."),
    "not-while-shared": _("This was not measured while you showed readings. Please measure again."),
}
