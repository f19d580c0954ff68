"""Names or roles: what patients read of those who work here."""

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.models import NamingRule
from teleward.kernel.errors import NotFound

SHOWN = ("names", "roles")


@transaction.atomic
def decide_naming(*, grant: Grant, shows: str) -> None:
    """From now on patients read `names` or `roles`. Raises NotFound for anything else."""
    grant.must_cover(Action.OBJECTION_LIST)
    if shows not in SHOWN or grant.actor.id is None:
        raise NotFound
    NamingRule.objects.create(organisation_id=grant.organisation, shows=shows, by_id=grant.actor.id)
    record(grant=grant, detail={"naming": shows})
