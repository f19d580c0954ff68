"""Units as people write them, for the UCUM of the codes; and the language in which browsers write times."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SIGNS: Mapping[str, Promise | str] = {
    "mm[Hg]": "mmHg",
    "kPa": "kPa",
    "mg/dL": "mg/dL",
    "mmol/L": "mmol/L",
    "mg/dL/min": _("mg/dL per minute"),
    "Cel": "°C",
    "[degF]": "°F",
    "kg": "kg",
    "[lb_av]": "lb",
    "cm": "cm",
    "[in_i]": "in",
    "kg/m2": "kg/m²",
    "%": "%",
    "/min": _("per minute"),
    "ms": "ms",
    "mV": "mV",
}


def sign(unit: str) -> Promise | str:
    """How people write this unit; an unknown one as it is."""
    return SIGNS.get(unit, unit)


def spoken() -> str:
    """The reader's language for a browser's own words: English as our pages write it, with 24 hours."""
    language = get_language() or "en"
    return "en-GB" if language == "en" else language
