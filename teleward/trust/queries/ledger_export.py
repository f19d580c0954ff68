"""The whole ledger of a practice, for an auditor or another system."""

import gzip
import json
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings

from teleward.access.grants import Action, Grant
from teleward.access.queries.practice_patients import ids_elsewhere, patient_ids
from teleward.audit.queries.events import events_between


def audit_events(*, grant: Grant, since: datetime, until: datetime) -> tuple[IO[bytes], int]:
    """An open file with one FHIR AuditEvent on each line (NDJSON, gzip), and how many there are."""
    grant.must_cover(Action.LEDGER_EXPORT)
    events = events_between(
        since=since,
        until=until,
        organisation=grant.organisation,
        patients=patient_ids(grant=grant),
        elsewhere=ids_elsewhere(grant=grant),
        origin=settings.ORIGIN,
    )
    file, count = TemporaryFile(), 0  # noqa: SIM115 - whoever sends it closes it
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for event in events:
            count += 1
            packed.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    file.seek(0)
    return file, count
