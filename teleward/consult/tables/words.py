"""The words of tables: what a column may be, and what to do about a row."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .columns import Role
from .lines import Trouble

ROLES: dict[Role, Promise] = {
    Role.FAMILY: _("Family name"),
    Role.GIVEN: _("Given name"),
    Role.NAME: _("Whole name"),
    Role.BORN: _("Date of birth"),
    Role.NUMBER: _("Insurance or NHS number"),
    Role.CHART: _("Patient number of the practice or another system"),
    Role.START: _("Day and time"),
    Role.DAY: _("Day"),
    Role.CLOCK: _("Time"),
    Role.MINUTES: _("How long"),
    Role.END: _("End"),
    Role.HOST: _("With whom"),
    Role.PURPOSE: _("What it is about"),
}
TROUBLES: dict[Trouble, Promise] = {
    Trouble.NAME_MISSING: _("The name is missing. Please say which columns hold it, or add it in the file."),
    Trouble.BORN_MISSING: _("The date of birth is missing. Without it nobody can be told apart."),
    Trouble.BORN_UNREADABLE: _("The date of birth cannot be read. Please write it like 3.9.1979."),
    Trouble.BORN_UNCLEAR: _(
        "The date of birth could be two days. Please write it with four digits for the year."
    ),
    Trouble.DAY_MISSING: _("The day is missing."),
    Trouble.DAY_UNREADABLE: _(
        "The day cannot be read, or there is no such day. Please write it like 3.9.2026."
    ),
    Trouble.DAY_UNCLEAR: _("The day could be two days. Please say above how days are written."),
    Trouble.CLOCK_MISSING: _("The time is missing."),
    Trouble.CLOCK_UNREADABLE: _("The time cannot be read. Please write it like 9:30."),
    Trouble.NO_SUCH_TIME: _("The clocks go forward on this day and skip this time."),
    Trouble.TWO_SUCH_TIMES: _("The clocks show this time twice on this day. Please book this one by hand."),
    Trouble.LENGTH: _(
        "An appointment takes between 5 minutes and 4 hours. Please look at its length or end."
    ),
    Trouble.HOST_MISSING: _(
        "With whom is missing. Please choose somebody above for all rows without a name."
    ),
    Trouble.HOST_UNKNOWN: _(
        "Nobody who holds consultations has this name, or several have. Please write the whole name."
    ),
    Trouble.NUMBER_WRONG: _("The insurance number is not right. Please compare with the card."),
    Trouble.NOBODY: _(
        "No patient has this name and date of birth, or this number. Please register the patient first."
    ),
    Trouble.SEVERAL: _("Several patients fit. Please book this one by hand, so that it is the right one."),
    Trouble.TWICE: _("The same appointment stands further up in this file."),
    Trouble.BOOKED: _("This appointment is booked already."),
    Trouble.TAKEN: _("There is already another appointment at this time."),
    Trouble.PAST: _("This time has already passed."),
    Trouble.REFUSED: _("You may not book this one."),
}
