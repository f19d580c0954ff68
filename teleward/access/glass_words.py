"""The coded reasons of emergencies and restrictions, in words; the kinds of sensitive items too."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GLASS_CODES: dict[str, Promise] = {
    "emergency": _("Danger to life or health"),
    "unconscious": _("The patient cannot speak for themselves"),
    "cover": _("I act for a colleague who cannot be reached"),
    "safety": _("Somebody else may be in danger"),
    "other": _("Something else"),
}
TIERS: dict[str, Promise] = {
    "normal": _("Normal"),
    "restricted": _("Restricted"),
    "closed": _("Closed"),
}
TIER_REASONS: dict[str, Promise] = {
    "request": _("The patient asked for it"),
    "employee": _("Works here, or belongs to the family of somebody who does"),
    "at-risk": _("Is at risk, for example from violence"),
    "known": _("Is known to many people"),
}


def glass_code(code: str) -> str:
    """The coded reason of an emergency in words."""
    return str(GLASS_CODES.get(code, code))


def tier_name(tier: str) -> str:
    """The tier in one word."""
    return str(TIERS.get(tier, tier))


def tier_reason(reason: str) -> str:
    """Why a record is kept closer, in words."""
    return str(TIER_REASONS.get(reason, reason))
