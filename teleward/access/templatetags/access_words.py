"""What templates of any room ask of this one: roles in words, and how long a rest is."""

from django import template
from django.utils.functional import Promise

from teleward.access.account_words import identity_way
from teleward.access.actors import Actor
from teleward.access.glass_words import glass_code, tier_name, tier_reason
from teleward.access.role_names import role_name
from teleward.access.signin.limits import SESSION
from teleward.access.signin.providers import Provider, providers

register = template.Library()


@register.simple_tag
def idle_seconds(actor: Actor) -> int:
    """Seconds without a sign of life after which this actor's page locks."""
    return int(SESSION.idle_for(actor.roles).total_seconds())


@register.filter
def as_role(role: str) -> str | Promise:
    """A role in words."""
    return role_name(role)


@register.filter
def as_glass_code(code: str) -> str:
    """The coded reason of an emergency in words."""
    return glass_code(code)


@register.filter
def as_tier(tier: str) -> str:
    """How close a record is kept, in one word."""
    return tier_name(tier)


@register.filter
def as_tier_reason(reason: str) -> str:
    """Why a record is kept closer, in words."""
    return tier_reason(reason)


@register.filter
def as_identity_way(way: str) -> str:
    """How somebody made sure who a patient is, in words."""
    return identity_way(way)


@register.simple_tag
def sign_in_providers() -> tuple[Provider, ...]:
    """The identity providers people may sign in with, none by default."""
    return providers()
