"""The door to lists: only rows about which the gate would say yes."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from teleward.access.grants import Action, Grant, record_appearances
from teleward.access.lists import LONGEST, Condition, ListDiffers, Row, condition, hold_against_policies
from teleward.kernel.clock import now

AnyRow = TypeVar("AnyRow", bound=Model)
OPENED_BY = (  # what somebody was let in for when they look at a list
    Action.PATIENT_LIST,
    Action.VISIT_LIST,
    Action.VISIT_BOOK,
    Action.PATIENT_READ,
    Action.NOTE_READ,
    Action.RECORD_READ,
    Action.RECORD_PRINT,
    Action.RECORD_EXPORT,
    Action.WINDOW_OPEN,
    Action.OBJECTION_LIST,
    Action.CASE_LIST,
    Action.ERASURE_LIST,
    Action.TIER_LIST,
    Action.ALERT_LIST,
    Action.APP_LIST,
    Action.APP_CHANGE,
)

__all__ = ["LONGEST", "OPENED_BY", "ListDiffers", "Row", "authorised", "looked_at_twice", "page"]


def authorised(queryset: QuerySet[AnyRow], *, grant: Grant, action: Action, row: Row) -> QuerySet[AnyRow]:
    """Those rows of the queryset for which the gate would allow `action` now, as one SQL condition.

    `row` says where a row keeps what the policies ask about. Raises NotListed for a guest.
    """
    grant.must_cover(*OPENED_BY)
    return _narrowed(queryset, condition(actor=grant.actor, action=action, row=row, at=now()))


def page(
    queryset: QuerySet[AnyRow], *, grant: Grant, action: Action, row: Row, most: int = LONGEST
) -> list[AnyRow]:
    """The first `most` allowed rows, each asked about once more, and each patient told that they stood there.

    Raises ListDiffers where the database and the policies disagree.
    """
    found = looked_at_twice(queryset, grant=grant, action=action, row=row, most=most)
    record_appearances(grant=grant, patients=[_patient(row.subject(each).patient) for each in found])
    return found


def looked_at_twice(
    queryset: QuerySet[AnyRow], *, grant: Grant, action: Action, row: Row, most: int = LONGEST
) -> list[AnyRow]:
    """As `page`, for what is told otherwise: parts of a record that was opened, lists that name nobody yet.

    Raises ListDiffers where the database and the policies disagree.
    """
    grant.must_cover(*OPENED_BY)
    at = now()
    said = condition(actor=grant.actor, action=action, row=row, at=at)
    found = list(_narrowed(queryset, said)[:most])
    subjects = [row.subject(each) for each in found]
    hold_against_policies(actor=grant.actor, action=action, subjects=subjects, at=at)
    return found


def _narrowed(queryset: QuerySet[AnyRow], said: Condition) -> QuerySet[AnyRow]:
    if isinstance(said, bool):
        return queryset if said else queryset.none()
    return queryset.filter(said)


def _patient(known: UUID | None) -> UUID:
    if known is None:
        raise ListDiffers
    return known
