"""Numbers and times as people read them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats
from django.utils.translation import gettext

register = template.Library()


@register.filter
def amount(text: object) -> str:
    """A decimal as the language writes it: 37.2 or 37,2; empty stays empty."""
    return formats.number_format(Decimal(str(text))) if text not in {"", None} else ""


@register.filter
def clock_in(at: datetime, zone: str) -> str:
    """The day and the time of day in this time zone, short."""
    return formats.date_format(at.astimezone(ZoneInfo(zone)), gettext("j M Y, H:i"))


@register.filter
def day_in(at: datetime, zone: str) -> str:
    """The day in this time zone, short."""
    return formats.date_format(at.astimezone(ZoneInfo(zone)), gettext("j M Y"))
