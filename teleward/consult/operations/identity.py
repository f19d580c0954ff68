"""How the clinician made sure who is on the other side."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import IdentityCheck
from teleward.consult.models.care import IDENTITY_WAYS
from teleward.consult.operations.moves import lock_visit
from teleward.kernel.errors import Problem


class NotAWay(Problem):
    """Not one of the ways."""

    code = "consult:identity-way"
    message = _("Please say how you made sure who the patient is.")


def identify(*, grant: Grant, visit: UUID, how: str) -> None:
    """Keeps how the patient was recognised: known, id-card, asked or by-another. Raises NotAWay."""
    grant.must_cover(Action.VISIT_IDENTIFY, subject=visit)
    if how not in IDENTITY_WAYS:
        raise NotAWay
    with transaction.atomic():
        IdentityCheck.objects.create(visit=lock_visit(visit), how=how, by=grant.actor.id)
        record(grant=grant, detail={"identity": how})
