"""What people have allowed apps, and whether it still stands."""

from datetime import datetime

from django.db.models import Q, QuerySet

from teleward.access.models import AppGrant
from teleward.access.signin.limits import SESSION


def living_grants(at: datetime) -> "QuerySet[AppGrant]":
    """Those that stand at this moment: the same rule as in `tokens.ASKER`."""
    lives = Q(session=None) | Q(session__ended_at=None, session__begun_at__gt=at - SESSION.overall)
    stands = AppGrant.objects.filter(lives, ended_at=None, ends_at__gt=at, client__end=None)
    return stands.filter(person__deactivation=None).exclude(person__planned_leaving__at__lte=at)
