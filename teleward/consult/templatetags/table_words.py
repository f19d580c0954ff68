"""Words of tables of appointments."""

from django import template
from django.utils.functional import Promise

from teleward.consult.tables.lines import Trouble
from teleward.consult.tables.words import TROUBLES

register = template.Library()


@register.filter
def trouble_said(code: str) -> str | Promise:
    """What to do about a row."""
    return TROUBLES.get(Trouble(code), code)
