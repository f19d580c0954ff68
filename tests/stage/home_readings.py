"""Readings from home as the intake leaves them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from stage.visits import Stage
from teleward.devices.models import DirtyDay, HomeReading
from teleward.devices.queries.readings import CONTEXT
from teleward.devices.readings import Reading, Value, encode
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal

PULSE = "8867-4"
BERLIN = ZoneInfo("Europe/Berlin")


def comes(stage: Stage, *values: str, at: datetime, whose: UUID | None = None) -> None:
    """Heart rates a minute after each other, and the day marked."""
    pairing, own = uuid4(), whose or stage.patient.id
    with connection.cursor() as cursor:  # the month may not be the one the database was made in
        cursor.execute("SELECT devices_month(%s)", [now().date()])
    for sequence, value in enumerate(values):
        measured = at + timedelta(minutes=sequence)
        said = Reading(
            id=uuid4(),
            kind="heart-rate",
            source="device",
            received_at=measured,
            sequence=sequence,
            values=[Value(code=PULSE, unit="/min", value=value)],
        )
        HomeReading.objects.create(
            pairing=pairing,
            sequence=sequence,
            received_at=now(),
            organisation=stage.practice.id,
            patient=own,
            kind="heart-rate",
            at=measured,
            sealed=seal(patient=own, plaintext=encode(said), context=CONTEXT.format(pairing, sequence)),
        )
    DirtyDay.objects.update_or_create(
        patient=own,
        kind="heart-rate",
        day=at.astimezone(BERLIN).date(),
        defaults={"organisation": stage.practice.id, "marked_at": now()},
    )
