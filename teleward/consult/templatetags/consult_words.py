"""Filters that turn a code into its words."""

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html

from teleward.consult import words

register = template.Library()


@register.filter
def mode_name(code: str) -> str | Promise:
    """A mode in a word or two."""
    return words.SHORT_MODES.get(code, code)


@register.filter
def timeline_name(code: str) -> str | Promise:
    """A kind of entry in the timeline."""
    return words.TIMELINE.get(code, code)


@register.filter
def order_name(code: str) -> str | Promise:
    """A kind of order."""
    return words.ORDERS.get(code, code)


@register.filter
def planned_name(code: str) -> str | Promise:
    """What a patient reads of a kind of order."""
    return words.PLANNED.get(code, code)


@register.filter
def state_name(code: str) -> str | Promise:
    """The state of an appointment."""
    return words.STATES.get(code, code)


@register.filter
def state_kind(code: str) -> str:
    """The colour of a state's tag."""
    return {"waiting": "look", "in-call": "look", "cancelled": "past", "missed": "past", "ended": "past"}.get(
        code, ""
    )


@register.filter
def role_name(code: str) -> str | Promise:
    """A role in the room."""
    return words.ROLES.get(code, code)


@register.filter
def channel_name(code: str) -> str | Promise:
    """A way to send a link."""
    return words.CHANNELS.get(code, code)


@register.filter
def identity_name(code: str) -> str | Promise:
    """A way to know who somebody is."""
    return words.IDENTITY.get(code, code)


@register.filter
def disposition_name(code: str) -> str | Promise:
    """How a visit ended."""
    return words.DISPOSITIONS.get(code, code)


@register.filter
def language_name(code: str) -> str:
    """A language in its own words."""
    return words.LANGUAGES.get(code, code)


@register.filter
def to_dial(number: str) -> str:
    """A telephone number that a press calls."""
    return format_html('<a href="tel:{}">{}</a>', "".join(number.split()), number) if number else ""
