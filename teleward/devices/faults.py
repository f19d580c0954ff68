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
    "kept-closer": _(
        "With this appointment nothing is kept in the record. Please tell your values in the consultation."
    ),
    "kind-not-known": _("The practice does not take readings of this kind of device."),
    "in-the-future": _("The time of this reading has not come yet. Please check the clock of the device."),
    "too-old": _("This was measured too long ago. Please check the clock of the device."),
    "special-value": _("Instead of a number the device sent a sign for none. Please measure again."),
    "names-a-patient": _("A reading does not say whose it is: the pairing does. Please update the program."),
    "number-used": _("Another reading came with this number before. Please pair the gateway again."),
    "number-passed": _("This number was passed over long ago. Please pair the gateway again."),
    "number-far": _("This number is too far from the last one. Please pair the gateway again."),
}
