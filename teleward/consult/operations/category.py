"""Keeping a visit closer: its note is opened only by those with a tie of their own to the patient."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import keep_closer
from teleward.consult.operations.moves import lock_visit
from teleward.consult.sensitive import CATEGORIES
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish


class CategoryUnknown(Problem):
    """Not one of the kinds."""

    code = "consult:category-unknown"
    status = 422
    message = _("Choose one of the kinds from the list.")


@transaction.atomic
def keep_visit_closer(*, grant: Grant, visit: UUID, category: str) -> None:
    """Says what kind of sensitive visit it is; "" where it is none. Raises CategoryUnknown.

    The ledger has that it was changed, never to which: the kind itself says something about health.
    """
    grant.must_cover(Action.NOTE_WRITE, subject=visit)
    if category not in ("", *CATEGORIES):
        raise CategoryUnknown
    row = lock_visit(visit)
    if row.category == category:
        return
    row.category = category
    row.save(update_fields=["category"])
    keep_closer(grant=grant, visit=visit, category=category)
    record(grant=grant, detail={"changed": ["category"]})
    publish(Event.CATEGORY_CHANGED, visit=visit)
