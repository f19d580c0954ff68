"""The words of the panels."""

from django.utils.translation import gettext_lazy as _

SECTIONS = {
    "problems": _("Problems"),
    "medication": _("Medication"),
    "allergies": _("Allergies and intolerances"),
    "immunizations": _("Vaccinations"),
    "vitals": _("Vital signs"),
    "results": _("Recent results"),
}
NOTHING = {
    "problems": _("No problems recorded here."),
    "medication": _("No medication recorded here."),
    "allergies": _("No allergies recorded here. That does not mean that there are none: please ask."),
    "immunizations": _("No vaccinations recorded here."),
    "vitals": _("No vital signs recorded here."),
    "results": _("No results recorded here."),
}
FLAGS = {
    "high-risk": _("high risk"),
    "high": _("above the usual"),
    "low": _("below the usual"),
    "abnormal": _("noticeable"),
}
