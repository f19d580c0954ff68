"""The words of this room's codes, for its templates."""

from django import template

from teleward.watch.words import FIGURES, KINDS, OUTCOMES, SAYS, TOLD

register = template.Library()


@register.filter
def as_kind(kind: str) -> str:
    """What a case is about."""
    return str(KINDS.get(kind, kind))


@register.filter
def as_outcome(outcome: str) -> str:
    """What was found, for the privacy officer."""
    return str(OUTCOMES.get(outcome, outcome))


@register.filter
def as_told(outcome: str) -> str:
    """What was found, for those concerned."""
    return str(TOLD.get(outcome, outcome))


@register.filter
def as_notice(says: str) -> str:
    """Who is told what."""
    return str(SAYS.get(says, says))


@register.filter
def as_figure(name: str) -> str:
    """A figure of sign-in."""
    return str(FIGURES.get(name, name))
