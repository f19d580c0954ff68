"""Roles in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "physician": _("Doctor"),
    "nurse": _("Nurse"),
    "reception": _("Reception"),
    "interpreter": _("Interpreter"),
    "administrator": _("Administrator"),
    "privacy-officer": _("Privacy officer"),
    "billing": _("Billing"),
    "pharmacist": _("Pharmacist"),
    "researcher": _("Researcher"),
    "patient": _("Patient"),
    "proxy": _("Proxy of a patient"),
    "guest": _("Guest of a visit"),
    "device": _("Device"),
    "client": _("Connected program"),
}


def role_name(role: str) -> str | Promise:
    """The name of a role as people say it; the code itself for one that is not known."""
    return NAMES.get(role, role)
