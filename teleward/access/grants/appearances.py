"""Who stood in a list: told to each patient's chain, apart from deliberate openings."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.subjects import Subject

from .decision import record
from .proof import Grant

REMEMBERED = 50_000  # appearances this process keeps in mind, the oldest go first

_appearances: OrderedDict[tuple[UUID | None, Action, UUID], datetime] = OrderedDict()


def record_appearances(*, grant: Grant, patients: Iterable[UUID]) -> None:
    """Tells each patient's chain that they stood in a list, apart from deliberate openings.

    The same list looked at again by the same person is told once an hour.
    """
    hour = grant.at.replace(minute=0, second=0, microsecond=0)
    for patient in patients:
        key = (grant.actor.id, grant.action, patient)
        if _appearances.get(key) == hour:
            continue
        listed = Subject(kind="Patient", id=patient, organisation=grant.subject.organisation, patient=patient)
        record(grant=replace(grant, subject=listed), outcome="listed")
        _remember(key, hour)


def _remember(key: tuple[UUID | None, Action, UUID], hour: datetime) -> None:
    _appearances[key] = hour
    _appearances.move_to_end(key)
    if len(_appearances) > REMEMBERED:
        _appearances.popitem(last=False)
