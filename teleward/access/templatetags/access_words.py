"""What templates of any room ask of this one: roles in words, and how long a rest is."""

from django import template
from django.utils.functional import Promise

from teleward.access.actors import Actor
from teleward.access.role_names import role_name
from teleward.access.signin.limits import SESSION

register = template.Library()


@register.simple_tag
def idle_seconds(actor: Actor) -> int:
    """Seconds without a sign of life after which this actor's page locks."""
    return int(SESSION.idle_for(actor.roles).total_seconds())


@register.filter
def as_role(role: str) -> str | Promise:
    """A role in words."""
    return role_name(role)
