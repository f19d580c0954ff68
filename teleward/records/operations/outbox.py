"""What was kept in the chart, and is to reach the practice's other systems, waits in a row for each."""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.kernel.openings import without_grant
from teleward.records.models import Connection, Outgoing
from teleward.records.queries.due import connected
from teleward.records.queries.requests import came_from_elsewhere

VERSION = """SELECT type, logical_id, version, organisation, patient, last_updated
    FROM records_version_key WHERE id = %s AND patient IS NOT NULL"""
SENDING = "records.send"


class Kept(NamedTuple):
    """One version in the chart, without what it says."""

    type: str
    logical_id: UUID
    version: int
    organisation: UUID
    patient: UUID
    at: datetime


@without_grant("Ids only until the gate is asked, as the server itself; nothing is read.")
def queue(*, resource: UUID) -> None:
    """Puts a version that was kept in line for every connection that wants its type. Idempotent."""
    kept = _kept(resource)
    if kept is None:
        return
    wanting = [each.id for each in connected(practice=kept.organisation) if kept.type in each.sends]
    if not wanting:
        return
    grant = system_grant(action=Action.RECORD_SEND, organisation=kept.organisation, via="job")
    _put_in_line(grant, kept, wanting)
    for each in wanting:
        send_soon(connection=each)


@without_grant("An id for a job, which passes the gate itself.")
def send_soon(*, connection: UUID) -> None:
    """Has a job send what is due there, one at a time; a moment later, so that all goes in its order."""
    name = f"{SENDING}:{connection}"
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(
            SENDING, lock=name, queueing_lock=name, schedule_in={"seconds": 1}, allow_unknown=True
        ).defer(connection=str(connection))


@transaction.atomic
def _put_in_line(grant: Grant, kept: Kept, wanting: Iterable[UUID]) -> None:
    grant.must_cover(Action.RECORD_SEND)
    for row in Connection.objects.filter(id__in=wanting).order_by("id"):
        if row.kind == "mllp" and came_from_elsewhere(visit=kept.logical_id):
            continue  # a system that keeps the appointment need not be told of it
        Outgoing.objects.get_or_create(
            connection=row,
            type=kept.type,
            logical_id=kept.logical_id,
            version=kept.version,
            defaults={
                "organisation": kept.organisation,
                "patient": kept.patient,
                "happened_at": kept.at,
                "queued_at": kept.at,  # what was kept first goes first
                "due_at": kept.at,
            },
        )


def _kept(resource: UUID) -> Kept | None:
    with connection.cursor() as cursor:
        cursor.execute(VERSION, [resource])
        row = cursor.fetchone()
    return Kept(*row) if row else None
