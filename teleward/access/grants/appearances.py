"""Who stood in a list: told to each patient's chain, apart from deliberate openings."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from teleward.access.actions import Action
from teleward.access.subjects import Subject

from .decision import record
from .proof import Grant

REMEMBERED = 50_000  # appearances this process keeps in mind, the oldest go first

_appearances: OrderedDict[tuple[UUID | None, Action, UUID], datetime] = OrderedDict()


def record_appearances(*, grant: Grant, patients: Iterable[UUID]) -> None:
    """Tells each patient's chain that they stood in a list, apart from deliberate openings.

    The same list looked at again by the same person is told once an hour. All of a list stand together,
    in one order for everybody, so that two lists read at once never wait for each other in a circle.
    """
    hour = grant.at.replace(minute=0, second=0, microsecond=0)
    keys = [(grant.actor.id, grant.action, patient) for patient in sorted(set(patients))]
    untold = [key for key in keys if _appearances.get(key) != hour]
    with transaction.atomic():
        for _actor, _action, patient in untold:
            record(grant=replace(grant, subject=_listed(grant, patient)), outcome="listed")
    for key in untold:
        _remember(key, hour)


def _listed(grant: Grant, patient: UUID) -> Subject:
    return Subject(kind="Patient", id=patient, organisation=grant.subject.organisation, patient=patient)


def _remember(key: tuple[UUID | None, Action, UUID], hour: datetime) -> None:
    _appearances[key] = hour
    _appearances.move_to_end(key)
    if len(_appearances) > REMEMBERED:
        _appearances.popitem(last=False)
