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
MEASURED = {  # by LOINC; what devices measure is named in the reader's language, whoever brought it
    "85354-9": _("Blood pressure"),
    "8480-6": _("upper value"),
    "8462-4": _("lower value"),
    "8478-0": _("mean pressure"),
    "8867-4": _("Heart rate"),
    "59408-5": _("Oxygen saturation"),
    "2708-6": _("Oxygen saturation"),
    "8310-5": _("Body temperature"),
    "29463-7": _("Body weight"),
    "8302-2": _("Body height"),
    "39156-5": _("Body mass index"),
    "9279-1": _("Respiratory rate"),
}
