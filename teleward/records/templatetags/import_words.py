"""Words of imports."""

from django import template
from django.utils.functional import Promise

from teleward.records.imports.outcomes import Outcome, Reason
from teleward.records.imports.words import OUTCOMES, REASONS

register = template.Library()


@register.filter
def outcome_said(code: str) -> str | Promise:
    """What became of a resource."""
    return OUTCOMES[Outcome(code)]


@register.filter
def reason_said(code: str) -> str | Promise:
    """Why it was not kept, and what to do."""
    return REASONS.get(Reason(code), "")
