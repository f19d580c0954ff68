"""Filters that say what a chart holds."""

from datetime import date, datetime

from django import template
from django.conf.locale import LANG_INFO
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from teleward.kernel.clock import now
from teleward.records.fhir.moments import stretch
from teleward.records.panels import ages
from teleward.records.panels import words as known

DAY, MONTH = len("2026-11-22"), len("2026-11")
register = template.Library()


@register.filter
def section_name(code: str) -> str | Promise:
    """A part of the summary."""
    return known.SECTIONS.get(code, code)


@register.filter
def nothing_in(code: str) -> str | Promise:
    """What an empty part says: that nothing was written down is not that there is nothing."""
    return known.NOTHING.get(code, "")


@register.filter
def flag_name(code: str) -> str | Promise:
    """What is noticeable about a line."""
    return known.FLAGS.get(code, code)


@register.filter
def date_said(text: str) -> str:
    """A date as wide as FHIR has it: a year, a month, a day."""
    low = stretch(text)[0]
    if low is None:
        return text
    if len(text) > DAY:
        return date_format(localtime(low), gettext("j F Y"))
    return date_format(low, {DAY: gettext("j F Y"), MONTH: gettext("F Y")}.get(len(text), "Y"))


@register.filter
def tongue(code: str) -> str:
    """A language in its own words; an unknown code as it is."""
    return str(LANG_INFO.get(code.partition("-")[0], {}).get("name_local", code))


@register.filter
def ago(at: datetime | date | None) -> str:
    """How long ago it was."""
    if at is None:
        return ""
    return ages.ago(then=localdate(at) if isinstance(at, datetime) else at, today=localdate(now()))
